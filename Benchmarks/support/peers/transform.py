"""Shrinkage of transform coefficients, without a fit and without motion."""
import time

import numpy as np
from scipy.fft import dctn, idctn

from ..interpolation import in_time, rounded

BLOCK = (8, 16, 16)


def shrinkage(samples, mask, budget, first=0.3, last=0.02, rounds=60):
    """O. G. Guleryuz, IEEE TIP 2006, doi:10.1109/TIP.2005.863057, with 3-D blocks: interpolated in time, then coefficients
    of shifted blocks below a falling threshold are set to zero and known samples written back, again and again."""
    known = np.broadcast_to(mask[:, None], samples.shape)
    values = samples.astype(np.float32) / 255
    z = in_time(samples, mask).astype(np.float32) / 255
    random = np.random.default_rng(0)
    start = time.monotonic()
    share = 0.0
    for k in range(rounds):
        # The threshold follows what the budget has come to, so that it ends where it should.
        share = max(share, k / (rounds - 1), (time.monotonic() - start) / budget)
        z = np.where(known, values, _tiling(z, first * (last / first) ** min(1, share), random))
        if share >= 1:
            break
    return rounded(z * 255)


def _tiling(z, threshold, random):
    frames, planes, height, width = z.shape
    sides = (frames, height, width)
    shifts = [int(random.integers(side)) for side in BLOCK]
    before_after = [(s, -(n + s) % b) for s, n, b in zip(shifts, sides, BLOCK)]
    padded = np.pad(z, [before_after[0], (0, 0), *before_after[1:]], mode="edge")
    t, _, y, x = padded.shape
    d, h, w = BLOCK
    blocks = padded.reshape(t // d, d, planes, y // h, h, x // w, w)
    coefficients = dctn(blocks, axes=(1, 4, 6), norm="ortho", workers=2)
    means = coefficients[:, 0, :, :, 0, :, 0].copy()
    coefficients[np.abs(coefficients) < threshold] = 0
    coefficients[:, 0, :, :, 0, :, 0] = means
    whole = idctn(coefficients, axes=(1, 4, 6), norm="ortho", workers=2).reshape(padded.shape)
    return whole[shifts[0]:shifts[0] + frames, :, shifts[1]:shifts[1] + height, shifts[2]:shifts[2] + width]
