"""The ledger: what can be seen only by laying statements side by side. Entries are read, joined by keys, and written as RDF of its own."""
