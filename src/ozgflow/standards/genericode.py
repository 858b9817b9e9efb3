"""Reading code lists in genericode as XRepository publishes them.

The metadata come in two forms (namespaces ``…/genericode/3`` and ``…/genericode/4``), and each list names its columns
as it likes. Documents use the column that the metadata recommend; without a recommendation the first key, and without
a key the first column.

Source: OASIS Code List Representation (genericode) 1.0; XÖV-Handbuch, Codelisten.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from lxml import etree

from ozgflow.domain.code_lists import CodeList, CodeLists
from ozgflow.domain.messages import message
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaTrouble

_RECOMMENDED = ("{*}empfohleneCodeSpalte", "{*}recommendedKeyColumn")
_VALID_FROM = ("{*}datumGueltigkeitAb", "{*}validFrom")


def read_code_lists(files: tuple[Path, ...]) -> CodeLists:
    """Read all lists of a bundle.

    Raises:
        SchemaTrouble: see ``read_code_list``.
    """
    return CodeLists.of(read_code_list(file) for file in files)


def is_code_list(root: etree._Element) -> bool:
    """Whether a document is a code list in genericode, whatever its version of the format."""
    name = etree.QName(root)
    return name.localname == "CodeList" and "genericode" in (name.namespace or "")


def read_code_list(file: Path) -> CodeList:
    """Read one list.

    Raises:
        SchemaTrouble: the file is missing, not XML, not a code list, or names a column that it does not have.
    """
    root = _root(file)
    identification = _child(root, "Identification")
    rows = _child(root, "SimpleCodeList")
    if not is_code_list(root) or identification is None or rows is None:
        raise SchemaTrouble(message("codes.not-a-list", file=file.name))
    columns = [str(one.get("Id")) for one in root.iterfind("{*}ColumnSet/{*}Column")]
    codes = frozenset(_codes(rows, columns, _code_column(columns, root)))
    if not codes and len(rows):
        raise SchemaTrouble(message("codes.no-column", file=file.name))
    return CodeList(
        uri=_text(identification, "CanonicalUri"),
        version=_text(identification, "Version"),
        title=_text(identification, "LongName") or _text(identification, "ShortName"),
        codes=codes,
        valid_from=_valid_from(root),
        file=file.name,
    )


def _root(file: Path) -> etree._Element:
    try:
        return etree.fromstring(file.read_bytes(), schema_parser())
    except OSError as error:
        raise SchemaTrouble(message("codes.missing", file=file.name)) from error
    except etree.XMLSyntaxError as error:
        raise SchemaTrouble(message("codes.not-xml", file=file.name, line=error.lineno or 0)) from error


def _code_column(columns: Sequence[str], root: etree._Element) -> str:
    """The column whose key the metadata recommend, by an empty element within it."""
    for mark in root.iter(*_RECOMMENDED):
        for marked in mark.iterancestors("{*}Column", "{*}Key"):
            return _column_of(marked)
    keys = [_column_of(key) for key in root.iterfind("{*}ColumnSet/{*}Key")]
    return next(iter([*keys, *columns]), "")


def _column_of(marked: etree._Element) -> str:
    reference = _child(marked, "ColumnRef")
    return str(marked.get("Id") if reference is None else reference.get("Ref"))


def _codes(rows: etree._Element, columns: Sequence[str], column: str) -> Iterator[str]:
    """The values of a column; a value that names no column is of the one after the column before it."""
    for row in rows.iterchildren("{*}Row"):
        at = -1
        for value in row.iterchildren("{*}Value"):
            named = value.get("ColumnRef")
            at = columns.index(named) if named in columns else at + 1
            if at < len(columns) and columns[at] == column:
                yield (value.findtext("{*}SimpleValue") or "").strip()


def _valid_from(root: etree._Element) -> date | None:
    for mark in root.iter(*_VALID_FROM):
        try:
            return date.fromisoformat((mark.text or "").strip()[:10])
        except ValueError:
            continue
    return None


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next(element.iterchildren(f"{{*}}{name}"), None)


def _text(element: etree._Element, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else (child.text or "").strip()
