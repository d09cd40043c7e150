"""Completion of low-rank tensors, from the papers' equations."""
import time

import numpy as np

from ..interpolation import in_time, rounded


def _start(samples, mask):
    known = np.broadcast_to(mask[:, None], samples.shape)
    return samples.astype(np.float32) / 255, known, in_time(samples, mask).astype(np.float32) / 255


def _shrunk(matrices, threshold):
    """Singular values of one or many matrices lowered by `threshold`; by the eigenvalues of the smaller Gram matrices."""

    def turned(m):
        return m.swapaxes(-1, -2).conj()

    wide = matrices.shape[-2] <= matrices.shape[-1]
    values, vectors = np.linalg.eigh(matrices @ turned(matrices) if wide else turned(matrices) @ matrices)
    singular = np.sqrt(np.maximum(values, 1e-12))
    vectors = vectors * np.sqrt(np.maximum(singular - threshold, 0) / singular)[..., None, :]
    return vectors @ (turned(vectors) @ matrices) if wide else (matrices @ vectors) @ turned(vectors)


def halrtc(samples, mask, budget):
    """J. Liu, P. Musialski, P. Wonka, J. Ye, TPAMI 2013, doi:10.1109/TPAMI.2012.39, algorithm 4: the sum of the nuclear
    norms of all unfoldings, by the alternating direction method of multipliers."""
    values, known, x = _start(samples, mask)
    deadline = time.monotonic() + budget
    axes = range(x.ndim)
    weights = np.array([1, 0.1, 1, 1])
    weights = weights / weights.sum()
    multipliers = [np.zeros_like(x) for _ in axes]
    penalty = 1e-2
    for _ in range(500):
        parts = []
        for axis in axes:
            moved = np.moveaxis(x + multipliers[axis] / penalty, axis, 0)
            flat = _shrunk(moved.reshape(moved.shape[0], -1), weights[axis] / penalty)
            parts.append(np.moveaxis(flat.reshape(moved.shape), 0, axis))
        mean = sum(part - y / penalty for part, y in zip(parts, multipliers)) / len(parts)
        x = np.where(known, values, mean)
        for y, part in zip(multipliers, parts):
            y -= penalty * (part - x)
        penalty *= 1.1
        if time.monotonic() > deadline or max(np.abs(part - x).max() for part in parts) < 1e-3:
            break
    return rounded(x * 255)


def tsvd(samples, mask, budget):
    """Z. Zhang, G. Ely, S. Aeron, N. Hao, M. Kilmer, CVPR 2014, doi:10.1109/CVPR.2014.485: the tensor nuclear norm, the
    nuclear norms of the frames' Fourier coefficients along time, plane by plane."""
    values, known, x = _start(samples, mask)
    deadline = time.monotonic() + budget
    frames = len(x)
    multiplier = np.zeros_like(x)
    penalty = 1e-2
    for _ in range(500):
        spectrum = np.fft.rfft(x + multiplier / penalty, axis=0)
        low = np.fft.irfft(_shrunk(spectrum.astype(np.complex128), 1 / penalty), n=frames, axis=0).astype(np.float32)
        x = np.where(known, values, low - multiplier / penalty)
        multiplier -= penalty * (low - x)
        penalty *= 1.1
        if time.monotonic() > deadline or np.abs(low - x).max() < 1e-3:
            break
    return rounded(x * 255)


def tctv(samples, mask, budget):
    """H. Wang, J. Peng, W. Qin, J. Wang, D. Meng, TPAMI 2023, doi:10.1109/TPAMI.2023.3259640: the tensor nuclear norms of the
    differences along frames, rows and columns, by the alternating direction method of multipliers. The nuclear norm is of the
    Fourier coefficients along planes and frames; the authors' penalties and stopping rule."""
    values, known, x = _start(samples, mask)
    deadline = time.monotonic() + budget
    axes = (0, 2, 3)
    shape = x.shape
    # What forward differences that go round, and then their adjoints, multiply Fourier coefficients by.
    spectrum = sum((2 - 2 * np.cos(2 * np.pi * np.fft.fftfreq(shape[axis]))).reshape(
        [-1 if k == axis else 1 for k in range(4)]) for axis in axes)[..., :shape[3] // 2 + 1] + 1
    parts = [np.zeros_like(x) for _ in axes]
    multipliers = [np.zeros_like(x) for _ in axes]
    rest, multiplier = np.zeros_like(x), np.zeros_like(x)
    data = np.where(known, values, 0)
    penalty = 1e-4
    for _ in range(500):
        right = data - rest + multiplier / penalty
        for axis, part, y in zip(axes, parts, multipliers):
            difference = part - y / penalty
            right += np.roll(difference, 1, axis) - difference
        new = np.fft.irfftn(np.fft.rfftn(right, axes=axes) / spectrum, s=[shape[a] for a in axes], axes=axes)
        new = new.astype(np.float32)
        for k, axis in enumerate(axes):
            slope = np.roll(new, -1, axis) - new
            parts[k] = _shrunk_slices(slope + multipliers[k] / penalty, 1 / (len(axes) * penalty))
            multipliers[k] += penalty * (slope - parts[k])
        rest = np.where(known, 0, data - new + multiplier / penalty)
        gap = data - new - rest
        multiplier += penalty * gap
        change = np.abs(new - x).max()
        x = new
        penalty = min(1.1 * penalty, 1e10)
        if time.monotonic() > deadline or max(change, np.abs(gap).max()) < 1e-5:
            break
    return rounded(np.where(known, values, x) * 255)


def _shrunk_slices(tensor, threshold):
    """Singular values of the Fourier coefficients along frames and planes lowered by `threshold`."""
    slices = _shrunk(np.fft.fft(np.fft.rfft(tensor.astype(np.float64), axis=0), axis=1), threshold)
    return np.fft.irfft(np.fft.ifft(slices, axis=1), n=len(tensor), axis=0).astype(np.float32)


def _contracted(wanted, *terms):
    """The product of `terms`, (letters, array) each, over all letters that two of them share, one term after another."""
    letters, value = terms[0]
    for other, array in terms[1:]:
        shared = [axis for axis in letters if axis in other]
        value = np.tensordot(value, array, ([letters.index(s) for s in shared], [other.index(s) for s in shared]))
        letters = "".join(axis for axis in letters + other if axis not in shared)
    return value.transpose([letters.index(axis) for axis in wanted])


def fctn(samples, mask, budget, ranks=(3, 12, 12, 24, 3, 3)):
    """Y.-B. Zheng, T.-Z. Huang, X.-L. Zhao, Q. Zhao, T.-X. Jiang, AAAI 2021, doi:10.1609/aaai.v35i12.17321: a fully
    connected network of one factor for each axis, by proximal alternating minimisation.

    ranks: of the edges frames-planes, frames-rows, frames-columns, rows-columns, planes-rows, planes-columns.
    """
    values, known, x = _start(samples, mask)
    deadline = time.monotonic() + budget
    (t, c, h, w), (tc, th, tw, hw, ch, cw) = x.shape, ranks
    random = np.random.default_rng(0)
    # Axes of a factor: its own, then an edge to each of the others; letters as in the sums below.
    edges = {"t": "abd", "c": "aef", "h": "beg", "w": "dfg"}
    size = dict(t=t, c=c, h=h, w=w, a=tc, b=th, d=tw, g=hw, e=ch, f=cw)
    factors = {k: random.random([size[k], *(size[e] for e in edges[k])]).astype(np.float32) * 0.3 for k in edges}
    rho = 0.1
    for _ in range(500):
        for k in edges:
            others = [o for o in edges if o != k]
            m = _contracted(edges[k] + "".join(others), *((o + edges[o], factors[o]) for o in others))
            m = m.reshape(int(np.prod([size[e] for e in edges[k]])), -1)
            unfolded = np.moveaxis(x, "tchw".index(k), 0).reshape(size[k], -1)
            factor = factors[k].reshape(size[k], -1)
            gram = m @ m.T + rho * np.eye(len(m), dtype=np.float32)
            factor = np.linalg.solve(gram, (unfolded @ m.T + rho * factor).T).T
            factors[k] = factor.reshape(factors[k].shape)
            if time.monotonic() > deadline:
                break
        network = _contracted("tchw", *((k + edges[k], factors[k]) for k in "tchw"))
        new = np.where(known, values, (network + rho * x) / (1 + rho))
        change = np.linalg.norm(new - x) / np.linalg.norm(x)
        x = new
        if time.monotonic() > deadline or change < 1e-5:
            break
    return rounded(x * 255)
