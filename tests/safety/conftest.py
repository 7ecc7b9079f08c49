"""Documents to load, and to load again changed: the samples, as the pipeline reads them."""

import pickle
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kg.extraction.pipeline import Pipeline
from kg.lexicon import Lexicon
from kg.model import Extraction, digest
from kg.reading import Metadata, read, read_folder
from tests.conftest import SAMPLES
from tests.safety.soundness import Judged, World, world_of

_DOCUMENTS = 8
_STATEMENTS = 8  # of each: a load is killed a hundred times


@dataclass(frozen=True, slots=True)
class Load:
    """What a loader loads, pickled in a file, and what may then be in its store."""

    file: Path
    world: World
    documents: int


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Return the beginnings of the samples, every other one of them changed, and two entities of theirs that are judged to be one."""
    pipeline = Pipeline(Lexicon(), "none")
    whole = (pipeline.extract(read(path, Metadata(published="2021-09-24"))) for path in [*read_folder(SAMPLES)][:_DOCUMENTS])
    first = [replace(extraction, statements=extraction.statements[:_STATEMENTS], exchanges=()) for extraction in whole]
    changed = [shortened(extraction) for extraction in first[::2]]
    names = sorted({entity.name for extraction in first for entity in extraction.entities})
    judged: Judged = ((names[0], names[1]), (names[2], names[3]))
    file = tmp_path_factory.mktemp("load") / "load.pickle"
    file.write_bytes(pickle.dumps((first, changed, judged)))
    return Load(file, world_of([*first, *changed], judged), len(first))


def shortened(extraction: Extraction) -> Extraction:
    """Return a later state of a document: a line more, a statement less."""
    document = extraction.document
    text = document.text + "\n（完）\n"
    changed = replace(document, text=text, id=digest(text, document.source))
    return Extraction(changed, extraction.entities, extraction.statements[1:], extraction.unresolved)
