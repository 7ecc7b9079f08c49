"""SPARQL updates by whoever may write, carried out so that the store's own promises hold.

The default graph stays the merge of all named graphs: what an update writes into a graph it also writes there, and what it takes away
goes from there unless another graph says it too. What an update writes without naming a graph stands in the graph `unnamed`. Graphs of
documents, entity records and judgements, and the ontology, are changed only as a whole, by adding and withdrawing; an update that
would change one is refused, as is one that would take a triple out of the default graph that a named graph goes on stating.

All of this is said in SPARQL itself, as operations between those of the update, so that one transaction holds all and any SPARQL 1.1
store can do it: a refusal is a graph that must not come to be, created once more, which fails.
"""

from kg.errors import QueryError, StoreError
from kg.graph.faults import syntax_fault
from kg.graph.iris import Iris
from kg.graph.remote import refuse_merged
from kg.graph.rewriting import Update, Using
from kg.graph.sparql import terminals_of
from kg.graph.vocabulary import PREFIXES
from kg.graph.writing import Writing


class GraphProtected(QueryError):
    """A change to a graph that is changed only as a whole, through its document."""


class StatedElsewhere(QueryError):
    """A triple to be taken out of the default graph that a named graph goes on stating."""


def reads(text: str) -> bool:
    """Say whether an update finds by a pattern what it changes, and so may take any time; QueryError where it cannot be read."""
    return any(terminal.kind == "word" and terminal.text.upper() == "WHERE" for terminal in terminals_of(text))


def update(writing: Writing, text: str, using: Using) -> None:
    """Carry out an update as one transaction; QueryError where it is malformed or refused, StoreError where the store cannot be written."""
    before, after = writing.around([], [])
    asked = Update(writing, text, using)
    operations = asked.read(before, after)
    refuse_merged(writing.graph)
    try:
        with writing.touching([*writing.graph.named_graphs()] if asked.of_all else None):
            writing.graph.update(operations, base_iri=writing.iris.base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QueryError(f"the update is not SPARQL 1.1: {syntax_fault(error, operations)}; correct it at that place") from error
    except RuntimeError as error:
        raise _refusal(writing.iris, error) from error
    except OSError as error:
        raise StoreError(f"nothing was changed ({error}); free some space or check your rights, then go on") from error


def _refusal(iris: Iris, error: RuntimeError) -> QueryError:
    said = " ".join(str(error).split())
    if f"{iris.base}update/protected" in said:
        return GraphProtected(
            "nothing was changed: the update would change the graph of a document, of entity records, of judgements or of the ontology; "
            "send and withdraw documents instead (POST /documents, DELETE /documents/{id}), or write into a graph of yours"
        )
    if f"{iris.base}update/stated" in said:
        return StatedElsewhere(
            "nothing was changed: the update would take a triple out of the default graph that a named graph states; "
            "take it out of that graph, with WITH or GRAPH"
        )
    return QueryError(f"nothing was changed: {said}; correct the update, or say SILENT")
