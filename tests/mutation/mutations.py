"""All declared mutations."""

from tests.mutation.harmless import HARMLESS
from tests.mutation.keys import KEYS
from tests.mutation.markup import MARKUP
from tests.mutation.mutation import Mutation
from tests.mutation.structure import STRUCTURE
from tests.mutation.values import VALUES

MUTATIONS: tuple[Mutation, ...] = (*STRUCTURE, *VALUES, *KEYS, *MARKUP, *HARMLESS)
"""The table, in the order in which they take turns."""
