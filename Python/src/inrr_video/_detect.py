"""inrr_video.detect"""

import json
import os
import tempfile

import numpy as np

from . import _pictures
from ._errors import ArgumentsError
from ._tool import run


def detect(array, kinds=None, *, sensitivity=None, dilate=0, threads=None, progress=None, options=()):
    """Looks for damage in a film.

    Args:
        array: a video (t, y, x) or (t, y, x, c) of uint8 or uint16, with 1, 3 or 4 channels.
        kinds: what is looked for, such as ["dirt", "scratches"]; left out, what the tool looks for by itself.
        sensitivity: how much is found, from 0 (what is certain alone) to 1.
        dilate: grows what is found by so many pixels.
        threads, progress, options: as of `restore`.

    Returns:
        A mask (t, y, x), True where something was found, for `restore`; and the list of finds, a dictionary each with
        kind, frames, box, area and confidence (docs/masks.md, "Finding damage").

    Raises:
        InrrVideoError: as `restore`.
    """
    array = np.asarray(array)
    if not _pictures.holds(array.dtype):
        raise ArgumentsError(f"damage is looked for in arrays of uint8 or uint16, and these are {array.dtype}")
    if array.ndim not in (3, 4) or 0 in array.shape or (array.ndim == 4 and array.shape[3] not in (1, 3, 4)):
        raise ArgumentsError(f"an array of shape {array.shape} is no video (t, y, x[, c])")
    arguments = ["--mask-dilate", str(dilate), *map(str, options)]
    if kinds is not None:
        arguments += ["--kinds", kinds if isinstance(kinds, str) else ",".join(kinds)]
    if sensitivity is not None:
        arguments += ["--detect-sensitivity", str(sensitivity)]
    if threads is not None:
        arguments += ["--threads", str(threads)]
    with tempfile.TemporaryDirectory(prefix="inrr-") as folder:
        pattern = _pictures.write(folder, "in", array)
        run(["detect", pattern, "-o", "mask.y4m", *arguments], folder, progress, len(array), "detect")
        with open(os.path.join(folder, "mask.json"), encoding="utf-8") as file:
            finds = json.load(file)
        return _pictures.read_masks(os.path.join(folder, "mask.y4m")), finds["finds"]
