"""Hostile documents, made in memory. Nothing here is ever expanded."""

import random

NAMESPACE = "urn:ozgflow:standard:aufenthalt-antrag:1.0"
ROOT = f'<a:aufenthalt.antrag.0101 xmlns:a="{NAMESPACE}" produkt="x" standard="aufenthalt-antrag" version="1.0"'


def entity_bomb() -> bytes:
    """Ten levels of tenfold expansion: "billion laughs"."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e10;</x>'.encode()


def attribute_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x a="&e10;"/>'.encode()


def parameter_entity_bomb() -> bytes:
    entities = "".join(f"<!ENTITY % e{n} '{f'&#37;e{n - 1};' * 10}'>" for n in range(1, 9))
    return f"<!DOCTYPE x [<!ENTITY % e0 'ha'>{entities}%e8;]><x/>".encode()


def quadratic_blowup() -> bytes:
    return f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>'.encode()


def external_entity(url: str) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><x>&e;</x>'.encode()


def external_parameter_entity(url: str) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{url}"> %e;]><x/>'.encode()


def external_dtd(url: str) -> bytes:
    return f'<!DOCTYPE x SYSTEM "{url}"><x/>'.encode()


def schema_location(url: str) -> bytes:
    xsi = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} {url}"'
    return f"{ROOT} {xsi}/>".encode()


def xinclude(url: str) -> bytes:
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{url}"/>'
    return f"{ROOT}>{include}</a:aufenthalt.antrag.0101>".encode()


def stylesheet_instruction(url: str) -> bytes:
    return f'<?xml-stylesheet type="text/xsl" href="{url}"?>{ROOT}/>'.encode()


def deep_nesting() -> bytes:
    return f"{ROOT}>{'<a>' * 10_000}{'</a>' * 10_000}</a:aufenthalt.antrag.0101>".encode()


def many_errors() -> bytes:
    errors = "\n".join("<falsch>x</falsch>" for _ in range(100_000))
    return f"{ROOT}>\n{errors}\n</a:aufenthalt.antrag.0101>".encode()


def many_attribute_errors() -> bytes:
    attributes = " ".join(f'a{n}="x"' for n in range(50_000))
    return f"{ROOT} {attributes}/>".encode()


def long_text() -> bytes:
    return f"{ROOT}>{'x' * 12_000_000}</a:aufenthalt.antrag.0101>".encode()


def long_name() -> bytes:
    return f"<{'a' * 100_000}/>".encode()


def noise(seed: int) -> bytes:
    return random.Random(seed).randbytes(100_000)  # noqa: S311 - not for secrets


WRONG_ENCODINGS: dict[str, bytes] = {
    "latin-1 that claims utf-8": b'<?xml version="1.0" encoding="UTF-8"?><x>\xe4</x>',
    "utf-8 that claims utf-16": b'<?xml version="1.0" encoding="UTF-16"?><x/>',
    "an encoding that does not exist": b'<?xml version="1.0" encoding="klingonisch"?><x/>',
    "utf-16 cut in half": "<?xml version='1.0'?><x>ä</x>".encode("utf-16")[:-3],
    "utf-7": b'<?xml version="1.0" encoding="UTF-7"?><x>+AOQ-</x>',
    "ebcdic": '<?xml version="1.0" encoding="cp037"?><x/>'.encode("cp037"),
    "a byte order mark alone": b"\xef\xbb\xbf",
    "utf-32": "<x/>".encode("utf-32"),
    "overlong utf-8": b"<x>\xc0\xbc</x>",
    "surrogates in utf-8": b"<x>\xed\xa0\x80</x>",
    "a null byte": b"<x>\x00</x>",
}
