"""The knowledge graph over HTTP: REST, SPARQL, pages and exports. `api.app.create_app` builds it, `api.server.serve` runs it.

Only this package says HTTP. It keeps this module empty, so that a query worker (`api.query.worker`) starts without loading a web framework.
"""
