"""Which keys exist: the part of the catalogue that the check of documents asks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ozgflow.domain.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDirectory:
    """The keys that are known, and how old this knowledge is.

    Attributes:
        services: LeiKa keys.
        services_as_of: day of the service catalogue; ``None`` when it is empty.
        municipalities: AGS by ARS, both in full length; an Amt has an empty AGS.
        municipalities_as_of: day of the directory of municipalities; ``None`` when it is empty.
        lands: the Länder of which all keys are known, two digits each. Of an unknown key of others nothing
            can be said.
    """

    services: frozenset[str] = frozenset()
    services_as_of: date | None = None
    municipalities: Mapping[str, str] = field(default_factory=dict)
    municipalities_as_of: date | None = None
    lands: frozenset[str] = frozenset()

    @staticmethod
    def of(catalogue: Catalogue) -> "KeyDirectory":
        """The keys of a catalogue."""
        areas = catalogue.municipalities.values()
        return KeyDirectory(
            services=frozenset(str(key) for key in catalogue.services),
            services_as_of=max((one.as_of for one in catalogue.services.values()), default=None),
            municipalities={str(one.ars): str(one.ags or "") for one in areas},
            municipalities_as_of=max((one.as_of for one in areas), default=None),
            lands=catalogue.lands_in_full,
        )

    @property
    def digest(self) -> str:
        """A short hash over all keys; reports that were made with other keys are not used again."""
        parts = [*sorted(self.services), *sorted(f"{ars}={ags}" for ars, ags in self.municipalities.items())]
        days = [str(self.services_as_of), str(self.municipalities_as_of)]
        return hashlib.sha256("\n".join([*days, *parts]).encode()).hexdigest()[:12]
