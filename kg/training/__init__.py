"""Weights from gold statements: reads annotated documents, fits the linear models, writes data/weights. Needs the `dev` extra."""
