"""The start view, put together from what the database holds and what the board says."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time

from ozgflow.domain.board import Board, Unjudged, stage_title
from ozgflow.domain.house import Contact, NextStep, expiring
from ozgflow.domain.house_files import load_house_rule
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, Wording, message
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.start_view import Change, ChangeKind, StartView, WarnedUndertaking
from ozgflow.domain.undertakings import Undertaking
from ozgflow.errors import OzgflowError
from ozgflow.jobs.house import taking_part
from ozgflow.jobs.rollout import board
from ozgflow.jobs.undertakings import warned
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage import house as storage
from ozgflow.storage.changes import evidence_since, moves_since
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import read_evidence
from ozgflow.storage.rollouts import RecordedMove, list_rollouts
from ozgflow.storage.undertakings import read_undertakings


def start_view(
    workspace: Workspace, wording: Wording, *, today: date, now: datetime, municipalities: Sequence[str] = ()
) -> StartView:
    """What an operator should know at the beginning of a day.

    Args:
        workspace: the workspace.
        wording: the language in which titles stand in what has changed.
        today: the day for which rollouts are judged, and before which last night was; where they stood is shown for
            a day that has been. Contacts and next steps are always the present ones.
        now: the present moment, in local time; its zone is the one in which nights begin.
        municipalities: names or keys; when given, only these are looked at.

    Raises:
        UsageError: a municipality is unknown.
        DataError: the file of the rule of the house, or a programme's, is faulty.
    """
    rule, zone = load_house_rule(), now.tzinfo
    assert zone is not None  # noqa: S101 - a moment without a zone is none
    since, until = rule.last_night(today, zone), min(now, datetime.combine(today, time.max, tzinfo=zone))
    chosen = tuple(one.ars for one in workspace.catalogue.select_municipalities(municipalities))
    with workspace.database.reading() as session:
        keys = [key for key in list_rollouts(session) if not chosen or key.municipality in chosen]
        part = chosen or taking_part(session)
        undertakings = _going_on(session, chosen)
        evidence = read_evidence(session, chosen or tuple(workspace.catalogue.municipalities))
        changes = _changes(session, wording, since=since)
        contacts = storage.read_contacts(session)
        steps = storage.open_steps(storage.read_steps(session, only_open=True))
    boards, unjudged = _boards(workspace, keys, today=today, looking_back=today < now.date())
    facts = [entry for entries in evidence.values() for entry in entries]
    return StartView(
        as_of=today,
        since=since,
        warning_days=rule.warning_days,
        taking_part=part,
        boards=boards,
        unjudged=unjudged,
        contacts=contacts,
        steps=steps,
        expiring=expiring(facts, today=today, days=rule.warning_days, kinds=load_evidence_kinds()),
        changes=tuple(
            change for change in changes if change.at <= until and (not chosen or change.municipality in chosen)
        ),
        undertakings=len(undertakings),
        warned=_warned(undertakings, today=today),
    )


def _boards(
    workspace: Workspace, keys: Iterable[RolloutKey], *, today: date, looking_back: bool
) -> tuple[tuple[Board, ...], tuple[Unjudged, ...]]:
    """One board for each programme; a programme that cannot be read keeps no other from being shown."""
    by_programme: dict[str, list[RolloutKey]] = {}
    for key in keys:
        by_programme.setdefault(key.programme, []).append(key)
    boards: list[Board] = []
    unjudged: list[Unjudged] = []
    for code, own in sorted(by_programme.items()):
        try:
            boards.append(board(workspace, load_programme(code), own, today=today, looking_back=looking_back))
        except OzgflowError as error:
            reason = Message(error.code, error.params)
            unjudged += [_unjudged(workspace, key, reason) for key in own]
    unjudged += [one for shown in boards for one in shown.unjudged]
    return tuple(boards), tuple(unjudged)


def _unjudged(workspace: Workspace, key: RolloutKey, reason: Message) -> Unjudged:
    return Unjudged(service=key.service, name=workspace.catalogue.name_of(key.municipality), reason=reason)


def _going_on(session: Session, chosen: Collection[Ars]) -> list[Undertaking]:
    return [
        one
        for one in read_undertakings(session).values()
        if not one.is_transferred and (not chosen or set(chosen) & set(one.users))
    ]


def _warned(undertakings: Iterable[Undertaking], *, today: date) -> tuple[WarnedUndertaking, ...]:
    found = (WarnedUndertaking(undertaking=one, warnings=warned(one, today=today)) for one in undertakings)
    return tuple(one for one in found if one.warnings)


def _changes(session: Session, wording: Wording, *, since: datetime) -> list[Change]:
    changes = [_moved(move, wording) for move in moves_since(session, since)]
    kinds = load_evidence_kinds()
    for entry, at in evidence_since(session, since):
        title = kinds[entry.kind].title[wording.language] if entry.kind in kinds else entry.kind
        sentence = message("change.evidence", title=title, reference=entry.reference)
        changes.append(_change(at, ChangeKind.EVIDENCE, entry.municipality, sentence, entry.recorded_by))
    changes += [_named(contact) for contact in storage.read_contact_changes(session, since=since)]
    for step in storage.read_steps(session, since=since):
        changes += _stepped(step, since)
    return sorted(changes, key=lambda change: (change.at, change.municipality, change.kind))


def _moved(move: RecordedMove, wording: Wording) -> Change:
    try:
        programme = load_programme(move.key.programme)
        origin, target = (stage_title(programme, code, wording) for code in (move.origin, move.target))
    except OzgflowError:
        # The programme or the stage is gone; what happened is still told.
        origin, target = move.origin, move.target
    sentence = message("change.move", service=str(move.key.service), origin=origin, target=target)
    return _change(move.moved_at, ChangeKind.MOVE, move.key.municipality, sentence, move.moved_by)


def _named(contact: Contact) -> Change:
    sentence = message("change.contact", person=contact.person)
    return _change(contact.named_at, ChangeKind.CONTACT, contact.municipality, sentence, contact.named_by)


def _stepped(step: NextStep, since: datetime) -> Iterable[Change]:
    if step.added_at >= since:
        sentence = message("change.step-added", text=step.text)
        yield _change(step.added_at, ChangeKind.STEP_ADDED, step.municipality, sentence, step.added_by)
    if step.done_at is not None and step.done_at >= since:
        sentence = message("change.step-done", text=step.text)
        yield _change(step.done_at, ChangeKind.STEP_DONE, step.municipality, sentence, step.done_by or "–")


def _change(at: datetime, kind: ChangeKind, municipality: Ars, sentence: Message, by: str) -> Change:
    return Change(at=at, kind=kind, municipality=municipality, sentence=sentence, by=by)
