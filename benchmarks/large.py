"""A document of 200 MB: time against ``xmllint --stream --schema``, and memory.

Each way is a process of its own; processor time with all that it takes to start. The ladder hashes the document,
looks at its characters, codes, keys, header and identities, too. What a process needs before it sees a document is
measured with a small one.

Run with ``python -m benchmarks.large [MEGABYTES]``. It needs ``xmllint``.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.documents import SCHEMAS, message, pieces
from ozgflow.standards.bundle_files import load_bundles
from ozgflow.standards.bundles import Bundle

MEGABYTES = 200
ROUNDS = 3
_CHECK = """
import sys
from pathlib import Path
from ozgflow.standards.validator import Validator
report = Validator.for_folder(Path(sys.argv[1])).check_file(Path(sys.argv[2]))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(report.verdict, peak.split()[1])
"""

_PEAK_OF_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main() -> None:
    """Measure and print."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    if shutil.which("xmllint") is None:
        print("a document of 200 MB: not measured, xmllint is not installed")
        return
    bundle = load_bundles(SCHEMAS).bundles[0]
    with tempfile.TemporaryDirectory() as folder:
        large, small, catalogue = (Path(folder) / name for name in ("large.xml", "small.xml", "catalog.xml"))
        with large.open("wb") as file:
            for piece in pieces(1, size * 1_000_000):
                file.write(piece)
        small.write_bytes(message(1))
        _write_catalogue(catalogue, bundle)
        ladder = [sys.executable, "-c", _CHECK, str(SCHEMAS), str(large)]
        ratios = []
        for _ in range(ROUNDS):
            theirs = _seconds(_xmllint(bundle, large), catalogue)
            ratios.append(theirs / _seconds(ladder, catalogue))
        median = statistics.median(ratios)
        label = f"xmllint --stream --schema / ladder, a document of {size} MB"
        print(f"{label:<66} {median:6.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")
        peak, before = (_mebibytes([*ladder[:-1], str(path)]) for path in (large, small))
        of_xmllint = _mebibytes_of_xmllint(_xmllint(bundle, large), catalogue)
        print(f"memory of the process: {peak} MiB; with a document of 4.5 kB: {before} MiB")
        print(f"memory of xmllint: {of_xmllint} MiB")


def _write_catalogue(path: Path, bundle: Bundle) -> None:
    """The remote addresses of the schema, for xmllint."""
    entries = "".join(
        f'<uri name="{address}" uri="{file.resolve().as_uri()}"/>' for address, file in bundle.locations.items()
    )
    namespace = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
    path.write_text(f'<catalog xmlns="{namespace}">{entries}</catalog>', encoding="utf-8")


def _xmllint(bundle: Bundle, document: Path) -> list[str]:
    schema = str(bundle.entries[0].schema)
    return ["xmllint", "--nonet", "--stream", "--noout", "--huge", "--schema", schema, str(document)]


def _seconds(command: list[str], catalogue: Path) -> float:
    before = os.times()
    done = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, "XML_CATALOG_FILES": str(catalogue)}
    )
    after = os.times()
    if done.returncode or b"invalid" in done.stdout:
        sys.exit(f"{command[0]} does not call the document valid: {done.stderr[-500:].decode()}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def _mebibytes(command: list[str]) -> int:
    verdict, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    if verdict != "valid":
        sys.exit("the document of the benchmark is not valid")
    return int(peak) // 1024


def _mebibytes_of_xmllint(command: list[str], catalogue: Path) -> int:
    """Its peak; a process in between, since the peak of all children is told together."""
    between = [sys.executable, "-c", _PEAK_OF_CHILD, *command]
    env = {**os.environ, "XML_CATALOG_FILES": str(catalogue)}
    return int(subprocess.run(between, capture_output=True, text=True, check=True, env=env).stdout) // 1024


if __name__ == "__main__":
    main()
