"""What operators type: trimmed, not empty, and fit to be shown on one line."""

from ozgflow.errors import UsageError


def one_line(text: str, option: str) -> str:
    """A text as it is kept.

    Args:
        text: what was typed.
        option: the option or argument it was typed for, named in the complaint.

    Raises:
        UsageError: it is empty, or has signs that are not printable.
    """
    trimmed = text.strip()
    if not trimmed:
        raise UsageError("words.missing", option=option)
    if not trimmed.isprintable():
        raise UsageError("words.unprintable", option=option)
    return trimmed
