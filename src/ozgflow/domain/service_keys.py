"""Keys of what municipalities take up: a service of the catalogue, or an item that a programme declares."""

import re
from dataclasses import dataclass
from typing import Self

from ozgflow.domain.keys import LeikaKey
from ozgflow.errors import InvalidKey

_ITEM_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True, order=True)
class ItemCode:
    """Code of an item that a programme declares itself: an app, a pilot, an Antragsstrecke.

    Attributes:
        code: two to forty small letters, digits and hyphens, beginning with a letter; so it is never a LeiKa key.
    """

    code: str

    def __str__(self) -> str:
        return self.code

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code.

        Raises:
            InvalidKey: another character, a wrong length, or no letter at the beginning.
        """
        if not _ITEM_CODE.fullmatch(text):
            raise InvalidKey("key.item.shape")
        return cls(text)


ServiceKey = LeikaKey | ItemCode
"""What a municipality takes up: a service of the catalogue, or an item of a programme."""


def parse_service_key(text: str) -> ServiceKey:
    """Read a LeiKa key or the code of an item; whatever begins with a letter is a code.

    Raises:
        InvalidKey: it is neither.
    """
    return ItemCode.parse(text) if text[:1].isalpha() and not text.startswith("urn:") else LeikaKey.parse(text)
