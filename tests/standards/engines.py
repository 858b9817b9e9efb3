"""Both engines on small schemas, for tests that compare them."""

from pathlib import Path

from lxml import etree

from ozgflow.standards.libxml2 import SchemaErrors, schema_errors
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.referee import Referee
from ozgflow.standards.schema_files import collect
from ozgflow.standards.second_opinion import Disagreement, Opinion, SecondOpinion, remarks_of


class Engines:
    """Both engines with one schema."""

    def __init__(self, schema: Path) -> None:
        files = collect(schema, {})
        self.compiled = compile_schema(files)
        self.second = SecondOpinion(files, Referee(files))

    def libxml2(self, data: bytes) -> SchemaErrors:
        """What libxml2 says."""
        return schema_errors(data, etree.fromstring(data), self.compiled)

    def xmlschema(self, data: bytes) -> Opinion:
        """What xmlschema says."""
        return self.second.ask(data, etree.fromstring(data))

    def compare(self, data: bytes) -> Disagreement | None:
        """What becomes of the two verdicts."""
        root = etree.fromstring(data)
        found = schema_errors(data, root, self.compiled)
        opinion = self.second.ask(data, root)
        return self.second.compare(valid=found.valid, remarks=remarks_of(found.errors), opinion=opinion)
