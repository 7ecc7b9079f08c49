"""Clauses → statements: which relations a clause states (`detect`), in which stance (`stance`), of whom and what (`arguments`)."""
