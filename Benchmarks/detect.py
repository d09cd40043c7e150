#!/usr/bin/env python3
"""Has the release build look for damage that is known, and restore what it found.

    Benchmarks/detect.py                                    # three public clips, the kinds that are looked for by default
    Benchmarks/detect.py --kinds pixels --frames 100
    Benchmarks/detect.py --clip film.mkv --size 1920x1080 --grain 3 --weave 0.7

The damage is drawn by support/damage.py over the luma of clips: dirt and scratches together, every other kind alone. The
first table says what was found of each kind: the share of spots (pieces of 6 samples or more, 60 % of them marked; of bad
frames, frames), the share of damaged samples, and false alarm, which is the share of undamaged samples farther than two
from damage that are marked; the same of the clip before it was damaged; and frames a second of the whole command. The second
table is the PSNR of luma over all samples against the clip, damaged and restored with --detect, and the share of undamaged
samples that the restoration changed. Exit status 1 where the tool fails.
"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import numpy as np
    from scipy.ndimage import binary_dilation, label
    from support import damage, media, options, tool
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

# Drawn over one another, as film has them.
TOGETHER = ("dirt", "scratches")
SMALLEST_SPOT, FOUND_SHARE, MARGIN = 6, 0.6, 2


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", default=",".join(media.PUBLIC), help="public clips, by default %(default)s")
    parser.add_argument("--clip", metavar="FILE", help="a clip of your own instead of the public ones")
    parser.add_argument("--start", type=int, default=0, help="first frame")
    parser.add_argument("--frames", type=int, default=60, help="by default %(default)s")
    parser.add_argument("--size", help="WxH that clips are scaled to, by default 640x360 for bigbuckbunny, others as they are")
    parser.add_argument("--kinds", default="dirt,scratches,frames", help="by default %(default)s")
    parser.add_argument("--grain", type=float, default=0, help="standard deviation of grain, by default %(default)s")
    parser.add_argument("--weave", type=float, default=0, help="pixels that frames stand off, by default %(default)s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sensitivity", type=float, help="of the search, 0 to 1")
    parser.add_argument("--preset", default="fast", help="of the restoration, by default %(default)s")
    parser.add_argument("--no-restoration", action="store_true", help="leaves out the second table")
    parser.add_argument("--keep", metavar="FOLDER", help="keeps clips, masks and results there")
    return parser.parse_args()


def decode(path, pixels, size, start=0, frames=None):
    """Luma (frames, height, width), and what follows it in each frame."""
    width, height = size
    command = ["ffmpeg", "-v", "error", "-i", path, "-vf", f"scale={width}:{height}:flags=area", "-fps_mode", "passthrough"]
    if frames is not None:
        command += ["-frames:v", str(start + frames)]
    raw = subprocess.run(command + ["-f", "rawvideo", "-pix_fmt", pixels, "-"], capture_output=True, check=True).stdout
    samples = np.frombuffer(raw, np.uint8).reshape(-1, width * height * (3 if pixels == "yuv420p" else 2) // 2)[start:]
    return samples[:, :width * height].reshape(-1, height, width), samples[:, width * height:]


def encode(path, luma, rest, rate):
    frames, height, width = luma.shape
    samples = np.concatenate([luma.reshape(frames, -1), rest], 1)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", rate,
         "-i", "-", "-c:v", "ffv1", "-level", "3", "-g", "1", path], input=samples.tobytes(), check=True)


class Film:
    """A clip as it was, and the same with damage of some kinds."""

    def __init__(self, name, path, kinds, given, folder):
        width, height, self.rate = media.probe(path)
        if given.size:
            width, height = options.numbers(given.size, "x", 2, "--size")
        elif name == "bigbuckbunny" and not given.clip:
            width, height = 640, 360
        self.size = (width & ~1, height & ~1)
        self.name = f"{name} {self.size[0]} x {self.size[1]}"
        truth, rest = decode(path, "yuv420p", self.size, given.start, given.frames)
        if len(truth) < 16:
            raise SystemExit(f"{path}: {len(truth)} frames from {given.start} on, 16 are needed")
        self.truth = damage.weave(truth, given.weave, given.grain, np.random.default_rng(given.seed))
        top, bottom = (int(part) for part in self.rate.split("/"))
        self.damaged, self.masks = damage.draw_all(kinds, self.truth, given.seed, rate=top / bottom)
        stem = os.path.join(folder, f"{name}-{'-'.join(kinds)}")
        self.clean_path, self.path = stem + ".clean.mkv", stem + ".damaged.mkv"
        encode(self.clean_path, self.truth, rest, self.rate)
        encode(self.path, self.damaged, rest, self.rate)

    @property
    def any(self):
        return np.logical_or.reduce(list(self.masks.values()))

    def find(self, kind, given, clean=False):
        """The mask (frames, height, width) of what the tool found, and the seconds it took."""
        source = self.clean_path if clean else self.path
        path = f"{source}.{kind}.mkv"
        more = [] if given.sensitivity is None else ["--detect-sensitivity", str(given.sensitivity)]
        usage = tool.watched(["detect", source, "--kinds", kind, "-o", path, "--force", "--progress", "none", *more])
        # Where the same is found in all frames the mask may be a picture, or one frame.
        found, _ = decode(path, "gray", self.size) if os.path.exists(path) else (np.zeros((0,) + self.truth.shape[1:]), None)
        if len(found) == 1:
            found = np.repeat(found, len(self.truth), 0)
        if len(found) != len(self.truth):
            raise tool.Failed(f"{path} has {len(found)} frames, {len(self.truth)} were expected")
        return found > 127, usage["seconds"]


def figures(kind, film, found):
    """Spots found and in all, share of damaged samples, and of others."""
    spots = hits = marked = wrong = free = 0
    truth = film.masks[kind]
    for damaged, every, mask in zip(truth, film.any, found):
        if kind == "frames":
            pieces, count = damaged.astype(int), int(damaged.any())
        else:
            pieces, count = label(damaged, np.ones((3, 3)))
        sizes = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
        covered = np.bincount(pieces[mask], minlength=count + 1)[1:]
        counted = sizes >= (SMALLEST_SPOT if kind != "pixels" else 1)
        spots += counted.sum()
        hits += (covered[counted] >= FOUND_SHARE * sizes[counted]).sum()
        marked += (mask & damaged).sum()
        far = ~binary_dilation(every, iterations=MARGIN) if every.any() else np.ones_like(every)
        wrong, free = wrong + (mask & far).sum(), free + far.sum()
    return hits, spots, marked / max(1, truth.sum()), wrong / max(1, free)


def decibels(a, b):
    error = np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2, dtype=np.float64)
    return 10 * np.log10(255 ** 2 / max(error, 1e-9))


def restored(film, kinds, given):
    """A row of the second table."""
    path = film.path + ".restored.mkv"
    more = [] if given.sensitivity is None else ["--detect-sensitivity", str(given.sensitivity)]
    usage = tool.watched([film.path, "--detect", ",".join(kinds), "-o", path, "--lossless", "--force", "--preset",
                          given.preset, "--progress", "none", *more])
    result, _ = decode(path, "yuv420p", film.size)
    known = ~film.any
    changed = ((result != film.damaged) & known).sum() / max(1, known.sum())
    before, after = decibels(film.damaged, film.truth), decibels(result, film.truth)
    return (f"| {film.name} | {', '.join(kinds)} | {before:.2f} | {after:.2f} | {after - before:+.2f} | {100 * changed:.3f} % | "
            f"{len(result) / usage['seconds']:.2f} |")


def main():
    given = arguments()
    tool.need_tool()
    kinds = options.chosen(given.kinds, damage.KINDS, "--kinds")
    groups = [tuple(k for k in kinds if k in TOGETHER)] + [(k,) for k in kinds if k not in TOGETHER]
    sources = [(os.path.splitext(os.path.basename(given.clip))[0], given.clip)] if given.clip else [
        (name, media.public_clip(name).path) for name in options.chosen(given.clips, media.PUBLIC, "--clips")]
    print("| clip | kind | spots found | of | samples found | false alarm | marked in the clean clip | frames/s |\n"
          "|---|---|---|---|---|---|---|---|", flush=True)
    complaints, rows = [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or scratch
        os.makedirs(folder, exist_ok=True)
        for name, path in sources:
            for group in filter(None, groups):
                film = Film(name, path, group, given, folder)
                for kind in group:
                    try:
                        found, seconds = film.find(kind, given)
                        clean, _ = film.find(kind, given, clean=True)
                    except tool.Failed as failure:
                        complaints.append(f"{film.name}, {kind}: {failure}")
                        continue
                    hits, spots, share, wrong = figures(kind, film, found)
                    print(f"| {film.name} | {kind} | {100 * hits / max(1, spots):.1f} % | {spots} | {100 * share:.1f} % | "
                          f"{100 * wrong:.4f} % | {100 * clean.mean():.4f} % | {len(found) / seconds:.1f} |", flush=True)
                if given.no_restoration:
                    continue
                try:
                    rows.append(restored(film, group, given))
                except tool.Failed as failure:
                    complaints.append(f"{film.name}, --detect {','.join(group)}: {failure}")
    if rows:
        print("\n| clip | detect | damaged, dB | restored, dB | gain, dB | known samples changed | frames/s |\n"
              "|---|---|---|---|---|---|---|\n" + "\n".join(rows))
    for complaint in complaints:
        print("detect.py: " + complaint, file=sys.stderr)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
