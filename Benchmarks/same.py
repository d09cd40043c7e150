#!/usr/bin/env python3
"""Says where two builds of the tool differ in what they make: same.py OLD NEW, two executables.

Runs both over small cases of all kinds (presets, models, penalties, masks, pixel formats, fields, volumes, batches, shards,
evaluation, inspection, experiments, refusals) and compares exit codes, decoded samples with their times, volumes' bytes,
and the figures of reports and of standard output, times and memory aside. Silent but for a closing line where all is the
same; exit status 1 where anything differs. Needs numpy and ffmpeg. With --seconds the time of each case is printed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
try:
    from support.same import cases, compare, inputs
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy")


def run(tool, case, folder):
    """Runs a case in an empty folder; exit codes, what was printed, and seconds."""
    os.makedirs(folder)
    codes, printed, errors, start = [], [], [], time.monotonic()
    for arguments in case.runs:
        given = [argument.replace("$PWD", folder) for argument in arguments]
        done = subprocess.run([tool, *given], cwd=folder, capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL)
        codes.append(done.returncode)
        printed.append(done.stdout)
        errors.append(done.stderr)
    return codes, printed, errors, time.monotonic() - start


def printed_difference(texts, folders):
    """What two outputs of one command differ in; JSON by its figures."""
    try:
        return compare.first_difference(*(compare.figures(json.loads(t), f) for t, f in zip(texts, folders)))
    except ValueError:
        return compare.text_difference(*(text.replace(folder, "") for text, folder in zip(texts, folders)))


def differences(case, tools, scratch):
    name = "".join(c if c.isalnum() else "-" for c in case.name)
    folders = [os.path.join(scratch, side, name) for side in ("old", "new")]
    (codes, printed, errors, seconds), other = (run(tool, case, folder) for tool, folder in zip(tools, folders))
    found = []
    for k, arguments in enumerate(case.runs):
        command = " ".join(arguments)
        if codes[k] != other[0][k]:
            said = other[2][k].strip().splitlines()[-1:] or [""]
            found.append(f"exit code {codes[k]} became {other[0][k]} ({said[0]}): {command}")
        text = printed_difference((printed[k], other[1][k]), folders)
        if text:
            found.append(f"standard output: {text}: {command}")
    lists = [compare.files(folder) for folder in folders]
    for file in sorted(set(lists[0]) ^ set(lists[1])):
        found.append(f"{file} was written by {'the first' if file in lists[0] else 'the second'} only")
    for file in sorted(set(lists[0]) & set(lists[1])):
        text = compare.difference(file, folders)
        if text:
            found.append(f"{file}: {text}")
    return found, (seconds, other[3]), codes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", help="an executable")
    parser.add_argument("new", help="another one")
    parser.add_argument("--only", default="", help="cases whose names hold one of these, by commas")
    parser.add_argument("--keep", metavar="FOLDER", help="keeps inputs and results there; it must not exist")
    parser.add_argument("--ignore", default="", help="keys of reports that are passed over, by commas")
    parser.add_argument("--seconds", action="store_true", help="prints exit codes and the seconds of each case")
    given = parser.parse_args()
    compare.ignored = set(given.ignore.split(","))
    tools = [os.path.abspath(given.old), os.path.abspath(given.new)]
    for tool in tools:
        if not os.access(tool, os.X_OK):
            raise SystemExit(f"same.py: {tool} is no executable")
    chosen = [c for c in cases.all_cases() if not given.only or any(t in c.name for t in given.only.split(","))]
    if not chosen:
        raise SystemExit(f"same.py: no case's name holds {given.only}")
    scratch = os.path.abspath(given.keep) if given.keep else tempfile.mkdtemp()
    count = 0
    try:
        os.makedirs(os.path.join(scratch, "inputs"))
        inputs.make_all(os.path.join(scratch, "inputs"))
        for case in chosen:
            found, seconds, codes = differences(case, tools, scratch)
            count += bool(found)
            for text in found:
                print(f"{case.name}: {text}", flush=True)
            if given.seconds:
                print(f"{case.name}: {seconds[0]:.1f} s, {seconds[1]:.1f} s, codes {codes}", flush=True)
    finally:
        if not given.keep:
            shutil.rmtree(scratch)
    print(f"same.py: {count} of {len(chosen)} cases differ" if count else f"same.py: all {len(chosen)} cases are the same")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
