"""A Prefect API for a single command, so that `xietong nightly` needs no server running beside it.

Prefect would start a server process of its own and leave it behind when a run is killed; here it is a thread, so it
ends with the run, however the run ends. Where `PREFECT_API_URL` names a server, that one is used.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def prefect_api(data: Path, schedules: bool = False) -> Iterator[None]:
    """Inside the block Prefect flows can run; their history is kept in `data/.prefect`.

    `schedules` also starts the services that turn the schedule of a deployment into runs; a single run needs none.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    defaults = {
        "PREFECT_HOME": str((data / ".prefect").resolve()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)

    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_API_URL, temporary_settings

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(ephemeral=not schedules), log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError(f"the Prefect API could not start; look at {defaults['PREFECT_HOME']} or remove it")
        time.sleep(0.05)
    try:
        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{listener.getsockname()[1]}/api"}):
            yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
