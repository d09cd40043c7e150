#!/usr/bin/env python3
"""A plan whose readers, workers and merges are killed at random: test_plan_kills.py TOOL FOLDER [SEED [ROUNDS]].

Three processes take inputs of its draft, and pieces of it, or a shard each, and each is killed some times in the middle. What comes
out must be what an uninterrupted run writes, byte by byte, and no window may be left over. Rounds begin with nothing of those
before; every second one has shards instead of claims.
"""
import array
import hashlib
import json
import math
import pathlib
import random
import shutil
import subprocess
import sys
import time

WORKERS = 3
READER_KILLS = 4
KILLS = 8
MERGE_KILLS = 3
BATCH = """version: 1
defaults:
  solve: {preset: fast, window: {frames: 12, overlap: 4}}
jobs:
  - name: clips
    inputs: "in/[abc].*"
    mask: {rects: [{x: 60, y: 40, w: 24, h: 16}]}
    output: "out/{stem}.mkv"
    encode: {lossless: true}
  - name: dirt
    inputs: in/d.mkv
    mask: {detect: [dirt]}
    output: "out/{stem}.mkv"
    encode: {lossless: true}
  - {name: volume, inputs: in/v.npy, mask: {boxes: "10,8,4,6,6,9"}, output: "out/{name}"}
"""
OUTPUTS = 5


def fail(sentence):
    sys.exit(f"test-plan-kills: {sentence}")


def clip(path, frames, *encoder, spots=""):
    source = f"testsrc2=s=160x96:r=25,noise=alls=8:allf=t:all_seed=1{spots}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", str(frames)]
    subprocess.run(command + list(encoder) + ["-pix_fmt", "yuv420p", str(path)], check=True)


def volume(path, depth=26, height=24, width=28):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({depth}, {height}, {width}), }}"
    header = header.ljust(128 - 10 - 1) + "\n"
    chance = random.Random(3)
    voxels = array.array("f", (
        1000 + 200 * math.sin(x / 5) + 150 * math.cos(y / 7 + z / 9) + chance.gauss(0, 5)
        for z in range(depth) for y in range(height) for x in range(width)))
    if sys.byteorder == "big":
        voxels.byteswap()
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + voxels.tobytes())


def inputs(folder):
    (folder / "in").mkdir(parents=True)
    clip(folder / "in" / "a.mkv", 70, "-c:v", "libx264", "-g", "25", "-bf", "3")
    clip(folder / "in" / "b.mp4", 36, "-c:v", "libx264", "-g", "250")
    clip(folder / "in" / "c.ts", 30, "-c:v", "mpeg2video", "-g", "12", "-bf", "2")
    clip(folder / "in" / "d.mkv", 24, "-c:v", "ffv1", spots=",drawbox=60:30:4:4:white:fill:enable='eq(mod(n,7),3)'")
    volume(folder / "in" / "v.npy")
    (folder / "batch.yaml").write_text(BATCH)


def outputs(folder):
    files = [path for path in (folder / "out").rglob("*") if path.suffix in (".mkv", ".npy")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Round:
    """One plan, from its draft to its outputs."""

    def __init__(self, tool, folder, chance):
        self.tool, self.folder, self.chance = str(tool), folder, chance

    def run(self, *arguments):
        return subprocess.run([self.tool, *arguments], cwd=self.folder, capture_output=True, text=True)

    def work(self, arguments, most, longest):
        """Has processes do all of a plan, and kills some; returns how many. Each gets its arguments by its number."""
        def start(number):
            command = [self.tool, "run", "--threads", "1", *arguments(number)]
            return subprocess.Popen(
                command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        workers = [start(number) for number in range(WORKERS)]
        kills = 0
        while kills < most and any(process.poll() is None for process in workers):
            time.sleep(self.chance.uniform(0.05, longest))
            victim = self.chance.randrange(WORKERS)
            if workers[victim].poll() is not None:
                continue
            workers[victim].kill()
            workers[victim].communicate()
            kills += 1
            workers[victim] = start(victim)
        for number, process in enumerate(workers):
            message = process.communicate()[1]
            if process.returncode != 0:
                fail(f"a process at {arguments(number)} ended with {process.returncode}: {message}")
        return kills

    def merge(self):
        """Merges in the end; returns how many merges were killed before."""
        kills = 0
        for _ in range(MERGE_KILLS):
            merge = subprocess.Popen(
                [self.tool, "merge", "plan.json", "--progress", "none"], cwd=self.folder, stderr=subprocess.DEVNULL)
            time.sleep(self.chance.uniform(0.02, 1))
            if merge.poll() is None:
                merge.kill()
                kills += 1
            merge.wait()
        merged = self.run("merge", "plan.json", "--progress", "none")
        if merged.returncode != 0:
            fail(f"the merge ended with {merged.returncode}: {merged.stderr}")
        return kills

    def perform(self, is_claimed):
        """Returns kills of readers, workers and merges."""
        shutil.rmtree(self.folder / ".inrr-video", ignore_errors=True)
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        for file in self.folder.glob("*.json*"):
            file.unlink()

        def claims(plan):
            return lambda _: ["--plan", plan, "--claim", "--claim-timeout", "12"]

        if self.run("plan", "batch.yaml", "--draft", "-o", "draft.json").returncode != 0:
            fail("no draft")
        readers = self.work(claims("draft.json"), self.chance.randint(1, READER_KILLS), 0.5)
        planned = self.run("plan", "--from", "draft.json", "-o", "plan.json")
        if planned.returncode != 0:
            fail(f"no plan: {planned.stderr}")
        plan = json.loads((self.folder / "plan.json").read_text())
        # Pieces of a window, or of a few.
        plan["piece_cost"] = self.chance.choice([0.01, 0.3, 1])
        (self.folder / "plan.json").write_text(json.dumps(plan))
        work = claims("plan.json") if is_claimed else lambda n: ["--plan", "plan.json", "--shard", f"{n}/{WORKERS}"]
        workers = self.work(work, self.chance.randint(3, KILLS), 1)
        status = json.loads(self.run("status", "plan.json", "--json").stdout)
        if status["units_left"] != 0:
            fail(f"units are left: {status}")
        return [readers, workers, self.merge()]


def main(tool, folder, seed, rounds):
    chance = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    whole, killed = folder / "whole", folder / "killed"
    inputs(whole)
    shutil.copytree(whole, killed)
    alone = Round(tool, whole, chance).run("run", "batch.yaml", "--progress", "none")
    if alone.returncode != 0:
        fail(f"the uninterrupted run failed: {alone.stderr}")
    wanted = outputs(whole)
    if len(wanted) != OUTPUTS:
        fail(f"the uninterrupted run wrote {sorted(wanted)}")
    kills = [0, 0, 0]
    for number in range(rounds):
        start = time.monotonic()
        is_claimed = number % 2 == 0
        now = Round(tool, killed, chance).perform(is_claimed)
        if outputs(killed) != wanted:
            fail(f"outputs differ in round {number}: {outputs(killed)}, {wanted}")
        left = [str(path) for path in (killed / ".inrr-video" / "windows").rglob("*")]
        left += [str(path) for path in (killed / "out").iterdir() if path.name.startswith(".")]
        if left:
            fail(f"files are left over: {left}")
        kills = [sum(pair) for pair in zip(kills, now)]
        print(
            f"round {number + 1}, {'claims' if is_claimed else 'shards'}: {now[0]}, {now[1]} and {now[2]} kills, "
            f"{time.monotonic() - start:.0f} s", flush=True)
    print(
        f"test-plan-kills: {rounds} rounds of {OUTPUTS} inputs, {kills[0]} kills of {WORKERS} readers, {kills[1]} of {WORKERS} workers "
        f"and {kills[2]} of merges: the outputs are those of one run, byte by byte")
    shutil.rmtree(folder)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        fail("usage: test_plan_kills.py TOOL FOLDER [SEED [ROUNDS]]")
    seed, rounds = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((3, 1), (4, 2)))
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), seed, rounds)
