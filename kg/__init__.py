"""From text to graph: read corporate statements, extract them, write them as RDF."""
