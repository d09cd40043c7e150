"""Filters of VapourSynth, as a film restorer would call them. Runs in the environment of apart/__init__.py:

    vapour.py FOLDER '{"method": "mvtools"}'

reads samples.npy and mask.npy of the folder and writes result.npy there.
"""
import json
import os
import sys

import numpy as np
import vapoursynth as vs

core = vs.core
core.num_threads = 2
# Samples come as planes green, blue, red; VapourSynth has them as red, green, blue.
PLANES = (2, 0, 1)
FORMAT, MATRIX = vs.YUV444P16, 1


def clip(samples):
    """A clip in 16 bits of luma and chroma, so that conversion and back costs nothing that counts."""
    frames, _, height, width = samples.shape
    blank = core.std.BlankClip(format=vs.RGB24, width=width, height=height, length=frames, fpsnum=25, fpsden=1, keep=True)

    def fill(n, f):
        made = f.copy()
        for plane, source in enumerate(PLANES):
            np.copyto(np.asarray(made[plane]), samples[n, source])
        return made

    return core.resize.Point(core.std.ModifyFrame(blank, blank, fill), format=FORMAT, matrix=MATRIX)


def back(made, which=None):
    """Samples of all frames, or of some."""
    rgb = core.resize.Point(made, format=vs.RGB24, matrix_in=MATRIX)
    result = []
    for n in range(len(rgb)) if which is None else which:
        frame = rgb.get_frame(n)
        planes = [None] * 3
        for plane, target in enumerate(PLANES):
            planes[target] = np.asarray(frame[plane]).copy()
        result.append(np.stack(planes))
    return np.stack(result)


def gaps(mask):
    """Frames that show anything, and (place among them, frames to the next) where frames lie between two of them."""
    known = np.flatnonzero(mask.any((1, 2)))
    return known, [(i, int(b - a)) for i, (a, b) in enumerate(zip(known, known[1:])) if b - a > 1]


def between(samples, mask, inner):
    """Missing frames of what `inner(clip of known frames, gap)` makes: a function of k (1 ... gap - 1) to a clip whose frame i
    lies k/gap of the way from the known frame i to the next. What lies before the first or after the last is copied."""
    known, wanted = gaps(mask)
    result = samples.copy()
    result[:known[0]], result[known[-1] + 1:] = samples[known[0]], samples[known[-1]]
    source = clip(samples[known])
    for gap in sorted({g for _, g in wanted}):
        places = [i for i, g in wanted if g == gap]
        at = inner(source, gap)
        for k in range(1, gap):
            result[known[places] + k] = back(at(k), places)
    return result


def mvtools(samples, mask):
    """FlowInter at a quarter of a pixel, blocks of 16 that overlap by half and are divided to 8 and 4."""

    def inner(source, gap):
        fine = core.mv.Super(source, pel=4, sharp=2, hpad=16, vpad=16)
        vectors = []
        for back_ in (True, False):
            found = core.mv.Analyse(fine, isb=back_, blksize=16, overlap=8, search=3, searchparam=16, truemotion=True)
            for size in (8, 4):
                found = core.mv.Recalculate(fine, found, blksize=size, overlap=size // 2, search=3, thsad=100, truemotion=True)
            vectors.append(found)
        return lambda k: core.mv.FlowInter(source, fine, *vectors, time=100 * k / gap)

    return between(samples, mask, inner)


def svpflow(samples, mask):
    """SmoothFps of the open implementation, which has 8 bits and chroma of half the size, as SVPflow has."""

    def inner(source, gap):
        small = core.resize.Bicubic(source, format=vs.YUV420P8)
        fine = core.svp1.Super(small, "{pel:4,gpu:0}")
        vectors = core.svp1.Analyse(
            fine["clip"], fine["data"], small,
            "{block:{w:16,h:16,overlap:2},main:{search:{coarse:{distance:-10},distance:-8}},refine:[{thsad:200}]}")
        smooth = core.svp2.SmoothFps(
            small, fine["clip"], fine["data"], vectors["clip"], vectors["data"],
            "{rate:{num:%d,den:1},algo:23,scene:{mode:0}}" % gap)
        return lambda k: core.resize.Bicubic(core.std.SelectEvery(smooth, gap, [k]), format=FORMAT)

    return between(samples, mask, inner)


def compensated_median(samples, side):
    """The median of a frame and its two neighbours, carried to it along the motion of blocks of side x side. Before the first
    and after the last frame comes the only neighbour that these have."""
    source = clip(np.concatenate([samples[1:2], samples, samples[-2:-1]]))
    fine = core.mv.Super(source, pel=2)
    neighbours = []
    for back_ in (False, True):
        vectors = core.mv.Analyse(fine, isb=back_, blksize=side, overlap=side // 2, search=5, truemotion=True)
        neighbours.append(core.mv.Compensate(source, fine, vectors, thsad=10000))
    together = core.std.Interleave([neighbours[0], source, neighbours[1]])
    middle = core.std.SelectEvery(core.zsmooth.TemporalMedian(together, radius=1), 3, [1])
    return back(middle, range(1, len(samples) + 1))


def spotless(samples, mask):
    """Finds damage by itself, in the manner of SpotLess: the median of whole frames."""
    return compensated_median(samples, 16)


def median(samples, mask):
    """The median where samples are missing, twice: the second time along the motion of what the first has cleaned."""
    result = samples
    for _ in range(2):
        result = np.where(mask[:, None], samples, compensated_median(result, 8))
    return result


def main():
    folder, settings = sys.argv[1], json.loads(sys.argv[2])
    samples, mask = (np.load(os.path.join(folder, name)) for name in ("samples.npy", "mask.npy"))
    methods = dict(mvtools=mvtools, svpflow=svpflow, spotless=spotless, median=median)
    np.save(os.path.join(folder, "result.npy"), methods[settings["method"]](samples, mask))


if __name__ == "__main__":
    main()
