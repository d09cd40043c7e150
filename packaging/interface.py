"""The commands and options of the tool, as it describes them itself: what manual and completions are made from."""

import json
import re
import subprocess


class Option:
    """An option, a flag or an argument of a command."""

    def __init__(self, entry):
        self.kind = entry["kind"]  # "positional", "option" or "flag"
        self.value = entry.get("valueName", "")
        self.text = entry.get("abstract", "").strip()
        self.section = entry.get("sectionTitle") or "Options"
        self.default = entry.get("defaultValue")
        self.is_optional = entry.get("isOptional", True)
        self.is_repeating = entry.get("isRepeating", False)
        self.names = [("--" if n["kind"] == "long" else "-") + n["name"] for n in entry.get("names") or []]
        kind = entry.get("completionKind") or {}
        self.values = next((k["values"] for k in kind.values() if "values" in k), [])

    @property
    def is_list(self):
        """Whether several values are given by commas."""
        return self.value == "kinds"

    @property
    def place(self):
        """Where a value comes from: "file", "folder", or "" for neither."""
        if self.kind == "flag":
            return ""
        if self.value in ("dir", "folder"):
            return "folder"
        is_file = self.kind == "positional" or re.search(r"(^|\|)file\b|\.(json|yaml)$", self.value)
        return "file" if is_file else ""


class Command:
    def __init__(self, entry):
        self.name = entry["commandName"]
        self.abstract = entry.get("abstract", "")
        self.discussion = entry.get("discussion", "")
        self.options = [Option(a) for a in entry.get("arguments") or [] if a.get("shouldDisplay", True)]

    @property
    def arguments(self):
        return [o for o in self.options if o.kind == "positional"]

    @property
    def named(self):
        return [o for o in self.options if o.kind != "positional"]


class Interface:
    """What `tool` says of itself."""

    def __init__(self, tool):
        said = subprocess.run([tool, "--experimental-dump-help"], capture_output=True, text=True, check=True)
        root = json.loads(said.stdout)["command"]
        self.root = Command(root)
        self.default = root["defaultSubcommand"]
        self.commands = [Command(c) for c in root["subcommands"] if c["commandName"] != "help"]
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True)
        self.version = said.stdout.split("\n")[0].split()[-1]

    def command(self, name):
        return next(c for c in self.commands if c.name == name)
