"""A programme for people: who may take part, which stages there are, and what they ask for."""

from collections.abc import Iterator

from ozgflow.domain.messages import Wording
from ozgflow.domain.programmes import Gate, Programme


def particulars(programme: Programme, wording: Wording) -> list[str]:
    """What a programme declares besides its stages, one sentence each."""
    language = wording.language
    lines = [wording.text("programme.counted", stage=_title(programme, programme.counted_from, wording))]
    if programme.lead:
        lines.append(wording.text("programme.lead", lead=", ".join(programme.lead)))
    if programme.origin:
        origin = programme.origin
        lines.append(wording.text("programme.origin", ars=origin.municipality, since=origin.since))
    if programme.term:
        term = programme.term
        code = "programme.term-open" if term.ends is None else "programme.term-closed"
        lines.append(wording.text(code, begins=term.begins, ends=term.ends))
        stage = _title(programme, term.members_from, wording)
        lines.append(wording.text(f"programme.membership.{term.membership}", stage=stage))
    for kind, count in programme.expected.items():
        title = wording.text(f"municipality-kind.{kind}")
        lines.append(wording.text("programme.expected", count=count, kind=title))
    lines += [wording.text("programme.condition", title=gate.title) for gate in programme.conditions]
    lines += [
        wording.text("programme.item", title=item.title, code=item.code, source=item.source)
        for item in programme.items.values()
    ]
    if programme.whole:
        lines.append(wording.text(f"programme.whole.{programme.whole}"))
    for one in programme.competences:
        names = ", ".join(programme.items[code].title[language] for code in sorted(one.items))
        lines.append(wording.text("programme.competence", items=names, ars=one.municipality, since=one.since))
    return lines


def programme_text(programme: Programme, wording: Wording) -> str:
    """A programme as plain text."""
    language = wording.language
    lines = [programme.title[language], programme.purpose[language], ""]
    lines += particulars(programme, wording)
    for number, stage in enumerate(programme.stages, 1):
        lines += ["", f"{number}. {stage.title[language]} ({stage.code})", f"   {stage.purpose[language]}"]
        lines += [f"   • {line}" for line in _gates(stage.gates, programme, wording)]
    source = wording.text("programme.source", source=programme.source)
    return "\n".join([*lines, "", source])


def programme_data(programme: Programme, wording: Wording) -> dict[str, object]:
    """A programme as JSON-ready data, the same facts."""
    language = wording.language
    return {
        "code": programme.code,
        "title": programme.title[language],
        "purpose": programme.purpose[language],
        "source": programme.source,
        "lead": list(programme.lead),
        "counted_from": programme.counted_from,
        "particulars": particulars(programme, wording),
        "items": [{"code": str(code), "title": item.title[language]} for code, item in programme.items.items()],
        "stages": [
            {
                "code": stage.code,
                "title": stage.title[language],
                "weight": str(stage.weight) if stage.weight is not None else None,
                "gates": [
                    {
                        "code": gate.code,
                        "title": gate.title[language],
                        "dimension": gate.dimension,
                        "check": gate.check,
                        "parameters": dict(gate.parameters),
                    }
                    for gate in stage.gates
                ],
            }
            for stage in programme.stages
        ],
    }


def _gates(gates: tuple[Gate, ...], programme: Programme, wording: Wording) -> Iterator[str]:
    for gate in gates:
        kinds = ", ".join(programme.kinds[code].title[wording.language] for code in gate.kinds)
        dimension = wording.text(f"dimension.{gate.dimension}")
        yield f"{gate.title[wording.language]} ({dimension}{': ' + kinds if kinds else ''})"


def _title(programme: Programme, code: str, wording: Wording) -> str:
    return programme.stages[programme.position(code) - 1].title[wording.language]
