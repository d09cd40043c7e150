"""Small inputs of many kinds, made by FFmpeg and numpy; the same on every call."""
import os
import struct
import subprocess
import zlib

import numpy as np

FRAMES = 10


def ffmpeg(*arguments, data=None):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], input=data, check=True)


def picture(frames, height, width, seed=0):
    """(frames, height, width) bytes: smooth structure that moves, an edge and noise."""
    noise = np.random.default_rng(seed)
    t, y, x = np.mgrid[0:frames, 0:height, 0:width].astype(float)
    value = 120 + 50 * np.sin((x + 1.5 * t) / 7) * np.cos((y - t) / 9) + 40 * (x + 0.5 * y > 60 + 2 * t)
    return np.clip(value + noise.normal(0, 2, value.shape), 0, 255).astype(np.uint8)


def video(folder, name, size=(96, 80), frames=FRAMES, pixels="yuv420p", codec=("ffv1",), extra=(), cut=False):
    """A video; with `cut` another scene begins in its middle."""
    width, height = size
    planes = np.stack([picture(frames, height, width, seed) for seed in (1, 2, 3)], 1)
    planes[:, 1:] = planes[:, 1:] // 2 + 60
    if cut:
        planes[frames // 2:] = 255 - planes[frames // 2:, :, ::-1, :]
    ffmpeg("-f", "rawvideo", "-pix_fmt", "gbrp", "-s", f"{width}x{height}", "-r", "25", "-i", "-",
           *extra, "-pix_fmt", pixels, "-c:v", *codec, os.path.join(folder, name),
           data=np.ascontiguousarray(planes).tobytes())


def mask(folder, name, flags):
    """(frames, height, width) of what is missing, as a video; of one frame, as a picture."""
    frames, height, width = flags.shape
    codec = ["-c:v", "png", "-update", "1"] if name.endswith(".png") else ["-c:v", "ffv1"]
    ffmpeg("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-r", "25", "-i", "-", *codec,
           os.path.join(folder, name), data=(flags.astype(np.uint8) * 255).tobytes())


def nifti(path, voxels, spacing=(1.0, 1.0, 2.0)):
    """Writes (…, z, y, x) as NIfTI-1, little-endian."""
    kinds = {np.dtype("int16"): (4, 16), np.dtype("float32"): (16, 32), np.dtype("uint8"): (2, 8)}
    code, bits = kinds[voxels.dtype]
    shape = voxels.shape[::-1]
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, len(shape), *shape, *[1] * (7 - len(shape)))
    struct.pack_into("<hh", header, 70, code, bits)
    struct.pack_into("<8f", header, 76, 1, *spacing, *[1] * 4)
    struct.pack_into("<f", header, 108, 352)
    header[344:348] = b"n+1\0"
    data = bytes(header) + np.ascontiguousarray(voxels).tobytes()
    if path.endswith(".gz"):
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        data = packer.compress(data) + packer.flush()
    with open(path, "wb") as file:
        file.write(data)


def tiff(path, voxels):
    """Writes (z, y, x) of 16 bits as one page for each slice, uncompressed, little-endian."""
    depth, height, width = voxels.shape
    out = bytearray(b"II*\0\0\0\0\0")
    link = 4
    for page in voxels:
        data = page.astype("<u2").tobytes()
        start = len(out)
        out += data
        struct.pack_into("<I", out, link, len(out))
        tags = [(256, 3, width), (257, 3, height), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, start), (277, 3, 1),
                (278, 3, height), (279, 4, len(data))]
        out += struct.pack("<H", len(tags))
        for tag, kind, value in tags:
            out += struct.pack("<HHII", tag, kind, 1, value)
        link = len(out)
        out += b"\0\0\0\0"
    with open(path, "wb") as file:
        file.write(out)


def block(frames, box, size=(96, 80)):
    """A box x, y, w, h that is missing in frames, moving by a sample each."""
    flags = np.zeros((FRAMES, size[1], size[0]), bool)
    x, y, w, h = box
    for t in frames:
        flags[t, y:y + h, x + t:x + t + w] = True
    return flags


def damaged_stream(folder, name):
    """A transport stream some packets of which were overwritten."""
    path = os.path.join(folder, name)
    video(folder, name, frames=20, codec=("libx264", "-x264-params", "threads=1:keyint=10:bframes=0", "-crf", "20"))
    with open(path, "r+b") as file:
        size = os.path.getsize(path)
        file.seek(size // 2 // 188 * 188 + 60)
        file.write(bytes(120))


def make_all(folder):
    video(folder, "clip.mkv")
    video(folder, "sound.mp4", frames=20, codec=("libx264", "-threads", "1", "-crf", "18"),
          extra=("-f", "lavfi", "-i", "sine=duration=0.8", "-c:a", "aac"))
    for pixels in ("yuv422p", "yuv444p", "yuv420p10le", "yuv444p12le", "gray", "gray16le", "bgr0", "gbrp10le", "yuva420p"):
        video(folder, f"{pixels}.mkv", pixels=pixels)
    video(folder, "small.mkv", size=(32, 24), frames=4)
    video(folder, "odd.mkv", size=(97, 71), pixels="yuv444p")
    video(folder, "cut.mkv", frames=20, cut=True)
    video(folder, "fields.mkv", extra=("-vf", "interlace=lowpass=0:scan=tff"), frames=20,
          codec=("ffv1", "-field_order", "tt"))
    damaged_stream(folder, "damaged.ts")
    ffmpeg("-i", os.path.join(folder, "clip.mkv"), os.path.join(folder, "picture_%03d.png"))
    ffmpeg("-i", os.path.join(folder, "clip.mkv"), "-frames:v", "1", os.path.join(folder, "still.png"))

    random = np.random.default_rng(7)
    mask(folder, "random.mkv", random.random((FRAMES, 80, 96)) < 0.6)
    mask(folder, "random-small.mkv", random.random((4, 24, 32)) < 0.5)
    mask(folder, "logo.png", block([0], (60, 10, 24, 12))[:1])
    mask(folder, "moving.mkv", block(range(FRAMES), (20, 30, 14, 12)))
    mask(folder, "scratch.mkv", np.repeat((np.arange(96) // 2 == 20)[None, None], FRAMES, 0).repeat(80, 1))
    mask(folder, "known.mkv", ~block([2, 3, 4], (20, 30, 14, 12)))

    z, y, x = np.mgrid[0:14, 0:40, 0:44].astype(float)
    body = 900 * np.exp(-((x - 22) ** 2 + (y - 20) ** 2) / 150 - (z - 7) ** 2 / 40) + 60 * np.sin(x / 3 + z / 2)
    nifti(os.path.join(folder, "volume.nii"), body.astype(np.int16))
    nifti(os.path.join(folder, "volume.nii.gz"), body.astype(np.float32))
    series = np.stack([body * (1 + 0.1 * k) for k in range(4)])
    nifti(os.path.join(folder, "series.nii"), series.astype(np.float32))
    holed = body.astype(np.float32)
    holed[random.random(holed.shape) < 0.4] = np.nan
    np.save(os.path.join(folder, "holed.npy"), holed)
    np.savez(os.path.join(folder, "holed.npz"), volume=holed)
    tiff(os.path.join(folder, "stack.tif"), body.clip(0).astype(np.uint16))
    voxels = np.zeros((14, 40, 44), np.uint8)
    voxels[5:7, 12:20, 14:24] = 1
    nifti(os.path.join(folder, "mask.nii"), voxels)

    with open(os.path.join(folder, "rubbish.mp4"), "wb") as file:
        file.write(random.bytes(4000))
    with open(os.path.join(folder, "jobs.yaml"), "w") as file:
        file.write(JOBS)
    with open(os.path.join(folder, "experiment.yaml"), "w") as file:
        file.write(EXPERIMENT)


JOBS = """version: 1
defaults: {solve: {preset: fast, window: {frames: 5, overlap: 2}}, encode: {lossless: true}}
jobs:
  - {name: clips, inputs: [clip.mkv, yuv422p.mkv], mask: {file: moving.mkv}, output: "${out}/{stem}.mkv", metrics: "${out}/{stem}.json"}
  - name: sound
    inputs: sound.mp4
    mask: {rects: [{x: 10, y: 10, w: 20, h: 16, from: 3, to: 12}]}
    output: "${out}/sound.mkv"
vars: {out: .}
run: {work: "${out}/work", report: "${out}/report.json"}
"""
EXPERIMENT = """version: 1
experiment:
  input: still.png
  size: 48x40
  gray: true
  mask: {pattern: random, rate: 0.5, seed: 1}
  iterations: 60
  observe_every: 20
  methods:
    - {name: SIREN+INRR, model: siren, width: 24, layers: 2, regularizers: inrr=0.0655}
    - {name: DMF+AIR, model: dmf, regularizers: air=0.06}
    - {name: Tucker+TV, model: tucker, regularizers: tv=1e-3}
"""
