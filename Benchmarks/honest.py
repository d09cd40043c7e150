#!/usr/bin/env python3
"""Is the expected PSNR true? Hides parts of clips, and compares what the tool says of the result with what it is.

    Benchmarks/honest.py                                        # the public clips, at three presets
    Benchmarks/honest.py --clip a.mkv b.mkv --preset fast --seed 3
    Benchmarks/honest.py --clip a.mkv --kinds logo,gap --save rows.json
    Benchmarks/honest.py --options '--grain 0'                  # presets without the noise that two of them add

Each clip gets every kind of hole, in another stretch and at another place: marks that stay (logos of several sizes, boxes,
text), missing frames, marks that move or jump, samples at random, spots, scratches and blocks. Ends with 1 where the range
misses the truth in more than 15 % of the cases, its middle, where there is one, errs by more than 2 dB (holes that stay;
others 1.5) in more than 20 %, or a preset is worse than a cheaper one by more than 0.05 dB. What is hidden is never read, so that the clip itself
is the input.
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
    from support import damage, masks, media, tool
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

# Holes that stay at their places, and all others.
STILL = ("mark", "logo", "box", "disc", "text", "long")
OTHER = ("fourth", "runs", "gap", "moving", "jumping", "subtitles", "random", "stuck", "dirt", "scratches", "line", "blocks")
PRESETS = ("fast", "balanced", "best")
WIDEST, HIGHEST = 352, 288


def hole(kind, frames, height, width, rng):
    """(frames, height, width), true where the clip is hidden."""
    result = np.zeros((frames, height, width), bool)

    def place(h, w):
        return int(rng.integers(2, max(3, height - h - 2))), int(rng.integers(2, max(3, width - w - 2)))

    def put(shape, t=slice(None), at=None):
        y, x = at or place(*shape.shape)
        result[t, y:y + shape.shape[0], x:x + shape.shape[1]] |= shape[:height - y, :width - x]

    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    if kind == "mark":
        put(np.ones((int(rng.integers(8, 20)), int(rng.integers(10, 32))), bool))
    elif kind == "logo":
        put(damage.letters(rng, int(rng.integers(2, 5)), int(rng.integers(3, 7))))
    elif kind == "box":
        put(np.ones((int(rng.integers(24, 52)), int(rng.integers(40, 100))), bool))
    elif kind == "disc":
        put((y * y + x * x < 1)[::int(rng.integers(1, 3)), ::int(rng.integers(1, 3))])
    elif kind == "text":
        put(damage.letters(rng, 9, int(rng.integers(2, 5))), at=(int(height * 0.8), int(rng.integers(4, 40))))
    elif kind == "long":
        put(np.ones((int(rng.integers(16, 40)), int(rng.integers(24, 70))), bool))
    elif kind == "fourth":
        result[int(rng.integers(1, 4))::int(rng.integers(3, 6))] = True
    elif kind == "runs":
        length = int(rng.integers(2, 5))
        for start in range(int(rng.integers(3, 6)), frames - length, length + int(rng.integers(6, 10))):
            result[start:start + length] = True
    elif kind == "gap":
        length = int(rng.integers(8, 20))
        start = (frames - length) // 2
        result[start:start + length] = True
    elif kind == "moving":
        shape = np.ones((int(rng.integers(14, 36)), int(rng.integers(14, 50))), bool)
        (y0, x0), (y1, x1) = place(*shape.shape), place(*shape.shape)
        for t in range(frames):
            share = t / max(1, frames - 1)
            put(shape, t, (round(y0 + share * (y1 - y0)), round(x0 + share * (x1 - x0))))
    elif kind == "jumping":
        shape = damage.letters(rng, 3, int(rng.integers(3, 7)))
        stay = int(rng.integers(8, 16))
        for start in range(0, frames, stay):
            put(shape, slice(start, start + stay))
    elif kind == "subtitles":
        for start in range(0, frames, 14):
            shape = damage.letters(rng, int(rng.integers(5, 10)), 4)
            put(shape, slice(start, start + 11), (int(height * 0.8), 20))
    elif kind == "random":
        result = rng.random(result.shape) < rng.choice([0.3, 0.6, 0.8, 0.9])
    elif kind == "stuck":
        result[:] = rng.random((height, width)) < rng.choice([0.2, 0.5, 0.8])
    elif kind == "dirt":
        result = damage.dirt(np.full(result.shape, 128, np.uint8), rng, density=int(rng.integers(4, 12)))[1]
    elif kind == "scratches":
        result = damage.scratches(np.full(result.shape, 128, np.uint8), rng, count=3)[1]
    elif kind == "line":
        for _ in range(2):
            column = int(rng.integers(4, width - 8))
            result[:, :, column:column + int(rng.integers(2, 5))] = True
    elif kind == "blocks":
        result = ~masks.known("block", frames, height, width, seed=int(rng.integers(1 << 30)))
    else:
        raise ValueError(f"no kind of hole is called {kind}")
    return result


def stretch(clip, kind, rng):
    """Filters of FFmpeg that cut a stretch out of a clip, and its frames, height and width."""
    width, height, rate = media.probe(clip.path)
    scale = min(1, max(WIDEST / width, 360 / height))
    width, height = int(width * scale) // 2 * 2, int(height * scale) // 2 * 2
    w, h = min(width, WIDEST), min(height, HIGHEST)
    frames = min(clip.frames, 80 if kind == "long" else int(rng.integers(24, 41)))
    first = clip.start + int(rng.integers(0, max(1, clip.frames - frames + 1)))
    left, top = int(rng.integers(0, width - w + 1)) // 2 * 2, int(rng.integers(0, height - h + 1)) // 2 * 2
    filters = f"trim=start_frame={first}:end_frame={first + frames},setpts=PTS-STARTPTS,scale={width}:{height}:flags=area," \
              f"crop={w}:{h}:{left}:{top}"
    return filters, first, frames, h, w, rate


class Case:
    """A stretch of a clip with a hole of one kind, as files in a folder."""

    def __init__(self, clip, kind, seed, folder):
        rng = np.random.default_rng([seed, sum(map(ord, clip.name)), (STILL + OTHER).index(kind)])
        filters, first, frames, height, width, rate = stretch(clip, kind, rng)
        hidden = hole(kind, frames, height, width, rng)
        self.kind, self.name = kind, f"{clip.name} {first}+{frames} {kind}"
        self.folder, self.clip, self.mask = folder, os.path.join(folder, "clip.mkv"), os.path.join(folder, "mask.mkv")
        subprocess.run(
            ["ffmpeg", "-v", "fatal", "-y", "-i", clip.path, "-vf", filters, "-an", "-pix_fmt", "yuv420p", "-c:v", "ffv1",
             self.clip], check=True)
        media.encode(self.mask, hidden.astype(np.uint8) * 255, rate)
        self.share = float(hidden.mean())

    def restore(self, preset, more=()):
        """What the tool says of its result, and what it is."""
        result, metrics = (os.path.join(self.folder, name) for name in ("result.mkv", "metrics.json"))
        tool.watched([self.clip, "--mask", self.mask, "-o", result, "--lossless", "--force", "--preset", preset, "--metrics",
                      metrics, "--progress", "none", *more])
        with open(metrics) as file:
            told = json.load(file)
        truth = tool.evaluate(self.clip, result, self.mask)["psnr_missing_db"]
        return dict(
            case=self.name, kind=self.kind, preset=preset, truth=truth, holdout=told["holdout_psnr_db"],
            expected=told.get("expected_psnr_db"), low=told.get("expected_psnr_low_db"),
            high=told.get("expected_psnr_high_db"))


def verdict(rows):
    """Prints what holds of all rows; true if everything does."""
    fine = True
    ranges = [row for row in rows if row["low"] is not None]
    middles = [row for row in rows if row["expected"] is not None]

    def judge(text, hits, count, least):
        nonlocal fine
        if count:
            fine &= hits >= least * count
            print(f"{text}: {hits} of {count} ({100 * hits / count:.0f} %, at least {100 * least:.0f})")

    print(f"\n{len(rows)} rows, {len(rows) - len(ranges)} unknown, {len(ranges) - len(middles)} with a range alone")
    judge("the range covers the truth", sum(row["low"] <= row["truth"] <= row["high"] for row in ranges), len(ranges), 0.85)
    for name, kinds, most in (("holes that stay", STILL, 2.0), ("other holes", OTHER, 1.5)):
        some = [abs(row["expected"] - row["truth"]) for row in middles if row["kind"] in kinds]
        old = [abs(row["holdout"] - row["truth"]) for row in rows if row["kind"] in kinds and row["holdout"] is not None]
        judge(f"{name}: the middle errs by at most {most} dB", sum(d <= most for d in some), len(some), 0.8)
        if old:
            print(f"  hold-out errs by at most {most} dB in {sum(d <= most for d in old)} of {len(old)}")
    truth = {(row["case"], row["preset"]): row["truth"] for row in rows}
    for cheap, dear in (("fast", "balanced"), ("balanced", "best")):
        gains = [(truth[case, dear] - truth[case, cheap], case) for case, preset in truth
                 if preset == dear and (case, cheap) in truth]
        judge(f"{dear} at least {cheap} - 0.05 dB", sum(gain >= -0.05 for gain, _ in gains), len(gains), 1)
        for gain, case in sorted(gains):
            if gain < -0.05:
                print(f"  {case}: {gain:.2f} dB")
    return fine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", nargs="+", metavar="FILE[@FROM-TO]", help="clips of your own, or frames of them")
    parser.add_argument("--preset", default=",".join(PRESETS), help="by default %(default)s")
    parser.add_argument("--kinds", default=",".join(STILL + OTHER), help="of holes, by default %(default)s")
    parser.add_argument("--seed", default="1", help="one or several, by default %(default)s")
    parser.add_argument("--options", default="", help="more options of the tool, such as '--grain 0'")
    parser.add_argument("--save", metavar="FILE", help="JSON of all rows; what it has already is not computed again")
    options = parser.parse_args()
    tool.need_tool()
    clips = [named(text) for text in options.clip] if options.clip else [
        media.Clip(name, media.public_file(clip.path), 0, {"carphone": 120, "bikes": 250, "bigbuckbunny": 132}[name])
        for name, clip in media.PUBLIC.items()]
    rows = []
    if options.save and os.path.exists(options.save):
        with open(options.save) as file:
            rows = json.load(file)
    done = {(row["case"], row["seed"], row["preset"]) for row in rows}
    print("| case | preset | missing | truth, dB | hold-out | expected | range |\n|---|---|---|---|---|---|---|", flush=True)
    for seed in map(int, options.seed.split(",")):
        for clip in clips:
            for kind in options.kinds.split(","):
                with tempfile.TemporaryDirectory() as folder:
                    case = Case(clip, kind, seed, folder)
                    for preset in options.preset.split(","):
                        if (case.name, seed, preset) in done:
                            continue
                        try:
                            row = dict(case.restore(preset, options.options.split()), seed=seed)
                        except tool.Failed as failure:
                            raise SystemExit(f"honest.py: {case.name}: {failure}") from None
                        rows.append(row)
                        texts = ["-" if row[k] is None else f"{row[k]:.2f}" for k in ("truth", "holdout", "expected", "low", "high")]
                        print(f"| {case.name} | {preset} | {100 * case.share:.2f} % | {texts[0]} | {texts[1]} | {texts[2]} | "
                              f"{texts[3]} to {texts[4]} |", flush=True)
                        if options.save:
                            with open(options.save, "w") as file:
                                json.dump(rows, file, indent=1)
    sys.exit(0 if verdict(rows) else 1)


def named(text):
    """A clip of a file, or of frames FROM to TO of it."""
    path, _, part = text.partition("@")
    stem = os.path.splitext(os.path.basename(path))[0]
    if part:
        first, last = map(int, part.split("-"))
        return media.Clip(f"{stem}@{part}", path, first, last - first + 1)
    count = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of",
         "csv=p=0", path], capture_output=True, text=True, check=True).stdout.strip().rstrip(",")
    return media.Clip(stem, path, 0, int(count))


if __name__ == "__main__":
    main()
