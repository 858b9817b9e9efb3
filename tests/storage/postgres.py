"""A PostgreSQL server for the time of a test run: the one that was named, or a temporary one of our own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

ABSENT = (
    "PostgreSQL fehlt: OZGFLOW_TEST_POSTGRES mit einer Adresse setzen oder den Server installieren "
    "(no PostgreSQL: set OZGFLOW_TEST_POSTGRES to a URL, or install the server)"
)
_ACCOUNTS = ("postgres", "nobody")
_SECONDS_TO_START = 30
_INITDB = ("-D", "data", "--auth=trust", "--username=ozgflow", "--encoding=UTF8", "--no-locale", "--no-sync")
# The data is thrown away at the end, so nothing has to survive a power cut.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# A test that waits for a lock for ever is to fail, not to hang.
_IMPATIENT = ("lock_timeout=20s",)


def find_programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, the newest version first; ``None`` when there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


@contextmanager
def temporary_server(programs: Path) -> Iterator[str]:
    """Start a server that listens on a socket in a folder of its own; both are gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="ozgflow-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(home, *_identity())
        with _started([programs / "initdb", *_INITDB], home) as process:
            process.wait()
        settings = [f"--{setting}" for setting in (*_CARELESS, *_IMPATIENT, f"unix_socket_directories={home}")]
        with _started([programs / "postgres", "-D", "data", "--listen_addresses=", *settings], home) as process:
            url = f"postgresql+psycopg://ozgflow@/postgres?host={home}"
            try:
                _wait(url, process, home / "log")
                yield url
            finally:
                process.send_signal(signal.SIGQUIT)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def empty_schema(server: str, name: str) -> Iterator[str]:
    """A URL that sees one empty schema of the server; the schema is dropped at the end."""
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        yield address.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


def _identity() -> tuple[int, int]:
    """User and group to whom root hands over; PostgreSQL refuses to run as root."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = next(known[name] for name in _ACCOUNTS if name in known)
    return account.pw_uid, account.pw_gid


@contextmanager
def _started(command: Sequence[str | Path], home: Path) -> "Iterator[subprocess.Popen[bytes]]":
    options: dict[str, Any] = {}
    if os.geteuid() == 0:
        user, group = _identity()
        options = {"user": user, "group": group, "extra_groups": []}
    with (
        (home / "log").open("ab") as log,
        subprocess.Popen(command, cwd=home, stdout=log, stderr=log, **options) as process,
    ):
        yield process


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    engine = create_engine(url)
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            engine.dispose()
            return
