#!/usr/bin/env python3
"""Makes a small scan for the test of a volume's page: make_volume.py FOLDER writes scan.nii and reference.nii there."""
import math
import pathlib
import struct
import sys

WIDTH, HEIGHT, DEPTH = 40, 36, 24
# Millimetres along x, y, z.
SPACING = (1.0, 1.0, 2.0)
MISSING_SLICES = (10, 11)


def value(x, y, z):
    """Hounsfield-like: a tilted ellipsoid with ripples in air."""
    a, b, c = (x - 19) / 15, (y - 17) / 13, (z - 12) / 9
    inside = 1 / (1 + math.exp(12 * (a * a + b * b + c * c + 0.4 * a * c - 0.8)))
    return round(-1000 + 1100 * inside + 60 * math.sin(0.5 * x + 0.3 * y + 0.4 * z) * inside)


def nifti(missing):
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, WIDTH, HEIGHT, DEPTH, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1, *SPACING, 0, 0, 0, 0)
    struct.pack_into("<f", header, 108, 352)
    # An sform whose axes run to the right, to the front and to the top.
    struct.pack_into("<h", header, 254, 1)
    for row in range(3):
        struct.pack_into("<4f", header, 280 + 16 * row, *[SPACING[row] if k == row else 0 for k in range(3)], -10 * row)
    header[344:348] = b"n+1\0"
    voxels = [
        0 if z in missing else value(x, y, z) for z in range(DEPTH) for y in range(HEIGHT) for x in range(WIDTH)
    ]
    return bytes(header) + struct.pack(f"<{len(voxels)}h", *voxels)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    (folder / "scan.nii").write_bytes(nifti(MISSING_SLICES))
    (folder / "reference.nii").write_bytes(nifti(()))
