"""Makes mutants and checks them in four ways at once.

1. A mutation's rule speaks up, or – where a change must not matter – nothing does that was silent before.
2. The check of many at once says the same as the check of one without short cuts: full schema, no memory, no names.
3. libxml2 with our check of identities, and xmlschema, agree on the schema step.
4. Nothing is called valid that either engine refuses.

Whatever falls out is a miss, and has to be explained in ``missed.toml``.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random

from lxml import etree

from ozgflow.domain.findings import Report, Verdict
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.compiled import CompiledBundle
from ozgflow.standards.genericode import read_code_lists
from ozgflow.standards.parsing import document_parser
from ozgflow.standards.validator import Validator
from tests.mutation.facts import Place, Specimen, Standard
from tests.mutation.mutation import Mutation
from tests.mutation.mutations import MUTATIONS
from tests.mutation.reference import Reference, went_through_schema

EXPLANATIONS = Path(__file__).parent / "missed.toml"
_LATIN = ("91379", "latinchars")
_TRIES = 20
_ROUNDS = 10
_AT_ONCE = 16
_HEADS = ('<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>\n', "", "", "\ufeff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One document made by a mutation."""

    mutation: Mutation
    specimen: Specimen
    place: Place
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Something that did not go as it has to.

    Attributes:
        mutant: the document.
        kind: ``uncaught``, ``harmed``, ``short-cut``, ``engines`` or ``wrongly-valid``.
        told: what was found instead.
    """

    mutant: Mutant
    kind: str
    told: str

    @property
    def bundle(self) -> str:
        """Name of the bundle."""
        return self.mutant.specimen.standard.bundle.name

    def __str__(self) -> str:
        place = f"{self.mutant.specimen.name} {self.mutant.place.path}"
        return f"{self.kind}: {self.mutant.mutation.name} in {self.bundle} at {place}: {self.told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a kind of miss is as it is.

    Attributes:
        kind: of the miss.
        mutation: name of the mutation.
        bundle: pattern for the names of bundles.
        place: pattern for the place.
        count: how many there are in a whole run.
        why: the reason.
    """

    kind: str
    mutation: str
    bundle: str
    place: str
    count: int
    why: str

    def explains(self, miss: Miss) -> bool:
        """Whether this is the miss that is meant."""
        return (
            miss.kind == self.kind
            and miss.mutant.mutation.name == self.mutation
            and fnmatchcase(miss.bundle, self.bundle)
            and fnmatchcase(miss.mutant.place.path, self.place)
        )


def explanations() -> tuple[Explanation, ...]:
    """All that is explained."""
    return tuple(Explanation(**table) for table in tomllib.loads(EXPLANATIONS.read_text("utf-8")).get("missed", []))


@dataclass(slots=True)
class Tally:
    """What a run came to."""

    mutants: Counter[str] = field(default_factory=Counter)
    harmless: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many documents were made wrong."""
        return sum(self.mutants.values())

    @property
    def caught(self) -> float:
        """The share of wrong documents whose rule spoke up."""
        return 1 - sum(miss.kind == "uncaught" for miss in self.misses) / max(self.wrong, 1)


class Harness:
    """Mutants of the documents of one bundle."""

    def __init__(self, validator: Validator, bundle: Bundle, documents: dict[str, bytes]) -> None:
        """Take up valid documents; those that are not are left out.

        Args:
            validator: knows the bundle.
            bundle: the bundle.
            documents: by name.
        """
        self.checker = validator.for_bundle(bundle)
        self.reference = Reference(validator.for_bundle(bundle))
        known = {name: (data, self.checker.check(data)) for name, data in documents.items()}
        self.before = {name: report for name, (_, report) in known.items() if not _is_refused(report)}
        roots = {name: _without_comments(known[name][0]) for name in self.before}
        first = next(iter(roots.values()))
        self.standard = _standard(bundle, self.reference.compiled(first))
        self.specimens = tuple(Specimen(name=name, standard=self.standard, root=root) for name, root in roots.items())

    def mutants(self, count: int, seed: str) -> Iterator[Mutant]:
        """Distinct mutants, the mutations taking turns, until so many of them are wrong."""
        seen: set[bytes] = set()
        wrong = 0
        for number in range(count * _ROUNDS):
            mutation = MUTATIONS[number % len(MUTATIONS)]
            mutant = self._mutant(mutation, Random(f"{seed} {self.standard.bundle.name} {number}"))  # noqa: S311
            if mutant is None or mutant.data in seen:
                continue
            seen.add(mutant.data)
            yield mutant
            wrong += bool(mutation.rules)
            if wrong == count:
                return

    def _mutant(self, mutation: Mutation, rng: Random) -> Mutant | None:
        specimens = [one for one in self.specimens if one.places(mutation.name, mutation.find)]
        for _ in range(_TRIES if specimens else 0):
            specimen = rng.choice(specimens)
            place = rng.choice(specimen.places(mutation.name, mutation.find))
            made = mutation.apply(specimen, place, rng)
            if made is not None:
                data = made if isinstance(made, bytes) else (rng.choice(_HEADS) + made).encode()
                return Mutant(mutation=mutation, specimen=specimen, place=place, data=data)
        return None

    def run(self, count: int, seed: str) -> Tally:
        """Make mutants and check them."""
        tally = Tally()
        mutants = list(self.mutants(count, seed))
        for start in range(0, len(mutants), _AT_ONCE):
            together = mutants[start : start + _AT_ONCE]
            reports = self.checker.check_all([one.data for one in together])
            for mutant, report in zip(together, reports, strict=True):
                kind = tally.mutants if mutant.mutation.rules else tally.harmless
                kind[mutant.mutation.name] += 1
                tally.verdicts[report.verdict] += 1
                tally.misses += self._misses(mutant, report, tally)
        return tally

    def _misses(self, mutant: Mutant, report: Report, tally: Tally) -> Iterator[Miss]:
        before, rules = self.before[mutant.specimen.name], mutant.mutation.rules
        slow = self.reference.check(mutant.data)
        engines = self.reference.engines(mutant.data, slow)
        tally.faults.update(engines.faults)
        if rules and not any(report.counts.get(rule, 0) > before.counts.get(rule, 0) for rule in rules):
            yield Miss(mutant=mutant, kind="uncaught", told=told(report))
        if not rules and not engines.faults and told(report) != told(before):
            yield Miss(mutant=mutant, kind="harmed", told=told(report))
        if told(slow) != told(report):
            yield Miss(mutant=mutant, kind="short-cut", told=f"{told(report)} instead of {told(slow)}")
        if not engines.agree and not engines.faults:
            yield Miss(mutant=mutant, kind="engines", told=f"{engines}: {told(slow)}")
        if report.verdict is Verdict.VALID and not engines.valid:
            yield Miss(mutant=mutant, kind="wrongly-valid", told=str(engines))


def told(report: Report) -> str:
    """What a report says, short."""
    findings = sorted(f"{one.rule} {one.path}" for one in report.findings)
    return f"{report.verdict} [{', '.join(findings)}]"


def sort(misses: Sequence[Miss]) -> tuple[list[Miss], Counter[Explanation]]:
    """Misses that nobody has explained, and how often each explanation was needed."""
    known = explanations()
    unexplained, used = [], Counter[Explanation]()
    for miss in misses:
        found = next((one for one in known if one.explains(miss)), None)
        if found is None:
            unexplained.append(miss)
        else:
            used[found] += 1
    return unexplained, used


def _is_refused(report: Report) -> bool:
    """Whether a document is wrong by its schema, and so is nothing to make mutants from."""
    return not went_through_schema(report) or any(rule.startswith("xsd.") for rule in report.counts)


def _without_comments(data: bytes) -> etree._Element:
    return etree.fromstring(data, document_parser(without_comments=True))


def _standard(bundle: Bundle, compiled: CompiledBundle) -> Standard:
    assert compiled.schema is not None
    namespaces = [root.get("targetNamespace", "") for root in compiled.schema.files.roots.values()]
    return Standard(
        bundle=bundle,
        schema=compiled.schema.referee.schema,
        lists=read_code_lists(bundle.code_lists),
        names_characters=any(name in namespace for name in _LATIN for namespace in namespaces),
    )
