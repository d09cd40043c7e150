"""Damage as film, sensors and editors leave it, drawn over luma (frames, height, width) as 8 bits; each kind returns what it
makes of it and, true where something was drawn, its mask. The same seed gives the same damage."""
import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, gaussian_filter1d, shift

from .masks import LETTERS

# Changes of up to two steps are no damage that anyone sees.
VISIBLE = 2
KINDS = ("dirt", "scratches", "pixels", "overlay", "text", "frames")


def weave(clip, amount, grain, rng):
    """A film as it leaves the scanner: each frame a little elsewhere, with grain."""
    result = clip.copy()
    for frame in result if amount or grain else ():
        values = frame.astype(np.float32)
        if amount:
            values = shift(values, rng.uniform(-amount, amount, 2), order=1, mode="nearest")
        if grain:
            noise = gaussian_filter(rng.standard_normal(frame.shape, np.float32), 0.6)
            values += grain * noise / noise.std()
        frame[:] = np.clip(np.round(values), 0, 255)
    return result


def draw(frame, mask, alpha, value, y=0, x=0):
    """Blends a value over a frame where alpha (0 to 1) lies with its corner at (y, x), and marks what changes visibly."""
    height, width = frame.shape
    top, left, bottom, right = max(0, y), max(0, x), min(height, y + alpha.shape[0]), min(width, x + alpha.shape[1])
    if top >= bottom or left >= right:
        return
    part = alpha[top - y:bottom - y, left - x:right - x]
    over = value[top - y:bottom - y, left - x:right - x] if isinstance(value, np.ndarray) else value
    old = frame[top:bottom, left:right].astype(np.float32)
    new = np.clip(np.round(old + part * (over - old)), 0, 255)
    mask[top:bottom, left:right] |= (part > 0) & (np.abs(new - old) > VISIBLE)
    frame[top:bottom, left:right] = new


def tone(rng):
    """Dark or bright, as dirt is on a positive and on a negative."""
    return rng.uniform(16, 50) if rng.random() < 0.5 else rng.uniform(195, 235)


def blotch(rng, radius):
    """A ragged spot with a soft edge: a disc whose edge smooth noise moves."""
    side = int(3 * radius) + 7
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    noise = gaussian_filter(rng.standard_normal((side, side)), max(0.7, radius / 3))
    noise *= 0.45 * radius / max(1e-6, noise.std())
    stretch = rng.uniform(0.65, 1.5)
    inside = radius + np.clip(noise, -0.8 * radius, 0.45 * radius) - np.hypot(y * stretch, x / stretch)
    return np.clip(0.5 + inside / rng.uniform(1, 2.5), 0, 1)


def hair(rng, length, thickness):
    """A curved fibre: how far each sample is from a line that turns at random."""
    steps = np.arange(0, max(4, length), 0.5)
    angle = rng.uniform(0, 2 * np.pi) + np.cumsum(gaussian_filter1d(rng.normal(0, 0.12, len(steps)), 6))
    y, x = np.cumsum(np.sin(angle)) / 2, np.cumsum(np.cos(angle)) / 2
    y, x = y - y.min() + 4, x - x.min() + 4
    line = np.ones((int(y.max()) + 6, int(x.max()) + 6), bool)
    line[y.round().astype(int), x.round().astype(int)] = False
    return np.clip(0.5 + thickness / 2 - distance_transform_edt(line), 0, 1)


def dirt(clip, rng, density=6):
    """Spots, blotches and hair, anew in each frame: about `density` of them."""
    result, mask = clip.copy(), np.zeros(clip.shape, bool)
    _, height, width = clip.shape
    scale = min(height, width) / 360
    for frame, marks in zip(result, mask):
        for _ in range(rng.poisson(density)):
            chance = rng.random()
            if chance < 0.2:
                alpha = hair(rng, rng.uniform(25, 110) * scale, max(1.2, rng.uniform(1.2, 2.6) * scale))
            else:
                largest = 4 if chance < 0.65 else 15
                alpha = blotch(rng, max(1.2, np.exp(rng.uniform(np.log(1.2), np.log(largest))) * scale))
            y, x = rng.integers(-alpha.shape[0] // 3, height), rng.integers(-alpha.shape[1] // 3, width)
            draw(frame, marks, alpha * rng.uniform(0.7, 1), tone(rng), int(y), int(x))
    return result, mask


def scratches(clip, rng, count=2):
    """Lines from top to bottom that wander, fade along their way, and come and go."""
    result, mask = clip.copy(), np.zeros(clip.shape, bool)
    frames, height, width = clip.shape
    scale = max(1, height / 540)
    columns = np.arange(width)
    for _ in range(count):
        start = int(rng.integers(0, max(1, frames // 3)))
        end = int(rng.integers(min(frames, start + max(4, frames // 3)), frames + 1))
        wander = np.cumsum(gaussian_filter1d(rng.normal(0, 0.8, frames), 3))
        place, lean = rng.uniform(0.08, 0.92) * width, rng.uniform(-0.004, 0.004) * height
        thickness, strength, value = rng.uniform(1, 2.8) * scale, rng.uniform(0.45, 0.9), tone(rng)
        for t in range(start, end):
            middle = place + wander[t] + lean * np.linspace(-1, 1, height)
            fading = gaussian_filter1d(rng.standard_normal(height), height / 12)
            opacity = strength * np.clip(0.85 + 0.25 * fading / max(1e-6, fading.std()), 0.4, 1.1)
            near = np.clip(0.5 + thickness / 2 - np.abs(columns[None] - middle[:, None]), 0, 1)
            draw(result[t], mask[t], near * opacity[:, None], value)
    return result, mask


def pixels(clip, rng, count=60):
    """Places that are the same in all frames: a third each dead, stuck and hot, which are brighter, with noise."""
    result, mask = clip.copy(), np.zeros(clip.shape, bool)
    frames, height, width = clip.shape
    for i, place in enumerate(rng.choice(height * width, min(count, height * width), replace=False)):
        y, x = divmod(int(place), width)
        if i % 3 == 0:
            result[:, y, x] = 16
        elif i % 3 == 1:
            result[:, y, x] = 235
        else:
            values = clip[:, y, x] + rng.uniform(70, 130) + rng.normal(0, 8, frames)
            result[:, y, x] = np.clip(np.round(values), 0, 255)
        mask[:, y, x] = True
    return result, mask


def letters(rng, count, unit):
    """Strokes like those of letters, in a row: (height, width), true on a stroke."""
    shape = np.zeros((4 * unit, 5 * count * unit), bool)
    for i in range(count):
        for row, bits in enumerate(LETTERS[rng.integers(len(LETTERS))]):
            for column, bit in enumerate(bits):
                if bit == "1":
                    shape[row * unit:(row + 1) * unit, (5 * i + column) * unit:(5 * i + column + 1) * unit] = True
    return shape


def overlay(clip, rng, alpha=0.6):
    """A logo in a corner, all the time, that lets some of the picture through."""
    result, mask = clip.copy(), np.zeros(clip.shape, bool)
    _, height, width = clip.shape
    shape = letters(rng, 3, max(2, height // 60)) * np.float32(alpha)
    y, x = int(0.08 * height), width - shape.shape[1] - int(0.05 * width)
    for frame, marks in zip(result, mask):
        draw(frame, marks, shape, 220.0, y, x)
    return result, mask


def text(clip, rng, seconds=2, rate=25):
    """Subtitles with an outline, which change every other second."""
    result, mask = clip.copy(), np.zeros(clip.shape, bool)
    frames, height, width = clip.shape
    unit = max(1, height // 72)
    for start in range(0, frames, int(seconds * rate)):
        shape = np.pad(letters(rng, int(rng.integers(6, max(7, width // (6 * unit)))), unit), 2)
        outline = distance_transform_edt(~shape) <= 1.5
        values = np.where(shape, np.float32(rng.choice([235, 200])), np.float32(16))
        y, x = int(0.86 * height) - shape.shape[0] // 2, (width - shape.shape[1]) // 2
        for t in range(start, min(frames, start + int(seconds * rate) - 3)):
            draw(result[t], mask[t], (shape | outline).astype(np.float32), values, y, x)
    return result, mask


def bad_frames(clip, rng, every=60):
    """In so many frames one each that is black, repeats the one before, is torn, and has lost its lower part."""
    result, mask = clip.copy(), np.zeros(clip.shape, bool)
    frames, height, width = clip.shape
    for start in range(0, frames - 15, every):
        end = min(frames, start + every)
        places = start + 3 + 2 * rng.choice((end - start - 6) // 2, 4, replace=False)
        black, frozen, torn, lost = (int(t) for t in places)
        result[black] = rng.integers(16, 20, (height, width))
        row, columns = int(rng.uniform(0.2, 0.75) * height), int(rng.uniform(0.15, 0.85) * width)
        result[torn, row:] = np.roll(clip[torn, row:], columns, 1)
        edge = int(rng.uniform(0.3, 0.8) * height)
        result[lost, edge:] = 126
        result[frozen] = result[frozen - 1]
        mask[[black, frozen]] = True
        mask[torn, row:] = mask[lost, edge:] = True
    return result, mask


def draw_all(kinds, clip, seed, rate=25):
    """The clip with damage of all these kinds over each other, and the mask of each."""
    masks = {}
    for kind in KINDS:
        if kind not in kinds:
            continue
        rng = np.random.default_rng([seed, KINDS.index(kind)])
        if kind == "text":
            clip, masks[kind] = text(clip, rng, rate=rate)
        else:
            function = {"dirt": dirt, "scratches": scratches, "pixels": pixels, "overlay": overlay, "frames": bad_frames}[kind]
            clip, masks[kind] = function(clip, rng)
    return clip, masks
