"""One large document on its way up the ladder: two ways through the file at once, and a second one where needed."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from ozgflow.domain.messages import Message
from ozgflow.domain.rules import Step
from ozgflow.standards.collected import Collected
from ozgflow.standards.compiled import CompiledBundle, CompiledSchema
from ozgflow.standards.ladder import ABSENT, STOPPED, Checked, step_results
from ozgflow.standards.libxml2 import TRACED, SchemaError
from ozgflow.standards.parsing import Limits, is_crowded
from ozgflow.standards.plain_patterns import PLAIN
from ozgflow.standards.schema_findings import report_schema_error
from ozgflow.standards.streamed_checks import StreamedCharacters, StreamedRest
from ozgflow.standards.streamed_file import Crowded, StreamedFile, may_be_crowded
from ozgflow.standards.streamed_identities import StreamedIdentities
from ozgflow.standards.streamed_judge import Judgement, trace
from ozgflow.standards.streamed_lines import lines_of
from ozgflow.standards.streamed_places import LAST_CERTAIN_LINE, Places, Recorder
from ozgflow.standards.streamed_schema import JUDGED_BYTES, SchemaJudge
from ozgflow.standards.streamed_uniqueness import StreamedUniqueness
from ozgflow.standards.streamed_window import NotStreamed, Window

Traced = dict[int, list[tuple[str, str]]]
"""Errors of libxml2 by the number of the element: kind and message."""


class Ascent:
    """One large document on its way up the ladder.

    Attributes:
        window: the part of the document that is in memory.
    """

    def __init__(self, file: StreamedFile, compiled: CompiledBundle, limits: Limits) -> None:
        """Begin.

        Args:
            file: the document.
            compiled: its bundle.
            limits: how much is shown.
        """
        self._file, self._compiled, self._limits = file, compiled, limits
        self._is_simple = file.is_simple()
        self._judge = SchemaJudge(file, compiled.schema, is_simple=self._is_simple)
        self._places = Places()
        self._errors = Recorder(limits, self._places, takes_all=True)
        self._rules = Recorder(limits, self._places)
        self._rest = StreamedRest(compiled, limits, self._places)
        self._identities, self._characters = self._of_schema(compiled.schema)
        constraints = compiled.schema.constraints if compiled.schema else None
        self._uniqueness = StreamedUniqueness(constraints.checks) if constraints else None
        self.window = self._new_window(self._watched(), constraints.whole if constraints else frozenset())
        self._judgement = Judgement()
        self._in_truth: Mapping[str, int] = {}
        self._has_traced = False
        self._may_be_crowded = not file.is_ascii_based()

    @property
    def digest(self) -> str:
        """SHA-256 of the document, hexadecimal; empty when it was not read to its end."""
        return self._judge.digest

    def run(self) -> Checked:
        """Check the document.

        Raises:
            Crowded: an element has too many attributes.
            etree.XMLSyntaxError: it is not well-formed.
            NotStreamed: it cannot be read in pieces.
        """
        judgement = self._judgement = self._first_way()
        schema = self._compiled.schema
        if schema is not None:
            traced = self._trace(schema)
            if not (self._identities is None or self._identities.are_in_order()) or traced:
                self._second_way(schema, traced)
        counts = self._finish()
        into = Collected(self._limits)
        self._hand_over(into)
        findings = into.findings(schema.meanings if schema else {}, lambda _place: 0)
        steps = step_results(counts)
        return Checked(findings=findings, counts=into.counts, steps=steps, counted=judgement.counted)

    def _of_schema(
        self, schema: CompiledSchema | None
    ) -> tuple[StreamedIdentities | None, StreamedCharacters | None]:
        """The checks that depend on the schema, as far as there is something to check."""
        identities = StreamedIdentities(schema, self._limits, self._places) if schema and schema.identities else None
        characters = StreamedCharacters(
            schema.alphabet if schema else PLAIN,
            schema.repertoire if schema else None,
            Recorder(self._limits, self._places),
            visible=self._file.is_ascii_based(),
        )
        return identities, characters

    def _new_window(self, chunks: Iterator[bytes], whole: frozenset[str] = frozenset()) -> Window:
        return Window(chunks, self._compiled.header.key_names, whole, is_simple=self._is_simple)

    def _watched(self) -> Iterator[bytes]:
        for chunk in self._file.chunks():
            self._may_be_crowded = self._may_be_crowded or may_be_crowded(chunk)
            if self._characters is not None:
                self._characters.feed(chunk)
            yield chunk

    def _first_way(self) -> Judgement:
        """Validate and look at everything else, at the same time."""
        judge, done = self._judge, False
        with ThreadPoolExecutor(1) as pool:
            judged = pool.submit(judge.run)
            try:
                for window in self.window:
                    self._places.window = window
                    self._look_at(window)
                    self._make_use_of_look()
                done = True
            finally:
                if not done:
                    judge.stop.set()
            judgement = judged.result()
        if self._uniqueness is not None and not self._uniqueness.are_fulfilled():
            judge.doubts.uniqueness = True
        if judge.is_in_doubt:
            judgement = judge.run()
        if not judgement.read:
            raise NotStreamed
        return judgement

    def _make_use_of_look(self) -> None:
        """Leave out what is not needed, as soon as the first look at all bytes is done."""
        look = self._judge.look
        if look is None:
            return
        if look.plain:
            self._characters = None
        schema = self._compiled.schema
        if self._identities is not None and schema is not None:
            self._identities.by_name = schema.carriers is not None and not look.names_types
        if self._uniqueness is not None:
            self._uniqueness.may_have_types = look.names_types

    def _look_at(self, window: Window) -> None:
        """Look at what is shown. Nothing may hold on to elements when this is done: it would slow their removal."""
        if self._may_be_crowded and is_crowded(window.found):
            raise Crowded
        walked = self._compiled.walk.over(window)
        doubts = self._judge.doubts
        doubts.patterns = doubts.patterns or not walked.patterns_met
        if self._uniqueness is not None and not doubts.uniqueness:
            self._uniqueness.look_at(window)
            doubts.uniqueness = not self._uniqueness.is_certain
        self._rest.look_at(window, walked)
        if self._identities is not None:
            self._identities.look_at(window, walked.carriers)
        if self._characters is not None:
            self._characters.look_at(window)

    # --- the second way -----------------------------------------------------------------------------------------

    def _trace(self, schema: CompiledSchema) -> Traced:
        """The first errors, by the number of the element: kind and message."""
        judgement = self._judgement
        total = judgement.counts.total()
        if judgement.gave_up or not total:
            return {}
        # In the same pieces as before: where a text is cut, libxml2 says twice what is wrong with it.
        errors = trace(self._file.chunks(JUDGED_BYTES), schema.full, min(total, TRACED), judgement.faulty)
        if total > len(errors):
            self._in_truth = judgement.counts
        self._has_traced = bool(errors)
        traced: Traced = {}
        for number, kind, text in errors:
            traced.setdefault(number, []).append((kind, text))
        return traced

    def _second_way(self, schema: CompiledSchema, traced: Traced) -> None:
        """Find the elements of errors, and of identities that are wrong."""
        self.window = self._new_window(self._file.chunks())
        for window in self.window:
            self._places.window = window
            for number, element in window.numbered(traced):
                for kind, text in traced.pop(number):
                    report_schema_error(schema, SchemaError(element, kind, text), self._errors)
            if self._identities is not None:
                self._identities.look_again(window)

    # --- the end ------------------------------------------------------------------------------------------------

    def _finish(self) -> tuple[int, ...]:
        """Say what concerns the document as a whole, and how much was looked at."""
        compiled, rest, counts = self._compiled, self._rest, dict.fromkeys(Step, ABSENT)
        root = self.window.found
        rest.finish(root)
        if self._judgement.gave_up:
            self._errors.report("xsd.gave-up", root)
        elif not self._judgement.valid and not self._has_traced:
            self._errors.report("xsd.other", root)
        counts.update(dict.fromkeys((Step.XML, Step.CHARACTERS, Step.BUNDLE), 1))
        if compiled.schema is not None:
            counts[Step.SCHEMA] = STOPPED if self._judgement.gave_up else self.window.total
        if self._identities is not None:
            counts[Step.IDENTITY] = self._identities.count
        if compiled.codes is not None:
            counts[Step.CODES] = STOPPED if isinstance(compiled.code_lists, Message) else rest.codes
        if compiled.bundle.rule_sets or compiled.bundle.acceptance:
            counts[Step.SCHEMATRON] = STOPPED
            names = [one.file.name for one in compiled.bundle.rule_sets]
            self._rules.report("schematron.too-large", root, file=", ".join(names) or "acceptMatch")
        counts[Step.HEADER] = STOPPED if rest.lost else rest.keys or ABSENT
        return tuple(counts[step] for step in Step)

    def _hand_over(self, into: Collected) -> None:
        """Put together what the steps have found."""
        identities = self._identities.recorders if self._identities else []
        characters = [self._characters.recorder] if self._characters else []
        recorders = [*characters, self._errors, *identities, *self._rest.recorders, self._rules]
        for recorder in recorders:
            recorder.hand_over(into)
            if recorder is self._errors:
                for rule, count in self._in_truth.items():
                    into.at_least(rule, count)
        uncertain = (one for recorder in recorders for one in recorder.places if one.known_line > LAST_CERTAIN_LINE)
        self._places.lines.update(lines_of({one.number for one in uncertain}, self._file))
