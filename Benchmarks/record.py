#!/usr/bin/env python3
"""Runs a benchmark and writes what it prints into docs/figures.md, with the machine, the date, the version and the
command beside it.

    Benchmarks/record.py quality Benchmarks/cases.py --preset fast,balanced,best

The first argument names a section of docs/figures.md: what lies between its markers, `<!-- figures: quality -->` and
`<!-- /figures -->`, is replaced. Nothing is where the benchmark fails: its exit status is this program's.
"""
import datetime
import os
import re
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE = os.path.join(ROOT, "docs", "figures.md")


def machine():
    """The processor's name and how many cores of it there are for this process."""
    name = "an unknown processor"
    try:
        with open("/proc/cpuinfo") as file:
            name = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), name)
    except OSError:
        asked = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        name = asked.stdout.strip() or name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores of {name}"


def version():
    tool = os.environ.get("INRR_VIDEO", os.path.join(ROOT, ".build", "release", "inrr-video"))
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0].split()[-1]


def markdown(text):
    """Tables of Markdown as they are, everything else as lines of a program."""
    lines = text.strip("\n").split("\n")
    if any(line.startswith("|") for line in lines):
        return "\n".join(lines)
    return "```text\n" + "\n".join(line.rstrip() for line in lines) + "\n```"


def main():
    if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__.strip())
    name, command = sys.argv[1], sys.argv[2:]
    with open(FILE) as file:
        document = file.read()
    section = re.compile(rf"(<!-- figures: {re.escape(name)} -->\n).*?(<!-- /figures -->)", re.DOTALL)
    if not section.search(document):
        raise SystemExit(f"record.py: {FILE} has no section {name}")
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    sys.stdout.write(run.stdout)
    if run.returncode:
        raise SystemExit(run.returncode)
    head = f"{machine()}, {datetime.date.today()}, version {version()}: `{shlex.join(command)}`"
    with open(FILE, "w") as file:
        file.write(section.sub(lambda found: f"{found[1]}{head}\n\n{markdown(run.stdout)}\n{found[2]}", document))


if __name__ == "__main__":
    main()
