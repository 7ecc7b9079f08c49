"""A session of Spark, from its start to its end."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from kg.errors import EngineError

_LOG = Path(__file__).with_name("log4j2.properties")
_LOOPBACK = "127.0.0.1"
_RAISED = re.compile(r"[\w.]+(?:Error|Exception|Interrupt|Exit)\b")  # the line of a trace that names the error
_REASON = 300  # characters of what Spark says of a failure
_ALONE = {
    "spark.driver.bindAddress": _LOOPBACK,
    "spark.driver.host": _LOOPBACK,
    "spark.ui.enabled": "false",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOG.as_uri()}",
    "spark.executor.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOG.as_uri()}",
}  # of a session all of whose processes are on this machine


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """Start Spark and end it; EngineError where it cannot be started or gives up.

    On one machine (`local…`) nothing listens but on the loopback interface. A cluster's own settings are those of spark-defaults.conf.
    """
    builder = SparkSession.builder.appName("kg build").master(master)
    builder = builder.config("spark.executorEnv.OPENBLAS_NUM_THREADS", "1").config("spark.ui.showConsoleProgress", "false")
    if master.startswith("local"):
        os.environ["SPARK_LOCAL_IP"] = os.environ["SPARK_LOCAL_HOSTNAME"] = _LOOPBACK
        os.environ["PYSPARK_PYTHON"] = sys.executable
        for key, value in _ALONE.items():
            builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        raise EngineError(f"Spark cannot be started at {master!r} ({_said(error)}); check --master") from error
    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark gave up ({_said(error)}); nothing was replaced, and the same command begins again") from error
    finally:
        spark.stop()


def _said(error: Exception) -> str:
    """Return what an error says: of one in Python on an executor its last line, of others the first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    traces = [number for number, line in enumerate(lines) if "Traceback (most recent" in line]
    if traces:
        after = (line for line in lines[traces[0] + 1 :] if not line.startswith(("File ", "at ", "^")))
        raised = [line for line in after if _RAISED.match(line)]
        lines = raised[:1] or lines
    told = [line.removeprefix(": ") for line in lines if not line.startswith("An error occurred while calling")]
    return (told[0] if told else repr(error))[:_REASON]
