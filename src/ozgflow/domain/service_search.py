"""Finding services by key, OZG-ID, Themenfeld or words of their titles."""

import difflib
from collections.abc import Mapping

from ozgflow.domain.keys import LEIKA_URN, LeikaKey, OzgId
from ozgflow.domain.messages import Message, message
from ozgflow.domain.search import fold, spellings
from ozgflow.domain.services import OzgService, Service

_LIKE_KEYS = 0.85
_OBJECT_LENGTH = 8
_SUGGESTED = 3


def find(
    services: Mapping[LeikaKey, Service], ozg_services: Mapping[OzgId, OzgService], query: str
) -> tuple[Service, ...]:
    """All services that fit, by key. See ``Catalogue.find_services``."""
    ordered = [service for _, service in sorted(services.items())]
    text = query.strip().removeprefix(LEIKA_URN)
    if text.isascii() and text.isdigit():
        found = tuple(one for one in ordered if str(one.key).startswith(text) or str(one.ozg_id) == text)
        if found:
            return found
    folded = fold(query)
    if not folded:
        return ()
    titles = {ozg_id: one.title for ozg_id, one in ozg_services.items()}
    return tuple(one for one in ordered if _fits(folded, one, titles.get(one.ozg_id) if one.ozg_id else None))


def hint(services: Mapping[LeikaKey, Service], key: LeikaKey) -> Message:
    """Services with a similar key, for the question "did you mean …?"."""
    near = [one for one in services.values() if str(one.key)[:_OBJECT_LENGTH] == str(key)[:_OBJECT_LENGTH]]
    if not near:
        texts = {str(one.key): one for one in services.values()}
        close = difflib.get_close_matches(str(key), texts, n=_SUGGESTED, cutoff=_LIKE_KEYS)
        near = [texts[text] for text in close]
    names = ", ".join(f"{one.key} ({one.title})" for one in near[:_SUGGESTED])
    return message("catalogue.did-you-mean", names=names) if names else message("catalogue.check")


def _fits(folded: str, service: Service, ozg_title: str | None) -> bool:
    """Whether the query is the Themenfeld, or all its words occur in the title or the title of the bundle."""
    if folded in spellings(service.field):
        return True
    texts = spellings(f"{service.title} {ozg_title or ''}")
    words = folded.split()
    return any(all(word in text for word in words) for text in texts)
