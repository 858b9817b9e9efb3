"""Checking documents from Python: the three names that others may build on.

All else may change from one version to the next. A ``Validator`` is made once, which takes the time to read the
catalogue; it compiles a bundle when the first document needs it, and may be used by several threads at once::

    >>> validator = Validator.for_folder(schemas)
    >>> report = validator.check(document)
    >>> str(report.verdict)
    'invalid'
    >>> report.proof.bundle
    'aufenthalt-antrag/1.0'

``check`` takes the bytes of a document as they were received and always returns a ``Report``; whatever is wrong with
the document is in it. An exception says that something is wrong with the installation. Only ``valid`` means valid:
``unchecked`` is what could not be judged, and the report names the step that did not run::

    >>> [(finding.rule, str(finding.severity), finding.line, finding.column) for finding in report.findings]
    [('xsd.value-length', 'error', 47, 7)]
    >>> report.findings[0].path
    '/aufenthalt.antrag.0101/antragsteller/name/familienname'
    >>> [(str(result.step), result.checked) for result in report.proof.steps if result.state == "ran"]
    [('xml', 1), ('characters', 1), ('bundle', 1), ('schema', 40), ('identity', 0), ('codes', 6), ('header', 6)]

A finding holds a code and what goes into its sentences, never a value of the document. The sentences come from the
wording, German by default: ``message`` says what is wrong, ``hint`` what to do::

    >>> from ozgflow.domain.messages import Wording
    >>> print(Wording.load().render(report.findings[0].hint))
    Kürzen oder ergänzen Sie den Wert.

``Validator.for_folder(schemas, added=folder)`` knows the bundles that an installation has added as well, and
``Validator.for_schema(file)`` checks against a single schema.
"""

from ozgflow.domain.findings import Finding, Report
from ozgflow.standards.validator import Validator

__all__ = ["Finding", "Report", "Validator"]
