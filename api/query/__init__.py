"""A stranger's SPARQL query: read and refused or made safe (`reading`), answered in a process that can be killed (`pool`, `worker`)."""
