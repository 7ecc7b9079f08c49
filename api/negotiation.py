"""Which representation to send: what the Accept header likes best of what there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.errors import NotAcceptable


@dataclass(frozen=True, slots=True)
class Offer:
    """A media type that can be sent, and other names it is asked for by."""

    media: str
    aliases: tuple[str, ...] = ()


HTML = Offer("text/html", ("application/xhtml+xml",))
JSON = Offer("application/json")
JSON_LD = Offer("application/ld+json")
TURTLE = Offer("text/turtle", ("application/x-turtle",))
RESULTS = (
    Offer("application/sparql-results+json", ("application/json",)),
    Offer("application/sparql-results+xml", ("application/xml", "text/xml")),
    Offer("text/csv"),
    Offer("text/tab-separated-values"),
)
GRAPHS = (
    TURTLE,
    Offer("application/n-triples", ("text/plain",)),
    Offer("application/rdf+xml", ("application/xml", "text/xml")),
    Offer("application/ld+json", ("application/json",)),
    Offer("application/n-quads"),
    Offer("application/trig"),
)


def choose(accept: str | None, offers: Sequence[Offer]) -> str:
    """Return the media type to send; the earlier offer wins a tie, and the first is sent where the client has no wish.

    >>> choose("text/turtle;q=0.5, application/json", GRAPHS)
    'application/ld+json'
    >>> choose("image/png", (HTML, JSON))
    Traceback (most recent call last):
    api.errors.NotAcceptable: Accept: image/png: this can be sent as text/html, application/json; ask for one of these
    """
    if not accept or not accept.strip():
        return offers[0].media
    wishes = [_wish(part) for part in accept.split(",")]
    liked, _, best = max((_liking(offer, wishes), -number, offer) for number, offer in enumerate(offers))
    if liked <= 0:
        there = ", ".join(offer.media for offer in offers)
        raise NotAcceptable(f"Accept: {accept[:200]}: this can be sent as {there}; ask for one of these")
    return best.media


def _wish(part: str) -> tuple[str, float]:
    """Return a media range and its weight; a weight that is no number counts as nothing."""
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return media, 0.0
            return media, weight if 0 <= weight <= 1 else 0.0  # nor is NaN a weight
    return media, 1.0


def _liking(offer: Offer, wishes: Sequence[tuple[str, float]]) -> float:
    """Return the weight that the most special matching range gives to an offer."""
    names = {offer.media, *offer.aliases}
    best, speciality = 0.0, -1
    for media, weight in wishes:
        if media in names:
            special = 2
        elif media.endswith("/*") and any(name.startswith(media[:-1]) for name in names):
            special = 1
        elif media == "*/*":
            special = 0
        else:
            continue
        if (special, weight) > (speciality, best):
            best, speciality = weight, special
    return best
