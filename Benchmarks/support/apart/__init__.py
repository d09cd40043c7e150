"""Programs of others that need a Python of their own: VapourSynth with its filters, G'MIC, OpenCV's contributed modules and a
newer FFmpeg. They are installed from PyPI into a virtual environment below Benchmarks/.data, and run there."""
import functools
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np

from ..media import DATA

FOLDER = os.path.join(DATA, "apart")
PYTHON = os.path.join(FOLDER, "bin", "python")
PROGRAMS = os.path.dirname(os.path.abspath(__file__))
# The oldest Python that there are packages of VapourSynth for.
OLDEST = (3, 12)


class Unavailable(Exception):
    """What is wanted can't be had or run on this machine; the reason is its text."""


def _interpreter():
    found = [sys.executable, *(shutil.which(f"python3.{minor}") for minor in range(OLDEST[1], 20))]
    found += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python3")))
    for path in filter(None, found):
        asked = subprocess.run([path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
        if asked.returncode == 0 and tuple(map(int, asked.stdout.split())) >= OLDEST:
            return path
    raise Unavailable(f"there is no Python of version {OLDEST[0]}.{OLDEST[1]} or later")


@functools.cache
def _environment():
    if not os.access(PYTHON, os.X_OK):
        made = subprocess.run([_interpreter(), "-m", "venv", "--clear", FOLDER], capture_output=True, text=True)
        if made.returncode:
            raise Unavailable("a virtual environment can't be made: " + _last(made))


@functools.cache
def need(package):
    """Installs a package where it is not there yet; its version."""
    _environment()
    version = _version(package)
    if version is None:
        print(f"installing {package}", file=sys.stderr)
        run = subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", package],
                             capture_output=True, text=True)
        version = _version(package)
        if version is None:
            raise Unavailable(f"{package} can't be installed: {_last(run)}")
    return version


def _version(package):
    asked = subprocess.run(
        [PYTHON, "-c", "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))", package],
        capture_output=True, text=True)
    return asked.stdout.strip() if asked.returncode == 0 else None


def _last(run):
    lines = (run.stderr or run.stdout or "").strip().splitlines()
    return lines[-1][:200] if lines else f"exit status {run.returncode}"


def run(program, packages, samples, mask, **settings):
    """Samples (frames, planes green, blue, red, height, width) of 8 bits that a program of this folder makes of samples and
    a mask (frames, height, width) that is True where they are known."""
    for package in ("numpy", *packages):
        need(package)
    with tempfile.TemporaryDirectory() as folder:
        np.save(os.path.join(folder, "samples.npy"), samples)
        np.save(os.path.join(folder, "mask.npy"), mask)
        done = subprocess.run([PYTHON, os.path.join(PROGRAMS, program), folder, json.dumps(settings)],
                              capture_output=True, text=True)
        if done.returncode:
            raise Unavailable(f"{settings.get('method', program)} failed: {_last(done)}")
        return np.load(os.path.join(folder, "result.npy"))


@functools.cache
def ffmpeg():
    """The FFmpeg that imageio-ffmpeg carries: it has XPSNR and VMAF."""
    need("imageio-ffmpeg")
    asked = subprocess.run([PYTHON, "-c", "import imageio_ffmpeg as f; print(f.get_ffmpeg_exe())"],
                           capture_output=True, text=True)
    if asked.returncode:
        raise Unavailable("imageio-ffmpeg has no FFmpeg: " + _last(asked))
    return asked.stdout.strip()
