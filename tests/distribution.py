"""How the tests are shared out among processes, and in which order."""

import pytest
from xdist.scheduler import LoadFileScheduling

_LONGEST_FIRST = ("flows", "end_to_end", "jobs", "standards")
_OF_ONE_SERVER = frozenset({"flows"})


class ByServer(LoadFileScheduling):  # type: ignore[misc]  # it comes without types
    """Tests of a file go to one process, and so do those of a folder whose files need the same server."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        folder = file.rpartition("/")[0]
        return folder if folder.rpartition("/")[2] in _OF_ONE_SERVER else file


def put_longest_first(items: list[pytest.Item]) -> None:
    """Begin with the folders that take long, so that no process is left waiting for another at the end."""
    order = {name: number for number, name in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(order)))
