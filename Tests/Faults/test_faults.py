#!/usr/bin/env python3
"""test_faults.py TOOL FOLDER [MOST]: makes one call of the system after the other fail, in a short restoration and a short batch.

After each fault an output is complete, byte by byte as without the fault, or not there; the exit code is a documented one; and
what a batch had solved is not solved again. Calls that write, synchronise and rename fail one by one; of all others MOST of a kind
(standard: 60), spread over the run.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
tool, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
most = int(sys.argv[3]) if len(sys.argv) > 3 else 60

# Nothing may be left under these exit codes but what is complete. A signal is what lack of memory ends the process by, for
# Swift's own allocations do not fail any other way.
DOCUMENTED = {0, 1, 2, 3, 4, 75}
WHOLE = ["write", "sync", "rename"]
SAMPLED = ["read", "open", "memory"]


def run(words, **environment):
    return subprocess.run(
        [tool, *map(str, words)], env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, words)], check=True)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files(root):
    return {str(p.relative_to(root)): digest(p) for p in sorted(root.rglob("*")) if p.is_file()}


class Failure(Exception):
    pass


class Case:
    """A run of the tool in a folder of its own, begun anew for each fault."""

    def __init__(self, name, words, outputs):
        self.name, self.words, self.outputs = name, words, outputs
        self.place = folder / name
        self.fresh()
        result = run([w.format(self.place) for w in words])
        if result.returncode != 0:
            raise Failure(f"{name}: without a fault: {result.stdout}")
        self.wanted = {o: digest(self.place / o) for o in outputs}
        self.survived = 0

    def fresh(self):
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        for clip in ["a.mkv", "b.mkv"]:
            shutil.copy(folder / clip, self.place)
        (self.place / "jobs.yaml").write_text(
            "version: 1\njobs:\n  - {inputs: [a.mkv, b.mkv], output: 'out/{stem}.mkv', mask: {rects: ['24,20,10,8']},"
            " solve: {preset: fast, iterations: 10, window: {frames: 4, overlap: 1}}, encode: {lossless: true}}\n"
            f"run: {{retries: 0, report: {self.place}/report.json, work: {self.place}/work}}\n")

    def go(self, kind, number, lasts=False):
        environment = {"LD_PRELOAD": str(folder / "faults.so"), "FAULT_KIND": kind, "FAULT_NUMBER": str(number),
                       "FAULT_COUNT": str(folder / "count")}
        if lasts:
            environment["FAULT_LASTS"] = "1"
        return run([w.format(self.place) for w in self.words], **environment)

    def count(self, kind):
        self.fresh()
        result = self.go(kind, 0)
        if result.returncode != 0:
            raise Failure(f"{self.name}: {kind} is counted, and nothing fails: {result.stdout}")
        return int((folder / "count").read_text())

    def check(self, kind, number, lasts=False):
        self.fresh()
        label = f"{self.name}, {kind} {number}{' and all later ones' if lasts else ''}"
        result = self.go(kind, number, lasts)
        code = result.returncode
        # Abort, trap, or a fault where memory was asked for.
        crashed = code < 0
        if crashed and kind != "memory":
            raise Failure(f"{label}: ended by signal {-code}: {result.stdout[-600:]}")
        if not crashed and code not in DOCUMENTED:
            raise Failure(f"{label}: exit code {code}: {result.stdout[-600:]}")
        for output in self.outputs:
            path = self.place / output
            if path.exists() and digest(path) != self.wanted[output]:
                raise Failure(f"{label}: {output} is there and is not what it should be ({code}: {result.stdout[-600:]})")
            if code == 0 and not path.exists():
                raise Failure(f"{label}: exit code 0, and {output} is not there: {result.stdout[-600:]}")
        if not crashed:
            left = [f for f in files(self.place) if f.endswith(".partial") or ".partial" in f]
            if left:
                raise Failure(f"{label}: {left} are left ({code}: {result.stdout[-600:]})")
        if code not in (0,) and not crashed and not result.stdout.strip():
            raise Failure(f"{label}: exit code {code} without a word")
        self.goes_on(label)
        self.survived += 1

    def goes_on(self, label):
        """Runs again, without a fault: the same comes out, and what was solved is not solved again."""
        work = self.place / "work"
        kept = {str(p) for p in work.rglob("*.window")} if work.exists() else set()
        unfinished = [o for o in self.outputs if not (self.place / o).exists()]
        if not unfinished and self.name == "restoration":
            return
        words = [w.format(self.place) for w in self.words]
        result = run(words)
        if result.returncode != 0:
            raise Failure(f"{label}: run again: {result.returncode}: {result.stdout[-600:]}")
        for output, wanted in self.wanted.items():
            if digest(self.place / output) != wanted:
                raise Failure(f"{label}: run again, {output} is another")
        if self.name != "batch" or not kept:
            return
        report = json.loads((self.place / "report.json").read_text())
        found = sum(i.get("windows_kept") or 0 for i in report["inputs"])
        if found < len(kept):
            raise Failure(f"{label}: {len(kept)} windows were solved, and {found} of them used")


def main():
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    compiler = shutil.which("clang") or "cc"
    subprocess.run([compiler, "-O1", "-fPIC", "-shared", "-o", folder / "faults.so", HERE / "faults.c", "-ldl"], check=True)
    for name, seed in [("a.mkv", 1), ("b.mkv", 2)]:
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=64x48:r=25,noise=alls=20:all_seed={seed}", "-f", "lavfi", "-i",
               "sine=f=300", "-frames:v", 8, "-t", "0.32", "-c:v", "ffv1", "-c:a", "flac", "-pix_fmt", "yuv420p",
               folder / name)
    cases = [
        Case("restoration",
             ["restore", "{}/a.mkv", "-o", "{}/out.mkv", "--mask-rect", "24,20,10,8", "--preset", "fast", "--iterations",
              "10", "--lossless", "--metrics", "{}/m.json"], ["out.mkv"]),
        Case("batch", ["run", "{}/jobs.yaml"], ["out/a.mkv", "out/b.mkv"]),
    ]
    failures = []
    for case in cases:
        for kind in WHOLE + SAMPLED:
            total = case.count(kind)
            numbers = list(range(1, total + 1)) if kind in WHOLE else sorted({1 + total * i // most for i in range(most)})
            before = case.survived
            for number in numbers:
                for lasts in ([False, True] if kind == "write" else [False]):
                    try:
                        case.check(kind, number, lasts)
                    except Failure as failure:
                        failures.append(str(failure))
                        print(f"FAILED {failure}", flush=True)
            print(f"{case.name}: {kind}: {case.survived - before} faults survived, of {total} calls", flush=True)
    print(f"{sum(c.survived for c in cases)} faults survived, {len(failures)} not")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
