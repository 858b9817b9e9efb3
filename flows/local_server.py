"""Prefect's own temporary server, started so that it ends with whoever started it.

Run as ``python -m flows.local_server PORT``. Prefect's own way leaves the server behind when the flow's process is
killed; this one watches its standard input, which the parent holds open, and leaves when it closes.
"""

import os
import signal
import sys
import threading

import uvicorn

_GRACE_SECONDS = 10


def leave_with_parent() -> None:
    """Wait until the parent is gone, then leave in order – or at once, when order takes too long."""
    os.read(sys.stdin.fileno(), 1)
    threading.Timer(_GRACE_SECONDS, os._exit, (0,)).start()
    os.kill(os.getpid(), signal.SIGINT)


def main() -> None:
    """Serve on the loopback address until the parent is gone."""
    threading.Thread(target=leave_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="error",
        lifespan="on",
    )


if __name__ == "__main__":
    main()
