"""All weights at once: fitted and written to a directory."""

from collections.abc import Sequence
from pathlib import Path

from kg.extraction.statements.assemble import Models
from kg.lexicon import Lexicon
from kg.training import arguments, dates, denials, detect, stance
from kg.training.corpus import Annotated

# Into how many steps weights are rounded, and how many of them a feature has to weigh more than: it keeps all weights under a megabyte
# and moves no figure of the samples by 0.02. Few steps and every feature are worth more than many steps and the strong features alone.
_WHOLE = (127, 0)
_ROUNDED = {
    "detect": (20, 0),
    "stance": (32, 1),
    "denials": (127, 2),
    "dates": (127, 3),
    "argument_spans": (16, 0),
    "argument_subjects": (24, 0),
    "argument_quantities": (32, 0),
    "argument_objects": (32, 1),
}


def fit_models(documents: Sequence[Annotated], lexicon: Lexicon) -> Models:
    """Fit every learned part of the statement stage on annotated documents; stances and dates not on public texts.

    Those were annotated once, by many hands, who filed other denials than the documents annotated twice have: unseen, these have 0.37 of
    their statements right so and 0.36 with stances of all. Which negations are statements is learned from all, with what differs apart.
    """
    guided = [document for document in documents if not document.public]
    found = arguments.fit(documents, lexicon)
    return Models(detect.fit(documents), stance.fit(guided), found, denials.fit(documents, lexicon), dates.fit(guided, lexicon))


def write_models(models: Models, directory: Path) -> dict[str, int]:
    """Write all weights into a directory; return the size of each file in bytes."""
    linear = {
        "detect": models.detector.words,
        "cues": models.detector.strengths,
        "stance": models.stance,
        "denials": models.denials,
        "dates": models.dates,
        **models.arguments,
    }
    parts = {name: model.dump(*_ROUNDED.get(name, _WHOLE)) for name, model in linear.items()}
    parts["detect_trees"] = models.detector.trees.dump()
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in parts.items():
        (directory / f"{name}.npz").write_bytes(content)
    return {name: len(content) for name, content in parts.items()}
