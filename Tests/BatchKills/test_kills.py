#!/usr/bin/env python3
"""A batch of thirty inputs, four of them bad, that is killed five times: test_kills.py TOOL FOLDER [SEED].

What comes out must be what an uninterrupted run writes, byte by byte, and nothing may be left half written.
"""
import collections
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

import clips

KILLS = 5
BATCH = """version: 1
defaults:
  solve: {preset: fast, window: {frames: 12, overlap: 4}}
  mask: {rects: [{x: 60, y: 40, w: 24, h: 16}]}
jobs:
  - name: clips
    inputs: "in/*.*"
    exclude: ["in/b4*"]
    output: "out/{stem}.restored{ext}"
    metrics: "out/{stem}.json"
    override: [{match: "*_lossless*", encode: {lossless: true}}]
  - {name: mismatch, inputs: in/b4_mask.mp4, mask: {file: "masks/{stem}.png"}, output: "out/{name}"}
  - {name: pictures, inputs: "in/png/f_%04d.png", output: "out/png/r_%04d.png"}
  - {name: deep, inputs: "in/tiff/f_%03d.tiff", output: out/tiff.mkv, encode: {codec: ffv1}}
run: {report: report.json, parallel: 2}
"""
EXPECTED = {("done", 0): 26, ("failed", 2): 1, ("failed", 3): 3}


def fail(sentence):
    sys.exit(f"test-kills: {sentence}")


def outputs(folder):
    """Hashes of whatever lies in the folder of outputs, by name."""
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def is_video(name):
    """Reports have times in them, which differ."""
    return not name.endswith(".json") or name.endswith(".inrr.json")


def check_report(folder, code):
    if code != 1:
        fail(f"the exit code of a batch with failures is {code}, not 1")
    inputs = json.loads((folder / "report.json").read_text())["inputs"]
    # What an interrupted run finished is skipped by the next.
    counts = collections.Counter(
        ("done" if entry["status"] == "skipped" else entry["status"], entry["exit_code"]) for entry in inputs
    )
    if counts != EXPECTED:
        fail(f"the report has {dict(counts)}, not {EXPECTED}")
    left = sorted(str(path) for path in (folder / ".inrr-video" / "windows").rglob("*"))
    if left:
        fail(f"the work folder keeps {left}")
    return sum(entry["windows_kept"] for entry in inputs)


def main(tool, folder, seed):
    chance = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    whole, killed = folder / "whole", folder / "killed"
    whole.mkdir(parents=True)
    clips.make(whole)
    (whole / "batch.yaml").write_text(BATCH)
    shutil.copytree(whole, killed)
    command = [str(tool), "run", "batch.yaml", "--progress", "none"]

    start = time.monotonic()
    code = subprocess.run(command, cwd=whole, stderr=subprocess.DEVNULL).returncode
    seconds = time.monotonic() - start
    check_report(whole, code)
    wanted = outputs(whole)

    for kill in range(1, KILLS + 1):
        process = subprocess.Popen(command, cwd=killed, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.05, 0.3) * seconds)
        process.kill()
        process.wait()
        found = outputs(killed) if (killed / "out").exists() else {}
        complete = [name for name in found if is_video(name) and name in wanted]
        for name in complete:
            if found[name] != wanted[name]:
                fail(f"{name} is half written after kill {kill}")
        print(f"killed {kill}: {len(complete)} of {len([name for name in wanted if is_video(name)])} files are there")

    code = subprocess.run(command, cwd=killed, stderr=subprocess.DEVNULL).returncode
    kept = check_report(killed, code)
    found = outputs(killed)
    if set(found) != set(wanted):
        fail(f"other files than of an uninterrupted run: {sorted(set(found) ^ set(wanted))}")
    differing = [name for name in wanted if is_video(name) and found[name] != wanted[name]]
    if differing:
        fail(f"other bytes than of an uninterrupted run: {differing}")
    print(f"test-kills: {len(wanted)} files as of an uninterrupted run ({seconds:.0f} s); {kept} windows were kept")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        fail("usage: test_kills.py TOOL FOLDER [SEED]")
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    print(f"test-kills: seed {seed}")
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), seed)
