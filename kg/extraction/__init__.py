"""Document → Extraction, one stage a module; `pipeline` is the order they run in."""
