"""Documents and schemas: the only place that knows lxml and xmlschema."""
