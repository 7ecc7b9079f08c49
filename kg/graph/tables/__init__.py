"""What the graph says, counted, put in order and indexed by its words: SQL tables beside the graph, kept in step with it."""
