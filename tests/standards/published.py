"""Small standards as they are published, written to folders and ZIPs for tests."""

import zipfile
from pathlib import Path

from tests.standards.schemas import write

SCENARIOS = "http://www.xoev.de/de/validator/framework/1/scenarios"


def standard(
    folder: Path, name: str = "xprobe", version: str = "1.0", *, body: str = "", root: str = "probe"
) -> Path:
    """A standard of one schema whose namespace carries name and version; returns the schema."""
    namespace = f"urn:probe:{name}:{version}"
    attributes = f'targetNamespace="{namespace}" xmlns="{namespace}" version="{version}"'
    content = body or f'<xs:element name="{root}" type="xs:int"/>'
    return write(folder, f"{name}.xsd", about(name, version) + content, attributes)


def about(name: str, version: str, title: str = "Probe") -> str:
    """What XÖV standards say about themselves."""
    return (
        f"<xs:annotation><xs:appinfo><standard><nameLang>{title}</nameLang><nameTechnisch>{name}</nameTechnisch>"
        f"</standard><versionStandard><version>{version}</version></versionStandard></xs:appinfo></xs:annotation>"
    )


def code_list(folder: Path, name: str = "farbe", version: str = "1", *codes: str) -> Path:
    """A code list in genericode."""
    rows = "".join(
        f'<Row><Value ColumnRef="code"><SimpleValue>{code}</SimpleValue></Value></Row>' for code in codes or ("rot",)
    )
    path = folder / f"{name}_{version}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification>'
        f"<ShortName>{name}</ShortName><Version>{version}</Version><CanonicalUri>urn:probe:{name}</CanonicalUri>"
        f'</Identification><ColumnSet><Column Id="code" Use="required"/></ColumnSet>'
        f"<SimpleCodeList>{rows}</SimpleCodeList></gc:CodeList>",
        encoding="utf-8",
    )
    return path


def scenario(name: str = "Probe 1.0", match: str = "/p:probe", more: str = "", schema: str = "xprobe.xsd") -> str:
    """One scenario of a KoSIT configuration."""
    return (
        f'<scenario><name>{name}</name><namespace prefix="p">urn:probe:xprobe:1.0\n</namespace>'
        f"<match>{match}</match><validateWithXmlSchema><resource><name>Schema</name>"
        f"<location>{schema}</location></resource></validateWithXmlSchema>{more}</scenario>"
    )


def configuration(folder: Path, *scenarios: str, namespace: str = SCENARIOS) -> Path:
    """A KoSIT configuration; returns its ``scenarios.xml``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scenarios.xml"
    path.write_text(
        f'<scenarios xmlns="{namespace}" frameworkVersion="1.1.2"><name>Prüfung</name><author>Musterbehörde</author>'
        f"<date>2026-02-03</date><description><p>Probe</p></description>{''.join(scenarios)}</scenarios>",
        encoding="utf-8",
    )
    return path


def zipped(folder: Path, target: Path) -> Path:
    """A ZIP of everything below a folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder).as_posix())
    return target


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder with their contents, for saying that nothing has changed."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
