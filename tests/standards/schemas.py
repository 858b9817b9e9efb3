"""Small schemas for tests, written to files."""

from pathlib import Path

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'


def write(folder: Path, name: str, body: str, attributes: str = "") -> Path:
    """Write a schema file around a body."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEAD} {attributes}>{body}</xs:schema>", encoding="utf-8")
    return path


def element(name: str, kind: str) -> str:
    """Declaration of one element with a type."""
    return f'<xs:element name="{name}" type="{kind}"/>'


def root_of(*children: str, attributes: str = "") -> str:
    """Declaration of a root ``r`` with a sequence of children."""
    sequence = "".join(children)
    return (
        f'<xs:element name="r"><xs:complexType><xs:sequence>{sequence}</xs:sequence>{attributes}'
        "</xs:complexType></xs:element>"
    )
