#!/usr/bin/env python3
"""Restores film damage (dirt, hairs and scratches that are elsewhere in each frame) that hides more and more of a clip.

    Benchmarks/film.py                           # 32 frames of 1920 x 1080
    Benchmarks/film.py --preset balanced --size 1280x720 --clip film.mkv

Prints frames a second, PSNR over the missing samples and peak memory for each share that is missing; 0 % is what decoding
and encoding take. What holes hide is never read, so that the clip itself is the input, under masks of the damage. Ends with
1 where the tool fails.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import numpy as np
    from support import media, plot, tool
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")


def blob(rng, radius):
    """A spot with a ragged edge: (height, width), true inside."""
    side = 2 * int(1.6 * radius) + 3
    y, x = np.mgrid[:side, :side] - side // 2
    angle = np.arctan2(y, x)
    edge = sum(rng.normal(0, 0.25 / k) * np.cos(k * angle + rng.uniform(0, 6.3)) for k in range(1, 5))
    stretch = rng.uniform(0.7, 1.4)
    return np.hypot(y * stretch, x / stretch) <= radius * np.clip(1 + edge, 0.4, 1.5)


def hair(rng, length):
    """A curved line, two or three samples wide."""
    steps = np.arange(length)
    angle = rng.uniform(0, 6.3) + np.cumsum(rng.normal(0, 0.08, length))
    y, x = (np.cumsum(np.sin(angle)).astype(int), np.cumsum(np.cos(angle)).astype(int))
    y, x = y - y.min(), x - x.min()
    shape = np.zeros((y.max() + 3, x.max() + 3), bool)
    for d in range(rng.integers(2, 4)):
        shape[y[steps] + d, x[steps] + d % 2] = True
    return shape


def masks(frames, height, width, share, seed):
    """(frames, height, width), true where damaged: two scratches that wander, and dirt in each frame up to the share."""
    rng = np.random.default_rng(seed)
    result = np.zeros((frames, height, width), bool)
    if share == 0:
        return result
    scale = height / 1080
    lines = [(rng.uniform(0.1, 0.9) * width, rng.uniform(0, 6.3)) for _ in range(2)]
    for t in range(frames):
        frame = result[t]
        # Half of the smallest share would be scratches otherwise.
        for x, phase in lines if share >= 0.005 else lines[:1]:
            column = int(np.clip(x + 5 * scale * np.sin(t / 6 + phase), 0, width - 3))
            frame[:, column:column + max(1, round(1.5 * scale))] = True
        while frame.mean() < share:
            if rng.random() < 0.15:
                shape = hair(rng, int(rng.uniform(30, 200) * scale))
            else:
                shape = blob(rng, np.exp(rng.uniform(np.log(1), np.log(26))) * scale)
            y, x = rng.integers(0, height), rng.integers(0, width)
            part = frame[y:y + shape.shape[0], x:x + shape.shape[1]]
            part |= shape[:part.shape[0], :part.shape[1]]
    return result


def encode(path, samples, rate, pixels):
    _, height, width = samples.shape
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{width}x{height}",
               "-r", rate, "-i", "-", "-c:v", "ffv1", path]
    subprocess.run(command, input=(samples * np.uint8(255)).tobytes(), check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", metavar="FILE", help="another clip than the public bigbuckbunny")
    parser.add_argument("--size", default="1920x1080", help="by default %(default)s")
    parser.add_argument("--frames", type=int, default=32, help="by default %(default)s")
    parser.add_argument("--shares", default="0,0.1,0.5,2,8", help="percent, by default %(default)s")
    parser.add_argument("--preset", default="fast,balanced", help="by default %(default)s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", metavar="FILE", help="writes seconds a frame against what is missing as SVG")
    options = parser.parse_args()
    tool.need_tool()
    width, height = map(int, options.size.split("x"))
    source = options.clip or media.public_clip("bigbuckbunny").path
    with tempfile.TemporaryDirectory() as folder:
        clip = os.path.join(folder, "clip.mkv")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", source, "-vf", f"scale={width}:{height}", "-frames:v", str(options.frames),
             "-pix_fmt", "yuv420p", "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "12", clip], check=True)
        _, _, rate = media.probe(clip)
        print(f"{options.frames} frames of {width} x {height}.\n")
        print("| missing | preset | frames/s | PSNR, dB | hold-out, dB | peak MiB |\n|---|---|---|---|---|---|", flush=True)
        (lines, level) = ({}, None)
        for share in [float(s) for s in options.shares.split(",")]:
            mask = os.path.join(folder, "mask.mkv")
            damage = masks(options.frames, height, width, share / 100, options.seed)
            encode(mask, damage, rate, "gray")
            for preset in options.preset.split(",") if share else ["fast"]:
                seconds = row(clip, mask, preset, damage.mean(), options.frames, folder)
                if share:
                    lines.setdefault(preset, []).append((100 * damage.mean(), seconds))
                else:
                    level = ("0 %", seconds)
    if options.plot and lines:
        with open(options.plot, "w") as file:
            file.write(plot.svg(lines, "missing samples, %", "seconds a frame", level))


def row(clip, mask, preset, share, frames, folder):
    """Prints a row of the table; returns the seconds a frame."""
    result = os.path.join(folder, "result.mkv")
    metrics = os.path.join(folder, "metrics.json")
    try:
        usage = tool.watched([clip, "--mask", mask, "-o", result, "--lossless", "--force", "--preset", preset,
                              "--metrics", metrics, "--progress", "none"])
        quality = tool.evaluate(clip, result, mask) if share else {}
    except tool.Failed as failure:
        sys.exit(f"film.py: {failure}")
    with open(metrics) as file:
        told = json.load(file)["holdout_psnr_db"]
    found = quality.get("psnr_missing_db")
    texts = ["-" if v is None else f"{v:.2f}" for v in (found, told)]
    print(f"| {100 * share:.2f} % | {preset if share else '-'} | {frames / usage['seconds']:.2f} | {texts[0]} | "
          f"{texts[1]} | {usage['peak'] / 2 ** 20:.0f} |", flush=True)
    return usage["seconds"] / frames


if __name__ == "__main__":
    main()
