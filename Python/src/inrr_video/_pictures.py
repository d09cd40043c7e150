"""Videos as sequences of pictures (PAM), which hold gray and colour of 8 and 16 bits as they are."""

import os

import numpy as np

_KINDS = {1: "GRAYSCALE", 2: "GRAYSCALE_ALPHA", 3: "RGB", 4: "RGB_ALPHA"}


def holds(kind):
    """Whether pictures hold a type of samples as they are, in any byte order."""
    return kind.kind == "u" and kind.itemsize <= 2


def write(folder, name, frames):
    """Writes frames (t, y, x[, c]) of uint8 or uint16; returns their pattern."""
    most = np.iinfo(frames.dtype).max
    for t, frame in enumerate(frames):
        height, width = frame.shape[:2]
        depth = frame.shape[2] if frame.ndim == 3 else 1
        header = f"P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {depth}\nMAXVAL {most}\nTUPLTYPE {_KINDS[depth]}\nENDHDR\n"
        with open(os.path.join(folder, f"{name}_{t:06d}.pam"), "wb") as file:
            file.write(header.encode())
            file.write(np.ascontiguousarray(frame.astype(frame.dtype.newbyteorder(">"))).tobytes())
    return f"{name}_%06d.pam"


def read(folder, name, count):
    """Reads what `write` would write: (count, y, x, c) of uint8 or uint16."""
    return np.stack([_read(os.path.join(folder, f"{name}_{t:06d}.pam")) for t in range(count)])


def _read(path):
    with open(path, "rb") as file:
        content = file.read()
    head, _, samples = content.partition(b"\nENDHDR\n")
    fields = dict(line.split(None, 1) for line in head.decode().split("\n")[1:])
    size = tuple(int(fields[key]) for key in ("HEIGHT", "WIDTH", "DEPTH"))
    kind = np.dtype("u1") if int(fields["MAXVAL"]) < 256 else np.dtype(">u2")
    return np.frombuffer(samples, kind, int(np.prod(size))).reshape(size).astype(kind.newbyteorder("="))


def read_masks(path):
    """Reads a video of masks (Y4M): truth values (t, y, x)."""
    with open(path, "rb") as file:
        header = file.readline().decode().split()
        width, height = (int(next(w[1:] for w in header if w[0] == sign)) for sign in "WH")
        masks = []
        while file.readline():
            masks.append(np.frombuffer(file.read(width * height), np.uint8).reshape(height, width) >= 128)
    return np.stack(masks)
