"""What has changed between two bundles, in terms that people understand.

First comes what makes documents invalid that were valid before, then what new documents may have that old receivers
do not know, then the rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from ozgflow.domain.code_lists import CodeList, CodeLists
from ozgflow.domain.messages import Message, message
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.genericode import read_code_lists
from ozgflow.standards.part_diff import Impact, PartChange, part_changes
from ozgflow.standards.schema_model import Key, Parts, SchemaModel, schema_model

Name = TypeVar("Name", str, Key)


class DifferenceKind(StrEnum):
    """What has changed."""

    BUNDLE = "bundle"
    MESSAGE = "message"
    TYPE = "type"
    CODE_LIST = "code-list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change.

    Attributes:
        impact: what it means for documents.
        subject: what has changed.
        name: its name.
        sentence: what is different.
    """

    impact: Impact
    subject: DifferenceKind
    name: str
    sentence: Message


def bundle_diff(old: Bundle, new: Bundle) -> tuple[Difference, ...]:
    """Compare two bundles.

    Raises:
        SchemaTrouble: a file of one of them is missing or unreadable.
    """
    before, after = schema_model(old), schema_model(new)
    found = [
        *_recognition(old, new),
        *_messages(before, after),
        *_holders(before, after),
        *_code_lists(read_code_lists(old.code_lists), read_code_lists(new.code_lists)),
    ]
    impacts, subjects = list(Impact), list(DifferenceKind)
    return tuple(sorted(found, key=lambda one: (impacts.index(one.impact), subjects.index(one.subject), one.name)))


def _recognition(old: Bundle, new: Bundle) -> Iterator[Difference]:
    before, after = ({entry.namespace or "–" for entry in bundle.entries} for bundle in (old, new))
    if before != after:
        yield Difference(
            impact=Impact.BREAKING,
            subject=DifferenceKind.BUNDLE,
            name=new.name,
            sentence=message(
                "bundle-diff.namespace", before=", ".join(sorted(before)), after=", ".join(sorted(after))
            ),
        )


def _messages(before: SchemaModel, after: SchemaModel) -> Iterator[Difference]:
    for name in _missing(before.messages, after.messages):
        yield _message(Impact.BREAKING, name, message("bundle-diff.message-removed", name=name))
    for name in _missing(after.messages, before.messages):
        yield _message(Impact.WIDER, name, message("bundle-diff.message-added", name=name))


def _message(impact: Impact, name: str, sentence: Message) -> Difference:
    return Difference(impact=impact, subject=DifferenceKind.MESSAGE, name=name, sentence=sentence)


def _holders(before: SchemaModel, after: SchemaModel) -> Iterator[Difference]:
    for key, parts in before.holders.items():
        if key in after.holders:
            yield from _changes(key, parts, after)
        elif not _is_message(key, before):
            yield _type(Impact.OTHER, key, message("bundle-diff.type-removed", name=key[2]))
    for key in _missing(after.holders, before.holders):
        if not _is_message(key, after):
            yield _type(Impact.OTHER, key, message("bundle-diff.type-added", name=key[2]))


def _is_message(key: Key, model: SchemaModel) -> bool:
    return key[1] == "element" and key[2] in model.messages


def _changes(key: Key, before: Parts, after: SchemaModel) -> Iterator[Difference]:
    subject = DifferenceKind.MESSAGE if _is_message(key, after) else DifferenceKind.TYPE
    for change in part_changes(key[2], before, after.holders[key]):
        yield _difference(subject, key[2], change)


def _difference(subject: DifferenceKind, name: str, change: PartChange) -> Difference:
    return Difference(impact=change.impact, subject=subject, name=name, sentence=change.sentence)


def _type(impact: Impact, key: Key, sentence: Message) -> Difference:
    return Difference(impact=impact, subject=DifferenceKind.TYPE, name=key[2], sentence=sentence)


def _code_lists(before: CodeLists, after: CodeLists) -> Iterator[Difference]:
    for uri in _missing(before.lists, after.lists):
        yield _list(Impact.BREAKING, uri, message("bundle-diff.list-removed", name=_title(before, uri), uri=uri))
    for uri in _missing(after.lists, before.lists):
        yield _list(Impact.WIDER, uri, message("bundle-diff.list-added", name=_title(after, uri), uri=uri))
    for uri in before.lists:
        if uri in after.lists:
            yield from _versions(uri, _current(before, uri), _current(after, uri))


def _versions(uri: str, old: CodeList, new: CodeList) -> Iterator[Difference]:
    name = new.title or uri
    if old.version != new.version:
        sentence = message("bundle-diff.list-version", name=name, before=old.version, after=new.version)
        yield _list(Impact.BREAKING, uri, sentence)
    if gone := sorted(old.codes - new.codes):
        yield _list(Impact.BREAKING, uri, message("bundle-diff.codes-removed", name=name, codes=", ".join(gone)))
    if come := sorted(new.codes - old.codes):
        yield _list(Impact.WIDER, uri, message("bundle-diff.codes-added", name=name, codes=", ".join(come)))


def _list(impact: Impact, uri: str, sentence: Message) -> Difference:
    return Difference(impact=impact, subject=DifferenceKind.CODE_LIST, name=uri, sentence=sentence)


def _current(lists: CodeLists, uri: str) -> CodeList:
    return lists.lists[uri][lists.current[uri]]


def _title(lists: CodeLists, uri: str) -> str:
    return _current(lists, uri).title or uri


def _missing(names: Iterable[Name], others: Iterable[Name]) -> list[Name]:
    """Names that are not among the others, in order."""
    return sorted(set(names) - set(others))
