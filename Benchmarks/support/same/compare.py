"""What two folders of results differ in: decoded samples and times of media, figures of JSON, bytes of all else."""
import gzip
import hashlib
import json
import os
import re
import subprocess

MEDIA = (".mkv", ".mp4", ".mov", ".png", ".gif", ".jpg")
# Keys whose values the clock, the machine or the build's own name decide; times of frames are none of them.
VOLATILE = {"seconds", "peak_memory_bytes", "tool", "version", "settingsHash"}
# Titles of columns that are.
MEASURED = re.compile(r"seconds|memory|^ ?s ?$")
# Keys that one build has and the other has not, and that were asked to be passed over.
ignored = set()
# Kept for the next run only: the names in it hold digests of settings and of the build.
PRIVATE = re.compile(r"(^|/)(work|\.inrr-video)(/|$)")


def files(folder):
    found = []
    for path, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(path, name), folder) for name in names]
    return sorted(name for name in found if not PRIVATE.search(name))


def frames(path):
    """A line for each frame of each stream, times and a hash of the decoded samples; and how many complaints there were."""
    run = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0", "-f", "framemd5", "-"],
                         capture_output=True, text=True)
    return [line for line in run.stdout.splitlines() if not line.startswith("#software")] + [
        f"{len(run.stderr.splitlines())} complaints"]


def figures(value, folder):
    """JSON without what may differ from run to run, and without the folder's name."""
    if isinstance(value, dict):
        return {key: figures(item, folder) for key, item in value.items()
                if key not in VOLATILE and key not in ignored}
    if isinstance(value, list):
        return [figures(item, folder) for item in value]
    return value.replace(folder, "") if isinstance(value, str) else value


def first_difference(a, b, place=""):
    """Where two JSON values differ, in words; None if nowhere."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(a.keys() | b.keys()):
            if key not in a or key not in b:
                return f"{place}.{key} is in {'the second' if key in b else 'the first'} only"
            found = first_difference(a[key], b[key], f"{place}.{key}")
            if found:
                return found
        return None
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return next(filter(None, (first_difference(x, y, f"{place}[{k}]") for k, (x, y) in enumerate(zip(a, b)))), None)
    # NaN is itself here.
    return None if a == b or (a != a and b != b) else f"{place}: {a} and {b}"


def difference(name, folders):
    """What is different in a file of two folders, in words; None if nothing."""
    a, b = (os.path.join(folder, name) for folder in folders)
    lower = name.lower()
    if lower.endswith(MEDIA):
        one, other = frames(a), frames(b)
        if one == other:
            return None
        lines = [k for k, (x, y) in enumerate(zip(one, other)) if x != y]
        return f"{len(lines)} of {len(one)} lines of its frames differ, {len(other)} in the second"
    with open(a, "rb") as x, open(b, "rb") as y:
        one, other = x.read(), y.read()
    if lower.endswith(".json"):
        return first_difference(*(figures(json.loads(data), folder) for data, folder in zip((one, other), folders)))
    if lower.endswith(".gz"):
        one, other = gzip.decompress(one), gzip.decompress(other)
    if lower.endswith(".html"):
        pages = [page(data.decode(errors="replace"), folder) for data, folder in zip((one, other), folders)]
        return first_difference(pages[0][1], pages[1][1]) or text_difference(pages[0][0], pages[1][0])
    if lower.endswith((".csv", ".md", ".js", ".css", ".txt", ".svg")):
        return text_difference(*(data.decode(errors="replace").replace(folder, "")
                                 for data, folder in zip((one, other), folders)), is_csv=lower.endswith(".csv"))
    if one == other:
        return None
    return f"{hashlib.sha256(one).hexdigest()[:12]} and {hashlib.sha256(other).hexdigest()[:12]} by their bytes"


def page(text, folder):
    """A page of HTML apart from the figures that its script reads, and those."""
    found = re.search(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', text, re.S)
    if not found:
        return text.replace(folder, ""), None
    rest = text[:found.end(1)] + text[found.start(3):]
    return rest.replace(folder, ""), figures(json.loads(found.group(2)), folder)


def table(lines, separator):
    """Rows of a table without the columns of seconds and memory; the first row has the titles."""
    rows = [line.split(separator) for line in lines]
    kept = [k for k, title in enumerate(rows[0]) if not MEASURED.search(title)] if rows else []
    return [separator.join(row[k] for k in kept if k < len(row)) for row in rows]


def text_difference(one, other, is_csv=False):
    """Seconds and sizes of memory aside."""
    def plain(text):
        if is_csv:
            return table(text.splitlines(), ",")
        rows = [line for line in text.splitlines() if line.startswith("|")]
        if rows:
            text = "\n".join(table(rows, "|") + [line for line in text.splitlines() if not line.startswith("|")])
        text = re.sub(r"\d+(\.\d+)? ?(ms|s|seconds|min|frames/s|MiB|GiB)\b", "N", text)
        return text.splitlines()

    lines = zip(plain(one), plain(other))
    found = next(((x, y) for x, y in lines if x != y), None)
    if found:
        return f"'{found[0][:120]}' and '{found[1][:120]}'"
    return None if len(plain(one)) == len(plain(other)) else "another number of lines"
