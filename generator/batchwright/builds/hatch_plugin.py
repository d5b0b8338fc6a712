"""The build hook of hatchling: `[tool.hatch.build.hooks.batchwright]`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

from batchwright.builds import BuildStopped, generate_for

# What means something in the patterns of a .gitignore.
_SPECIAL = re.compile(r"([\\*?\[\]!# ])")


class BatchwrightBuildHook(BuildHookInterface[BuilderConfig]):
    """Generates the package of `[tool.batchwright]` before anything is collected."""

    PLUGIN_NAME = "batchwright"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the package up to date, and make it a part of what is built.

        It is one of the artifacts, which hatchling includes though they be ignored by
        version control.
        """
        try:
            built = generate_for(Path(self.root))
        except BuildStopped as stopped:
            self.app.abort(str(stopped))
        files = built.generated
        if self.target_name == "sdist":
            files = (*files, *built.kept, *built.sources)
        else:
            self._leave_out(built.kept)
        build_data["artifacts"] += map(_pattern, files)

    def _leave_out(self, files: Iterable[str]) -> None:
        """Add to what the project excludes; hatchling has not looked at that yet."""
        config = self.build_config
        excluded = config.build_config.get("exclude", config.default_exclude())
        excluded = config.target_config.get("exclude", excluded)
        config.target_config["exclude"] = [*excluded, *map(_pattern, files)]


def _pattern(file: str) -> str:
    """The pattern that matches a file of the project, and nothing else."""
    return "/" + _SPECIAL.sub(r"\\\1", file)


@hookimpl
def hatch_register_build_hook() -> type[BatchwrightBuildHook]:
    """What hatchling asks its plugins for."""
    return BatchwrightBuildHook
