"""Other methods that need no pretraining, to compare with. Each takes samples (frames, planes, height, width) of 8 bits,
a mask (frames, height, width) that is True where they are known, and a budget in seconds of both cores; it returns
samples of the same kind. Those that iterate stop when the budget is spent."""
from ..interpolation import in_time
from . import fields, pictures, tensors, transform

METHODS = {
    "interpolation in time": lambda samples, mask, budget: in_time(samples, mask),
    "Telea": pictures.telea,
    "Navier-Stokes": pictures.navier_stokes,
    "biharmonic": pictures.biharmonic,
    "HaLRTC": tensors.halrtc,
    "t-SVD": tensors.tsvd,
    "FCTN": tensors.fctn,
    "3-D SIREN": fields.siren,
    "shrinkage alone": transform.shrinkage,
}
