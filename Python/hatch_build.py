"""Puts the tool into the wheel where INRR_VIDEO_BINARY names it; such a wheel is for one kind of machine."""

import os
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ToolHook(BuildHookInterface):
    def initialize(self, version, build_data):
        tool = os.environ.get("INRR_VIDEO_BINARY")
        if not tool:
            return
        if not os.access(tool, os.X_OK):
            raise SystemExit(f"INRR_VIDEO_BINARY: {tool} is no program")
        build_data["force_include"][tool] = "inrr_video/bin/inrr-video"
        notices = os.path.join(self.root, "..", "packaging", "copyright")
        build_data["force_include"][notices] = "inrr_video/bin/copyright"
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
