"""Bundles that would claim the same documents: side by side they make every recognition ambiguous."""

from collections.abc import Sequence

from ozgflow.standards.bundles import Bundle, Entry


def are_rivals(one: Bundle, other: Bundle) -> bool:
    """Whether documents of one bundle would be taken for documents of the other, too.

    Two XPaths are believed to tell documents apart, if they are not the same; so are two version attributes.
    """
    if not _meet(one.entries, other.entries):
        return False
    if one.match and other.match:
        return (one.match, dict(one.namespaces)) == (other.match, dict(other.namespaces))
    marks = {(bundle.version_attribute, bundle.version) for bundle in (one, other) if bundle.version_attribute}
    told_apart = len(marks) + bool(one.match) + bool(other.match)
    return told_apart < len((one, other))


def _meet(entries: Sequence[Entry], others: Sequence[Entry]) -> bool:
    """Whether some root element belongs to both; a bundle without schemas takes every root."""
    if not entries or not others:
        return True
    return any(_share_a_root(entry, other) for entry in entries for other in others)


def _share_a_root(entry: Entry, other: Entry) -> bool:
    if None not in (entry.namespace, other.namespace) and entry.namespace != other.namespace:
        return False
    return not entry.roots or not other.roots or not set(entry.roots).isdisjoint(other.roots)
