"""A server that misbehaves in every way the web does: many hosts on one plain and two TLS ports of loopback.

It speaks HTTP by hand over the socket, because what it has to play no decent server would let it.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.crawlers.loopback import Reply

_PHRASES = {200: "OK", 301: "Moved", 302: "Found", 404: "Not Found", 412: "Precondition Failed", 503: "Busy"}


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it, and when."""

    host: str
    target: str
    cookie: str
    at: float


@dataclass
class Exchange:
    """A request that waits for its answer; `times` is how often its target was asked before."""

    asked: Asked
    times: int
    connection: socket.socket

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reply(self, reply: Reply) -> None:
        """Answer as a decent server would."""
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        headers = {"Content-Type": reply.media, **reply.headers, "Content-Length": str(len(body))}
        self.send(self.head(reply.status, headers) + body)

    @staticmethod
    def head(status: int, headers: Mapping[str, str]) -> bytes:
        """A status line and headers."""
        lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, 'So')}", *(f"{key}: {headers[key]}" for key in headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def reset(self) -> None:
        """Cut the connection so that the other side is told of a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())


Play = Callable[[Exchange], None]
Route = Reply | Play
Routes = dict[str, dict[str, Route]]


@dataclass
class FaultyWeb:
    """The running server: its ports, what it was asked, and how many requests a host had to answer at once."""

    port: int = 0
    tls_port: int = 0
    weak_port: int = 0
    asked: list[Asked] = field(default_factory=list)
    open_now: Counter[str] = field(default_factory=Counter)
    open_at_most: Counter[str] = field(default_factory=Counter)

    def of(self, host: str) -> list[Asked]:
        """What a host was asked for, in order."""
        return [one for one in self.asked if one.host == host]

    def targets(self, host: str) -> list[str]:
        """The addresses a host was asked for, in order, without its robots.txt."""
        return [one.target for one in self.of(host) if one.target != "/robots.txt"]


@contextmanager
def serve(make_routes: Callable[[FaultyWeb], Routes], tls: ssl.SSLContext, weak: ssl.SSLContext) -> Iterator[FaultyWeb]:
    """Serve `{host: {path: reply or play}}` while the context lasts."""
    web = FaultyWeb()
    routes: Routes = {}
    counting = threading.Lock()

    def answer(connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while line := stream.readline():
            headers = {}
            while (header := stream.readline().strip()) != b"":
                key, _, value = header.partition(b":")
                headers[key.decode().lower()] = value.strip().decode()
            target = line.split()[1].decode()
            host = headers.get("host", "").rsplit(":", 1)[0]
            with counting:
                times = sum(one.host == host and one.target == target for one in web.asked)
                asked = Asked(host, target, headers.get("cookie", ""), time.monotonic())
                web.asked.append(asked)
                web.open_now[host] += 1
                web.open_at_most[host] = max(web.open_at_most[host], web.open_now[host])
            paths = routes.get(host, {})
            route = paths.get(target) or paths.get(urlsplit(target).path) or paths.get("*")
            exchange = Exchange(asked, times, connection)
            try:
                if route is None:
                    exchange.reply(Reply("<html><body>not here</body></html>", 404))
                elif isinstance(route, Reply):
                    exchange.reply(route)
                else:
                    route(exchange)
            finally:
                with counting:
                    web.open_now[host] -= 1

    def handler(context: ssl.SSLContext | None) -> type[socketserver.BaseRequestHandler]:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, ValueError):
                    if context is None:
                        answer(self.request)
                    else:
                        with context.wrap_socket(self.request, server_side=True) as connection:
                            answer(connection)

        return Handler

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with contextlib.ExitStack() as stack:
        for name, context in (("port", None), ("tls_port", tls), ("weak_port", weak)):
            server = stack.enter_context(Server(("127.0.0.1", 0), handler(context)))
            setattr(web, name, server.server_address[1])
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(server.shutdown)
        routes.update(make_routes(web))
        yield web
