"""What Spark needs and may not be there: pyspark, and a Java it runs on. Knows nothing of either but whether it is there."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from kg.errors import EngineError

_JAVA = 17  # the oldest that Spark 4 runs on
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def check() -> None:
    """Do nothing where Spark can be started; EngineError with what to install where it cannot."""
    if find_spec("pyspark") is None:
        raise EngineError("Spark is not installed; type `pip install 'corporate-statement-kg[spark]'`, in a clone `pip install '.[spark]'`")
    java = _java()
    if java is None:
        raise EngineError(
            f"Spark needs Java {_JAVA} or newer, and there is none; "
            "on Debian type `apt-get install openjdk-17-jre-headless`, elsewhere install one and set JAVA_HOME"
        )
    version = version_of(subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr)
    if version is not None and version < _JAVA:
        raise EngineError(f"Spark needs Java {_JAVA} or newer, and {java} is {version}; set JAVA_HOME to a newer one")


def _java() -> str | None:
    """Return the program that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    if home:
        program = Path(home) / "bin" / "java"
        return str(program) if program.is_file() else None
    return shutil.which("java")


def version_of(told: str) -> int | None:
    """Return the version in what `java -version` prints, None where there is none in it.

    >>> version_of('openjdk version "17.0.15" 2025-04-15'), version_of('java version "1.8.0_402"'), version_of("?")
    (17, 8, None)
    """
    found = _VERSION.search(told)
    return int(found[1]) if found else None
