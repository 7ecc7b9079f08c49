"""Synthetic documents from the project's own samples: `python -m bench.documents FOLDER 10000`.

Each is a sample with other companies, people and places, other years and figures, some other wordings, and some paragraphs left out;
with `--short` it is one paragraph of a sample, a news flash. All
is drawn from a seed and the document's number, so that the same number is the same document however many are made. Names recur as they
do in the news: the companies of an archive are far fewer than its articles.
"""

import argparse
import random
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.lexicon import Lexicon
from kg.reading.decode import decode

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
VARIATIONS = Path(__file__).with_name("variations.tsv")
SEED = 20210924
IN_A_FOLDER = 1000
REWORDED = 0.3  # of the words that have others
LEFT_OUT = 0.1  # of the paragraphs past the first three
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年|-\d\d)")
_FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?=\s*(?:亿元|万元|亿美元|万美元|%|万辆|万台|万吨))")
_SUFFIXES = {".txt", ".md", ".html"}
_PAGE = ".html"
_SHORTEST = 40  # characters of a news flash


class Generator:
    """Makes documents by their numbers."""

    def __init__(self, seed: int = SEED, *, short: bool = False) -> None:
        self._seed, self._short = seed, short
        self._variations = _variations()
        self._surnames = [surname for surname in Lexicon().words("surnames") if len(surname) == 1]
        self._samples = [
            (path, _text(path), sidecar.read_text("utf-8") if (sidecar := path.with_suffix(".yaml")).is_file() else "")
            for path in sorted(SAMPLES.iterdir())
            if path.suffix in _SUFFIXES and not (short and path.suffix == _PAGE)
        ]

    def document(self, number: int) -> tuple[str, str, str]:
        """Return the file's name, its text, and what stands in the YAML file beside it."""
        draw = random.Random(f"{self._seed}/{number}")
        path, text, beside = self._samples[number % len(self._samples)]
        names = self._names(draw)
        years, factor = draw.randint(-6, 4), draw.uniform(0.3, 3)
        parts = text.split("\n\n")
        if self._short:
            kept = [draw.choice([part for part in parts if len(part) >= _SHORTEST])]
        else:
            kept = [part for place, part in enumerate(parts) if place < 3 or draw.random() > LEFT_OUT]
        changed = self._reworded(self._renamed("\n\n".join(kept), names, years), draw)
        changed = _FIGURE.sub(
            lambda figure: f"{float(figure[0]) * factor:.3g}" if "." in figure[0] else _scaled(figure[0], factor), changed
        )
        return f"{path.stem}_{number:07d}{path.suffix}", changed, self._renamed(beside, names, years)

    def _names(self, draw: random.Random) -> Mapping[str, str]:
        characters = [text for text, _ in self._variations["character"]]

        def made(length: int) -> str:
            return "".join(draw.sample(characters, length))

        return {
            **{brand: made(2) for brand, _ in self._variations["brand"]},
            **{place: made(1) + draw.choice("州城港") for place, _ in self._variations["place"]},
            **{person: draw.choice(self._surnames) + made(2) for person, _ in self._variations["person"]},
        }

    @staticmethod
    def _renamed(text: str, names: Mapping[str, str], years: int) -> str:
        for name, other in names.items():
            text = text.replace(name, other)
        return _YEAR.sub(lambda year: str(int(year[0]) + years), text)

    def _reworded(self, text: str, draw: random.Random) -> str:
        others = dict(self._variations["wording"])
        words = re.compile("|".join(sorted(others, key=len, reverse=True)))
        return words.sub(lambda word: draw.choice(others[word[0]]) if draw.random() < REWORDED else word[0], text)


def _variations() -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
    found: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for line in VARIATIONS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, text, others = line.split("\t")
            found.setdefault(kind, []).append((text, others.split()))
    return found


def _text(path: Path) -> str:
    return decode(path.read_bytes(), str(path)).replace("\r\n", "\n")


def _scaled(figure: str, factor: float) -> str:
    return f"{float(figure) * factor:.3g}" if "." in figure else str(max(1, round(int(figure) * factor)))


def write(folder: Path, count: int, start: int = 0, seed: int = SEED, *, short: bool = False) -> int:
    """Write so many documents into a folder, a thousand a folder in it; return how many characters they have."""
    generator = Generator(seed, short=short)
    characters = 0
    for number in range(start, start + count):
        place = folder / f"{number // IN_A_FOLDER:05d}"
        place.mkdir(parents=True, exist_ok=True)
        name, text, beside = generator.document(number)
        (place / name).write_text(text, "utf-8")
        if beside:
            (place / name).with_suffix(".yaml").write_text(beside, "utf-8")
        characters += len(text)
    return characters


def main() -> None:
    """Write documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    characters = write(options.folder, options.count, seed=options.seed, short=options.short)
    sys.stdout.write(f"{options.count} documents of {characters:,} characters in {options.folder}\n")


if __name__ == "__main__":
    main()
