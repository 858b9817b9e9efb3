"""Schematron against bare saxonche with the same stylesheet, compiled once: what our findings add.

The rules are those of the practice standard and more of their kind, written in XPath 2, so that Saxon has to run
them; XPath 1 is run by libxslt, which is compared as well.

Run with ``python -m benchmarks.schematron``.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

from benchmarks.documents import SCHEMAS, message
from benchmarks.measuring import ratio
from ozgflow.standards.bundles import RuleSet
from ozgflow.standards.schematron import CompiledRuleSet, findings
from ozgflow.standards.schematron_compile import compile_schematron
from ozgflow.standards.schematron_expand import read_schematron
from ozgflow.standards.stylesheet_files import gather

_RULES = SCHEMAS / "aufenthalt-antrag" / "1.1" / "regeln.sch"
_MORE = 60


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        quick, slow = Path(folder) / "regeln1.sch", Path(folder) / "regeln2.sch"
        text = _RULES.read_text(encoding="utf-8").replace("aufenthalt-antrag:1.1", "aufenthalt-antrag:1.0")
        more = "".join(
            f'<pattern><rule context="auf:*[{number} &gt; 0]"><assert id="M-{number}" '
            f'test="string-length(local-name()) &gt; {number % 3}">Der Name ist lang genug.</assert></rule></pattern>'
            for number in range(1, _MORE + 1)
        )
        quick.write_text(text.replace("</schema>", f"{more}</schema>"), encoding="utf-8")
        slow.write_text(quick.read_text("utf-8").replace('"xslt"', '"xslt2"'), encoding="utf-8")
        documents = [message(number) for number in range(50)]
        ours, bare = _ours(slow, documents), _bare(slow, Path(folder), documents)
        print(f"{len(documents)} messages of {len(documents[0]) / 1000:.1f} kB, {_MORE + 4} rules, processor time")
        ratio("bare saxonche / Schematron with findings", bare, ours, rounds=9)
        ratio("Schematron by Saxon / by libxslt", ours, _ours(quick, documents), rounds=5)


def _ours(file: Path, documents: list[bytes]) -> Callable[[], object]:
    rules = CompiledRuleSet(RuleSet(file=file))
    roots = [etree.fromstring(data) for data in documents]
    if not all(rules.run(data, root).fired for data, root in zip(documents, roots, strict=True)):
        sys.exit("the rules of the benchmark do not fire")

    def run() -> None:
        for data, root in zip(documents, roots, strict=True):
            findings(rules.run(data, root), root)

    return run


def _bare(file: Path, folder: Path, documents: list[bytes]) -> Callable[[], object]:
    schema, files = read_schematron(file)
    stylesheet = gather(compile_schematron(schema, file, ""), file, files)
    processor = PySaxonProcessor(license=False)
    place = folder / "bare"
    place.mkdir()
    compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=stylesheet.text_in(place))
    texts = [data.decode() for data in documents]

    def run() -> None:
        for text in texts:
            compiled.transform_to_string(xdm_node=processor.parse_xml(xml_text=text))

    return run


if __name__ == "__main__":
    main()
