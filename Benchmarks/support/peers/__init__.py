"""Other methods that need no pretraining, to compare with. Each takes samples (frames, planes green, blue, red, height, width)
of 8 bits, a mask (frames, height, width) that is True where they are known, and a budget in seconds of both cores; it
returns samples of the same kind. Those that iterate stop when the budget is spent, or by their own rule where it is
infinite. What can't be had on this machine raises apart.Unavailable."""
from collections.abc import Callable
from dataclasses import dataclass

from ..interpolation import in_time
from . import fields, motion, pictures, tensors, transform

HOLES = ("random", "block", "scratch", "logo", "dirt", "object")
FILM = ("scratch", "dirt")


@dataclass(frozen=True)
class Method:
    """kinds: of damage that it is made for, by default all; iterates: ends with its budget, or by its own rule; modules: of
    Python that it needs; packages: those of support/apart."""

    fill: Callable
    kinds: tuple | None = None
    iterates: bool = False
    modules: tuple = ()
    packages: tuple = ()


METHODS = {
    "interpolation in time": Method(lambda samples, mask, budget: in_time(samples, mask)),
    "Telea": Method(pictures.telea, HOLES, modules=("cv2",)),
    "Navier-Stokes": Method(pictures.navier_stokes, HOLES, modules=("cv2",)),
    "biharmonic": Method(pictures.biharmonic, HOLES, modules=("skimage",)),
    "FSR": Method(pictures.fsr, HOLES, packages=pictures.FSR),
    "G'MIC patches": Method(pictures.gmic, HOLES, packages=pictures.GMIC),
    "minterpolate": Method(motion.minterpolate, ("frames",)),
    "MVTools": Method(motion.mvtools, ("frames",), packages=motion.MVTOOLS),
    "svpflow": Method(motion.svpflow, ("frames",), packages=motion.SVPFLOW),
    "MVTools median": Method(motion.median, FILM, packages=motion.MEDIAN),
    "SpotLess": Method(motion.spotless, FILM, packages=motion.MEDIAN),
    "HaLRTC": Method(tensors.halrtc, iterates=True),
    "t-SVD": Method(tensors.tsvd, iterates=True),
    "t-CTV": Method(tensors.tctv, iterates=True),
    "FCTN": Method(tensors.fctn, iterates=True),
    "3-D SIREN": Method(fields.siren, iterates=True, modules=("torch",)),
    "LRTFR": Method(fields.lrtfr, iterates=True, modules=("torch",)),
    "shrinkage alone": Method(transform.shrinkage),
}
