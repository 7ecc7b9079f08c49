"""The terms that the graph is written in, for pyoxigraph, and which of them says which stance, predicate and kind."""

from types import MappingProxyType

import pyoxigraph as ox

from kg.model import Kind, Predicate, Stance, Taking
from ontology.terms import KG


def _closed(names: dict[str, str]) -> MappingProxyType[str, ox.NamedNode]:
    return MappingProxyType({key: ox.NamedNode(str(KG[name])) for key, name in names.items()})


PREDICATES = _closed(
    {
        Predicate.OWNS: "owns",
        Predicate.DEVELOPS: "develops",
        Predicate.LAUNCHES: "launches",
        Predicate.OPEN_SOURCES: "openSourcedTo",
        Predicate.TARGETS: "targets",
        Predicate.PARTNERS_WITH: "partnersWith",
        Predicate.PROVIDES: "provides",
        Predicate.USES: "uses",
        Predicate.SUPPORTS: "supports",
        Predicate.REPLACES: "replaces",
        Predicate.COMPETES_WITH: "competesWith",
        Predicate.ACQUIRES: "acquires",
        Predicate.INVESTS_IN: "investsIn",
        Predicate.DIVESTS: "divests",
        Predicate.LISTS: "listsOn",
        Predicate.EXITS: "exits",
        Predicate.FOUNDS: "founds",
        Predicate.RESTRICTS: "restricts",
        Predicate.PERMITS: "permits",
        Predicate.HOLDS_ROLE: "holdsRoleAt",
        Predicate.OPERATES_IN: "operatesIn",
        Predicate.METRIC: "hasMetric",
        Predicate.PROPOSITION: "claims",
    }
)
NO_EDGE = frozenset({Predicate.METRIC, Predicate.PROPOSITION})  # their objects are measures and clauses
STANCES = _closed(
    {
        Stance.ASSERTS: "Assertion",
        Stance.DENIES: "Denial",
        Stance.PLANS: "Plan",
        Stance.AIMS: "Aim",
        Stance.PREDICTS: "Prediction",
        Stance.REPORTS: "Report",
    }
)
STANCE_EDGES = _closed(
    {
        Stance.ASSERTS: "asserts",
        Stance.DENIES: "denies",
        Stance.PLANS: "plans",
        Stance.AIMS: "aimsAt",
        Stance.PREDICTS: "predicts",
        Stance.REPORTS: "reports",
    }
)
TAKINGS = _closed({taking: taking.value.capitalize() for taking in Taking})
CLASSES = _closed(
    {
        Kind.COMPANY: "Company",
        Kind.UNIT: "BusinessUnit",
        Kind.PRODUCT: "Product",
        Kind.TECHNOLOGY: "Technology",
        Kind.PERSON: "Person",
        Kind.ORGANISATION: "Organisation",
        Kind.STATE: "State",
        Kind.PLACE: "Place",
        Kind.EVENT: "Event",
        Kind.CONCEPT: "Concept",
    }
)

TERMS = _closed({str(term).rpartition("#")[2]: str(term).rpartition("#")[2] for term in dir(KG)})


def _vocabulary(prefix: str, *names: str) -> MappingProxyType[str, ox.NamedNode]:
    return MappingProxyType({name: ox.NamedNode(prefix + name) for name in names})


RDF = _vocabulary("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type", "subject", "predicate", "object")
OWL = _vocabulary("http://www.w3.org/2002/07/owl#", "sameAs", "differentFrom")
SKOS = _vocabulary("http://www.w3.org/2004/02/skos/core#", "prefLabel", "altLabel")
PROV = _vocabulary("http://www.w3.org/ns/prov#", "wasAttributedTo", "wasDerivedFrom", "Entity", "Activity", "used", "wasGeneratedBy")
OA = _vocabulary(
    "http://www.w3.org/ns/oa#",
    *(
        "SpecificResource",
        "hasSource",
        "hasSelector",
        "TextQuoteSelector",
        "exact",
        "prefix",
        "suffix",
        "TextPositionSelector",
        "start",
        "end",
    ),
)
DCT = _vocabulary("http://purl.org/dc/terms/", "title", "issued", "identifier")
DC = _vocabulary("http://purl.org/dc/elements/1.1/", "publisher", "creator", "source")
XSD = _vocabulary("http://www.w3.org/2001/XMLSchema#", "date", "gYearMonth", "gYear", "integer", "decimal")

PREFIXES = {
    "kg": str(KG),
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "dct": "http://purl.org/dc/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
