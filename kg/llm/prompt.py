"""What a model is shown of a passage, and the form that its answer is to have: the closed lists of the model, as a JSON schema."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kg.lexicon import Prompt
from kg.llm.chat import Question
from kg.llm.chunks import Chunk
from kg.model import Document, Kind, Predicate, Stance

TEXTS = ("quote", "speaker", "on_behalf_of", "subject", "object", "value", "unit", "when", "due")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "stance": tuple(Stance),
    "predicate": tuple(Predicate),
    "subject_kind": tuple(Kind),
    "object_kind": tuple(Kind),
    "speaker_kind": tuple(Kind),
}
NEEDED = frozenset({"quote", "stance", "predicate"})


def question(document: Document, chunk: Chunk, prompt: Prompt) -> Question:
    """Return what is asked about a passage. The document's text stands in values of a JSON object, and nowhere else."""
    given = {
        "document": {"title": document.title, "publisher": document.publisher, "date": document.published, "author": document.author},
        "names": {name: kind.value for name, kind in chunk.names},
        "before": chunk.before,
        "turns": [asdict(speech) for speech in chunk.turns],
        "passage": chunk.text,
    }
    messages = ({"role": "system", "content": prompt.text}, {"role": "user", "content": json.dumps(given, ensure_ascii=False)})
    return Question(messages, schema())


@functools.cache
def schema() -> Mapping[str, Any]:
    """Return the JSON schema of an answer.

    >>> schema()["properties"]["statements"]["items"]["properties"]["stance"]["enum"]
    ['asserts', 'denies', 'plans', 'aims', 'predicts', 'reports']
    """
    properties: dict[str, Any] = {name: {"type": "string" if name in NEEDED else ["string", "null"]} for name in TEXTS}
    for name, choices in CHOICES.items():
        values = [str(choice) for choice in choices]
        properties[name] = (
            {"type": "string", "enum": values} if name in NEEDED else {"anyOf": [{"type": "string", "enum": values}, {"type": "null"}]}
        )
    record = {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"statements": {"type": "array", "items": record}},
        "required": ["statements"],
        "additionalProperties": False,
    }
