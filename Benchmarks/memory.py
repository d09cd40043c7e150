#!/usr/bin/env python3
"""Checks on a 1280 x 720 clip with a logo that memory does not grow with length, nor the result change with threads.

Restores the clip at one and at ten times its length (played again and again), measures the peak memory of the
process, and compares the results of one and of two threads byte by byte. Exit status 1 where peak memory grows by more
than --allowed, or the files differ. The short clip spans several windows: before the second one is solved, memory has
not reached its full size.
"""
import argparse
import filecmp
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    from support import media, tool
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")


def clip(source, path, frames, times):
    """A lossy 1280 x 720 clip of so many frames, `times` over. Short groups of pictures, as broadcasts have."""
    once = path + ".once.mkv"
    common = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-g", "24", "-threads", "1", "-an"]
    ffmpeg = ["ffmpeg", "-v", "error", "-y"]
    subprocess.run([*ffmpeg, "-i", source, "-vf", "scale=1280:720", "-frames:v", str(frames), *common, once], check=True)
    subprocess.run([*ffmpeg, "-stream_loop", str(times - 1), "-i", once, "-c", "copy", path], check=True)
    os.remove(once)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", metavar="FILE", help="another clip than the public bigbuckbunny")
    parser.add_argument("--frames", type=int, default=96, help="frames of the short clip, by default %(default)s")
    parser.add_argument("--times", type=int, default=10, help="length of the long clip, by default %(default)s")
    parser.add_argument("--logo", default="1080,40,140,60", help="x,y,w,h, by default %(default)s")
    parser.add_argument("--preset", default="fast", help="by default %(default)s")
    parser.add_argument("--allowed", type=float, default=0.1, help="growth allowed, by default %(default)s of the peak")
    parser.add_argument("--folder", help="where clips and results go, by default a temporary folder")
    options = parser.parse_args()
    tool.need_tool()
    source = options.clip or media.public_clip("bigbuckbunny").path

    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        def restore(name, times, threads):
            path = os.path.join(folder, f"clip{times}.mkv")
            if not os.path.exists(path):
                clip(source, path, options.frames, times)
            result = os.path.join(folder, name + ".mkv")
            usage = tool.watched([
                path, "--mask-rect", options.logo, "-o", result, "--lossless", "--preset", options.preset,
                "--threads", str(threads), "--progress", "none"])
            print(f"| {options.frames * times} | {threads} | {usage['seconds']:.1f} | {usage['peak'] / 2 ** 20:.0f} |",
                  flush=True)
            return result, usage["peak"]

        print("| frames | threads | seconds | peak MiB |\n|---|---|---|---|", flush=True)
        try:
            one, _ = restore("one", 1, 1)
            two, short = restore("two", 1, 2)
            same = filecmp.cmp(one, two, shallow=False)
            os.remove(one)
            os.remove(two)
            _, long = restore("long", options.times, 2)
        except tool.Failed as failure:
            print(f"memory.py: {failure}", file=sys.stderr)
            sys.exit(1)
    growth = long / short - 1
    print(f"\nPeak memory at {options.times} times the length: {growth:+.1%}. "
          f"Results of one and two threads: {'identical' if same else 'DIFFERENT'}.")
    sys.exit(0 if same and growth <= options.allowed else 1)


if __name__ == "__main__":
    main()
