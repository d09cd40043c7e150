"""Inpainting of single frames, as in OpenCV, scikit-image and G'MIC."""
import numpy as np

from .. import apart
from ..interpolation import rounded

FSR = ("opencv-contrib-python-headless",)
GMIC = ("gmic",)


def telea(samples, mask, budget):
    """A. Telea, J. Graphics Tools 2004, doi:10.1080/10867651.2004.10487596, radius 3."""
    import cv2

    return _opencv(samples, mask, cv2.INPAINT_TELEA)


def navier_stokes(samples, mask, budget):
    """M. Bertalmio, A. Bertozzi, G. Sapiro, CVPR 2001, doi:10.1109/CVPR.2001.990497, radius 3."""
    import cv2

    return _opencv(samples, mask, cv2.INPAINT_NS)


def _opencv(samples, mask, method):
    import cv2

    result = samples.copy()
    for t, known in enumerate(mask):
        # A frame without anything known stays what the one before has become.
        if not known.any():
            result[t] = result[t - 1] if t else 128
        elif not known.all():
            picture = np.ascontiguousarray(np.moveaxis(samples[t], 0, -1))
            result[t] = np.moveaxis(cv2.inpaint(picture, (~known).astype(np.uint8), 3, method), -1, 0)
    return result


def biharmonic(samples, mask, budget):
    """S. B. Damelin, N. S. Hoang, On surface completion and image inpainting by biharmonic functions, 2018, as in
    scikit-image, frame by frame."""
    from skimage.restoration import inpaint_biharmonic

    result = samples.copy()
    for t, known in enumerate(mask):
        if not known.any():
            result[t] = result[t - 1] if t else 128
        elif not known.all():
            picture = np.moveaxis(samples[t], 0, -1).astype(np.float64) / 255
            picture[~known] = 0
            filled = inpaint_biharmonic(picture, ~known, channel_axis=-1, split_into_regions=True)
            result[t] = np.moveaxis(rounded(filled * 255), -1, 0)
    return result


def fsr(samples, mask, budget):
    """J. Seiler, M. Jonscher, M. Schoeberl, A. Kaup, IEEE TIP 2015, doi:10.1109/TIP.2015.2463084, frequency selective
    reconstruction, as in OpenCV's xphoto (fast)."""
    return apart.run("patches.py", FSR, samples, mask, method="fsr")


def gmic(samples, mask, budget):
    """Patches of the same frame: M. Daisy, P. Buyssens, D. Tschumperle, O. Lezoray, ICIP 2014,
    doi:10.1109/ICIP.2014.7025907, as G'MIC's inpaint has it."""
    return apart.run("patches.py", GMIC, samples, mask, method="gmic")
