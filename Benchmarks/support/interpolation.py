"""The two simplest restorations, to compare with: along time only, and frame by frame in space only."""
import numpy as np
from scipy.ndimage import distance_transform_edt
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import splu


def in_time(samples, mask):
    """Linear between the nearest known frames; what no frame shows is copied from the nearest pixel that one does."""
    frames = len(samples)
    time = np.arange(frames)[:, None, None]
    before = np.maximum.accumulate(np.where(mask, time, -1), 0)
    after = np.minimum.accumulate(np.where(mask, time, frames)[::-1], 0)[::-1]
    has_before, has_after = before >= 0, after < frames
    weight = np.where(
        has_before & has_after, (time - before) / np.maximum(after - before, 1), np.where(has_before, 0.0, 1.0))
    never = ~mask.any(0)
    nearest = distance_transform_edt(never, return_distances=False, return_indices=True)
    result = np.empty(samples.shape, np.float32)
    for plane in range(samples.shape[1]):
        values = samples[:, plane].astype(np.float32)
        first = np.take_along_axis(values, np.clip(before, 0, frames - 1), 0)
        second = np.take_along_axis(values, np.clip(after, 0, frames - 1), 0)
        filled = np.where(mask, values, first * (1 - weight) + second * weight)
        result[:, plane] = filled[:, nearest[0], nearest[1]]
    return rounded(result)


def in_space(samples, mask):
    """Harmonic in every frame: each missing pixel is the mean of its neighbours. None if a frame shows nothing."""
    if not mask.any((1, 2)).all():
        return None
    result = samples.astype(np.float32)
    factors = None
    for t, known in enumerate(mask):
        if known.all():
            continue
        if factors is None or t == 0 or (mask[t - 1] != known).any():
            factors = _harmonic(known)
        solver, boundary, missing, given = factors
        for plane in range(samples.shape[1]):
            values = result[t, plane].reshape(-1)
            values[missing] = solver.solve(boundary @ values[given].astype(np.float64))
    return rounded(result)


def _harmonic(known):
    """Factors of the Laplacian over missing pixels, and what their known neighbours add to the right-hand side."""
    height, width = known.shape
    index = np.arange(height * width).reshape(height, width)
    pairs = np.concatenate([
        np.stack([index[:, :-1].ravel(), index[:, 1:].ravel()]), np.stack([index[:-1].ravel(), index[1:].ravel()])], 1)
    pairs = np.concatenate([pairs, pairs[::-1]], 1)
    flat = known.ravel()
    missing, given = np.flatnonzero(~flat), np.flatnonzero(flat)
    place = np.empty(flat.size, np.int64)
    place[missing], place[given] = np.arange(missing.size), np.arange(given.size)
    source, target = pairs[:, ~flat[pairs[0]]]
    inner = ~flat[target]
    rows, columns = place[source[inner]], place[target[inner]]
    degree = np.bincount(place[source], minlength=missing.size)
    diagonal = np.arange(missing.size)
    laplacian = coo_matrix(
        (np.concatenate([degree, -np.ones(rows.size)]),
         (np.concatenate([diagonal, rows]), np.concatenate([diagonal, columns]))), (missing.size, missing.size)).tocsc()
    boundary = coo_matrix(
        (np.ones((~inner).sum()), (place[source[~inner]], place[target[~inner]])), (missing.size, given.size)).tocsr()
    return splu(laplacian), boundary, missing, given


def rounded(x):
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)
