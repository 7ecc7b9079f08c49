"""All weights at once: fitted and written to a directory."""

from collections.abc import Sequence
from pathlib import Path

from kg.extraction.statements.assemble import Models
from kg.lexicon import Lexicon
from kg.training import arguments, dates, denials, detect, stance
from kg.training.corpus import Annotated

# Steps of 127 that a feature has to weigh more than: it keeps all weights under a megabyte and moves no figure of the samples by 0.02.
_FAINT = {"detect": 8, "stance": 4, "denials": 2, "dates": 3, "argument_spans": 7, "argument_objects": 6}


def fit_models(documents: Sequence[Annotated], lexicon: Lexicon) -> Models:
    """Fit every learned part of the statement stage on annotated documents."""
    found = arguments.fit(documents, lexicon)
    return Models(detect.fit(documents), stance.fit(documents), found, denials.fit(documents, lexicon), dates.fit(documents, lexicon))


def write_models(models: Models, directory: Path) -> dict[str, int]:
    """Write all weights into a directory; return the size of each file in bytes."""
    parts = {
        "detect": models.detector.words.dump(_FAINT["detect"]),
        "cues": models.detector.strengths.dump(),
        "detect_trees": models.detector.trees.dump(),
        "stance": models.stance.dump(_FAINT["stance"]),
        "denials": models.denials.dump(_FAINT["denials"]),
        "dates": models.dates.dump(_FAINT["dates"]),
        **{name: model.dump(_FAINT.get(name, 0)) for name, model in models.arguments.items()},
    }
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in parts.items():
        (directory / f"{name}.npz").write_bytes(content)
    return {name: len(content) for name, content in parts.items()}
