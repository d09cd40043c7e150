"""Kinds of damage: which pixels are known, (frames, height, width), always the same for the same seed."""
import numpy as np

KINDS = ("random", "block", "scratch", "logo", "frames")
# Those that only some programs take by default.
MORE = ("dirt", "object")
LETTERS = (("1111", "0110", "0110", "1111"), ("1111", "1001", "1111", "1000"))


def known(kind, frames, height, width, seed=0):
    """True where a pixel is known."""
    random = np.random.default_rng(seed)
    mask = np.ones((frames, height, width), bool)
    if kind == "random":  # one pixel in ten is known
        mask = random.random((frames, height, width)) < 0.1
    elif kind == "block":  # a fifth of each frame's blocks of 16 x 16 are missing
        blocks = random.random((frames, -(-height // 16), -(-width // 16))) < 0.2
        mask = ~np.repeat(np.repeat(blocks, 16, 1), 16, 2)[:, :height, :width]
    elif kind == "scratch":  # three lines and six squares a frame
        for frame in mask:
            for _ in range(3):
                x = random.integers(2, width - 3)
                frame[:, x:x + random.integers(1, 4)] = False
            for _ in range(6):
                side = random.integers(4, 12)
                y, x = random.integers(0, height - 12), random.integers(0, width - 12)
                frame[y:y + side, x:x + side] = False
    elif kind == "logo":  # strokes like letters, and a box, in all frames
        _logo(mask, height, width)
    elif kind == "frames":  # every fourth frame
        mask[3::4] = False
    elif kind == "dirt":  # spots, blotches and hairs, anew in each frame
        mask = ~_dirt(mask.shape, seed)[1]
    elif kind == "object":  # a figure that walks through the picture
        for t, frame in enumerate(mask):
            frame &= ~_figure(height, width, t)
    else:
        raise ValueError(f"no kind of damage is called {kind}")
    return mask


def _logo(mask, height, width):
    unit = max(1, height // 72)
    for i in range(9):
        left, top = int(0.05 * width) + i * 8 * unit, int(0.15 * height)
        for row, bits in enumerate(LETTERS[i % 2]):
            for column, bit in enumerate(bits):
                if bit == "1":
                    x = left + column * unit * 2 - column * unit // 2
                    mask[:, top + row * 2 * unit:top + (row + 1) * 2 * unit, x:x + unit] = False
    mask[:, int(height * 0.75):int(height * 0.92), int(width * 0.7):int(width * 0.95)] = False


def _dirt(shape, seed):
    from .damage import dirt

    return dirt(np.full(shape, 128, np.uint8), np.random.default_rng([seed, 1]))


def _figure(height, width, t):
    """(height, width), true within somebody two fifths as tall as the picture who has walked for t frames."""
    size = 0.4 * height
    y, x = np.mgrid[:height, :width].astype(np.float32)
    y, x = (y - 0.45 * height) / size, (x - (0.15 * width + 0.04 * size * t) % width) / size
    swing = np.sin(0.45 * t)

    def limb(top, bottom, reach, thickness):
        along = np.clip((y - top) / (bottom - top), 0, 1)
        return np.hypot(x - along * reach, y - top - along * (bottom - top)) < thickness

    head = np.hypot(x, y - 0.1) < 0.09
    body = np.hypot(x / 0.13, (y - 0.4) / 0.24) < 1
    legs = limb(0.55, 1, 0.2 * swing, 0.06) | limb(0.55, 1, -0.2 * swing, 0.06)
    return head | body | legs | limb(0.25, 0.6, 0.22 * swing, 0.04) | limb(0.25, 0.6, -0.22 * swing, 0.04)


def damaged(samples, mask, seed=7, kind=None):
    """The samples (frames, planes, height, width) with noise where the mask is False, or with what dirt looks like."""
    if kind == "dirt":
        return np.where(mask[:, None], samples, _dirt(mask.shape, 0)[0][:, None])
    noise = np.random.default_rng(seed).integers(0, 256, (len(samples), samples[0].size), np.uint8)
    return np.where(mask[:, None], samples, noise.reshape(samples.shape))
