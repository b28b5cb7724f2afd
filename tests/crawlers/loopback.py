"""A little web of many host names on one loopback port, for crawls over real sockets."""

from __future__ import annotations

import csv
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from config.loader import DEFAULT_REGION

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    host: str
    target: str
    form: str
    agent: str


@dataclass(frozen=True)
class Reply:
    """What a path answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = "text/html; charset=utf-8"


Route = Reply | Callable[[Asked], Reply]
Routes = dict[str, dict[str, Route]]


@dataclass
class Web:
    port: int
    routes: Routes
    asked: list[Asked] = field(default_factory=list)

    def targets(self, host: str) -> list[str]:
        """What a host was asked for, in order, without its robots.txt."""
        return [one.target for one in self.asked if one.host == host and one.target != "/robots.txt"]


@contextmanager
def serve(routes: Routes, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve `{host: {path: reply}}` on 127.0.0.1; a path may be given with its query, and `*` answers the rest."""
    web = Web(0, routes)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
            form = self.rfile.read(length).decode()
            asked = Asked(self.command, host, self.path, form, self.headers.get("User-Agent") or "")
            web.asked.append(asked)
            paths = web.routes.get(host, {})
            route = paths.get(self.path) or paths.get(urlsplit(self.path).path) or paths.get("*")
            if route is None:
                route = Reply("<html><body>not here</body></html>", 404)
            reply = route if isinstance(route, Reply) else route(asked)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            try:
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.media)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        web.port = server.server_address[1]
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()


def write_region(
    folder: Path,
    port: int,
    portals: Sequence[tuple[str, str, Sequence[str]]],
    *,
    bases: Mapping[str, str] | None = None,
    other_hosts: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
    **crawling: Any,
) -> Path:
    """A region of `(portal_id, dialect, column paths)`, each on the host `<portal_id>.test`.

    A column path that begins with `http` is taken whole. Hosts in `hidden` are not in the address table.
    """
    bases, other_hosts = bases or {}, other_hosts or {}
    folder.mkdir(parents=True, exist_ok=True)
    hosts = {f"{portal_id}.test" for portal_id, _, _ in portals} | {
        one for more in other_hosts.values() for one in more
    }
    settings = {
        "title": "Test", "title_zh": "测试", "timezone": "Asia/Shanghai", "vintage": "2015-12-31",
        "revised": "2026-11-21", "provinces": ["110000"], "extends": str(DEFAULT_REGION),
        "crawling": {
            "user_agent": "xietong/0.1 (a test on loopback)", "contact": "nobody@example.org", "delay_seconds": 0,
            "page_seconds": 10, "portal_minutes": 1, "list_depth": 3, "max_bytes": 200_000,
            "hosts": {host: "127.0.0.1" for host in sorted(hosts) if host not in hidden},
        } | crawling,
    }  # fmt: skip
    (folder / "region.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    with (folder / "portals.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["portal_id", "unit_code", "name", "level", "base_url", "other_hosts", "dialect", "confidence", "note"]
        )
        for portal_id, dialect, _ in portals:
            base = bases.get(portal_id, f"http://{portal_id}.test:{port}")
            table.writerow(
                [
                    portal_id,
                    "",
                    portal_id,
                    "county",
                    base,
                    ";".join(other_hosts.get(portal_id, ())),
                    dialect,
                    "high",
                    "",
                ]
            )
    with (folder / "columns.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["portal_id", "kind", "name", "url", "paging", "era", "confidence"])
        for portal_id, _, columns in portals:
            base = bases.get(portal_id, f"http://{portal_id}.test:{port}")
            for column in columns:
                kind = "search_api" if "search" in column or "/so/" in column else "policy"
                url = column.replace("PORT", str(port)) if column.startswith("http") else base + column
                table.writerow([portal_id, kind, "", url, "", "2026", "high"])
    return folder


@dataclass(frozen=True)
class Run:
    """A finished `python -m crawlers`."""

    code: int
    errors: str
    data: Path
    log: dict[str, Any]

    @property
    def portals(self) -> dict[str, dict[str, Any]]:
        return {row["portal_id"]: row for row in self.log["portals"]}

    @property
    def files(self) -> list[Path]:
        return [self.data / "archive" / name for name in self.log["warc_files"]]


def run_crawlers(region: Path, data: Path, *arguments: str, timeout: float = 120) -> Run:
    """Run the crawlers as a subprocess, as the flows do, and read the log it names."""
    command = [sys.executable, "-m", "crawlers", "--region", str(region), "--data", str(data), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=timeout, check=False
    )
    log = json.loads(Path(done.stdout.strip()).read_text(encoding="utf-8")) if done.stdout.strip() else {}
    return Run(done.returncode, done.stderr, data, log)


def list_page(rows: Sequence[tuple[str, str]], more: str = "") -> str:
    """A list page with dated rows."""
    items = "".join(
        f'<li><a href="{href}" title="{title}" target="_blank">{title}</a><span>2024-05-{number + 1:02d}</span></li>'
        for number, (href, title) in enumerate(rows)
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政策文件</title></head><body>'
        '<div class="nav"><a href="/">首页</a><a href="/about/">机构</a></div>'
        f'<div class="list"><ul class="list_news">{items}</ul>{more}</div><div class="foot">版权所有</div></body>'
        "</html>"
    )


def article_page(title: str, words: str = "") -> str:
    """An article page."""
    paragraph = (
        f"<p>样例市与邻近城市就{title}开展合作，双方商定共同建设产业园区，并在交通、生态等方面加强协作。{words}</p>"
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-05-01 10:00"></head>'
        f'<body><h1>{title}</h1><div>发布时间：2024-05-01</div><div id="zoom" class="TRS_Editor">{paragraph * 4}</div>'
        "</body></html>"
    )


TITLES = (
    "关于推进产业协作的实施意见", "关于共建科技园区的合作协议", "关于加快承接产业转移的若干措施", "协同发展工作要点",
    "交通一体化三年行动方案", "生态环境联防联治通知", "农产品供应基地建设方案", "职业教育协作办法", "人才共享工作方案",
    "公共服务共建共享意见", "招商引资工作通报", "开发区改革创新方案",
)  # fmt: skip


def article_rows(shape: str, start: int, count: int) -> list[tuple[str, str]]:
    """Rows whose addresses follow `shape`, which holds `{}` for a number."""
    return [(shape.format(n), f"{TITLES[n % len(TITLES)]}（第{n}号）") for n in range(start, start + count)]
