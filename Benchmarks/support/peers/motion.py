"""Motion compensation of other programs: for missing frames, and for film damage."""
import os
import subprocess
import tempfile

import numpy as np

from .. import apart, media
from ..interpolation import in_time

RATE = 25
MVTOOLS = ("vapoursynth", "vapoursynth-mvtools")
SVPFLOW = ("vapoursynth", "open-svpflow")
MEDIAN = (*MVTOOLS, "vapoursynth-zsmooth")


def minterpolate(samples, mask, budget):
    """FFmpeg's minterpolate, motion-compensated, with what it does by default: the known frames at their times go in, all
    frames come out."""
    known = np.flatnonzero(mask.any((1, 2)))
    # It wants two frames before and after what it makes: the first and the last known one are repeated there.
    first, last = samples[known[0]], samples[known[-1]]
    padded = np.concatenate([np.stack([first] * 3), samples[known], np.stack([last] * 3)])
    times = np.concatenate([known[0] + np.arange(-3, 0), known, known[-1] + np.arange(1, 4)])
    times -= times[0]
    filled = np.zeros((times[-1] + 1, *samples.shape[1:]), np.uint8)
    filled[times] = padded
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "known.mkv")
        media.encode(path, filled, str(RATE))
        chosen = "+".join(f"eq(n,{t})" for t in times)
        filters = [f"select='{chosen}'", "format=yuv444p", f"minterpolate=fps={RATE}:mi_mode=mci:scd=none"]
        try:
            made = media.decode(path, filters=filters)
        except subprocess.CalledProcessError as failed:
            raise apart.Unavailable("FFmpeg has no minterpolate, or it failed: "
                                    + failed.stderr.decode(errors="replace").strip()[-200:]) from None
    result = samples.copy()
    for t in np.flatnonzero(~mask.any((1, 2))):
        # What lies before the first or after the last known frame is copied.
        place = np.clip(t, known[0], known[-1]) - known[0] + 3
        if place >= len(made):
            raise apart.Unavailable(f"minterpolate made {len(made)} frames, {place + 1} are needed")
        result[t] = made[place]
    return result


def mvtools(samples, mask, budget):
    """FlowInter of MVTools at a quarter of a pixel."""
    return apart.run("vapour.py", MVTOOLS, samples, mask, method="mvtools")


def svpflow(samples, mask, budget):
    """SmoothFps of open-svpflow."""
    return apart.run("vapour.py", SVPFLOW, samples, mask, method="svpflow")


def median(samples, mask, budget):
    """Interpolated in time, then the median of motion-compensated neighbours, twice, where samples are missing."""
    return apart.run("vapour.py", MEDIAN, in_time(samples, mask), mask, method="median")


def spotless(samples, mask, budget):
    """The median of motion-compensated neighbours of whole frames, in the manner of SpotLess: what is damaged is not told."""
    return apart.run("vapour.py", MEDIAN, samples, mask, method="spotless")
