"""How pages are made from templates: complete in themselves, loading nothing and running nothing.

The content security policy of ``page.html.j2`` allows the page's own style sheet, by hash, and forbids the rest.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from ozgflow.domain.messages import Wording


def render_page(template: str, styles: tuple[str, ...], wording: Wording, /, **content: object) -> str:
    """One HTML file.

    Args:
        template: file of the page, an extension of ``page.html.j2``.
        styles: files of its style sheet, in order.
        wording: the sentences; templates ask for them with ``t``.
        content: what else the template needs, by name.
    """
    style = "".join(_environment().get_template(file).render() for file in styles)
    return (
        _environment()
        .get_template(template)
        .render(
            content,
            language=wording.language,
            t=wording.text,
            style=style,
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("ozgflow.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
