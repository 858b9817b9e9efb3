"""What a mutation is: where it applies, what it does, and the rule that has to speak up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.mutation.facts import Place, Specimen

Find = Callable[[Specimen], Sequence[Place]]
Apply = Callable[[Specimen, Place, Random], str | bytes | None]
"""Makes the mutant: text without an XML declaration, or bytes as they are; ``None`` where it cannot be made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One way to make a document wrong – or, without rules, one that must not matter.

    Attributes:
        name: how it is called in explanations.
        rules: rules of which one has to be broken more often than in the document before; empty where the findings
            have to stay as they were.
        find: the places in a document that it applies to, by the schema.
        apply: what it does.
    """

    name: str
    rules: frozenset[str]
    find: Find
    apply: Apply


def mutation(name: str, *rules: str, find: Find, apply: Apply) -> Mutation:
    """Declare a mutation."""
    return Mutation(name=name, rules=frozenset(rules), find=find, apply=apply)
