"""What operators fill in: the forms of the flows. Titles and descriptions are what the Prefect UI shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.evidence import Answer
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.programme_files import load_programme, programme_codes
from ozgflow.errors import OzgflowError
from ozgflow.jobs.approvals import approval_kinds
from ozgflow.jobs.plan import choose_services
from ozgflow.settings import DEFAULT_PROGRAMME, DEFAULT_SERVICE, load_settings


class RolloutParameters(BaseModel):
    """Eine Leistung in Kommunen durch die Stufen eines Programms bringen."""

    model_config = ConfigDict(frozen=True, title="Nachnutzung", extra="forbid")

    services: list[str] = Field(
        default=[DEFAULT_SERVICE],
        title="Leistungen",
        description="LeiKa-Schlüssel, je 14 Ziffern, oder Gegenstände des Programms; leer bedeutet: alle davon. "
        "Voreingestellt ist die Aufenthaltserlaubnis zum Zweck der Beschäftigung.",
        examples=[[DEFAULT_SERVICE]],
    )
    programme: str = Field(
        default=DEFAULT_PROGRAMME,
        title="Programm",
        description="Welches Verfahren die Stufen vorgibt.",
        json_schema_extra={"enum": list(programme_codes())},
    )
    municipalities: list[str] = Field(
        default=[],
        title="Kommunen",
        description="Namen oder Schlüssel (ARS). Leer bedeutet: alle zuständigen.",
        examples=[["Elbe-Elster", "120540000000"]],
    )
    kinds: list[MunicipalityKind] = Field(
        default=[],
        title="Arten von Kommunen",
        description="Alle Kommunen dieser Arten, auch nicht zuständige. Leer bedeutet: keine zusätzlich.",
    )
    documents: Path | None = Field(
        default=None,
        title="Ordner mit Nachrichten",
        description="Gelieferte XML-Nachrichten, je Kommune unter ARS/LeiKa-Schlüssel. Leer bedeutet: keine prüfen.",
    )
    dry_run: bool = Field(
        default=False, title="Probelauf", description="Nur zeigen, was sich bewegen würde; nichts schreiben."
    )
    as_of: date | None = Field(
        default=None,
        title="Stichtag",
        description="Tag, für den die Nachweise gelten müssen. Leer bedeutet: heute.",
    )

    @field_validator("municipalities")
    @classmethod
    def _known_municipalities(cls, words: list[str]) -> list[str]:
        with _in_words():
            load_catalogue(load_settings().catalogue).select_municipalities(words)
        return words

    @field_validator("programme")
    @classmethod
    def _known_programme(cls, code: str) -> str:
        with _in_words():
            load_programme(code)
        return code

    @model_validator(mode="after")
    def _known_services(self) -> "RolloutParameters":
        with _in_words():
            choose_services(load_catalogue(load_settings().catalogue), load_programme(self.programme), self.services)
        return self


class ValidateParameters(BaseModel):
    """XML-Nachrichten eines Ordners gegen ihren Standard prüfen."""

    model_config = ConfigDict(frozen=True, title="Prüfung", extra="forbid")

    folder: Path = Field(
        title="Ordner",
        description="Alle XML-Dateien darunter werden geprüft.",
        examples=["/daten/nachrichten"],
    )


class ApproveParameters(BaseModel):
    """Eine Freigabe erteilen oder ablehnen; jeder Versuch steht im Protokoll."""

    model_config = ConfigDict(frozen=True, title="Freigabe", extra="forbid")

    kind: str = Field(
        title="Freigabe",
        description="Was freigegeben wird.",
        json_schema_extra={"enum": list(approval_kinds())},
    )
    municipality: str = Field(
        title="Kommune", description="Name oder Schlüssel (ARS).", examples=["Elbe-Elster", "120620000000"]
    )
    service: str | None = Field(
        default=None,
        title="Leistung",
        description="LeiKa-Schlüssel oder Gegenstand eines Programms, wenn die Freigabe je Leistung gilt.",
        examples=[DEFAULT_SERVICE],
    )
    by: str = Field(title="Wer", description="Name, wie er in der Rollendatei steht.", min_length=1)
    reason: str = Field(title="Begründung", description="Warum; ohne Angaben zu Antragstellern.", min_length=1)
    answer: Answer = Field(
        default=Answer.YES, title="Entscheidung", json_schema_extra={"enum": [Answer.YES, Answer.NO]}
    )

    @field_validator("answer")
    @classmethod
    def _yes_or_no(cls, answer: Answer) -> Answer:
        if answer not in (Answer.YES, Answer.NO):
            raise ValueError(Wording.load(load_settings().language).text("approval.answer"))
        return answer

    @property
    def is_refusal(self) -> bool:
        """Whether the person refuses."""
        return self.answer is Answer.NO


@contextmanager
def _in_words() -> Iterator[None]:
    """Let the form refuse a value in the operator's own words."""
    try:
        yield
    except OzgflowError as error:
        wording = Wording.load(load_settings().language)
        raise ValueError(wording.render(Message(error.code, error.params))) from error
