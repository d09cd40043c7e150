#!/usr/bin/env python3
"""Restores a damaged series of volumes as one, and each volume by itself: what do the other time points add?

    Benchmarks/series.py functional.nii          # 4-D; nibabel brings one: nibabel/tests/data/functional.nii

Damages every time point elsewhere and prints PSNR over the missing voxels (peak: the range of the series). Ends with 1
where the series as one is worse by 0.2 dB.
"""
import argparse
import os
import subprocess
import sys
import tempfile

from volumes import module

np = module("numpy", "numpy")


def damages(shape):
    """Masks (time, z, y, x) that differ from one time point to the next."""
    rng = np.random.default_rng(5)
    slices = np.zeros(shape, bool)
    boxes = np.zeros(shape, bool)
    for t in range(shape[0]):
        slices[t, rng.choice(shape[1], max(1, shape[1] // 12), replace=False)] = True
        for _ in range(max(1, int(np.prod(shape[1:]) * 0.03 / 700))):
            size = [min(max(1, n // 3), int(rng.integers(6, 12))) for n in shape[1:]]
            place = [int(rng.integers(0, n - s + 1)) for n, s in zip(shape[1:], size)]
            boxes[(t, *(slice(p, p + s) for p, s in zip(place, size)))] = True
    return {"slices": slices, "random50": rng.random(shape) < 0.5, "random80": rng.random(shape) < 0.8, "boxes": boxes}


def restore(damaged, missing, arguments):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("damaged.npy", "mask.npy", "restored.npy")]
        np.save(paths[0], damaged)
        np.save(paths[1], missing.astype(np.uint8))
        subprocess.run(
            [arguments.tool, paths[0], "--mask", paths[1], "-o", paths[2], "--preset", arguments.preset, "--progress",
             "none"], check=True)
        return np.load(paths[2])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("--tool", default=".build/release/inrr-video")
    parser.add_argument("--preset", default="balanced")
    arguments = parser.parse_args()
    data = np.ascontiguousarray(np.asarray(module("nibabel", "nibabel").load(arguments.series).dataobj.get_unscaled()).T)
    if data.ndim != 4:
        sys.exit(f"{arguments.series} is no series of volumes")
    data = data.astype(data.dtype.newbyteorder("="))
    peak = float(data.max()) - float(data.min())
    failures = 0
    print(f"{'damage':10} {'each by itself':>16} {'as a series':>14}")
    for case, missing in damages(data.shape).items():
        damaged = np.where(missing, 0, data).astype(data.dtype)
        alone = np.stack([restore(damaged[t], missing[t], arguments) for t in range(len(data))])
        together = restore(damaged, missing, arguments)
        if (together[~missing] != data[~missing]).any():
            sys.exit("a known voxel was changed")
        figures = [
            10 * np.log10(peak**2 / ((result.astype(float) - data)[missing] ** 2).mean()) for result in (alone, together)
        ]
        failures += figures[1] < figures[0] - 0.2
        print(f"{case:10} {figures[0]:13.2f} dB {figures[1]:11.2f} dB", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
