"""A real HTTP server for the sample web: every portal is a virtual host on one loopback port.

It exists so that the demo and the end-to-end tests crawl over sockets, robots.txt, charsets, compression and paging
as on real portals. `python -m tests.sample_portals.server --port 8800` serves it for a look: open the page it names.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

from tests.sample_portals.families import (
    bd_dash,
    ccode_hex,
    chy_hex,
    govcn,
    hebei_uuid,
    jcms,
    jeecms,
    one_off,
    powereasy,
    trs,
    ucap,
    zjk_channel,
)
from tests.sample_portals.markup import ERROR_PAGE, Reply, Routes, html
from tests.sample_portals.web import Article, Site, sites

FAMILIES: dict[str, ModuleType] = {
    "govcn": govcn,
    "trs": trs,
    "hebei-uuid": hebei_uuid,
    "powereasy": powereasy,
    "zjk-channel": zjk_channel,
    "jcms": jcms,
    "ccode-hex": ccode_hex,
    "jeecms": jeecms,
    "bd-dash": bd_dash,
    "chy-hex": chy_hex,
    "ucap": ucap,
    "one-off": one_off,
}
CONFIG = Path(__file__).resolve().parents[2] / "config" / "jingjinji"
COMPRESSED = frozenset({"www.tj.sample", "www.hebei.sample", "www.cangzhou.sample"})
WITHOUT_ROBOTS = frozenset({"www.baoding.sample"})
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /neibu/\nAllow: /\n"


def article_path(site: Site, article: Article) -> str:
    """The path at which a portal serves an article."""
    path: str = FAMILIES[site.family].article_path(site, article)
    return path


@dataclass
class Web:
    """The running sample web: its port, and what was asked of it so far (host and path with query)."""

    port: int
    requests: list[tuple[str, str]] = field(default_factory=list)

    def url(self, host: str, path: str = "/") -> str:
        """The absolute URL of a path on a virtual host."""
        return f"http://{host}:{self.port}{path}"


def build_routes(port: int) -> Routes:
    """Everything the web answers, by host and path; a path's reply may depend on its query."""

    def origin(host: str) -> str:
        return f"http://{host}:{port}"

    routes: Routes = {}
    for site in sites():
        made: Routes = FAMILIES[site.family].routes(site, origin)
        routes.update(made)
        for article in site.articles:
            key = (site.host, article_path(site, article))
            assert key in made, f"{site.family} does not serve {key}"
            if article.state == "error":
                routes[key] = html(ERROR_PAGE)
        for host in (site.host, *site.other_hosts):
            if host not in WITHOUT_ROBOTS:
                routes[host, "/robots.txt"] = Reply(ROBOTS.encode(), "text/plain")
    return routes


@contextmanager
def serve(port: int = 0) -> Iterator[Web]:
    """Serve the sample web on 127.0.0.1 while the context lasts; port 0 takes a free one (`Web.port` says which)."""
    web = Web(port)
    routes: Routes = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = self.rfile.read(length).decode("utf-8", "replace")
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            self._answer(query | dict(parse_qsl(form, keep_blank_values=True)))

        def _answer(self, query: dict[str, str]) -> None:
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower()
            path = unquote(urlsplit(self.path).path) or "/"
            web.requests.append((host, self.path))
            route = routes.get((host, path)) or routes.get((host, path + "index.html"))
            reply = route(query) if callable(route) else route
            if reply is None:
                reply = Reply(ERROR_PAGE.encode(), status=404)
            body = reply.body
            self.send_response(reply.status)
            if reply.content_type:
                self.send_header("Content-Type", reply.content_type)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if host in COMPRESSED and "gzip" in (self.headers.get("Accept-Encoding") or ""):
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the requests are kept in `Web.requests`."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", port), Handler) as server:
        web.port = server.server_address[1]
        routes.update(build_routes(web.port))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()


def write_region(folder: Path, port: int) -> Path:
    """Write a region folder for the web on `port`: its portals and columns, all else from the region that ships.

    Returns `folder`, ready for `config.loader.load_region` or `XIETONG_REGION`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hosts = {host: "127.0.0.1" for site in sites() for host in (site.host, *site.other_hosts)}
    settings = {
        "title": "Sample portals",
        "title_zh": "样例门户",
        "timezone": "Asia/Shanghai",
        "vintage": "2015-12-31",
        "revised": "2026-11-21",
        "provinces": ["110000", "120000", "130000"],
        "extends": str(CONFIG),
        "crawling": {
            "user_agent": "xietong/0.1 (sample portals on loopback)",
            "contact": "nobody@xietong.sample",
            "delay_seconds": 0,
            "page_seconds": 20,
            "portal_minutes": 5,
            "list_depth": 10,
            "max_bytes": 2_000_000,
            "hosts": hosts,
        },
    }
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (folder / "region.yaml").write_text(text, encoding="utf-8")
    with (folder / "portals.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            ["portal_id", "unit_code", "name", "level", "base_url", "other_hosts", "dialect", "confidence", "note"]
        )
        for site in sites():
            base = f"http://{site.host}:{port}"
            others = ";".join(site.other_hosts)
            table.writerow(
                [site.portal_id, site.unit_code, site.name, site.level, base, others, site.dialect, "high", site.note]
            )
    with (folder / "columns.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["portal_id", "kind", "name", "url", "paging", "era", "confidence"])
        for site in sites():
            for column in site.columns:
                if column.kind:
                    host = site.host
                    if column.path.startswith("//"):
                        host = column.path[2:].split("/", 1)[0]
                    path = column.path.removeprefix(f"//{host}")
                    table.writerow(
                        [
                            site.portal_id,
                            column.kind,
                            column.name,
                            f"http://{host}:{port}{path}",
                            column.paging,
                            "2026",
                            "high",
                        ]
                    )
    return folder


def main() -> None:
    """Serve until interrupted, and say where each portal is."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=8800)
    options = parser.parse_args()
    with serve(options.port) as web:
        hosts = " ".join(site.host for site in sites())
        print(f"to open the portals in a browser, add to /etc/hosts:\n127.0.0.1 {hosts}\n")
        for site in sites():
            print(f"{site.name}\t{web.url(site.host)}")
        print("\nor: curl -H 'Host: www.lf.sample' " + f"http://127.0.0.1:{web.port}/   (Ctrl-C ends)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
