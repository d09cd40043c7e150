"""Runs of the release build, with their time and peak memory."""
import json
import os
import subprocess
import sys
import tempfile

from .media import BENCHMARKS

TOOL = os.environ.get("INRR_VIDEO", os.path.join(os.path.dirname(BENCHMARKS), ".build", "release", "inrr-video"))

# Linux lets a new program begin with the peak memory of whoever started it, so a small process stands between. It
# says what the child alone has used: seconds, peak in bytes, exit status.
WATCHER = """
import json, os, sys, time
start = time.monotonic()
child = os.fork()
if child == 0:
    try: os.execv(sys.argv[2], sys.argv[2:])
    finally: os._exit(127)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - start
unit = 1 if sys.platform == "darwin" else 1024
report = dict(seconds=seconds, peak=usage.ru_maxrss * unit, status=os.waitstatus_to_exitcode(status))
open(sys.argv[1], "w").write(json.dumps(report))
"""


class Failed(Exception):
    """The tool ended with an error."""


def need_tool():
    if not os.access(TOOL, os.X_OK):
        raise SystemExit(f"there is no {TOOL}: run make build first")


def watched(arguments, tool=TOOL):
    """Runs the tool; a dictionary with seconds and peak (bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "usage.json")
        run = subprocess.run(
            [sys.executable, "-S", "-E", "-c", WATCHER, path, tool, *arguments], capture_output=True, text=True)
        try:
            with open(path) as file:
                usage = json.load(file)
        except FileNotFoundError:
            raise Failed(run.stderr.strip()) from None
    if usage["status"] != 0:
        raise Failed(f"exit status {usage['status']}: {run.stderr.strip()[-400:]}")
    return usage


def evaluate(reference, result, mask):
    """What `inrr-video evaluate` says of a result."""
    run = subprocess.run(
        [TOOL, "evaluate", "--reference", reference, "--result", result, "--mask", mask, "--json"],
        capture_output=True, text=True)
    if run.returncode:
        raise Failed(run.stderr.strip()[-400:])
    return json.loads(run.stdout)
