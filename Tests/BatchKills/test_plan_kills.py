#!/usr/bin/env python3
"""A plan whose readers, workers and merges are killed at random: test_plan_kills.py TOOL FOLDER [SEED].

Three processes take inputs of its draft, and pieces of it, at a time, and each is killed some times in the middle. What comes out must be what an
uninterrupted run writes, byte by byte, and no window may be left over.
"""
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

WORKERS = 3
READER_KILLS = 8
KILLS = 12
MERGE_KILLS = 3
BATCH = """version: 1
defaults:
  solve: {preset: fast, window: {frames: 12, overlap: 4}}
  mask: {rects: [{x: 60, y: 40, w: 24, h: 16}]}
jobs:
  - {name: clips, inputs: "in/*.*", output: "out/{stem}.mkv", encode: {lossless: true}}
"""


def fail(sentence):
    sys.exit(f"test-plan-kills: {sentence}")


def clip(path, frames, *encoder):
    source = "testsrc2=s=192x128:r=25,noise=alls=8:allf=t:all_seed=1"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", str(frames)]
    subprocess.run(command + list(encoder) + ["-pix_fmt", "yuv420p", str(path)], check=True)


def outputs(folder):
    files = [path for path in (folder / "out").rglob("*.mkv") if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main(tool, folder, seed):
    chance = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    whole, killed = folder / "whole", folder / "killed"
    (whole / "in").mkdir(parents=True)
    clip(whole / "in" / "a.mkv", 240, "-c:v", "libx264", "-g", "25", "-bf", "3")
    clip(whole / "in" / "b.mp4", 130, "-c:v", "libx264", "-g", "250")
    clip(whole / "in" / "c.ts", 90, "-c:v", "mpeg2video", "-g", "12", "-bf", "2")
    (whole / "batch.yaml").write_text(BATCH)
    shutil.copytree(whole, killed)

    def run(*arguments, cwd=killed):
        return subprocess.run([str(tool), *arguments], cwd=cwd, capture_output=True, text=True)

    if run("run", "batch.yaml", "--progress", "none", cwd=whole).returncode != 0:
        fail("the uninterrupted run failed")
    def claim(plan):
        command = [str(tool), "run", "--plan", plan, "--claim", "--claim-timeout", "12", "--threads", "1"]
        return subprocess.Popen(command, cwd=killed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def work(plan, most, longest):
        """Has processes claim all of a plan, and kills some; returns how many."""
        workers = [claim(plan) for _ in range(WORKERS)]
        kills = 0
        while kills < most and any(process.poll() is None for process in workers):
            time.sleep(chance.uniform(0.1, longest))
            victim = chance.randrange(WORKERS)
            if workers[victim].poll() is not None:
                continue
            workers[victim].kill()
            workers[victim].wait()
            kills += 1
            workers[victim] = claim(plan)
        for process in workers:
            message = process.communicate()[1]
            if process.returncode != 0:
                fail(f"a process at {plan} ended with {process.returncode}: {message}")
        return kills

    if run("plan", "batch.yaml", "--draft", "-o", "draft.json").returncode != 0:
        fail("no draft")
    readers = work("draft.json", READER_KILLS, 0.5)
    planned = run("plan", "--from", "draft.json", "-o", "plan.json")
    if planned.returncode != 0:
        fail(f"no plan: {planned.stderr}")
    plan = json.loads((killed / "plan.json").read_text())
    # Pieces of a few windows.
    plan["piece_cost"] = 1
    (killed / "plan.json").write_text(json.dumps(plan))
    start = time.monotonic()
    kills = work("plan.json", KILLS, 1.5)
    status = json.loads(run("status", "plan.json", "--json").stdout)
    if status["units_left"] != 0:
        fail(f"units are left: {status}")
    spent = time.monotonic() - start
    merges = 0
    for _ in range(MERGE_KILLS):
        merge = subprocess.Popen(
            [str(tool), "merge", "plan.json", "--progress", "none"], cwd=killed, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.05, 0.8))
        if merge.poll() is None:
            merge.kill()
            merges += 1
        merge.wait()
    merged = run("merge", "plan.json", "--progress", "none")
    if merged.returncode != 0:
        fail(f"the merge ended with {merged.returncode}: {merged.stderr}")
    if outputs(killed) != outputs(whole) or len(outputs(whole)) != 3:
        fail(f"outputs differ: {outputs(killed)}, {outputs(whole)}")
    left = [str(path) for path in (killed / ".inrr-video" / "windows").rglob("*")]
    left += [str(path) for path in (killed / "out").iterdir() if path.name.startswith(".")]
    if left:
        fail(f"files are left over: {left}")
    print(
        f"test-plan-kills: {status['units']} units of 3 inputs, {readers} kills of {WORKERS} readers, {kills} of {WORKERS} workers "
        f"in {spent:.0f} s and {merges} of merges: the outputs are those of one run, byte by byte")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
