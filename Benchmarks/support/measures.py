"""Measures of a whole result beside PSNR and SSIM over what was missing, all from samples (frames, planes green, blue, red,
height, width) of 8 bits."""
import functools
import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import types

import numpy as np

from . import apart, figures, flicker, media

# 1 where more is better, -1 where less is. Warping errors are best where they are those of the undamaged clip.
BETTER = dict(psnr=1, psnr_all=1, ssim=1, ssim_all=1, xpsnr=1, vmaf=1, perceptual=-1)


def of(truth, result, mask, rate, perceptual=False):
    """All measures by name; those of FFmpeg only where it can be had, the perceptual one where asked for."""
    whole = np.zeros_like(mask)
    found = dict(
        psnr=figures.psnr_missing(truth, result, mask), psnr_all=figures.psnr_missing(truth, result, whole),
        ssim=figures.ssim_missing(truth, result, mask), ssim_all=figures.ssim_missing(truth, result, whole),
        warping=flicker.along_motion(truth, result, mask), warping_all=flicker.along_motion(truth, result, whole))
    try:
        found["xpsnr"], found["vmaf"] = xpsnr_vmaf(truth, result, rate)
    except apart.Unavailable as reason:
        _once(str(reason))
    if perceptual:
        found["perceptual"] = st_lpips(truth, result)
    return found


def of_truth(truth, mask):
    """The warping errors of the undamaged samples: a result below these is smeared."""
    whole = np.zeros_like(mask)
    return dict(warping=flicker.along_motion(truth, truth, mask), warping_all=flicker.along_motion(truth, truth, whole))


@functools.cache
def _once(text):
    print(f"XPSNR and VMAF are left out: {text}", file=sys.stderr)


def xpsnr_vmaf(truth, result, rate):
    """XPSNR of luma in dB, and VMAF with the model that does not reward enhancement (vmaf_v0.6.1neg). That is made for 1080p
    seen from three heights away; of small clips it says what is better, not how good it is."""
    program = apart.ffmpeg()
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("result.mkv", "truth.mkv")]
        for path, samples in zip(paths, (result, truth)):
            media.encode(path, samples, rate)
        graph = ("[0:v]format=yuv444p,split[a][b];[1:v]format=yuv444p,split[c][d];[a][c]xpsnr;"
                 "[b]format=yuv420p[e];[d]format=yuv420p[f];[e][f]libvmaf=model='version=vmaf_v0.6.1neg'")
        run = subprocess.run(
            [program, "-hide_banner", "-nostdin", "-i", paths[0], "-i", paths[1], "-lavfi", graph, "-f", "null", "-"],
            capture_output=True, text=True)
    xpsnr, vmaf = re.search(r"XPSNR +y: *([\d.]+|inf)", run.stderr), re.search(r"VMAF score: ([\d.]+)", run.stderr)
    if run.returncode or not xpsnr or not vmaf:
        raise apart.Unavailable(f"FFmpeg ended with {run.returncode}: {run.stderr.strip()[-200:]}")
    return float(xpsnr[1]), float(vmaf[1])


@functools.cache
def _network():
    # The package imports two modules that it only needs to look at things with.
    for name, member in (("IPython", "embed"), ("torchsummary", "summary")):
        if importlib.util.find_spec(name) is None:
            stub = types.ModuleType(name)
            setattr(stub, member, None)
            sys.modules[name] = stub
    from stlpips_pytorch import stlpips

    return stlpips.LPIPS(net="alex", variant="shift_tolerant", verbose=False).eval()


def st_lpips(truth, result):
    """A. Ghildyal, F. Liu, ECCV 2022, arXiv:2207.13686: a learned distance of frames that forgives small shifts, as in
    stlpips-pytorch, whose wheel holds its weights; the mean over frames, 0 for the same."""
    import torch

    network = _network()
    total = 0.0
    with torch.no_grad():
        for pair in zip(truth, result):
            red_green_blue = [torch.from_numpy(frame[[2, 0, 1]].astype(np.float32) / 127.5 - 1)[None] for frame in pair]
            total += float(network(*red_green_blue))
    return total / len(truth)
