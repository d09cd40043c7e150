#!/usr/bin/env python3
"""Compares the release build with other methods that need no pretraining, on the cases of cases.py.

PSNR in dB over missing samples, and, for blocks and logos, flicker: the mean absolute difference of successive frames
along the truth's motion within the holes, over that of the truth (1 is right, less is smeared). Methods that iterate
get the time that the tool took, on the same cores. Needs numpy and scipy; OpenCV, scikit-image and PyTorch are
installed from PyPI where they are not there. Exit status 1 where the tool fails or changes a known sample.
"""
import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
try:
    from support import figures, flicker, masks, media, options, tool
    from support.case import Case
    from support.peers import METHODS
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

PACKAGES = {"cv2": "opencv-python-headless", "skimage": "scikit-image", "torch": "torch"}


def install():
    wanted = [package for module, package in PACKAGES.items() if importlib.util.find_spec(module) is None]
    if wanted:
        print("installing " + ", ".join(wanted), file=sys.stderr)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *wanted], check=True)


def table(title, rows, names, key, digits):
    """Markdown, the best of each row bold: the highest PSNR, or the flicker nearest to 1."""
    print(f"\n{title}\n\n| case | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
    for row in rows:
        values = [row["figures"].get(name, {}).get(key) for name in names]
        known = [v for v in values if v is not None]
        if not known:
            continue
        best = max(known) if key == "psnr" else min(known, key=lambda v: abs(v - 1))
        texts = ["-" if v is None else f"**{v:.{digits}f}**" if v == best else f"{v:.{digits}f}" for v in values]
        print(f"| {row['case']} | " + " | ".join(texts) + " |", flush=True)


def compare(case, preset, names):
    """Figures of the tool and of every method, and complaints."""
    row, complaints = case.restore(preset, [])
    results = {"inrr-video": (media.decode(f"{case.stem}.{preset}.mkv"), row["seconds"])}
    damaged = media.decode(case.input)
    for name in names:
        start = time.monotonic()
        results[name] = (METHODS[name](damaged, case.mask, row["seconds"]), time.monotonic() - start)
    holds = case.name.split()[-1] in ("block", "logo")
    truth = flicker.along_motion(case.samples, case.samples, case.mask) if holds else None
    found = {}
    for name, (samples, seconds) in results.items():
        found[name] = dict(
            psnr=figures.psnr_missing(case.samples, samples, case.mask), seconds=seconds,
            flicker=flicker.along_motion(case.samples, samples, case.mask) / truth if holds and truth else None)
        print(f"{case.name}, {name}: {found[name]['psnr']:.2f} dB in {seconds:.1f} s", file=sys.stderr, flush=True)
    return dict(case=case.name, figures=found), complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add(parser)
    parser.add_argument("--preset", default="balanced", choices=("fast", "balanced", "best"))
    parser.add_argument("--methods", default=",".join(METHODS), help="by default %(default)s")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there too")
    given = parser.parse_args()
    tool.need_tool()
    install()
    kinds = options.chosen(given.kinds, masks.KINDS, "--kinds")
    names = options.chosen(given.methods, METHODS, "--methods")
    rows, complaints = [], []
    with tempfile.TemporaryDirectory() as folder:
        for clip in options.clips(given):
            samples, rate = media.decode_clip(clip)
            for kind in kinds:
                row, wrong = compare(Case(f"{clip.name} {kind}", samples, rate, kind, folder), given.preset, names)
                rows.append(row)
                complaints += [f"{row['case']}: {text}" for text in wrong]
    shown = ["inrr-video", *names]
    table("PSNR over missing samples, dB", rows, shown, "psnr", 2)
    table("Flicker within holes, over the truth's", rows, shown, "flicker", 2)
    print("\nMean seconds: " + ", ".join(
        f"{name} {sum(r['figures'][name]['seconds'] for r in rows) / len(rows):.1f}" for name in shown))
    if given.json:
        with open(given.json, "w") as file:
            json.dump(rows, file, indent=2)
    for complaint in complaints:
        print("peers.py: " + complaint, file=sys.stderr)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    try:
        main()
    except tool.Failed as failure:
        raise SystemExit(f"peers.py: {failure}")
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"peers.py: {failed.cmd[0]} ended with {failed.returncode}")
