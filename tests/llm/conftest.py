"""What the tests of the model reader share: the samples, a stub that knows their gold statements, and the command."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.cli.options import Ner
from kg.cli.reader import Reader
from kg.extraction.pipeline import Pipeline
from kg.llm.endpoint import Endpoint
from kg.llm.prompt import CHOICES, TEXTS
from kg.model import Document
from kg.reading import Metadata
from tests.llm.stub import Stub, shown

ROOT = Path(__file__).parents[2]
SAMPLES, GOLD = ROOT / "data" / "samples", ROOT / "data" / "gold"


def record(**fields: Any) -> dict[str, Any]:
    """Return a record of an answer, with null where nothing is given."""
    return {name: fields.get(name) for name in (*TEXTS, *CHOICES)}


def gold_records() -> list[dict[str, Any]]:
    """Return the gold statements of all samples as a model would write them."""
    lines = (line for path in sorted(GOLD.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [record(**{name: value for name, value in json.loads(line).items() if name in TEXTS or name in CHOICES}) for line in lines]


def knowing_gold(change: Callable[[dict[str, Any]], dict[str, Any]] = lambda one: one) -> Callable[[dict[str, Any]], str]:
    """Return an answer with the gold statements whose evidence stands in the passage, each changed as told."""
    known = gold_records()

    def answer(body: dict[str, Any]) -> str:
        passage = shown(body)["passage"]
        return json.dumps({"statements": [change(one) for one in known if one["quote"] in passage]}, ensure_ascii=False)

    return answer


@pytest.fixture(scope="session")
def reads() -> Reader:
    """Return a reader of files; the model of names is left out, which these tests are not about."""
    return Reader(Metadata(), index=None, ner=Ner.NONE, lexicon=None)


@pytest.fixture(scope="session")
def rules(reads: Reader) -> Pipeline:
    """Return the pipeline of the rules."""
    return reads.pipeline


@pytest.fixture(scope="session")
def sample(reads: Reader) -> Callable[[str], Document]:
    """Return the samples by the beginning of their names."""
    return lambda name: reads.document(next(path for path in sorted(SAMPLES.iterdir()) if path.stem == name and path.suffix != ".yaml"))


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Return a server's settings; start it with `running()`."""
    yield Stub()


@pytest.fixture
def endpoint(tmp_path: Path) -> Callable[..., Endpoint]:
    """Return an endpoint at an address, with a cache of its own."""
    return lambda url, **settings: Endpoint(url, settings.pop("model", "stub-1"), settings.pop("cache", tmp_path / "cache"), **settings)
