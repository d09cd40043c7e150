#!/usr/bin/env python3
"""Compares the release build with other methods that need no pretraining, on the cases of cases.py and on film dirt and a
figure that walks by (--kinds dirt,object).

PSNR in dB over missing samples, and, for blocks, logos, dirt and figures, flicker: the mean absolute difference of
successive frames along the truth's motion within the holes, over that of the truth (1 is right, less is smeared). Methods
that iterate get the time that the tool took, on the same cores; with --converge they run a second time, until they stop by
themselves. --measures adds a table of more measures for each kind of damage.

Needs numpy and scipy; OpenCV, scikit-image and PyTorch are installed from PyPI where they are not there, and what needs a
Python of its own (VapourSynth's filters, G'MIC, OpenCV's FSR, an FFmpeg with VMAF) goes into Benchmarks/.data. A method that
can't be had is named with the reason below the tables. Exit status 1 where the tool fails or changes a known sample.
"""
import argparse
import importlib.util
import json
import math
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
try:
    from support import apart, figures, flicker, masks, measures, media, options, tool
    from support.case import Case
    from support.peers import METHODS
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

PACKAGES = {"cv2": "opencv-python-headless", "skimage": "scikit-image", "torch": "torch", "torchvision": "torchvision",
            "stlpips_pytorch": "stlpips-pytorch"}
OURS = "inrr-video"
CONVERGED = ", to its end"
MOVING = ("block", "logo", "dirt", "object")
COLUMNS = dict(psnr=("PSNR, missing", 2), psnr_all=("PSNR, all", 2), ssim=("SSIM, missing", 4), ssim_all=("SSIM, all", 4),
               xpsnr=("XPSNR", 2), vmaf=("VMAF NEG", 1), perceptual=("ST-LPIPS", 4), warping=("warping error, missing", 2),
               warping_all=("all", 2))


def install(modules):
    wanted = [PACKAGES[module] for module in modules if importlib.util.find_spec(module) is None]
    if wanted:
        print("installing " + ", ".join(wanted), file=sys.stderr)
        # What stlpips-pytorch says that it needs is for training it.
        bare = [package for package in wanted if package == "stlpips-pytorch"]
        for packages, more in (([p for p in wanted if p not in bare], []), (bare, ["--no-deps"])):
            if packages:
                subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *more, *packages], check=True)


def table(title, heads, rows, better, beside=()):
    """Markdown. rows: (name, [(value, digits)]), those `beside` are no competitors and come last; the best of each row bold, or, with several values of `better`, of each
    column: 1 where more is better, -1 where less is, (x,) where what is near x is."""

    def rank(value, way):
        return -abs(value - way[0]) if isinstance(way, tuple) else way * value

    across = len(better) == 1
    bests = {}
    for r, (_, cells) in enumerate(rows):
        for c, (value, _) in enumerate(cells):
            if value is not None:
                place, way = (r, better[0]) if across else (c, better[c])
                bests[place] = max(bests.get(place, -math.inf), rank(value, way))
    print(f"\n{title}\n\n| | " + " | ".join(heads) + " |\n|" + "---|" * (len(heads) + 1))
    for r, (name, cells) in enumerate([*rows, *beside]):
        texts = []
        for c, (value, digits) in enumerate(cells):
            place, way = (r, better[0]) if across else (c, better[c])
            text = "-" if value is None else f"{value:.{digits}f}"
            texts.append(f"**{text}**" if r < len(rows) and value is not None and rank(value, way) == bests[place] else text)
        print(f"| {name} | " + " | ".join(texts) + " |", flush=True)


def compare(case, given, names, left_out):
    """Figures of the tool and of every method, and complaints."""
    row, complaints = case.restore(given.preset, [])
    damaged = media.decode(case.input)
    truth = flicker.along_motion(case.samples, case.samples, case.mask) if case.kind in MOVING else None
    found = {}

    def judge(name, samples, seconds):
        found[name] = dict(seconds=seconds, psnr=figures.psnr_missing(case.samples, samples, case.mask))
        if truth:
            found[name]["flicker"] = flicker.along_motion(case.samples, samples, case.mask) / truth
        if given.measures:
            found[name]["measures"] = measures.of(case.samples, samples, case.mask, case.rate, given.perceptual)
        print(f"{case.name}, {name}: {found[name]['psnr']:.2f} dB in {seconds:.1f} s", file=sys.stderr, flush=True)

    judge(OURS, media.decode(f"{case.stem}.{given.preset}.mkv"), row["seconds"])
    for name in names:
        method = METHODS[name]
        if method.kinds and case.kind not in method.kinds:
            continue
        for label, budget in ((name, row["seconds"]), (name + CONVERGED, math.inf)):
            if math.isinf(budget) and not (given.converge and method.iterates):
                continue
            start = time.monotonic()
            try:
                samples = method.fill(damaged, case.mask, budget)
            except apart.Unavailable as reason:
                left_out[label] = str(reason)
                continue
            judge(label, samples, time.monotonic() - start)
    row = dict(case=case.name, kind=case.kind, figures=found)
    if given.measures:
        row["truth"] = measures.of_truth(case.samples, case.mask)
    return row, complaints


def show(rows, names, given, left_out):
    labels = [OURS] + [label for name in names for label in (name, name + CONVERGED)]
    labels = [label for label in labels if any(label in row["figures"] for row in rows)]
    for title, key, way in (("PSNR over missing samples, dB", "psnr", 1),
                            ("Flicker within holes, over the truth's", "flicker", (1.0,))):
        chosen = [row for row in rows if key in row["figures"][OURS]]
        if chosen:
            table(title, labels, [
                (row["case"], [(row["figures"].get(label, {}).get(key), 2) for label in labels]) for row in chosen], [way])
    for kind in dict.fromkeys(row["kind"] for row in rows) if given.measures else ():
        cases = [row["figures"] for row in rows if row["kind"] == kind]
        keys = [key for key in COLUMNS if all(key in figures[OURS]["measures"] for figures in cases)]
        lines = []
        for label in labels:
            of_all = [figures[label]["measures"] for figures in cases if label in figures]
            if len(of_all) == len(cases):
                lines.append((label, [(sum(f[key] for f in of_all) / len(of_all), COLUMNS[key][1]) for key in keys]))
        truths = [row["truth"] for row in rows if row["kind"] == kind]
        undamaged = [(sum(t[key] for t in truths) / len(truths) if key in truths[0] else None, COLUMNS[key][1]) for key in keys]
        table(f"{kind}, means over {len(cases)} clips", [COLUMNS[key][0] for key in keys], lines,
              [measures.BETTER.get(key) or (near,) for key, (near, _) in zip(keys, undamaged)], [("the undamaged clip", undamaged)])
    seconds = {label: [row["figures"][label]["seconds"] for row in rows if label in row["figures"]] for label in labels}
    print("\nMean seconds: " + ", ".join(f"{label} {sum(s) / len(s):.1f}" for label, s in seconds.items()))
    packages = dict.fromkeys(package for name in names if name in labels for package in METHODS[name].packages)
    if packages:
        print("\nVersions: " + ", ".join(f"{package} {apart.need(package)}" for package in packages))
    for label, reason in left_out.items():
        print(f"\nLeft out: {label}: {reason}")


def show_saved(given):
    rows, left_out = [], {}
    for path in given.show:
        with open(path) as file:
            saved = json.load(file)
        rows += saved["rows"]
        left_out.update(saved["left_out"])
    given.measures = all("measures" in row["figures"][OURS] for row in rows)
    show(rows, list(METHODS), given, left_out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add(parser)
    parser.add_argument("--preset", default="balanced", choices=("fast", "balanced", "best"))
    parser.add_argument("--methods", default=",".join(METHODS), help="by default %(default)s")
    parser.add_argument("--converge", action="store_true", help="runs those that iterate until they stop, too: minutes a case")
    parser.add_argument("--measures", action="store_true",
                        help="PSNR and SSIM over all samples, XPSNR, VMAF and warping errors, too")
    parser.add_argument("--perceptual", action="store_true", help="ST-LPIPS among the measures; needs PyTorch")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there too")
    parser.add_argument("--show", metavar="FILE", nargs="+", help="measures nothing: tables of what --json has written, of "
                        "several runs as if they were one")
    given = parser.parse_args()
    if given.show:
        return show_saved(given)
    given.measures |= given.perceptual
    tool.need_tool()
    kinds = options.chosen(given.kinds, masks.KINDS + masks.MORE, "--kinds")
    names = [name for name in options.chosen(given.methods, METHODS, "--methods")
             if METHODS[name].kinds is None or set(METHODS[name].kinds) & set(kinds)]
    modules = {module for name in names for module in METHODS[name].modules} | {"cv2"}
    install(sorted(modules | ({"torch", "torchvision", "stlpips_pytorch"} if given.perceptual else set())))
    rows, complaints, left_out = [], [], {}
    with tempfile.TemporaryDirectory() as folder:
        for clip in options.clips(given):
            samples, rate = media.decode_clip(clip)
            for kind in kinds:
                row, wrong = compare(Case(f"{clip.name} {kind}", samples, rate, kind, folder), given, names, left_out)
                rows.append(row)
                complaints += [f"{row['case']}: {text}" for text in wrong]
    show(rows, names, given, left_out)
    if given.json:
        with open(given.json, "w") as file:
            json.dump(dict(rows=rows, left_out=left_out), file, indent=2)
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
