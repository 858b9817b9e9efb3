"""The exception tree: what can go wrong with us or with the world.

What is wrong with a *document* is never an exception; it is a ``Finding``.

::

    OzgflowError
    ├── TransientError     trying again may help (a locked database, a far system that is busy)
    └── PermanentError     trying again will not help
        ├── UsageError     the caller asked for something that cannot be (wrong key, unknown programme)
        │   └── InvalidKey a key that is not one
        └── DataError      a file of ours is faulty (programme, catalogue, schema catalogue, wording)

An error carries a message code and its parameters instead of a sentence; ``domain.messages.Wording`` turns
them into German or English. Parameters never hold a value taken from a document.
"""


class OzgflowError(Exception):
    """Root of all errors of ozgflow.

    Args:
        code: key of the sentence in ``data/wording``, for example ``key.ars.length``.
        params: what the sentence needs, by name.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class TransientError(OzgflowError):
    """Trying again may help. The only kind that is ever retried."""


class PermanentError(OzgflowError):
    """Trying again will not help; a person has to change something."""


class UsageError(PermanentError):
    """The caller asked for something that cannot be. Exit code 2."""


class InvalidKey(UsageError):
    """A text that is not the key it should be."""


class DataError(PermanentError):
    """A file that belongs to ozgflow or its installation is faulty. Exit code 3."""
