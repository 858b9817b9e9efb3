"""Who may approve what: a small file that an installation keeps.

::

    [[role]]
    code = "golive"
    people = ["Erika Mustermann", "Max Mustermann"]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ozgflow.domain.toml_tables import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The roles of an installation.

    Attributes:
        people: the names of those who have a role, by its code.
    """

    people: Mapping[str, frozenset[str]]

    def allow(self, person: str, role: str) -> bool:
        """Whether a person has a role. A role that nobody has been given is nobody's."""
        return person in self.people.get(role, frozenset())


def read_roles(path: Path) -> Roles:
    """Read the file; without one nobody has a role.

    Raises:
        UsageError: it cannot be read.
        DataError: it is faulty; the message names file, line and key.
    """
    if not path.exists():
        return Roles(people={})
    top = read_table(path)
    people: dict[str, frozenset[str]] = {}
    for table in top.tables("role"):
        code = table.get("code", str)
        if code in people:
            raise table.fail("roles.double", "code", code=code)
        people[code] = frozenset(name.strip() for name in table.list_of_texts("people"))
        table.done()
    top.done()
    return Roles(people=people)
