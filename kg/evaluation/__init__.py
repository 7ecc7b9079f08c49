"""How well statements are found: exchange records, and their comparison with gold ones."""

from kg.evaluation.claims import Claim, claim, normalise, read_aliases, read_claims
from kg.evaluation.scoring import Figures, Scores, Share, as_record, score

__all__ = ["Claim", "Figures", "Scores", "Share", "as_record", "claim", "normalise", "read_aliases", "read_claims", "score"]
