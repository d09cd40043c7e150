"""inrr_video.restore"""

import json
import os
import tempfile

import numpy as np

from . import _pictures
from ._errors import ArgumentsError
from ._tool import run

_CHANNELS = (1, 3, 4)


def restore(array, mask=None, spacing=None, preset="balanced", *, kind=None, threads=None, seed=0, progress=None,
            options=()):
    """Fills what is missing of an array from what is known.

    Args:
        array: a video (t, y, x) or (t, y, x, c) with 1, 3 or 4 channels, or a volume (z, y, x). Integers, floats of 16,
            32 or 64 bits, or truth values. Of floats, what is no number is missing.
        mask: True, or not 0, where the array is missing: of the array's shape, without its channels, or a picture
            (y, x) that serves for all frames or slices. May be left out where floats are missing as NaN.
        spacing: distances of voxels along z, y and x, in any unit; an array with a spacing is a volume.
        preset: "fast", "balanced", "best" or "paper".
        kind: "video" or "volume"; left out, an array is a volume where it has a spacing, or is neither uint8 nor
            uint16 and has no channels.
        threads: worker threads; all cores where left out. The result does not depend on it.
        seed: the start of the random numbers: the same seed gives the same result.
        progress: True (a bar of tqdm, where that is installed), False, or a function that is called with frames done
            and frames in all; left out, a bar on a terminal.
        options: more options of the tool, such as ("--mask-dilate", "1").

    Returns:
        An array of the same shape and type, in which known values are what they were, and the report of the tool as a
        dictionary (docs/output.md, "The report").

        Videos of floats are reconstructed in 65536 steps from the smallest to the largest known number.

    Raises:
        ArgumentsError, InputError, OutputError, TryAgainError, ToolNotFoundError: all of them InrrVideoError.
    """
    array = np.asarray(array)
    kind = _kind(array, spacing, kind)
    missing = _missing(array, mask, kind)
    if not missing.any():
        if mask is None:
            raise ArgumentsError("nothing is missing: give a mask, or floats with NaN")
        return array.copy(), {"missing_fraction": 0.0, "warnings": []}
    if missing.all():
        raise ArgumentsError("everything is missing: there is nothing to reconstruct it from")
    arguments = ["--preset", preset, "--seed", str(seed), *map(str, options)]
    if threads is not None:
        arguments += ["--threads", str(threads)]
    solve = _volume if kind == "volume" else _video
    filled, report = solve(array, missing, spacing, arguments, progress)
    whole = missing if missing.ndim == array.ndim else missing[..., None]
    return np.where(whole, filled, array).astype(array.dtype, copy=False), report


def _kind(array, spacing, kind):
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise ArgumentsError(f"arrays of {array.dtype} can't be restored: give integers, floats or truth values")
    if array.ndim not in (3, 4) or 0 in array.shape:
        raise ArgumentsError(f"an array of shape {array.shape} is neither (t, y, x[, c]) nor (z, y, x)")
    if array.ndim == 4 and array.shape[3] not in _CHANNELS:
        raise ArgumentsError(f"{array.shape[3]} channels can't be restored together: give 1, 3 or 4, or one at a time")
    if spacing is not None and kind == "video":
        raise ArgumentsError("a spacing is one of volumes: leave it out of videos")
    if kind is None:
        has_samples = array.ndim == 4 or _pictures.holds(array.dtype)
        kind = "volume" if spacing is not None or not has_samples else "video"
    if kind not in ("video", "volume"):
        raise ArgumentsError(f"kind {kind!r} is neither 'video' nor 'volume'")
    if kind == "volume" and array.ndim == 4:
        raise ArgumentsError("a volume has three axes (z, y, x): restore its channels one at a time")
    return kind


def _missing(array, mask, kind):
    """Where the array is missing, by mask and NaN: (t, y, x)."""
    shape = array.shape[:3]
    missing = np.zeros(shape, bool)
    if mask is not None:
        mask = np.asarray(mask)
        if mask.shape not in (shape, shape[1:], array.shape):
            raise ArgumentsError(f"a mask of shape {mask.shape} does not fit an array of shape {array.shape}")
        mask = mask != 0
        missing |= mask.any(-1) if mask.ndim == 4 else mask
    if array.dtype.kind == "f":
        wrong = ~np.isfinite(array)
        missing |= wrong.any(-1) if array.ndim == 4 else wrong
    return missing


def _volume(array, missing, spacing, arguments, progress):
    stored = array
    if array.dtype == np.float16:
        stored = array.astype(np.float32)
    elif array.dtype == bool:
        stored = array.astype(np.uint8)
    if spacing is not None:
        distances = [float(s) for s in np.broadcast_to(np.asarray(spacing, float), (3,))]
        arguments = [*arguments, "--spacing", ",".join(repr(d) for d in reversed(distances))]
    with tempfile.TemporaryDirectory(prefix="inrr-") as folder:
        np.save(os.path.join(folder, "in.npy"), np.ascontiguousarray(stored))
        np.save(os.path.join(folder, "mask.npy"), missing.astype(np.uint8))
        run(["restore", "in.npy", "--mask", "mask.npy", "-o", "out.npy", "--metrics", "report.json", *arguments], folder,
            progress, len(array), "restore")
        filled = np.load(os.path.join(folder, "out.npy"))
        return filled, _report(folder)


def _video(array, missing, _, arguments, progress):
    samples, back = _samples(array, missing)
    with tempfile.TemporaryDirectory(prefix="inrr-") as folder:
        pattern = _pictures.write(folder, "in", samples)
        masks = _pictures.write(folder, "mask", missing.astype(np.uint8) * 255)
        run(["restore", pattern, "--mask", masks, "-o", "out_%06d.pam", "--lossless", "--metrics", "report.json",
             *arguments], folder, progress, len(array), "restore")
        filled = _pictures.read(folder, "out", len(array)).reshape(array.shape)
        return back(filled), _report(folder)


def _samples(array, missing):
    """The array as uint8 or uint16, and a function that turns filled samples back."""
    if _pictures.holds(array.dtype):
        return array, lambda filled: filled
    if array.dtype == bool:
        return array.astype(np.uint8) * 255, lambda filled: filled >= 128
    known = array[~missing].astype(np.float64)
    low, high = known.min(), known.max()
    step = (high - low) / 65535 or 1.0
    scaled = (np.where(missing if array.ndim == 3 else missing[..., None], low, array).astype(np.float64) - low) / step

    def back(filled):
        values = filled * step + low
        return np.rint(values) if array.dtype.kind in "iu" else values

    return np.clip(np.rint(scaled), 0, 65535).astype(np.uint16), back


def _report(folder):
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        return json.load(file)
