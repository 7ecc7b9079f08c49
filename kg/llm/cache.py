"""Answers kept on disk by what was asked of which model, so that the same is asked once. A file is there whole or not at all."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kg.errors import LlmError
from kg.llm.budget import Usage


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model wrote; `finished` is false where it was cut off. `seconds` is how long the server took for it, once."""

    text: str
    finished: bool
    usage: Usage
    seconds: float


@dataclass(frozen=True, slots=True)
class Cache:
    """A directory of replies."""

    directory: Path

    def get(self, key: str) -> Reply | None:
        """Return the reply that is kept under a key, None where there is none; a damaged one is as good as none."""
        try:
            kept = json.loads(self._path(key).read_text("utf-8"))
            return Reply(kept["text"], kept["finished"], Usage(*kept["usage"]), kept["seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply; LlmError where it cannot be written."""
        path = self._path(key)
        kept = {
            "text": reply.text,
            "finished": reply.finished,
            "usage": [reply.usage.prompt, reply.usage.answer],
            "seconds": reply.seconds,
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(kept, file, ensure_ascii=False)
            Path(name).replace(path)
        except OSError as error:
            raise LlmError(f"{path}: an answer cannot be kept ({error.strerror}); set KG_LLM_CACHE to a folder you may write to") from error

    def _path(self, key: str) -> Path:
        return self.directory / key[:2] / f"{key}.json"
