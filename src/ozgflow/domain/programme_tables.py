"""Reading the tables of a programme file other than its stages."""

from collections.abc import Mapping, Sequence

from ozgflow.domain.keys import Ars, LeikaKey, OzgId
from ozgflow.domain.messages import Message
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.programme_parts import Competence, Item, Membership, Origin, Term
from ozgflow.domain.service_keys import ItemCode
from ozgflow.domain.services import ExecutionLevel
from ozgflow.domain.toml_tables import Table
from ozgflow.errors import InvalidKey


def read_item(table: Table) -> Item:
    """One table ``[[item]]``.

    Raises:
        DataError: it is faulty.
    """
    item = Item(
        code=table.parsed("code", ItemCode.parse),
        title=table.texts("title"),
        level=table.choice("level", ExecutionLevel),
        services=tuple(_leika(table, text) for text in table.list_of_texts("services"))
        if "services" in table
        else (),
        ozg_id=table.parsed("ozg_id", OzgId.parse) if "ozg_id" in table else None,
        field=table.optional("field", str, ""),
        as_of=table.day("as_of"),
        source=table.get("source", str),
    )
    table.done()
    return item


def read_origin(table: Table) -> Origin:
    """The table ``[origin]``.

    Raises:
        DataError: it is faulty.
    """
    origin = Origin(
        municipality=table.parsed("municipality", Ars.parse),
        since=table.day("since"),
        source=table.get("source", str),
    )
    table.done()
    return origin


def read_competence(table: Table, items: Sequence[Item]) -> Competence:
    """One table ``[[competence]]``.

    Raises:
        DataError: it is faulty, or names an item that the programme does not have.
    """
    known = {str(item.code): item.code for item in items}
    named = table.list_of_texts("items")
    if not known.keys() >= set(named):
        raise table.fail("toml.value-unknown", "items", known=", ".join(known))
    competence = Competence(
        items=frozenset(known[code] for code in named),
        municipality=table.parsed("municipality", Ars.parse),
        since=table.day("since"),
        source=table.get("source", str),
    )
    table.done()
    return competence


def read_term(table: Table, stages: Sequence[str]) -> Term:
    """The table ``[term]``.

    Raises:
        DataError: it is faulty, ends before it begins, or names a stage that does not exist.
    """
    term = Term(
        begins=table.day("begins"),
        ends=table.day("ends") if "ends" in table else None,
        membership=table.choice("membership", Membership),
        members_from=table.get("members_from", str),
    )
    if term.ends is not None and term.ends < term.begins:
        raise table.fail("programme.term", "ends")
    if term.members_from not in stages:
        raise table.fail("toml.value-unknown", "members_from", known=", ".join(stages))
    table.done()
    return term


def read_expected(table: Table) -> Mapping[MunicipalityKind, int]:
    """The table ``[expected]``: how many municipalities of a kind are expected to take part.

    Raises:
        DataError: it is faulty, or a number is below one.
    """
    expected = {kind: table.get(kind, int) for kind in MunicipalityKind if kind in table}
    for kind, count in expected.items():
        if count < 1:
            raise table.fail("toml.value-low", kind, least=1)
    table.done()
    return expected


def _leika(table: Table, text: str) -> LeikaKey:
    try:
        return LeikaKey.parse(text)
    except InvalidKey as error:
        raise table.fail("toml.key-faulty", "services", why=Message(error.code, error.params)) from error
