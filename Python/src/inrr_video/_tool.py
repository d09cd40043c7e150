"""Finds the tool, and runs it."""

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings

from ._errors import ToolNotFoundError, error


def tool_path():
    """The program that does the work.

    Raises:
        ToolNotFoundError: where there is none.
    """
    named = os.environ.get("INRR_VIDEO")
    inside = os.path.join(os.path.dirname(__file__), "bin", "inrr-video")
    for path in (named, inside, shutil.which("inrr-video")):
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
        if path and path == named:
            raise ToolNotFoundError(f"INRR_VIDEO names {named}, which is no program")
    raise ToolNotFoundError(
        "the program inrr-video was not found: install its package, or name the program by the variable INRR_VIDEO"
    )


def tool_version():
    """The version of the tool."""
    return _version(tool_path())


@functools.lru_cache(maxsize=None)
def _version(path):
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError as problem:
        raise ToolNotFoundError(f"{path} can't be run: {problem}") from problem
    if said.returncode:
        # The libraries of another release, for example.
        reason = said.stderr.strip().split("\n")[-1]
        raise ToolNotFoundError(f"{path} can't be run here: {reason}")
    return said.stdout.split("\n")[0].split()[-1]


class _Progress:
    """A bar of tqdm, or calls of a function; nothing where neither is wanted."""

    def __init__(self, wanted, what):
        self._bar, self._call, self._what = None, wanted if callable(wanted) else None, what
        self._wanted = wanted is True or (wanted is None and sys.stderr is not None and sys.stderr.isatty())

    def update(self, event, total):
        done, total = event.get("frames_solved") or 0, event.get("frames_total") or total
        if self._call:
            self._call(min(done, total), total)
        elif self._wanted:
            if self._bar is None:
                try:
                    from tqdm.auto import tqdm
                except ImportError:
                    self._wanted = False
                    return
                self._bar = tqdm(total=total, desc=self._what, unit="frame")
            self._bar.n = min(done, total)
            self._bar.refresh()

    def close(self, is_complete):
        if self._bar is not None:
            if is_complete:
                self._bar.n = self._bar.total
                self._bar.refresh()
            self._bar.close()


def run(arguments, folder, progress, total, what):
    """Runs the tool in a folder.

    Args:
        progress: True, False, None (a bar on a terminal), or a function of frames done and frames in all.
        total: the number of frames.
        what: what the bar is called.

    Returns:
        The last line that the tool printed for programs, as a dictionary.

    Raises:
        InrrVideoError: by the tool's exit code, with its message.
    """
    path = tool_path()
    _version(path)
    bar, done = _Progress(progress, what), {}
    with tempfile.TemporaryFile(mode="w+", dir=folder) as messages:
        process = subprocess.Popen(
            [path, *arguments, "--progress", "json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            cwd=folder,
        )
        try:
            for line in process.stdout:
                event = json.loads(line)
                if event.get("event") == "progress":
                    bar.update(event, total)
                else:
                    done = event
            code = process.wait()
        except BaseException:
            # Ctrl-C, or a function of progress that raises: nothing shall go on in the background.
            process.send_signal(signal.SIGTERM)
            process.wait()
            bar.close(False)
            raise
        finally:
            process.stdout.close()
        bar.close(code == 0)
        messages.seek(0)
        said = messages.read()
    _raise(code, said)
    return done


def _raise(code, said):
    begin = "inrr-video: "
    lines = [line[len(begin):] for line in said.split("\n") if line.startswith(begin)]
    if code:
        errors = [line[len("error: "):] for line in lines if line.startswith("error: ")]
        raise error(code, "; ".join(errors) or said.strip().split("\n")[-1])
    for line in lines:
        if line.startswith("warning: "):
            warnings.warn(line[len("warning: "):], RuntimeWarning, stacklevel=4)
