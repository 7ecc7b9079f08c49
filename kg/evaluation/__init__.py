"""How well statements are found: exchange records, their comparison with gold ones, and the causes of what is wrong."""

from kg.evaluation.causes import Cause, Count, Source, Verdict, counts, verdicts
from kg.evaluation.claims import Claim, claim, normalise, read_aliases, read_claims
from kg.evaluation.differences import Change, differences
from kg.evaluation.scoring import Figures, Scores, Share, as_record, score

__all__ = [
    "Cause",
    "Change",
    "Claim",
    "Count",
    "Figures",
    "Scores",
    "Share",
    "Source",
    "Verdict",
    "as_record",
    "claim",
    "counts",
    "differences",
    "normalise",
    "read_aliases",
    "read_claims",
    "score",
    "verdicts",
]
