"""Bundles as text and as data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from ozgflow.cli.console import say, wording
from ozgflow.domain.code_lists import CodeList
from ozgflow.domain.messages import Message
from ozgflow.jobs.bundle_adding import AddedBundle
from ozgflow.jobs.bundles import code_lists_of
from ozgflow.standards.bundle_diff import Difference
from ozgflow.standards.bundle_folder import Addition
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.part_diff import Impact

HEADINGS = (
    *("bundles.column-name", "bundles.column-title", "bundles.column-from", "bundles.column-until"),
    *("bundles.column-binding", "bundles.column-lists", "bundles.column-rules", "bundles.column-origin"),
)
"""The columns of the table of bundles."""
_NONE = "–"
_OUTCOMES = {
    Addition.ADDED: "bundles.added",
    Addition.REPLACED: "bundles.replaced",
    Addition.PRESENT: "bundles.present",
    None: "bundles.would-add",
}
_IMPACTS = {
    Impact.BREAKING: "bundle-diff.breaking",
    Impact.WIDER: "bundle-diff.wider",
    Impact.OTHER: "bundle-diff.other",
}


def row(bundle: Bundle, *, added: bool) -> tuple[str, ...]:
    """One line of the table of bundles."""
    return (
        bundle.name,
        bundle.title,
        _day(bundle.window.accepted_from),
        _day(bundle.window.accepted_until),
        _yes(holds=bundle.binding),
        str(len(bundle.code_lists)),
        str(len(bundle.rule_sets)),
        _origin(added=added),
    )


def bundle_data(bundle: Bundle, *, added: bool) -> dict[str, object]:
    """A bundle as JSON-ready data."""
    window = bundle.window
    return {
        "name": bundle.name,
        "standard": bundle.standard,
        "version": bundle.version,
        "title": bundle.title,
        "origin": "added" if added else "shipped",
        "accepted_from": _iso(window.accepted_from),
        "accepted_until": _iso(window.accepted_until),
        "effective_on": _iso(window.effective_on),
        "binding": bundle.binding,
        "code_lists": len(bundle.code_lists),
        "rule_sets": len(bundle.rule_sets),
        "licence": bundle.licence,
        "source": bundle.source,
    }


def details(bundle: Bundle) -> dict[str, object]:
    """What ``show`` adds to it."""
    lists = code_lists_of(bundle)
    return {
        "entries": [
            {"schema": _inside(bundle, entry.schema), "namespace": entry.namespace, "roots": list(entry.roots)}
            for entry in bundle.entries
        ],
        "version_attribute": bundle.version_attribute or None,
        "match": bundle.match or None,
        "code_lists": None if isinstance(lists, Message) else [_list_data(one) for one in lists],
        "rule_sets": [
            {"file": _inside(bundle, one.file), "title": one.title, "phase": one.phase, "levels": dict(one.levels)}
            for one in bundle.rule_sets
        ],
        "keys": asdict(bundle.keys),
        "acceptance": bundle.acceptance.expression if bundle.acceptance else None,
        "files": dict(bundle.hashes),
    }


def say_bundle(bundle: Bundle, *, added: bool) -> None:
    """Print everything about a bundle."""
    window = bundle.window
    say("bundles.show-head", name=bundle.name, title=bundle.title, origin=_origin(added=added))
    say(
        "bundles.show-window",
        first=_day(window.accepted_from),
        last=_day(window.accepted_until),
        effective=_day(window.effective_on),
        binding=_yes(holds=bundle.binding),
    )
    say("bundles.show-licence", licence=bundle.licence, source=bundle.source or _NONE)
    _say_recognition(bundle)
    _say_lists(bundle)
    for one in bundle.rule_sets:
        file = _inside(bundle, one.file)
        say("bundles.show-rules", title=one.title or file, file=file, levels=len(one.levels))
    keys = {name: ", ".join(names) or _NONE for name, names in asdict(bundle.keys).items()}
    say("bundles.show-keys", ars=keys["ars"], ags=keys["ags"], leika=keys["leika"])
    if bundle.acceptance:
        say("bundles.show-acceptance", expression=bundle.acceptance.expression)
    for file, digest in sorted(bundle.hashes.items()):
        say("bundles.show-file", digest=digest, file=file)


def added_data(added: AddedBundle) -> dict[str, object]:
    """What became of one bundle, as JSON-ready data."""
    words = wording()
    return {
        "name": added.bundle.name,
        "title": added.bundle.title,
        "outcome": "refused" if added.refused else added.addition or "would-add",
        "why": words.render(added.refused) if added.refused else None,
        "entries": [_inside(added.bundle, entry.schema) for entry in added.bundle.entries],
        "unused": list(added.unused),
    }


def say_added(added: AddedBundle) -> None:
    """Print what became of one bundle."""
    bundle = added.bundle
    if added.refused:
        say("bundles.refused", name=bundle.name, why=added.refused)
        return
    facts = wording().text(
        "bundles.facts",
        entries=len(bundle.entries),
        messages=sum(len(entry.roots) for entry in bundle.entries),
        lists=len(bundle.code_lists),
        rules=len(bundle.rule_sets),
    )
    say(_OUTCOMES[added.addition], name=bundle.name, title=bundle.title, facts=facts)
    if added.unused:
        say("bundles.unused", files=", ".join(added.unused))


def difference_data(difference: Difference) -> Mapping[str, object]:
    """One difference as JSON-ready data."""
    return {
        "impact": difference.impact,
        "subject": difference.subject,
        "name": difference.name,
        "change": difference.sentence.code.partition(".")[2],
        "message": wording().render(difference.sentence),
    }


def say_differences(old: Bundle, new: Bundle, found: Sequence[Difference]) -> None:
    """Print all differences, the grave ones first."""
    if not found:
        say("bundle-diff.same", old=old.name, new=new.name)
        return
    say("bundle-diff.head", old=old.name, new=new.name, count=len(found))
    for impact, heading in _IMPACTS.items():
        some = [one for one in found if one.impact is impact]
        if some:
            say(heading)
        for one in some:
            say("bundle-diff.line", sentence=one.sentence)


def _say_recognition(bundle: Bundle) -> None:
    say("bundles.show-recognised")
    if bundle.version_attribute:
        say("bundles.show-attribute", attribute=bundle.version_attribute, version=bundle.version)
    if bundle.match:
        say("bundles.show-match", match=bundle.match)
    for entry in bundle.entries:
        namespace, roots = entry.namespace or _NONE, ", ".join(entry.roots) or _NONE
        say("bundles.show-entry", schema=_inside(bundle, entry.schema), namespace=namespace, roots=roots)


def _say_lists(bundle: Bundle) -> None:
    lists = code_lists_of(bundle)
    if isinstance(lists, Message):
        say("bundles.lists-unreadable", why=lists)
        return
    for one in lists:
        say("bundles.show-list", title=one.title, version=one.version, count=len(one.codes), uri=one.uri)


def _list_data(one: CodeList) -> dict[str, object]:
    return {"uri": one.uri, "version": one.version, "title": one.title, "codes": len(one.codes), "file": one.file}


def _inside(bundle: Bundle, file: object) -> str:
    return str(file).removeprefix(f"{bundle.folder}/")


def _origin(*, added: bool) -> str:
    return wording().text("bundles.origin-added" if added else "bundles.origin-shipped")


def _yes(*, holds: bool) -> str:
    return wording().text("bundles.yes" if holds else "bundles.no")


def _day(day: date | None) -> str:
    return wording().text("bundles.day", day=day) if day else _NONE


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
