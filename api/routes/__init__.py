"""One module a family of paths; each holds a `router`."""
