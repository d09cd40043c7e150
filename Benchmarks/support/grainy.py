"""Clips under grain that is known, with holes: the cases of `grain.py`."""
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from . import damage, media

FRAMES, HEIGHT, WIDTH = 24, 144, 176


@dataclass
class Case:
    name: str
    picture: str  # drawn, ripples, or a public clip
    hole: str
    sigma: float = 4
    kind: str = "white"  # of the grain: white, wide (correlated), dark (it grows with the sample's value), coloured
    speed: int = 0  # samples a frame, of a drawn picture
    bits: int = 8
    preset: str = "balanced"

    @property
    def silent(self):
        return self.sigma == 0 and self.picture == "drawn"


CASES = [
    Case("still logo, none", "drawn", "logo", 0),
    Case("still logo, 2", "drawn", "logo", 2),
    Case("still logo, 4", "drawn", "logo"),
    Case("still logo, 6", "drawn", "logo", 6),
    Case("still logo, wide", "drawn", "logo", 4, "wide"),
    Case("still logo, growing", "drawn", "logo", 4, "growing"),
    Case("still logo, coloured", "drawn", "logo", 2, "coloured"),
    Case("still logo, 10 bits", "drawn", "logo", bits=10),
    Case("still box", "drawn", "box"),
    Case("panned logo", "drawn", "logo", speed=2),
    Case("panned box, none", "drawn", "moving", 0, speed=2),
    Case("moving box", "drawn", "moving"),
    Case("moving box, panned", "drawn", "moving", speed=2),
    Case("text", "drawn", "text"),
    Case("rim, 2", "drawn", "rim", 2),
    Case("rim, panned", "drawn", "rim", speed=2),
    Case("fourth, still", "drawn", "fourth"),
    Case("fourth, panned, none", "drawn", "fourth", 0, speed=2),
    Case("fourth, panned, 2", "drawn", "fourth", 2, speed=2),
    Case("fourth, wide", "drawn", "fourth", 6, "wide"),
    Case("fourth, 10 bits", "drawn", "fourth", bits=10, speed=2),
    Case("runs, panned", "drawn", "runs", speed=2),
    Case("ripples, 1", "ripples", "boat", 1),
    Case("ripples, 3", "ripples", "boat", 3),
    Case("ripples, fourth", "ripples", "fourth", 3),
    Case("carphone logo", "carphone", "logo"),
    Case("carphone fourth", "carphone", "fourth"),
    Case("bikes moving box", "bikes", "moving"),
    Case("bikes logo, wide", "bikes", "logo", 3, "wide"),
    Case("bigbuckbunny moving box", "bigbuckbunny", "moving", 6),
    Case("bigbuckbunny logo, coloured", "bigbuckbunny", "logo", 3, "coloured"),
    Case("bigbuckbunny fourth", "bigbuckbunny", "fourth"),
    Case("still logo, best", "drawn", "logo", preset="best"),
    Case("fourth, best", "drawn", "fourth", speed=2, preset="best"),
]


def drawn(speed):
    """Soft shapes over a slope, which move to the right."""
    y, x = np.mgrid[:HEIGHT, :WIDTH + 2 * FRAMES * 2].astype(float)
    shapes = ndimage.gaussian_filter(np.random.default_rng(3).standard_normal(x.shape), 7)
    luma = 60 + 0.6 * y + 0.15 * x + 40 * np.tanh(shapes / shapes.std())
    chroma = [128 + 20 * np.sin(x / 40 + k) + 10 * np.cos(y / 30) for k in (0, 2)]
    start = 2 * FRAMES * 2
    cut = lambda plane, t: plane[:, start - speed * t:start - speed * t + WIDTH]
    return [np.array([cut(plane, t) for t in range(FRAMES)]) for plane in (luma, *chroma)], None


def ripples():
    """A dark boat on bright water, whose ripples run everywhere."""
    rng = np.random.default_rng(5)
    t, y, x = np.mgrid[:FRAMES, :HEIGHT, :WIDTH].astype(float)
    waves = []
    for _ in range(3):
        total = np.zeros(x.shape)
        for _ in range(16):
            angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(9, 24)
            total += np.sin((np.cos(angle) * x + 1.5 * np.sin(angle) * y) * 2 * np.pi / length
                            + rng.uniform(0.4, 1.4) * t + rng.uniform(0, 6.3))
        waves.append(total / 2.8)
    boat = ((x[0] - 88) / 50) ** 2 + ((y[0] - 76) / 22) ** 2 < 1
    planes = []
    for wave, middle, high, dark in zip(waves, (150, 135, 118), (20, 6, 6), (38, 126, 131)):
        plane = middle + high * wave
        plane[:, boat] = dark + 4 * np.sin(x[0] / 9 + y[0] / 7)[boat]
        planes.append(plane)
    return planes, boat


def clip(name):
    chosen = media.public_clip(name)
    rgb, _ = media.decode_clip(chosen)
    green, blue, red = np.moveaxis(rgb[:FRAMES, :, :HEIGHT, :WIDTH].astype(float), 1, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    # Room for the grain.
    return [16 + luma * 0.86, 128 + 0.5 * (blue - luma), 128 + 0.6 * (red - luma)], None


def halved(plane):
    return plane.reshape(len(plane), HEIGHT // 2, 2, WIDTH // 2, 2).mean((2, 4))


def grain(case, planes, rng):
    result = []
    for k, plane in enumerate(planes):
        noise = rng.standard_normal(plane.shape)
        if case.kind == "wide":
            noise = ndimage.gaussian_filter(noise, (0, 0.6, 0.6))
            noise /= noise.std()
        sigma = case.sigma * (1 if k == 0 else 1.5 if case.kind == "coloured" else 0.5)
        if case.kind == "growing":
            sigma = sigma * (0.3 + 1.4 * planes[0][:, ::2, ::2] / 255 if k else 0.3 + 1.4 * plane / 255)
        result.append(noise * sigma)
    return result


def hole(kind, boat):
    result = np.zeros((FRAMES, HEIGHT, WIDTH), bool)
    if kind in ("logo", "rim"):
        y, x = np.mgrid[:HEIGHT, :WIDTH]
        result[:] = ((x - 100) / 26.0) ** 2 + ((y - 64) / 16.0) ** 2 < 1
        result[:, 58:70, 60:120] = True
    elif kind == "box":
        result[:, 40:100, 50:130] = True
    elif kind == "moving":
        for t in range(FRAMES):
            result[t, 40 + t:72 + t, 20 + 4 * t:60 + 4 * t] = True
    elif kind == "text":
        shape = damage.letters(np.random.default_rng(2), 6, 4)[:, :150]
        result[:, 100:100 + shape.shape[0], 12:12 + shape.shape[1]] = shape
    elif kind == "fourth":
        result[2::4] = True
    elif kind == "runs":
        for start in range(3, FRAMES - 3, 6):
            result[start:start + 2] = True
    elif kind == "boat":
        # Across the boat's upper side, and on the water.
        result[:, 50:80, 66:112] = True
        result[:, 110:136, 30:90] = True
    return result


def quiet(luma, sigma):
    """Where a clip changes by less than half of the grain, in space and from frame to frame."""
    mean = lambda plane: ndimage.uniform_filter(np.abs(plane), (0, 5, 5))
    edges = mean(luma - ndimage.uniform_filter(luma, (0, 3, 3)))
    change = mean(np.diff(luma, axis=0))
    change = np.maximum(np.concatenate([change[:1], change]), np.concatenate([change, change[-1:]]))
    return np.maximum(edges, change) < sigma / 2


class Picture:
    """A case's truth, what is left of it, and its holes."""

    def __init__(self, case):
        rng = np.random.default_rng(11)
        planes, boat = drawn(case.speed) if case.picture == "drawn" else ripples() if case.picture == "ripples" else clip(case.picture)
        planes = [planes[0]] + [halved(plane) for plane in planes[1:]]
        scale = 2 ** (case.bits - 8)
        noisy = [plane + noise for plane, noise in zip(planes, grain(case, planes, rng))]
        self.truth = [np.clip(np.round(plane * scale), 0, 255 * scale) for plane in noisy]
        full = hole(case.hole, boat)
        # What is hidden is seen by nothing: a chroma sample is missing where one of its four is.
        self.holes = full, full.reshape(FRAMES, HEIGHT // 2, 2, WIDTH // 2, 2).any((2, 4))
        self.damaged = [plane.copy() for plane in self.truth]
        for plane, missing in zip(self.damaged, (self.holes[0], self.holes[1], self.holes[1])):
            plane[missing] = 128 * scale
        if case.hole == "rim":
            # The damage reaches two samples beyond the mask, and flickers.
            for plane, missing, reach, share in zip(
                    self.damaged, (self.holes[0], self.holes[1], self.holes[1]), (2, 1, 1), (1, 0.5, 0.5)):
                for t in range(FRAMES):
                    rim = ndimage.binary_dilation(missing[t], iterations=reach) & ~missing[t]
                    change = share * (rng.normal(0, 14, rim.sum()) + rng.normal(0, 6))
                    plane[t][rim] = np.clip(np.round(plane[t][rim] + scale * change), 0, 255 * scale)
        self.parts, self.changing = [("", None)], None
        if case.picture not in ("drawn", "ripples"):
            self.parts = [("", quiet(planes[0], case.sigma))]
        if case.hole == "boat":
            inner = np.broadcast_to(ndimage.binary_erosion(boat, iterations=3), full.shape)
            outer = np.broadcast_to(~ndimage.binary_dilation(boat, iterations=3), full.shape)
            self.parts = [(": boat", inner), (": water", outer)]
            # What changes on the water is the ripples.
            self.changing = ": water"
