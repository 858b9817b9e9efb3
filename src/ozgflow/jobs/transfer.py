"""Transferring an undertaking by a plan: checked as a whole, then carried out as a whole."""

from dataclasses import dataclass
from datetime import datetime

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.transfers import Complaint, Transfer, check_transfer, successors_of
from ozgflow.domain.undertakings import Undertaking
from ozgflow.errors import UsageError
from ozgflow.jobs.undertakings import found
from ozgflow.jobs.words import one_line
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.storage.database import Session
from ozgflow.storage.undertakings import hold_undertaking, read_undertakings, transfer_undertaking


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSummary:
    """What a plan comes to.

    Attributes:
        undertaking: the one that ends, as it was before.
        plan: the plan.
        successors: those that the plan makes; empty when there are complaints.
        complaints: what keeps the plan from being carried out, all of it.
        is_known: whether just this was carried out before.
        is_written: whether it was carried out now.
    """

    undertaking: Undertaking
    plan: Transfer
    successors: tuple[Undertaking, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    is_known: bool = False
    is_written: bool = False


def transfer(
    workspace: Workspace, plan: Transfer, *, by: str, now: datetime, dry_run: bool = False
) -> TransferSummary:
    """Check a plan, and carry it out in one transaction when there is nothing to complain of.

    Raises:
        UsageError: there is no such undertaking, or nobody is named.
        TransientError: somebody else changed the same rows meanwhile; nothing was changed.
    """
    name = one_line(by, "--by")
    with workspace.database.reading() as session:
        summary, _ = _judge(workspace, session, plan)
    if dry_run or summary.complaints or summary.is_known:
        return summary
    refresh_catalogue(workspace)
    with workspace.database.writing() as session:
        hold_undertaking(session, plan.undertaking)
        summary, users = _judge(workspace, session, plan)
        if summary.complaints or summary.is_known:
            return summary
        transfer_undertaking(session, summary.undertaking, plan, users, by=name, now=now)
    return TransferSummary(undertaking=summary.undertaking, plan=plan, successors=summary.successors, is_written=True)


def _judge(
    workspace: Workspace, session: Session, plan: Transfer
) -> tuple[TransferSummary, dict[str, tuple[Ars, ...]]]:
    undertaking = found(session, plan.undertaking)
    if undertaking.is_transferred and set(undertaking.fates) == set(plan.fates):
        return TransferSummary(undertaking=undertaking, plan=plan, is_known=True), {}
    users, unknown = _users(workspace, plan)
    known = read_undertakings(session).keys()
    complaints = (*check_transfer(undertaking, plan, known=known), *unknown)
    ordered = tuple(sorted(complaints, key=lambda complaint: complaint.line))
    successors = () if ordered else successors_of(undertaking, plan, users)
    return TransferSummary(undertaking=undertaking, plan=plan, successors=successors, complaints=ordered), users


def _users(workspace: Workspace, plan: Transfer) -> tuple[dict[str, tuple[Ars, ...]], list[Complaint]]:
    """The municipalities that a plan names, and complaints about names that fit none or several."""
    users: dict[str, tuple[Ars, ...]] = {}
    complaints = []
    for successor in plan.successors:
        try:
            chosen = workspace.catalogue.select_municipalities(successor.municipalities)
        except UsageError as error:
            complaints.append(Complaint(line=successor.line, sentence=Message(error.code, error.params)))
        else:
            users[successor.code] = tuple(one.ars for one in chosen)
    return users, complaints
