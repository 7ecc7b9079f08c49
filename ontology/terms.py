"""Closed Python names for core.ttl: a name that the ontology lacks raises AttributeError. A test keeps the two equal."""

from pathlib import Path

from rdflib import Namespace, URIRef, namespace

DIRECTORY = Path(__file__).parent


class KG(namespace.DefinedNamespace):
    """The vocabulary.

    >>> KG.denies
    rdflib.term.URIRef('https://w3id.org/corporate-statement-kg/ontology#denies')
    """

    _fail = True
    _NS = Namespace("https://w3id.org/corporate-statement-kg/ontology#")

    # what statements are about
    Entity: URIRef
    Company: URIRef
    BusinessUnit: URIRef
    Product: URIRef
    Technology: URIRef
    Person: URIRef
    Organisation: URIRef
    State: URIRef
    Place: URIRef
    Event: URIRef
    Concept: URIRef

    # what is said, where, and how
    Statement: URIRef
    Proposition: URIRef
    Document: URIRef
    Evidence: URIRef
    Predicate: URIRef
    Stance: URIRef
    Assertion: URIRef
    Denial: URIRef
    Plan: URIRef
    Aim: URIRef
    Prediction: URIRef
    Report: URIRef

    # of a statement
    stance: URIRef
    expresses: URIRef
    onBehalfOf: URIRef
    speakerText: URIRef
    saidOn: URIRef
    saidStart: URIRef
    saidEnd: URIRef
    when: URIRef
    whenStart: URIRef
    whenEnd: URIRef
    due: URIRef
    dueStart: URIRef
    dueEnd: URIRef
    value: URIRef
    amount: URIRef
    unit: URIRef
    evidence: URIRef
    rule: URIRef
    confidence: URIRef

    # of a document, of a stance, of a literal
    text: URIRef
    stanceEdge: URIRef
    period: URIRef

    # of a reading by a chat model, and where two readers differ
    ModelReading: URIRef
    disputes: URIRef
    model: URIRef
    promptDigest: URIRef
    requests: URIRef
    promptTokens: URIRef
    answerTokens: URIRef
    seconds: URIRef
    accepted: URIRef
    rejected: URIRef
    rejectionCause: URIRef

    # of questions and how they were answered
    Exchange: URIRef
    Taking: URIRef
    Accepts: URIRef
    Rejects: URIRef
    Evades: URIRef
    Answers: URIRef
    inDocument: URIRef
    question: URIRef
    answer: URIRef
    askedBy: URIRef
    answeredBy: URIRef
    answeredByText: URIRef
    wording: URIRef
    outcome: URIRef
    premise: URIRef
    reply: URIRef

    # of the ledger: how statements bear on each other
    Link: URIRef
    linkType: URIRef
    later: URIRef
    earlier: URIRef
    basis: URIRef
    quantifier: URIRef
    deniesRumour: URIRef
    confirms: URIRef
    reverses: URIRef
    restates: URIRef
    updates: URIRef
    conflictsWith: URIRef
    copies: URIRef
    relatedTo: URIRef
    firstSaidIn: URIRef
    independentSources: URIRef
    voice: URIRef
    speakerRole: URIRef
    hearsayDepth: URIRef

    # of the ledger: what was promised, and what came of it
    Promise: URIRef
    PromiseOutcome: URIRef
    Met: URIRef
    Missed: URIRef
    Revised: URIRef
    Withdrawn: URIRef
    commitment: URIRef
    commitsTo: URIRef
    promisedIn: URIRef
    promisedBy: URIRef
    promisedOn: URIRef
    targetValue: URIRef
    targetAmount: URIRef
    targetUnit: URIRef
    comparator: URIRef
    dueDate: URIRef
    dueBy: URIRef
    progress: URIRef
    promiseOutcome: URIRef
    decidedBy: URIRef
    decidedOn: URIRef
    revisedTo: URIRef
    ledgerState: URIRef

    # from an agent to a proposition
    asserts: URIRef
    denies: URIRef
    plans: URIRef
    aimsAt: URIRef
    predicts: URIRef
    reports: URIRef

    # between what a proposition is about; the first twenty-one also stand as plain edges
    owns: URIRef
    develops: URIRef
    launches: URIRef
    openSourcedTo: URIRef
    targets: URIRef
    partnersWith: URIRef
    provides: URIRef
    uses: URIRef
    supports: URIRef
    replaces: URIRef
    competesWith: URIRef
    acquires: URIRef
    investsIn: URIRef
    divests: URIRef
    listsOn: URIRef
    exits: URIRef
    founds: URIRef
    restricts: URIRef
    permits: URIRef
    holdsRoleAt: URIRef
    operatesIn: URIRef
    hasMetric: URIRef
    claims: URIRef
