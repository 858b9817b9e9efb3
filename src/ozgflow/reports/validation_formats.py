"""The formats in which the report on checked documents can be had."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from ozgflow.domain.messages import Wording
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_json import to_json
from ozgflow.reports.validation_junit import to_junit
from ozgflow.reports.validation_page import to_page
from ozgflow.reports.validation_sarif import to_sarif
from ozgflow.reports.validation_text import to_text
from ozgflow.reports.validation_xvrl import to_xvrl


class ReportFormat(StrEnum):
    """A format, by the name under which operators ask for it."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    XVRL = "xvrl"
    JUNIT = "junit"
    SARIF = "sarif"


WRITERS: Mapping[ReportFormat, Callable[[ValidationReport, Wording], str]] = {
    ReportFormat.TEXT: to_text,
    ReportFormat.JSON: to_json,
    ReportFormat.HTML: to_page,
    ReportFormat.XVRL: to_xvrl,
    ReportFormat.JUNIT: to_junit,
    ReportFormat.SARIF: to_sarif,
}
"""What writes each format; all take the same and say the same."""
