"""Who takes part: from an operator's words to rollouts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from ozgflow.domain.catalogue import Catalogue, ExecutionLevel, Municipality, MunicipalityKind, Service
from ozgflow.domain.laender import HOME_LAND
from ozgflow.domain.messages import message
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.service_keys import ItemCode
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import execution_level

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is to work on.

    Attributes:
        programme: the procedure.
        services: the services, in the order asked for.
        keys: the rollouts, sorted by service and municipality.
    """

    programme: Programme
    services: tuple[Service, ...]
    keys: tuple[RolloutKey, ...]


def plan_rollouts(
    catalogue: Catalogue,
    *,
    programme: str,
    services: Sequence[str],
    municipalities: Sequence[str] = (),
    kinds: Sequence[MunicipalityKind] = (),
    today: date,
    land: str = HOME_LAND,
) -> Plan:
    """Find the municipalities for each service.

    Args:
        catalogue: where to look.
        programme: code of the programme.
        services: LeiKa keys, or codes of the programme's items; all items when empty.
        municipalities: names or keys; when given, just these, whether competent or not.
        kinds: kinds of municipality; when given, all of these kinds. Otherwise the competent ones.
        today: the day for which competence is asked.
        land: number of the Land whose kinds or competent municipalities are meant; names mean all Länder.

    Raises:
        UsageError: a name, key or code is unknown, nobody is competent, or the catalogue cannot tell for the Land.
    """
    procedure = load_programme(programme)
    chosen = choose_services(catalogue, procedure, services)
    picked = _picked(catalogue, municipalities, kinds, land)
    keys = [
        RolloutKey(programme=procedure.code, service=service.key, municipality=municipality.ars)
        for service in chosen
        for municipality in picked or _competent(catalogue, procedure, service, today, land)
    ]
    return Plan(programme=procedure, services=chosen, keys=tuple(sorted(keys)))


def choose_services(catalogue: Catalogue, programme: Programme, words: Sequence[str]) -> tuple[Service, ...]:
    """The services or items that an operator names; all items of a programme when he names none.

    Raises:
        UsageError: one is unknown, or none is named for a programme that has no items of its own.
    """
    if programme.items:
        keys = [ItemCode.parse(word) for word in words] or list(programme.items)
        return tuple(dict.fromkeys(programme.item(key).as_service() for key in keys))
    if not words:
        raise UsageError("rollout.service-missing", programme=programme.code)
    return tuple(dict.fromkeys(catalogue.service(word) for word in words))


def split(items: Sequence[Item], parts: int) -> list[tuple[Item, ...]]:
    """Cut a sequence into at most ``parts`` pieces of about the same size, none empty."""
    size = max(1, -(-len(items) // parts))
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]


def _picked(
    catalogue: Catalogue, words: Sequence[str], kinds: Sequence[MunicipalityKind], land: str
) -> tuple[Municipality, ...]:
    named = catalogue.select_municipalities(words) if words else ()
    of_kind = (one for one in catalogue.municipalities.values() if one.kind in kinds and one.land == land)
    return tuple(dict.fromkeys((*named, *of_kind)))


def _competent(
    catalogue: Catalogue, programme: Programme, service: Service, today: date, land: str
) -> tuple[Municipality, ...]:
    sole = programme.competence(service.key, today)
    if sole is not None and sole.municipality.land == land:
        return (catalogue.municipality(sole.municipality),)
    level = execution_level(catalogue, programme, service.key)
    if level is ExecutionLevel.OFFEN:
        raise UsageError("rollout.level-open", service=service.key)
    found = catalogue.competent(level, land)
    if not found:
        raise UsageError("rollout.level-elsewhere", service=service.key, level=message(f"level.{level}"))
    return found
