"""Settings: everything that may differ between two machines, from the environment, frozen.

Only ``flows`` and ``cli`` read settings; everything below gets plain arguments.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ozgflow.domain.messages import Language
from ozgflow.errors import UsageError

DEFAULT_SERVICE = "99010001001009"
"""Aufenthaltserlaubnis Erteilung zum Zweck der Beschäftigung."""
DEFAULT_PROGRAMME = "efa-nachnutzung"


def default_services(programme: str) -> list[str]:
    """What a command works on when no service is named: for most programmes all of their own items."""
    return [DEFAULT_SERVICE] if programme == DEFAULT_PROGRAMME else []


LOCAL_TIME = ZoneInfo("Europe/Berlin")
_PACKAGE = Path(__file__).resolve().parent


def _schemas() -> Path:
    """The schemas of the installed package, or of the checkout that the package is run from."""
    packaged = _PACKAGE / "schemas"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "schemas"


class Settings(BaseSettings):
    """What an installation may set through ``OZGFLOW_…`` environment variables.

    Attributes:
        home: folder for database, reports and Prefect's files.
        database_url: SQLAlchemy URL; empty stands for SQLite within ``home``.
        schemas: folder with ``catalog.toml``.
        catalogue: folder with newer files of the catalogue, made by ``ozgflow catalogue build``.
        language: language of everything that people read.
        max_document_mib: documents above this size (MiB) are not checked.
        workers: tasks that run at the same time within a flow.
    """

    model_config = SettingsConfigDict(env_prefix="OZGFLOW_", frozen=True)

    home: Path = Path(".ozgflow")
    database_url: str = Field(default="", repr=False)
    schemas: Path = Field(default_factory=_schemas)
    catalogue: Path | None = None
    language: Language = Language.GERMAN
    max_document_mib: int = Field(default=1024, ge=1, le=1024 * 64)
    workers: int = Field(default=2, ge=1, le=64)

    @property
    def max_document_bytes(self) -> int:
        """``max_document_mib`` in bytes."""
        return self.max_document_mib * 1024 * 1024

    @property
    def bundles(self) -> Path:
        """Folder of the bundles that this installation has added."""
        return self.home / "bundles"

    @property
    def roles(self) -> Path:
        """The file that says who may approve what."""
        return self.home / "roles.toml"

    @property
    def database(self) -> str:
        """The database's URL; may hold a password, never show it."""
        return self.database_url or f"sqlite:///{(self.home / 'ozgflow.db').resolve()}"


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        UsageError: a variable has an impossible value; the message names the variable, not its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"OZGFLOW_{str(part['loc'][0]).upper()}" for part in error.errors())
        raise UsageError("settings.invalid", names=names) from None  # the values may be secret
