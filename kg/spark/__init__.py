"""A build on Apache Spark: documents are shared out, names resolved and statements compared by shuffles. Needs the extra `spark`."""
