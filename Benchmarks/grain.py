#!/usr/bin/env python3
"""Is filled-in noise like the noise around? Hides parts of clips under grain that is known, and compares the two.

    Benchmarks/grain.py                                 # all cases: drawn pictures and the public clips
    Benchmarks/grain.py --cases ripples,fourth          # those whose name has one of these
    Benchmarks/grain.py --keep FOLDER                   # leaves the clips, masks and results there

Of each hole it says, for luma and chroma, how much what was filled in differs from its neighbours in space (a Laplacian) and from
the frame before, as a share of what the truth does at the same samples: 1 is alike. Where no grain was laid over a drawn picture
there is nothing to compare with, and what `--grain 1` adds stands there, in steps of 8 bits. The last column is what grain costs.
"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import numpy as np
    from scipy import ndimage
    from support import media, tool
    from support.grainy import CASES, Picture
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

LEAST, MOST = 0.85, 1.15


def write(path, planes, bits):
    """FFV1 of planes (frames, height, width), chroma halved."""
    kind = np.uint8 if bits == 8 else np.uint16
    raw = b"".join(plane[t].astype(kind).tobytes() for t in range(len(planes[0])) for plane in planes)
    height, width = planes[0].shape[1:]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p" if bits == 8 else "yuv420p10le", "-s",
         f"{width}x{height}", "-r", "25", "-i", "-", "-c:v", "ffv1", path], input=raw, check=True)


def read(path, shape, bits):
    frames, height, width = shape
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "yuv420p" if bits == 8 else "yuv420p10le", "-"],
        capture_output=True, check=True).stdout
    samples = np.frombuffer(raw, np.uint8 if bits == 8 else np.uint16).reshape(frames, -1).astype(float)
    area = height * width
    luma, blue, red = np.split(samples, [area, area + area // 4], axis=1)
    return [luma.reshape(shape)] + [c.reshape(frames, height // 2, width // 2) for c in (blue, red)]


LAPLACIAN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]]) / 6


def differences(planes, holes, speed, where=None):
    """Mean sizes of the Laplacian and of the change along the motion, for luma and chroma, within holes.

    Changes are those of samples less the mean of seven by seven: what drifts slowly is no noise. Samples near the holes' edges, whose
    squares reach beyond them, are left out.
    """
    result = []
    for group in (planes[:1], planes[1:]):
        space, time = [], []
        for plane in group:
            half = holes[0].shape[1] // plane.shape[1]
            hole = holes[0 if half == 1 else 1]
            for reach in (9, 5, 3, 1):
                inside = np.array([ndimage.binary_erosion(h, np.ones((reach, reach)), border_value=1) for h in hole])
                if where is not None:
                    inside &= where[:, ::half, ::half]
                if inside.sum() > 1000:
                    break
            edges = np.abs(ndimage.convolve(plane, LAPLACIAN[None], mode="nearest"))
            space.append(edges[inside])
            plane = plane - ndimage.uniform_filter(plane, (0, 7, 7), mode="nearest")
            step = speed // half
            moved = np.roll(plane[1:], -step, axis=2)
            valid = inside[:-1].copy()
            if step:
                valid[:, :, -step:] = False
            # Changes to a hole count as those from it.
            back = np.roll(plane[:-1], step, axis=2)
            entering = inside[1:].copy()
            if step:
                entering[:, :, :step] = False
            time.append(np.concatenate([np.abs(moved - plane[:-1])[valid], np.abs(plane[1:] - back)[entering]]))
        result.append((np.mean(np.concatenate(space)), np.mean(np.concatenate(time))))
    return result


def psnr(a, b, holes):
    squares = np.concatenate([((x - y)[holes[0 if k == 0 else 1]]) ** 2 for k, (x, y) in enumerate(zip(a, b))])
    return 10 * np.log10(255 ** 2 / max(1e-9, squares.mean()))


def measure(case, folder):
    """The row of a case, and whether all its shares are near 1."""
    picture = Picture(case)
    bits, scale = case.bits, 2 ** (case.bits - 8)
    paths = {name: os.path.join(folder, f"{case.name.replace(' ', '-')}.{name}.mkv") for name in
             ("truth", "input", "mask", "plain", "grained")}
    write(paths["truth"], picture.truth, bits)
    write(paths["input"], picture.damaged, bits)
    media.encode(paths["mask"], picture.holes[0].astype(np.uint8) * 255, "25")
    for name, grain in (("plain", "0"), ("grained", "1")):
        tool.watched([paths["input"], "--mask", paths["mask"], "-o", paths[name], "--lossless", "--force", "--preset", case.preset,
                      "--progress", "none", "--grain", grain, "--threads", "1"])
    truth = [plane / scale for plane in picture.truth]
    plain, grained = ([plane / scale for plane in read(paths[name], picture.truth[0].shape, bits)] for name in
                      ("plain", "grained"))
    added = [np.concatenate([(b - a)[picture.holes[min(1, k)]] for k, (a, b) in enumerate(zip(plain, grained)) if (k == 0) == luma])
             for luma in (True, False)]
    largest = max(np.abs(a).max() for a in added)
    cost = psnr(plain, truth, picture.holes) - psnr(grained, truth, picture.holes)
    rows, near = [], True
    for name, where in picture.parts:
        sizes = [differences(planes, picture.holes, case.speed, where) for planes in (truth, grained, plain)]
        cells = []
        for plane in (0, 1):
            for kind in (0, 1):
                true, got, bare = (size[plane][kind] for size in sizes)
                if kind == 1 and name == picture.changing:
                    cells.append("")
                elif case.silent:
                    cells.append(f"+{np.sqrt((added[plane] ** 2).mean()):.2f}")
                    near &= bool(np.sqrt((added[plane] ** 2).mean()) < 0.3)
                else:
                    share = got / max(1e-9, true)
                    cells.append(f"{share:.2f} ({bare / max(1e-9, true):.2f})")
                    near &= LEAST <= share <= MOST
        rows.append(f"| {case.name}{name} | {' | '.join(cells)} | {largest:.1f} | {cost:.2f} |")
    return rows, near


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="", help="parts of the names of the cases to run")
    parser.add_argument("--keep", metavar="FOLDER", help="where clips, masks and results are left")
    options = parser.parse_args()
    tool.need_tool()
    print("| case | luma, space (without) | luma, time | chroma, space | chroma, time | largest | cost, dB |\n|---|---|---|---|---|---|---|")
    names = [name for name in options.cases.split(",") if name]
    hits = count = 0
    for case in CASES:
        if names and not any(name in case.name for name in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            if options.keep:
                os.makedirs(options.keep, exist_ok=True)
            rows, near = measure(case, options.keep or folder)
        print("\n".join(rows), flush=True)
        hits, count = hits + near, count + 1
    print(f"\nall shares of a case are within {LEAST} ... {MOST} in {hits} of {count}")


if __name__ == "__main__":
    main()
