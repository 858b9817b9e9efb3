"""Compiled bundles: what is needed to check documents, made once per bundle and thread."""

import threading
from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from ozgflow.domain.code_lists import CodeLists
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.domain.messages import Message
from ozgflow.standards.acceptance_test import CompiledAcceptanceTest
from ozgflow.standards.bundles import Bundle, Entry, Recognised
from ozgflow.standards.carriers import carrier_names
from ozgflow.standards.code_check import CodeCheck
from ozgflow.standards.code_places import declared_lists
from ozgflow.standards.digests import bundle_digest, verify
from ozgflow.standards.genericode import read_code_lists
from ozgflow.standards.header_check import HEADER_NAMES, HeaderCheck
from ozgflow.standards.identity import IdentityNames, identity_names
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.meanings import meanings
from ozgflow.standards.plain_patterns import Repertoire, plain_alphabet, plain_schemas, repertoire
from ozgflow.standards.referee import Referee
from ozgflow.standards.schema_files import SchemaFiles, SchemaTrouble, collect
from ozgflow.standards.schematron import CompiledRuleSet
from ozgflow.standards.second_opinion import SecondOpinion
from ozgflow.standards.uniqueness import OwnConstraints, own_constraints
from ozgflow.standards.value_patterns import value_patterns
from ozgflow.standards.walk import Walk


class CompiledSchema:
    """One schema of a bundle, ready for work. Not for use by two threads at once: libxml2's error log would mix.

    Attributes:
        files: the schema's files.
        full: the schema as published.
        alphabet: the characters that count as plain.
        plain: the same for documents of plain characters only, faster; see ``plain_patterns``.
        taken_out: patterns that ``bare`` does not have; ``None`` when it has all.
        bare: the same as ``plain`` without patterns that the walk checks; see ``value_patterns``.
        referee: the second engine, asked about single values.
        second: the same, asked about whole documents.
    """

    def __init__(self, entry: Entry, bundle: Bundle) -> None:
        """Compile with libxml2.

        Raises:
            SchemaTrouble: a file is missing or the schema does not compile.
        """
        self.files: SchemaFiles = collect(entry.schema, bundle.locations)
        self.full = compile_schema(self.files)
        self.alphabet = plain_alphabet(self.files.roots)
        simpler = plain_schemas(self.files.roots, self.alphabet)
        self.plain = compile_schema(self.files, simpler) if simpler else self.full
        keys = bundle.keys
        visited = HEADER_NAMES.union(keys.ars, keys.ags, keys.leika)
        self.taken_out = value_patterns(simpler or self.files.roots, self.alphabet, visited)
        self.bare = compile_schema(self.files, self.taken_out.roots) if self.taken_out else self.plain
        # Where two copies are one, the contents named last hold.
        bare = self.taken_out.roots if self.taken_out else {}
        self._contents = {self.bare: bare, self.plain: simpler or {}, self.full: self.files.roots}
        self._lean: dict[etree.XMLSchema, etree.XMLSchema] = {}
        self.referee = Referee(self.files)
        self.second = SecondOpinion(self.files, self.referee)

    @cached_property
    def constraints(self) -> OwnConstraints | None:
        """The constraints on doubles that ``lean`` does not have; ``None`` when it has all."""
        return own_constraints(self.files.roots)

    def lean(self, copy: etree.XMLSchema) -> etree.XMLSchema:
        """One of the three copies without ``constraints``; compiled when first asked for.

        Args:
            copy: ``full``, ``plain`` or ``bare``.
        """
        if self.constraints is None:
            return copy
        if copy not in self._lean:
            contents = self.constraints.taken_out({**self.files.roots, **self._contents[copy]})
            self._lean[copy] = compile_schema(self.files, contents)
        return self._lean[copy]

    @cached_property
    def identities(self) -> IdentityNames:
        """Names that carry ``xs:ID`` and ``xs:IDREF``."""
        return identity_names(self.files.roots.values())

    @cached_property
    def carriers(self) -> frozenset[str] | None:
        """Local names of elements that may carry an identity; ``None`` when the schema leaves it open."""
        return carrier_names(self.files.roots.values(), self.identities)

    @cached_property
    def repertoire(self) -> Repertoire | None:
        """Characters that the standard allows; ``None`` when it names none."""
        return repertoire(self.files.roots)

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """What elements and attributes are for, by local name."""
        return meanings(self.files.roots.values())


class CompiledBundle:
    """A bundle ready for work in one thread.

    Attributes:
        bundle: the bundle.
        name: its name.
        digest: SHA-256 over all files of the bundle.
        schema: the schema for the documents at hand; ``None`` for a bundle of Schematron alone.
    """

    def __init__(self, recognised: Recognised, directory: KeyDirectory) -> None:
        """Compile what every document needs; code lists and Schematron follow when they are first asked for.

        Raises:
            SchemaTrouble: a file is missing or has changed, or the schema does not compile.
        """
        self.bundle = recognised.bundle
        self.name = self.bundle.name
        verify(self.bundle)
        self.digest = bundle_digest(self.bundle)
        self.schema = CompiledSchema(recognised.entry, self.bundle) if recognised.entry else None
        self._directory = directory

    @cached_property
    def code_lists(self) -> CodeLists | Message:
        """The code lists, or the reason why they cannot be used."""
        try:
            return read_code_lists(self.bundle.code_lists)
        except SchemaTrouble as trouble:
            return trouble.reason

    @cached_property
    def codes(self) -> CodeCheck | None:
        """The check of codes; ``None`` where there is no schema that would say where codes are."""
        if self.schema is None:
            return None
        declared = declared_lists(self.schema.files.roots.values())
        return CodeCheck(self._usable_lists, declared, self.schema.referee, binding=self.bundle.binding)

    @cached_property
    def header(self) -> HeaderCheck:
        """The check of header and keys."""
        bundle = self.bundle
        return HeaderCheck(bundle.keys, self._directory, self._usable_lists, binding=bundle.binding)

    @cached_property
    def walk(self) -> Walk:
        """The walk over documents for everything that is not the schema's."""
        taken_out = self.schema.taken_out if self.schema else None
        carriers = self.schema.carriers if self.schema else None
        return Walk(self.codes, self.header, taken_out.by_name if taken_out else {}, carriers or frozenset())

    @cached_property
    def rule_sets(self) -> tuple["CompiledRuleSet | Message", ...]:
        """The Schematron rules; in place of a set that cannot be used, the reason why."""
        return tuple(_rule_set(number, self.bundle) for number in range(len(self.bundle.rule_sets)))

    @cached_property
    def acceptance(self) -> CompiledAcceptanceTest | None:
        """The bundle's own acceptance test, if it has one.

        Raises:
            SchemaTrouble: it cannot be used.
        """
        test = self.bundle.acceptance
        return CompiledAcceptanceTest(test) if test else None

    @property
    def _usable_lists(self) -> CodeLists:
        return self.code_lists if isinstance(self.code_lists, CodeLists) else CodeLists()


def _rule_set(number: int, bundle: Bundle) -> CompiledRuleSet | Message:
    try:
        return CompiledRuleSet(bundle.rule_sets[number])
    except SchemaTrouble as trouble:
        return trouble.reason


class CompiledBundles:
    """Compiled bundles by thread. Trouble is remembered too, so that it is not run into again and again."""

    def __init__(self, directory: KeyDirectory) -> None:
        self._directory = directory
        self._own = threading.local()

    def get(self, recognised: Recognised) -> CompiledBundle:
        """The compiled bundle of the calling thread.

        Raises:
            SchemaTrouble: see ``CompiledBundle``.
        """
        held: dict[int, tuple[Recognised, CompiledBundle | SchemaTrouble]] | None = getattr(self._own, "held", None)
        if held is None:
            held = self._own.held = {}
        # By identity: the catalogue hands out the same object for every document of a kind, and hashing one costs.
        if id(recognised) not in held:
            held[id(recognised)] = recognised, self._compile(recognised)
        found = held[id(recognised)][1]
        if isinstance(found, SchemaTrouble):
            raise found
        return found

    def _compile(self, recognised: Recognised) -> CompiledBundle | SchemaTrouble:
        try:
            return CompiledBundle(recognised, self._directory)
        except SchemaTrouble as trouble:
            return trouble
