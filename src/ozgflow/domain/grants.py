"""Grants: the money of a programme – its rules, the applications for it, and how they go on.

The example is the Brandenburg programme "Smart Village App – Nachnutzung und Förderung"; all its figures stand in
the programme file. How an application is decided is in ``domain.grant_decisions``.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.money import NOTHING, require_amount
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.errors import UsageError


class GrantPurpose(StrEnum):
    """What the money may be for. The values are German, as programme files name them."""

    ADAPTATION = "anpassung"
    """Fitting the solution to the municipality."""
    ADVERTISING = "werbung"
    """Making it known when it is launched."""
    FIRST_YEAR = "betrieb-erstes-jahr"
    """Operating it in its first year."""


class GrantState(StrEnum):
    """How far an application is."""

    REQUESTED = "requested"
    GRANTED = "granted"
    """Money is promised; it may be paid in parts and stays in this state until all of it is."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PAID = "paid"
    """All that was granted has been paid."""


class BoundaryRule(StrEnum):
    """Which directive counts on a day on which two are in force."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A funding directive.

    Attributes:
        code: how decisions name it.
        valid_from: its first day.
        valid_until: its last day; ``None`` while no end is declared.
        source: where it can be read.
    """

    code: str
    valid_from: date
    valid_until: date | None
    source: str

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many grants there are for the applications of a year.

    Attributes:
        year: the year of the application.
        places: how many grants, 0 or more.
        line: where the programme file says so, for complaints.
    """

    year: int
    places: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRules:
    """What a programme file says about money.

    Attributes:
        file: name of the programme file.
        line: where its section on grants begins.
        ceiling: the most that a municipality gets, in euro.
        purposes: what the money may be for.
        land: number of the Land whose municipalities may apply.
        applicants: which kinds of municipality may apply.
        preconditions: kinds of evidence that must hold for the municipality when the application is decided.
        records: the kind of evidence that a granted application is recorded as.
        quotas: places by year, ascending. A year without an entry has none.
        directives: ascending by their first day, without gaps.
        boundary: which one counts where two overlap; ``None`` when none do.
    """

    file: str
    line: int
    ceiling: Decimal
    purposes: tuple[GrantPurpose, ...]
    land: str
    applicants: tuple[MunicipalityKind, ...]
    preconditions: tuple[str, ...]
    records: str
    quotas: tuple[Quota, ...]
    directives: tuple[Directive, ...]
    boundary: BoundaryRule | None

    def quota(self, year: int) -> Quota | None:
        """The quota of a year; ``None`` when the file declares none."""
        return next((quota for quota in self.quotas if quota.year == year), None)

    def directive(self, day: date) -> Directive | None:
        """The directive that counts for an application of a day; ``None`` when none is in force."""
        in_force = [directive for directive in self.directives if directive.in_force(day)]
        if not in_force:
            return None
        return in_force[0] if self.boundary is BoundaryRule.OLDEST else in_force[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantApplication:
    """An application of a municipality and what has become of it. Amounts are in euro.

    Attributes:
        programme: code of the programme.
        case: the case number under which the granting authority keeps it; unique within the programme.
        municipality: who applies.
        applied_on: the day of the application. Its year says which quota counts, the day says which directive.
        requested: what was applied for.
        purposes: what it is to be for.
        state: how far it is.
        granted: what was granted, at most ``requested``; nothing unless granted or paid.
        paid: what has been paid so far, at most ``granted``.
        directive: code of the directive under which it was decided; ``None`` before.
    """

    programme: str
    case: str
    municipality: Ars
    applied_on: date
    requested: Decimal
    purposes: tuple[GrantPurpose, ...]
    state: GrantState = GrantState.REQUESTED
    granted: Decimal = NOTHING
    paid: Decimal = NOTHING
    directive: str | None = None

    @property
    def year(self) -> int:
        """The year whose quota counts."""
        return self.applied_on.year

    @property
    def is_live(self) -> bool:
        """Whether it may still lead to money, or has; a municipality has one such application at most."""
        return self.state not in (GrantState.REJECTED, GrantState.WITHDRAWN)

    @property
    def holds_place(self) -> bool:
        """Whether it takes one of the places of its year."""
        return self.state in (GrantState.GRANTED, GrantState.PAID)

    def withdrawn(self) -> "GrantApplication":
        """What it is after the municipality has withdrawn it.

        Raises:
            UsageError: it is rejected, or money has been paid: getting that back is a procedure of its own.
        """
        if self.paid:
            raise UsageError("grant.withdraw-paid", case=self.case, paid=self.paid)
        if not self.is_live:
            raise self._impossible()
        return replace(self, state=GrantState.WITHDRAWN, granted=NOTHING)

    def after_payment(self, amount: Decimal) -> "GrantApplication":
        """What it is after a payment of ``amount``, in euro.

        Raises:
            UsageError: nothing is granted, the amount is none, or it is more than is left.
        """
        if not self.holds_place:
            raise self._impossible()
        require_amount(amount)
        left = self.granted - self.paid
        if amount > left:
            raise UsageError("grant.overpaid", case=self.case, amount=amount, left=left, granted=self.granted)
        state = GrantState.PAID if amount == left else GrantState.GRANTED
        return replace(self, state=state, paid=self.paid + amount)

    def _impossible(self) -> UsageError:
        return UsageError("grant.state-wrong", case=self.case, state=message(f"grant-state.{self.state}"))
