"""PSNR and SSIM over missing samples, from samples (frames, planes, height, width) of 8 bits."""
import numpy as np


def psnr_missing(reference, result, mask):
    """PSNR in dB over the samples where the mask (frames, height, width) is False."""
    missing = np.broadcast_to(~mask[:, None], reference.shape)
    error = reference[missing].astype(np.float64) - result[missing]
    square = np.mean(error * error)
    return float("inf") if square == 0 else float(10 * np.log10(255.0 ** 2 / square))


def ssim_missing(reference, result, mask):
    """SSIM over windows of 8 x 8 samples, 4 apart and without weights as in FFmpeg, that hold a missing sample.

    Wang, Bovik, Sheikh, Simoncelli, doi:10.1109/TIP.2003.819861.
    """
    missing = np.broadcast_to(~mask[:, None], reference.shape)
    a, b = reference.astype(np.float64), result.astype(np.float64)
    c1, c2 = np.floor(0.01 ** 2 * 255 ** 2 * 64 + 0.5), np.floor(0.03 ** 2 * 255 ** 2 * 64 * 63 + 0.5)
    sa, sb, squares, product = (_windows(x) for x in (a, b, a * a + b * b, a * b))
    variances = squares * 64 - sa * sa - sb * sb
    covariance = product * 64 - sa * sb
    similarity = (2 * sa * sb + c1) * (2 * covariance + c2) / ((sa * sa + sb * sb + c1) * (variances + c2))
    touched = _windows(missing.astype(np.float64)) > 0
    return float(similarity[touched].mean())


def _windows(x):
    """Sums over 8 x 8 samples at every fourth row and column."""
    height, width = x.shape[-2] // 4, x.shape[-1] // 4
    blocks = x[..., :height * 4, :width * 4].reshape(*x.shape[:-2], height, 4, width, 4).sum((-3, -1))
    return blocks[..., :-1, :-1] + blocks[..., 1:, :-1] + blocks[..., :-1, 1:] + blocks[..., 1:, 1:]
