"""Runs the app under uvicorn, on one address, until it is told to stop."""

import socket
import sys
from typing import Any

import uvicorn

from api.app import create_app
from api.errors import ServeError
from api.kept import Kept
from api.logs import LOGGING
from api.protocol import Limits, limited
from api.settings import Settings
from kg.graph.database import Place, address_of

_SHUTDOWN_SECONDS = 5


def serve(store: Place, host: str = "127.0.0.1", port: int = 8000, write_token: str | None = None, **limits: Any) -> None:
    """Serve the store until SIGINT or SIGTERM; port 0 takes a free one. StoreError without a store, ServeError where the port is taken.

    `limits` are fields of Settings; None leaves one as it is there.
    """
    given = {name: value for name, value in limits.items() if value is not None}
    run(Settings(store=store, write_token=write_token, **given), host, port)


def run(settings: Settings, host: str, port: int) -> None:
    """Serve as the settings say; otherwise as `serve`."""
    app = create_app(settings)
    kept = 0 if address_of(settings.store) else settings.kept_bytes  # nobody tells us when a store elsewhere changes
    limits = Limits(settings.connections, settings.head_bytes, settings.head_seconds, settings.body_seconds, settings.stalled_seconds)
    with _bound(host, port) as listener:
        address, number = listener.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        app.state.address = f"http://{shown}:{number}/"
        sys.stderr.write(f"Serving {settings.store} at {app.state.address} – stop with Ctrl+C\n")
        config = uvicorn.Config(
            Kept(app, lambda: app.state.writer.generation, kept, settings.kept_each),  # outside all else: it is what is fast
            http=limited(limits),
            ws="none",
            loop="uvloop",
            log_config=LOGGING,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        try:
            uvicorn.Server(config).run([listener])
        except KeyboardInterrupt:
            sys.stderr.write("Stopped\n")


def _bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; ServeError where the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ServeError(f"{host}: no address of this machine ({error}); give another --host") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise ServeError(f"{host}:{port}: cannot listen there ({error.strerror}); stop what does, or give another --port") from error
    return listener
