#!/usr/bin/env python3
"""Lays a logo that lets the picture through on clips, and has the release build take it off again.

    Benchmarks/overlay.py                                       # a public clip, every opacity and coding
    Benchmarks/overlay.py --clips bikes,carphone --opacity 0.4 --coding ffv1,18
    Benchmarks/overlay.py --clip film.mkv --size 854x480 --place 0.8,0.1 --preset balanced

The logo is drawn here: letters with soft edges whose colour runs from white to orange, and a shadow. For each opacity and coding
(FFV1, or H.264 with a constant rate factor) it says the PSNR of luma and chroma against the clip where the logo is, filled in
(--overlay opaque) and seen through (--overlay auto); the gain; how far the mean over frames of what is left looks like the logo,
and each frame on average (correlation with its opacity); and the time of both. Exit status 1 where the tool fails.
"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import numpy as np
    from support import media, options, tool
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy")

# Letters as strokes in a square, from the top left.
LETTERS = {
    "T": [((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))], "V": [((0, 0), (0.5, 1)), ((0.5, 1), (1, 0))],
    "7": [((0, 0), (1, 0)), ((1, 0), (0.35, 1))],
}
CODINGS = {"ffv1": ["-c:v", "ffv1"]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", default="bikes", help="public clips, by default %(default)s")
    parser.add_argument("--clip", metavar="FILE", help="a clip of your own instead of the public ones")
    parser.add_argument("--frames", type=int, help="by default all")
    parser.add_argument("--size", help="WxH that clips are scaled to, by default 854x480 for bigbuckbunny, others as they are")
    parser.add_argument("--place", default="0.78,0.07", help="of the logo's corner, as shares of the picture, by default %(default)s")
    parser.add_argument("--width", type=float, default=0.17, help="of the logo, as a share of the picture's, by default %(default)s")
    parser.add_argument("--opacity", default="0.25,0.4,0.7", help="by default %(default)s")
    parser.add_argument("--logo", choices=["letters", "disc"], default="letters", help="by default %(default)s")
    parser.add_argument("--shadow", type=float, default=0.5, help="opacity of the logo's dark shadow, as a share of its own, by default %(default)s")
    parser.add_argument("--coding", default="ffv1,18,24", help="by default %(default)s")
    parser.add_argument("--preset", default="fast", help="by default %(default)s")
    parser.add_argument("--rectangle", action="store_true", help="masks the logo's rectangle instead of its letters")
    parser.add_argument("--keep", metavar="FOLDER", help="keeps clips, masks and results there")
    return parser.parse_args()


def drawn(width, height, kind):
    """Opacity 0 ... 1 of letters or of a disc with a ring, and the same of their shadow."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if kind == "disc":
        def disc(dx, dy, soft):
            away = np.hypot((x - width / 2 - dx) / 1.5, y - height / 2 - dy)
            inside = np.clip((height * 0.2 - away) / soft + 0.5, 0, 1)
            ring = np.clip((height * 0.06 - abs(away - height * 0.33)) / soft + 0.5, 0, 1)
            return np.maximum(ring, inside * (0.5 + 0.5 * x / width))
        return disc(0, 0, 3), disc(height * 0.04, height * 0.05, 5)
    side, thick = height * 0.56, max(1.2, height * 0.075)

    def strokes(dx, dy, soft):
        distance = np.full((height, width), 1e9, np.float32)
        for k, letter in enumerate("TV7"):
            left = width * (0.09 + 0.3 * k) + dx
            for (x0, y0), (x1, y1) in LETTERS[letter]:
                a = np.array([left + x0 * side, height * 0.22 + dy + y0 * side])
                b = np.array([left + x1 * side, height * 0.22 + dy + y1 * side])
                along = np.clip(((x - a[0]) * (b - a)[0] + (y - a[1]) * (b - a)[1]) / ((b - a) ** 2).sum(), 0, 1)
                distance = np.minimum(distance, np.hypot(x - a[0] - along * (b - a)[0], y - a[1] - along * (b - a)[1]))
        return np.clip((thick + soft / 2 - distance) / soft, 0, 1)

    return strokes(0, 0, 1.6), strokes(height * 0.04, height * 0.05, 4)


def logo(width, height, opacity, kind, shade):
    """Opacity, and luma, blue and red chroma of the colour (limited range), each (height, width)."""
    letters, shadow = drawn(width, height, kind)
    over, under = opacity * letters, shade * opacity * shadow * (1 - letters)
    alpha = over + under - over * under
    alpha[alpha < 0.004] = 0
    run = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    colour = (1 - run) * np.array([250, 250, 250]) + run * np.array([245, 190, 90])
    colour = colour * (over / np.maximum(alpha, 1e-6))[..., None]
    red, green, blue = np.moveaxis(colour, -1, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return alpha, (16 + luma * 219 / 255, 128 + (blue - luma) / 1.772 * 224 / 255, 128 + (red - luma) / 1.402 * 224 / 255)


def halved(plane):
    height, width = plane.shape
    return plane.reshape(height // 2, 2, width // 2, 2).mean((1, 3))


def decode(path, size, frames=None):
    width, height = size
    command = ["ffmpeg", "-v", "error", "-i", path, "-vf", f"scale={width}:{height}:flags=area", "-fps_mode", "passthrough"]
    if frames:
        command += ["-frames:v", str(frames)]
    raw = subprocess.run(command + ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"], capture_output=True, check=True).stdout
    samples = np.frombuffer(raw, np.uint8).reshape(-1, width * height * 3 // 2)
    luma, chroma = samples[:, :width * height], samples[:, width * height:]
    return [luma.reshape(-1, height, width)] + [
        part.reshape(-1, height // 2, width // 2) for part in np.split(chroma, 2, 1)]


def encode(path, planes, coding, rate):
    frames, height, width = planes[0].shape
    codec = CODINGS.get(coding) or ["-c:v", "libx264", "-crf", coding]
    samples = np.concatenate([plane.reshape(frames, -1) for plane in planes], 1).astype(np.uint8)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", rate,
         "-i", "-", *codec, path], input=samples.tobytes(), check=True)


def save_mask(path, mask):
    height, width = mask.shape
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-i", "-", path],
        input=(mask * 255).astype(np.uint8).tobytes(), check=True)


def psnr(errors):
    return 10 * np.log10(255 ** 2 / max(np.mean(np.square(errors)), 1e-6))


def likeness(errors, shape):
    return float(np.corrcoef(errors, shape)[0, 1]) if errors.std() > 0 else 0.0


class Scene:
    def __init__(self, name, path, given):
        width, height, self.rate = media.probe(path)
        if given.size:
            width, height = options.numbers(given.size, "x", 2, "--size")
        elif name == "bigbuckbunny" and not given.clip:
            width, height = 854, 480
        self.name, self.size = name, (width & ~1, height & ~1)
        self.clean = decode(path, self.size, given.frames)
        left, top = (float(part) for part in given.place.split(","))
        self.width, self.height = (int(given.width * width) & ~1), (int(given.width * width * 0.4) & ~1)
        self.logo = given.logo, given.shadow
        self.x, self.y = int(left * width) & ~1, int(top * height) & ~1

    def covered(self, opacity):
        """Planes with the logo, and its opacity over the whole picture."""
        alpha, colour = logo(self.width, self.height, opacity, *self.logo)
        planes = []
        for p, clean in enumerate(self.clean):
            small = p > 0
            a = halved(alpha) if small else alpha
            veil = halved(alpha * colour[p]) if small else alpha * colour[p]
            y, x = (self.y // 2, self.x // 2) if small else (self.y, self.x)
            plane = clean.copy()
            part = plane[:, y:y + a.shape[0], x:x + a.shape[1]]
            part[:] = np.clip(np.rint((1 - a) * part + veil), 0, 255)
            planes.append(plane)
        whole = np.zeros(self.clean[0].shape[1:], np.float32)
        whole[self.y:self.y + self.height, self.x:self.x + self.width] = alpha
        return planes, whole

    def mask(self, alpha, rectangle):
        mask = alpha > 0
        if rectangle:
            mask[:] = False
            mask[self.y:self.y + self.height, self.x:self.x + self.width] = True
            return mask
        grown = mask.copy()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                grown |= np.roll(mask, (dy, dx), (0, 1))
        return grown


def run(scene, opacity, coding, given, folder):
    planes, alpha = scene.covered(opacity)
    stem = os.path.join(folder, f"{scene.name}.{opacity}.{coding}")
    encode(stem + ".mkv", planes, coding, scene.rate)
    save_mask(stem + ".png", scene.mask(alpha, given.rectangle))
    where, chroma = alpha > 0, halved(alpha) > 0
    figures = []
    for mode in ("opaque", "auto"):
        usage = tool.watched(
            [stem + ".mkv", "--mask", stem + ".png", "--preset", given.preset, "--overlay", mode, "--lossless", "--force",
             "-o", f"{stem}.{mode}.mkv", "--progress", "none"])
        result = decode(f"{stem}.{mode}.mkv", scene.size)
        errors = result[0][:, where].astype(np.float32) - scene.clean[0][:, where]
        colour = [result[p][:, chroma].astype(np.float32) - scene.clean[p][:, chroma] for p in (1, 2)]
        shape = alpha[where]
        figures.append((
            psnr(errors), psnr(np.stack(colour)), likeness(errors.mean(0), shape),
            float(np.mean([likeness(frame, shape) for frame in errors])), usage["seconds"]))
    (a, ca, _, _, ta), (b, cb, ghost, each, tb) = figures
    print(
        f"| {scene.name} | {opacity} | {coding} | {a:.2f} | {b:.2f} | {b - a:+.2f} | {cb - ca:+.2f} | {ghost:+.2f} | "
        f"{each:+.2f} | {ta:.1f} | {tb:.1f} |", flush=True)


def main():
    given = arguments()
    tool.need_tool()
    print("| clip | opacity | coding | filled in, dB | seen through, dB | gain, luma | chroma | likeness, mean | frames | s, opaque | s, auto |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    clips = [("clip", given.clip)] if given.clip else [
        (name, media.public_file(media.PUBLIC[name].path)) for name in given.clips.split(",")]
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or scratch
        os.makedirs(folder, exist_ok=True)
        for name, path in clips:
            scene = Scene(name, path, given)
            for opacity in given.opacity.split(","):
                for coding in given.coding.split(","):
                    try:
                        run(scene, float(opacity), coding, given, folder)
                    except tool.Failed as failure:
                        raise SystemExit(f"{name}: {failure}") from None


if __name__ == "__main__":
    main()
