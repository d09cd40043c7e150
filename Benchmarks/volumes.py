#!/usr/bin/env python3
"""Restores damaged volumes and compares with scikit-image's biharmonic inpainting and SciPy's linear interpolation.

    Benchmarks/volumes.py                        # phantoms that are made here
    Benchmarks/volumes.py brain.nii.gz ...       # and volumes of your own
    Benchmarks/volumes.py --cases random80,slices --preset best
    Benchmarks/volumes.py --memory --preset fast # a volume of 512 x 512 x 400, 5 % missing: takes a while

Damages each volume in several ways, has each method fill what is missing, checks that the tool kept every known voxel
and prints PSNR over the missing voxels (peak: the range of the volume) and seconds. Ends with 1 where the tool falls
short of its targets. Peers come from PyPI where they are not installed.
"""
import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def module(name, package):
    try:
        return importlib.import_module(name)
    except ImportError:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
        importlib.invalidate_caches()
        return importlib.import_module(name)


np = module("numpy", "numpy")
module("scipy", "scipy")
module("skimage", "scikit-image")
from scipy import interpolate, ndimage  # noqa: E402
from skimage.restoration import inpaint_biharmonic  # noqa: E402
from support.tool import watched  # noqa: E402

# In dB: the least above the better peer on the cases that interpolation is made for, and the most below it anywhere.
GAIN, LOSS = 1.0, 0.2
# The most MiB that the large volume may take.
LARGEST = 4096
# Holes of more than this share must take less time than the biharmonic peer, where that takes longer than the start
# of a process.
LARGE_SHARE, START = 0.2, 2.0


# Phantoms: (z, y, x) of 16 bits.

def shells(shape, rng):
    """Ellipsoids in each other with smooth shading and fine ripples: a stand-in for tissue."""
    z, y, x = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    value = np.zeros(shape)
    for _ in range(14):
        centre = rng.uniform(-0.5, 0.5, 3)
        radius = rng.uniform(0.15, 0.7, 3)
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        p = np.stack([z, y, x], -1) - centre
        inside = ((p @ turn / radius) ** 2).sum(-1)
        value += rng.uniform(-1, 1) / (1 + np.exp(np.clip((inside - 1) * 25, -50, 50)))
    value += 0.1 * np.sin(9 * x + 5 * y + 3 * z) * np.cos(7 * z - 4 * x)
    # No scanner shows edges sharper than its voxels.
    return ndimage.gaussian_filter(value, 0.8)


def grains(shape, rng):
    """Smoothed noise, cut into two phases: a stand-in for a porous sample in a CT."""
    field = ndimage.gaussian_filter(rng.normal(size=shape), 3.0)
    return ndimage.gaussian_filter((field > 0).astype(float), 0.8) + 0.05 * field / field.std()


def phantoms():
    for name, make, seed in [("shells", shells, 3), ("grains", grains, 4)]:
        rng = np.random.default_rng(seed)
        value = make((24, 40, 36), rng)
        noise = rng.normal(scale=0.005, size=value.shape)
        value = (value - value.min()) / np.ptp(value) + noise
        yield name, np.clip(np.round(1000 + 20000 * value), 0, 65535).astype(np.uint16)


def volumes(paths):
    yield from phantoms()
    for path in paths:
        name = os.path.basename(path)
        if path.endswith(".npy"):
            data = np.load(path)
        else:
            data = np.asarray(module("nibabel", "nibabel").load(path).dataobj).T
        while data.ndim > 3:
            data = data[0]
        # Peers take hours, or all memory, for more: the middle.
        middle = tuple(slice(max(0, (n - m) // 2), max(0, (n - m) // 2) + m) for n, m in zip(data.shape, (24, 48, 48)))
        yield name, np.ascontiguousarray(data[middle])


def damages(shape):
    rng = np.random.default_rng(7)
    slices = np.zeros(shape, bool)
    slices[5::10] = True
    thick = np.zeros(shape, bool)
    thick[2::6] = thick[3::6] = True
    half = np.zeros(shape, bool)
    half[1::2] = True
    boxes = np.zeros(shape, bool)
    for _ in range(max(4, int(np.prod(shape) * 0.05 / 700))):
        size = [min(n // 3, int(rng.integers(6, 12))) for n in shape]
        place = [int(rng.integers(0, n - s)) for n, s in zip(shape, size)]
        boxes[tuple(slice(p, p + s) for p, s in zip(place, size))] = True
    return {
        "slices": slices, "slices-2-of-6": thick, "slices-half": half,
        "random80": rng.random(shape) < 0.8, "random50": rng.random(shape) < 0.5, "boxes": boxes,
    }


def psnr(reference, result, missing):
    error = (reference.astype(float) - result.astype(float))[missing]
    peak = float(reference.max()) - float(reference.min())
    return 10 * np.log10(peak**2 / max((error**2).mean(), 1e-12 * peak**2))


# Methods: each gives the filled volume.

def biharmonic(damaged, missing, _):
    # The peer's own scale is 0 ... 1 for images; it keeps the range of floats.
    low, high = float(damaged[~missing].min()), float(damaged[~missing].max())
    scaled = (damaged.astype(float) - low) / (high - low)
    scaled[missing] = 0
    return inpaint_biharmonic(scaled, missing) * (high - low) + low


def linear(damaged, missing, _):
    whole = missing.all(axis=(1, 2))
    if (missing == whole[:, None, None]).all():
        # Whole slices: a regular grid of what is known.
        known = np.flatnonzero(~whole)
        grid = interpolate.RegularGridInterpolator(
            (known, np.arange(missing.shape[1]), np.arange(missing.shape[2])), damaged[known].astype(float),
            bounds_error=False, fill_value=None)
        result = damaged.astype(float)
        places = np.argwhere(missing)
        places[:, 0] = np.clip(places[:, 0], known[0], known[-1])
        result[missing] = grid(places)
        return result
    # Scattered: Delaunay's tetrahedra; near holes only where most is known.
    near = ~missing & (ndimage.binary_dilation(missing, iterations=2) if missing.mean() < 0.3 else True)
    at, values = np.argwhere(near), damaged[near].astype(float)
    places = np.argwhere(missing)
    filled = interpolate.griddata(at, values, places, method="linear")
    outside = np.isnan(filled)
    if outside.any():
        filled[outside] = interpolate.griddata(at, values, places[outside], method="nearest")
    result = damaged.astype(float)
    result[missing] = filled
    return result


def tool(arguments):
    def restore(damaged, missing, folder):
        paths = [os.path.join(folder, name) for name in ("damaged.npy", "mask.npy", "restored.npy")]
        np.save(paths[0], damaged)
        np.save(paths[1], missing.astype(np.uint8))
        subprocess.run(
            [arguments.tool, paths[0], "--mask", paths[1], "-o", paths[2], "--force", "--preset", arguments.preset,
             "--progress", "none", "--metrics", os.path.join(folder, "metrics.json")], check=True)
        restored = np.load(paths[2])
        if (restored[~missing] != damaged[~missing]).any():
            sys.exit("a known voxel was changed")
        return restored
    return restore


def verdict(case, share, figures):
    """What the tool falls short of, or nothing."""
    (ours, seconds), peers = figures["tool"], {k: v for k, v in figures.items() if k != "tool"}
    if not peers:
        return ""
    best = max(value for value, _ in peers.values())
    gain = ours - best
    if gain < -LOSS:
        return f"{-gain:.2f} dB below"
    if case.startswith(("random", "slices")) and gain < GAIN:
        return f"only {gain:.2f} dB above"
    if share > LARGE_SHARE and "biharmonic" in peers and seconds > max(START, peers["biharmonic"][1]):
        return "slower than biharmonic"
    return ""


def memory(arguments):
    """Restores 200 MiB of voxels, with missing slices and boxes, and tells the most memory that took."""
    rng = np.random.default_rng(1)
    shape = (400, 512, 512)
    coarse = rng.normal(size=[n // 8 for n in shape])
    value = ndimage.zoom(coarse.astype(np.float32), 8, order=1)
    value = 1000 + 30000 * (value - value.min()) / np.ptp(value)
    value += rng.normal(scale=100, size=shape).astype(np.float32)
    value = np.clip(np.round(value), 0, 65535).astype(np.uint16)
    missing = np.zeros(shape, bool)
    missing[37::40] = True
    while missing.mean() < 0.05:
        size = rng.integers(8, 33, 3)
        place = [int(rng.integers(0, n - s)) for n, s in zip(shape, size)]
        missing[tuple(slice(p, p + s) for p, s in zip(place, size))] = True
    damaged = np.where(missing, 0, value).astype(np.uint16)
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("damaged.npy", "mask.npy", "restored.npy")]
        np.save(paths[0], damaged)
        np.save(paths[1], missing.astype(np.uint8))
        usage = watched(
            [paths[0], "--mask", paths[1], "-o", paths[2], "--preset", arguments.preset, "--progress", "none"],
            os.path.abspath(arguments.tool))
        restored = np.load(paths[2])
    if (restored[~missing] != damaged[~missing]).any():
        sys.exit("a known voxel was changed")
    most = usage["peak"] / 2 ** 20
    print(f"{psnr(value, restored, missing):.2f} dB, {usage['seconds']:.0f} s, {most:.0f} MiB")
    sys.exit(1 if most > LARGEST else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("volumes", nargs="*", help="further volumes: .nii, .nii.gz, .npy (z, y, x)")
    parser.add_argument("--tool", default=".build/release/inrr-video")
    parser.add_argument("--preset", default="balanced")
    parser.add_argument("--cases", help="some of the damages only, separated by commas")
    parser.add_argument("--names", help="some of the volumes only, separated by commas")
    parser.add_argument("--without", default="", help="peers to leave out: biharmonic, linear")
    parser.add_argument("--memory", action="store_true", help="only restore a large volume, and measure memory")
    arguments = parser.parse_args()
    if arguments.memory:
        memory(arguments)
    methods = {"linear": linear, "biharmonic": biharmonic, "tool": tool(arguments)}
    for name in filter(None, arguments.without.split(",")):
        methods.pop(name, None)
    failures = 0
    print(f"{'volume':24} {'case':14} {'missing':>7}  " + "  ".join(f"{name:>18}" for name in methods))
    for name, data in volumes(arguments.volumes):
        if arguments.names and name not in arguments.names.split(","):
            continue
        for case, missing in damages(data.shape).items():
            if arguments.cases and case not in arguments.cases.split(","):
                continue
            damaged = data.copy()
            damaged[missing] = 0
            figures = {}
            for method, fill in methods.items():
                with tempfile.TemporaryDirectory() as folder:
                    start = time.monotonic()
                    result = fill(damaged, missing, folder)
                    seconds = time.monotonic() - start
                figures[method] = (psnr(data, result, missing), seconds)
            complaint = verdict(case, missing.mean(), figures)
            failures += bool(complaint)
            text = "  ".join(f"{value:7.2f} dB {seconds:6.1f} s" for value, seconds in figures.values())
            print(f"{name[:24]:24} {case:14} {missing.mean():7.1%}  {text}  {complaint}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
