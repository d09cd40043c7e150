#!/usr/bin/env python3
"""Takes something that moves out of a clip and compares the release build with other methods where nothing says what is right.

    Benchmarks/objects.py --keep out/looks                                # somebody who walks past a bicycle, in public bikes
    Benchmarks/objects.py --clip film.mkv --mask person.mkv --start 40 --frames 60 --size 854x480

Nothing reveals the truth there. What can be measured is how much what was filled in changes along the motion of the known
picture, as an affine map for each two frames, in steps of 8 bits; and how sharp it is, by the mean step between neighbours.
Both stand beside what the known picture around the hole does: as much is right, less is smeared. --keep writes pictures of
every method, one below the other, to look at. Exit status 1 where the tool fails or changes a known sample.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
try:
    import numpy as np
    from scipy.ndimage import binary_dilation

    from support import apart, masks, media, options, tool
    from support.peers import METHODS
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

# The walker in bikes, 640 x 272: in which frame, and the rectangle x, y, width, height around them there.
START, FRAMES = 190, 48
WALKER = {190: (58, 0, 235, 262), 195: (175, 0, 240, 272), 200: (205, 0, 375, 272), 205: (380, 0, 235, 272), 210: (395, 0, 245, 272),
          214: (460, 0, 180, 272)}
AROUND = 12


def walker(frames, height, width):
    """(frames, height, width), true where known: rectangles between those of WALKER."""
    known = np.ones((frames, height, width), bool)
    for t in range(min(frames, max(WALKER) - START + 1)):
        x, y, w, h = (np.interp(t + START, list(WALKER), side) for side in zip(*WALKER.values()))
        x0, x1, y0, y1 = x * width / 640, (x + w) * width / 640, y * height / 272, (y + h) * height / 272
        known[t, int(y0):round(y1), int(x0):round(x1)] = False
    return known


def motions(samples, mask):
    """From each frame to the next the affine map (2 x 3) that most of the known picture follows, by OpenCV's DIS flow."""
    import cv2

    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grays = [frame.mean(0).astype(np.uint8) for frame in samples]
    found = []
    for t in range(len(samples) - 1):
        flow = search.calc(grays[t], grays[t + 1], None)
        rows, columns = np.nonzero(mask[t] & mask[t + 1])
        step = max(1, len(rows) // 5000)
        start = np.stack([columns, rows], 1)[::step].astype(np.float32)
        map_, _ = cv2.estimateAffine2D(start, start + flow[rows, columns][::step], ransacReprojThreshold=1.0)
        found.append(np.eye(2, 3) if map_ is None else map_)
    return found


def judged(result, where, maps):
    """The mean difference along the motion, and the mean step between neighbours in a row, of pixels `where`."""
    import cv2

    frames, _, height, width = result.shape
    change = steps = 0.0
    count = 0
    for t in range(frames - 1):
        inside = where[t]
        if not inside.any():
            continue
        picture, after = (np.moveaxis(f, 0, -1).astype(np.float32) for f in result[t:t + 2])
        moved = cv2.warpAffine(after, maps[t], (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                               borderMode=cv2.BORDER_REPLICATE)
        change += np.abs(moved - picture)[inside].mean(1).sum(dtype=np.float64)
        steps += np.abs(np.diff(picture, axis=1, append=picture[:, -1:]))[inside].mean(1).sum(dtype=np.float64)
        count += int(inside.sum())
    return change / max(1, count), steps / max(1, count)


def restored(path, mask_path, preset, folder):
    result = os.path.join(folder, "result.mkv")
    usage = tool.watched([path, "--mask", mask_path, "-o", result, "--lossless", "--force", "--preset", preset,
                          "--progress", "none"])
    return media.decode(result), usage["seconds"]


def sheet(path, results, mask, folder):
    """Four frames of each result side by side, the results one below the other, as one picture."""
    damaged = np.flatnonzero(~mask.all((1, 2)))
    chosen = damaged[np.linspace(0, len(damaged) - 1, 4).astype(int)]
    rows = [np.concatenate(list(samples[chosen]), 2) for samples in results.values()]
    media.encode(os.path.join(folder, "sheet.mkv"), np.concatenate(rows, 1)[None], "1")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", os.path.join(folder, "sheet.mkv"), "-frames:v", "1", path], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", metavar="FILE", help="another clip than the public bikes")
    parser.add_argument("--mask", metavar="FILE", help="its mask, white where something is to go")
    parser.add_argument("--start", type=int, default=START, help="first frame, by default %(default)s")
    parser.add_argument("--frames", type=int, default=FRAMES, help="by default %(default)s")
    parser.add_argument("--size", help="WxH that both are scaled to")
    parser.add_argument("--preset", default="balanced", choices=("fast", "balanced", "best"))
    parser.add_argument("--methods", default="interpolation in time,Navier-Stokes,G'MIC patches,shrinkage alone",
                        help="by default %(default)s")
    parser.add_argument("--keep", metavar="FOLDER", help="writes pictures there")
    given = parser.parse_args()
    if (given.clip is None) != (given.mask is None):
        raise SystemExit("objects.py: --clip and --mask belong together")
    tool.need_tool()
    names = options.chosen(given.methods, METHODS, "--methods")
    size = options.numbers(given.size, "x", 2, "--size")
    path = given.clip or media.public_file("bikes.mp4")
    samples, rate = media.decode_clip(media.Clip("clip", path, given.start, given.frames, size))
    if given.mask:
        marks, _ = media.decode_clip(media.Clip("mask", given.mask, given.start, given.frames, size))
        mask = marks[:, 0] < 128
    else:
        mask = walker(*(samples.shape[axis] for axis in (0, 2, 3)))
    around = np.stack([binary_dilation(~known, iterations=AROUND) & known for known in mask])
    maps = motions(samples, mask)
    damaged = masks.damaged(samples, mask)
    results, lines, left_out = {"what was there": samples}, [], {}
    with tempfile.TemporaryDirectory() as folder:
        clip, marks = os.path.join(folder, "clip.mkv"), os.path.join(folder, "mask.mkv")
        media.encode(clip, samples, rate)
        media.encode(marks, (~mask).astype(np.uint8) * 255, rate)
        results["inrr-video"], budget = restored(clip, marks, given.preset, folder)
        identical = bool(((results["inrr-video"] == samples) | ~mask[:, None]).all())
        seconds = {"inrr-video": budget}
        for name in names:
            start = time.monotonic()
            try:
                results[name] = METHODS[name].fill(damaged, mask, budget)
            except apart.Unavailable as reason:
                left_out[name] = str(reason)
                continue
            seconds[name] = time.monotonic() - start
            print(f"{name}: {seconds[name]:.1f} s", file=sys.stderr, flush=True)
        if given.keep:
            os.makedirs(given.keep, exist_ok=True)
            sheet(os.path.join(given.keep, "objects.png"), results, mask, folder)
    print(f"{len(samples)} frames of {samples.shape[3]} x {samples.shape[2]}, {100 * (~mask).mean():.1f} % missing.\n")
    print("| | changes along the motion | step between neighbours | seconds |\n|---|---|---|---|")
    for name, result in [("known, around", samples), *list(results.items())[1:]]:
        change, step = judged(result, around if name == "known, around" else ~mask, maps)
        print(f"| {name} | {change:.2f} | {step:.2f} | " + (f"{seconds[name]:.1f} |" if name in seconds else "- |"))
    for name, reason in left_out.items():
        print(f"\nLeft out: {name}: {reason}")
    if not identical:
        raise SystemExit("objects.py: known samples differ")


if __name__ == "__main__":
    try:
        main()
    except tool.Failed as failure:
        raise SystemExit(f"objects.py: {failure}")
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"objects.py: {failed.cmd[0]} ended with {failed.returncode}")
