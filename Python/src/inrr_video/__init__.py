"""Reconstructs the missing pixels of arrays from their known pixels alone.

>>> import inrr_video
>>> filled, report = inrr_video.restore(array, mask)      # video (t, y, x) or (t, y, x, c)
>>> filled, report = inrr_video.restore(scan, spacing=(3, 1, 1))    # volume (z, y, x); what is NaN is missing
>>> mask, finds = inrr_video.detect(array)                # dirt and scratches of a film

The work is done by the program inrr-video: by the one in this package where it has one, else by the one that
INRR_VIDEO names, else by the one on the path.
"""

from ._detect import detect
from ._errors import ArgumentsError, InputError, InrrVideoError, OutputError, ToolNotFoundError, TryAgainError
from ._restore import restore
from ._tool import tool_path, tool_version

__all__ = [
    "restore",
    "detect",
    "tool_path",
    "tool_version",
    "InrrVideoError",
    "ArgumentsError",
    "InputError",
    "OutputError",
    "TryAgainError",
    "ToolNotFoundError",
]
