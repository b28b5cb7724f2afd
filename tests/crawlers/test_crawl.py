"""Whole crawls over loopback: paging of the families, politeness, states, the archive and its replay."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.checker import Checker  # type: ignore[import-untyped]

from tests.crawlers.loopback import (
    ROOT,
    Asked,
    Reply,
    Routes,
    Run,
    Web,
    article_page,
    article_rows,
    list_page,
    run_crawlers,
    serve,
    write_region,
)  # fmt: skip

UUID = "0f3e2a10-1111-4222-8333-{:012d}"
BLOCK = f"/columns/{UUID.format(1)}/templates/{UUID.format(2)}/blocks/{UUID.format(3)}"


def articles(shape: str, count: int) -> dict[str, Reply]:
    return {href: Reply(article_page(title)) for href, title in article_rows(shape, 0, count)}


def trs_routes() -> dict[str, Reply]:
    shape = "/zc/202405/t20240501_{}.html"
    script = '<script>function createPageHTML(a, b, c, d) {{}}\ncreatePageHTML(5, {}, "index", "html");</script>'
    pages = {
        "/zc/" if page == 0 else f"/zc/index_{page}.html": Reply(
            gzip.compress(list_page(article_rows(shape, page * 6, 6), script.format(page)).encode()),
            headers={"Content-Encoding": "gzip"},
        )
        for page in range(5)
    }
    return pages | articles(shape, 30)


def hebei_block(asked: Asked) -> Reply:
    page = int(parse_qs(urlsplit(asked.target).query)["page"][0])
    rows = article_rows(f"/columns/{UUID.format(1)}/202405/01/0f3e2a10-1111-4222-8333-9{{:011d}}.html", page * 10, 10)
    items = "".join(f"<li><a href='{href}' title='{t}'>{t}</a><span>2024-05-02</span></li>" for href, t in rows)
    return Reply(f"<ul class='xxgk_gfxwjk-list'>{items}</ul>" if page <= 2 else "<ul></ul>")


def jcms_list(asked: Asked) -> Reply:
    rows = article_rows("/art/2024/5/1/art_360_{}.html", 0, 6)
    return Reply(
        list_page(
            [],
            f"""<div id="1412"><script type="text/xml"><datastore><nextgroup><![CDATA[<a
            href="/module/web/jpage/dataproxy.jsp?page=2&appid=1&webid=1&path=/&columnid=360&unitid=1412&webname=x"></a>]]>
            </nextgroup><recordset>{records(rows)}</recordset></datastore></script></div>
            <script>$("#1412").jpage({{perPage:3,totalRecord:20,proxyUrl:"/module/web/jpage/dataproxy.jsp"}});</script>""",
        )
    )


def records(rows: list[tuple[str, str]]) -> str:
    return "".join(
        f'<record><![CDATA[<li><a href="{href}" title="{t}">{t}</a><b>2024-05-01</b></li>]]></record>'
        for href, t in rows
    )


def jcms_proxy(asked: Asked) -> Reply:
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}
    form = parse_qs(asked.form)
    if asked.method != "POST" or form.get("columnid") != ["360"]:
        return Reply("", 500)
    first, last = int(query["startrecord"]), int(query["endrecord"])
    rows = article_rows("/art/2024/5/1/art_360_{}.html", first - 1, min(last, 20) - first + 1)
    body = f"<datastore><totalrecord>20</totalrecord><recordset>{records(rows)}</recordset></datastore>"
    return Reply(body, media="text/xml;charset=UTF-8")


def library(asked: Asked) -> Reply:
    page = int(parse_qs(urlsplit(asked.target).query)["p"][0])
    if page == 2 and "Referer-again" not in seen:
        seen.append("Referer-again")
        return Reply(json.dumps({"code": 200, "searchVO": None}), media="application/json")
    port = asked_port[0]
    found = [
        {"title": f"<em>协同</em>文件{n}", "url": f"http://govcn.test:{port}/zhengce/content/202405/content_{n}.htm",
         "pubtimeStr": "2024.05.01"}
        for n in range(page * 2, page * 2 + 2)
    ]  # fmt: skip
    return Reply(json.dumps({"code": 200, "searchVO": {"listVO": found, "totalpage": 9}}), media="application/json")


seen: list[str] = []
asked_port: list[int] = []


def post_search(asked: Asked) -> Reply:
    form = parse_qs(asked.form)
    if asked.method != "POST" or form["qt"] != ["京津冀"]:
        return Reply(json.dumps({"ok": False, "code": 500}), 500, media="application/json")
    page = int(form["page"][0])
    rows = [
        {"data": {"title": f"搜得{page}", "url": f"http://trs.test:{asked_port[0]}/so/202405/t20240501_{page}9.html"}}
    ]
    return Reply(json.dumps({"ok": True, "resultDocs": rows if page < 3 else []}), media="application/json")


def slow(asked: Asked) -> Reply:
    time.sleep(5)
    return Reply("late")


def make_routes() -> Routes:
    plain = {"/list.html": Reply(list_page(article_rows("/a/{}.html", 100000, 4)))}
    plain_articles = {href: Reply(article_page(title)) for href, title in article_rows("/a/{}.html", 100000, 4)}
    return {
        "trs.test": trs_routes() | {
            "/so/ss/query/s": post_search, "/so/202405/t20240501_19.html": Reply(article_page("搜得一")),
            "/so/202405/t20240501_29.html": Reply(article_page("搜得二")),
            "/robots.txt": Reply("User-agent: *\nDisallow: /zc/202405/t20240501_3.html\n", media="text/plain"),
        },
        "ucap.test": {
            "/zc/list.shtml": Reply(list_page(
                article_rows("/zc/202405/{:032x}.shtml", 0, 5),
                "<script>createPageHTML('page_div',2, 1,'list','shtml',9);</script>")),
            "/zc/list_2.shtml": Reply(list_page(article_rows("/zc/202405/{:032x}.shtml", 5, 4))),
            **articles("/zc/202405/{:032x}.shtml", 9),
        },
        "hebei.test": {
            f"/columns/{UUID.format(1)}/index.html": Reply(
                f'<html><body><h1>政策</h1><div id="b"></div><script>var u="{BLOCK}";</script></body></html>'),
            BLOCK: hebei_block, "*": Reply(article_page("规范性文件")),
        },
        "jcms.test": {
            "/col/col360/index.html": jcms_list, "/module/web/jpage/dataproxy.jsp": jcms_proxy,
            **articles("/art/2024/5/1/art_360_{}.html", 20),
        },
        "govcn.test": {
            "/zhengce/zuixin/ZUIXINZHENGCE.json": Reply(json.dumps([
                {"TITLE": "最新文件", "URL": "./../content/202405/content_77.htm", "DOCRELPUBTIME": "2024-05-01"}]),
                media="application/json"),
            "*": Reply(article_page("国务院文件")), "/robots.txt": Reply("", 404),
        },
        "sousuo.test": {"/search-gov/data": library},
        "jeecms.test": {
            "/x/zfwj/index.html": Reply(list_page(article_rows("/x/zfwj/20240501/{}.html", 0, 10))),
            "/x/zfwj/index_2.html": Reply(list_page(article_rows("/x/zfwj/20240501/{}.html", 10, 10))),
            **articles("/x/zfwj/20240501/{}.html", 20),
        },
        "shell.test": {
            "/zc/": Reply('<html><script>location.replace("./list/list.html");</script></html>'),
            "/zc/list/list.html": plain["/list.html"], **plain_articles,
        },
        "home.test": {
            "/": Reply('<html><body><h1>样例县</h1><a href="/zcwj/">政策文件</a><a href="/login">登录</a>'
                       '<p><a href="/202405/t20240501_1.html">要闻一则</a></p></body></html>'),
            "/zcwj/": Reply(list_page(article_rows("/202405/t20240501_{}.html", 2, 4))),
            **articles("/202405/t20240501_{}.html", 6),
        },
        "offsite.test": {
            "/list.html": Reply(list_page(
                [*article_rows("/a/{}.html", 100000, 4), ("http://elsewhere.test/a/1.html", "外部链接的一个标题"),
                 ("/files/plan.pdf", "一份规划的附件文本")])),
            **plain_articles, "/a/100003.html": Reply("", 302, {"Location": "http://elsewhere.test/b.html"}),
        },
        "big.test": {
            "/list.html": Reply(list_page(article_rows("/a/{}.html", 100000, 4))), **plain_articles,
            "/a/100001.html": Reply("x" * 300_000),
            "/a/100002.html": Reply(gzip.compress(b"y" * 5_000_000), headers={"Content-Encoding": "gzip"}),
        },
        "known.test": {"/list.html": Reply(list_page(article_rows("/a/{}.html", 100000, 4)))},
        "broken.test": {"/robots.txt": Reply("", 503), **plain, **plain_articles},
        "forbidden.test": {"/robots.txt": Reply("User-agent: *\nDisallow: /\n", media="text/plain"), **plain},
        "empty.test": {"/list.html": Reply("<html><body><p>暂无内容</p></body></html>")},
        "gone.test": {},
        "moved.test": {"/list.html": Reply("", 301, {"Location": "http://elsewhere.test/"})},
        "jsl.test": {"/list.html": Reply("<script>document.cookie=('_')+('_jsl');</script>", 521)},
        "wzws.test": {"/list.html": Reply("", 302, {"Location": "/WZWSREL3pjLw==?wzwschallenge=x"})},
        "denied.test": {"/list.html": Reply("no", 403)},
        "slow.test": {"/list.html": slow},
        "hidden.test": plain,
        "down.test": {},
        "unwell.test": {"/list.html": Reply("oops", 500)},
    }  # fmt: skip


PORTALS: list[tuple[str, str, list[str]]] = [
    ("trs", "trs", ["/zc/", "/so/ss/query/s?qt=京津冀&page=1&pageSize=20"]),
    ("ucap", "ucap", ["/zc/list.shtml"]),
    ("hebei", "hebei-uuid", [f"/columns/{UUID.format(1)}/index.html"]),
    ("jcms", "jcms", ["/col/col360/index.html"]),
    ("govcn", "govcn", [
        "/zhengce/zuixin/ZUIXINZHENGCE.json", "http://sousuo.test:PORT/search-gov/data?t=zhengcelibrary&q=京津冀&p=1&n=2"]),
    ("jeecms", "jeecms", ["/x/zfwj/index.html"]),
    ("shell", "trs", ["/zc/"]),
    ("home", "one-of-its-own", ["/"]),
    *((name, "generic", ["/list.html"]) for name in (
        "offsite", "big", "known", "broken", "forbidden", "empty", "gone", "moved", "jsl", "wzws", "denied", "slow",
        "hidden", "down", "unwell", "localhost")),
]  # fmt: skip
KNOWN = [href for href, _ in article_rows("/a/{}.html", 100000, 4)]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Run, Path]]:
    folder = tmp_path_factory.mktemp("crawl")
    with serve(make_routes()) as web:
        asked_port[:] = [web.port]
        seen.clear()
        region = write_region(
            folder / "region", web.port, PORTALS,
            bases={"down": "http://down.test:1", "localhost": f"http://localhost:{web.port}"},
            other_hosts={"govcn": ["sousuo.test"]}, hidden=("hidden.test",), page_seconds=3,
        )  # fmt: skip
        known = folder / "known.txt"
        known.write_text("\n".join(f"http://known.test:{web.port}{path}" for path in KNOWN), encoding="utf-8")
        yield web, run_crawlers(region, folder / "data", "--known", str(known)), region


def captured(run: Run, kind: str = "response") -> list[tuple[str, int]]:
    found = []
    for path in run.files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == kind:
                    status = record.http_headers.get_statuscode() if kind == "response" else "0"
                    found.append((record.rec_headers.get_header("WARC-Target-URI"), int(status)))
    return found


def test_it_runs_and_names_every_portal_in_order(crawled: tuple[Web, Run, Path]) -> None:
    _, run, _ = crawled
    assert run.code == 0, run.errors
    assert list(run.portals) == [name for name, _, _ in PORTALS]
    assert run.log["kind"] == "crawl"
    assert "Traceback" not in run.errors


def test_trs_pages_are_numbered_from_zero_up_to_the_depth(crawled: tuple[Web, Run, Path]) -> None:
    web, run, _ = crawled
    asked = web.targets("trs.test")
    assert [target for target in asked if "index_" in target] == ["/zc/index_1.html", "/zc/index_2.html"]
    row = run.portals["trs"]
    # 18 rows of three list pages less the one robots.txt disallows, and two found by the search.
    assert row["new_pages"] == 17 + 2
    assert (row["state"], row["failure_class"], row["errors"], row["links_left"]) == ("ok", "robots", 0, 2)


def test_a_search_that_takes_only_post_is_asked_by_post_until_it_is_empty(crawled: tuple[Web, Run, Path]) -> None:
    web, _, _ = crawled
    forms = [parse_qs(one.form) for one in web.asked if one.target == "/so/ss/query/s"]
    assert [form["page"] for form in forms] == [["1"], ["2"], ["3"]]


@pytest.mark.parametrize(
    ("portal", "new"),
    [("ucap", 9), ("hebei", 20), ("jcms", 20), ("govcn", 7), ("jeecms", 20), ("shell", 4), ("home", 5)],
)
def test_each_family_finds_all_articles_within_the_depth(crawled: tuple[Web, Run, Path], portal: str, new: int) -> None:
    row = crawled[1].portals[portal]
    assert (row["state"], row["new_pages"]) == ("ok", new), row


def test_jcms_proxy_is_asked_for_groups_of_three_screens(crawled: tuple[Web, Run, Path]) -> None:
    asked = [target for target in crawled[0].targets("jcms.test") if "dataproxy" in target]
    assert [parse_qs(urlsplit(target).query)["startrecord"] for target in asked] == [["7"], ["16"]]


def test_a_throttled_search_is_asked_again_later(crawled: tuple[Web, Run, Path]) -> None:
    asked = [parse_qs(urlsplit(target).query)["p"][0] for target in crawled[0].targets("sousuo.test")]
    assert asked == ["1", "2", "2", "3"]
    assert crawled[1].portals["govcn"]["failure_class"] == "throttled"


def test_a_guess_at_a_next_page_that_is_not_there_is_no_error(crawled: tuple[Web, Run, Path]) -> None:
    web, run, _ = crawled
    assert "/x/zfwj/index_3.html" in web.targets("jeecms.test")
    assert run.portals["jeecms"]["errors"] == 0


def test_foreign_links_files_and_redirects_are_counted_and_left(crawled: tuple[Web, Run, Path]) -> None:
    web, run, _ = crawled
    row = run.portals["offsite"]
    assert (row["new_pages"], row["links_left"], row["failure_class"]) == (3, 3, "moved")
    assert not [one for one in web.asked if one.host == "elsewhere.test"]


def test_bodies_over_the_limit_are_refused_compressed_or_not(crawled: tuple[Web, Run, Path]) -> None:
    row = crawled[1].portals["big"]
    assert (row["new_pages"], row["errors"], row["failure_class"], row["state"]) == (2, 2, "oversize", "ok")


def test_known_articles_are_not_fetched_again(crawled: tuple[Web, Run, Path]) -> None:
    web, run, _ = crawled
    assert web.targets("known.test") == ["/list.html"]
    assert run.portals["known"]["state"] == "nothing-new"


@pytest.mark.parametrize(
    ("portal", "state", "failure"),
    [
        ("broken", "robots", "robots-503"), ("forbidden", "robots", "robots"), ("empty", "empty", ""),
        ("gone", "moved", "gone"), ("moved", "moved", "moved"), ("jsl", "blocked-jsl", "blocked-jsl"),
        ("wzws", "blocked-wzws", "blocked-wzws"), ("denied", "blocked-403", "blocked-403"),
        ("slow", "timeout", "timeout"), ("hidden", "dns", "dns"), ("down", "refused", "refused"),
        ("unwell", "error", "http-500"), ("localhost", "dns", "dns"),
    ],
)  # fmt: skip
def test_what_kept_a_portal_from_being_read_is_named(
    crawled: tuple[Web, Run, Path], portal: str, state: str, failure: str
) -> None:
    web, run, _ = crawled
    row = run.portals[portal]
    assert (row["state"], row["failure_class"], row["new_pages"]) == (state, failure, 0)
    if portal in ("broken", "forbidden", "hidden", "localhost"):
        assert not web.targets(f"{portal}.test")


def test_every_request_says_who_asks(crawled: tuple[Web, Run, Path]) -> None:
    assert {one.agent for one in crawled[0].asked} == {"xietong/0.1 (a test on loopback) +nobody@example.org"}


def test_the_archive_holds_every_answer_as_received(crawled: tuple[Web, Run, Path]) -> None:
    web, run, _ = crawled
    kept = captured(run)
    assert len(kept) == len(captured(run, "request"))
    assert (f"http://moved.test:{web.port}/list.html", 301) in kept
    assert (f"http://broken.test:{web.port}/robots.txt", 503) in kept
    with run.files[0].open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_headers.get_header("WARC-Target-URI") == f"http://trs.test:{web.port}/zc/":
                if record.rec_type == "response":
                    assert record.http_headers.get_header("Content-Encoding") == "gzip"
                    assert record.rec_headers.protocol == "WARC/1.1"
                    raw = record.raw_stream.read()
                    assert gzip.decompress(raw).startswith(b"<!DOCTYPE")
                elif record.rec_type == "request":
                    assert "xietong" in record.http_headers.get_header("User-Agent")


def test_warcio_finds_no_fault_in_the_archive(
    crawled: tuple[Web, Run, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    checker = Checker(Namespace(inputs=[str(path) for path in crawled[1].files], verbose=False))
    checker.process_all()
    assert not checker.exit_value, capsys.readouterr().out


def test_a_replay_of_the_crawl_reads_the_same_pages_without_the_network(
    crawled: tuple[Web, Run, Path], tmp_path: Path
) -> None:
    web, run, region = crawled
    asked = len(web.asked)
    known = region.parent / "known.txt"
    files = [str(path) for path in run.files]
    again = run_crawlers(region, tmp_path / "a", "--known", str(known), "--replay", *files)
    assert again.code == 0, again.errors
    assert len(web.asked) == asked
    for portal_id in ("trs", "ucap", "hebei", "jcms", "govcn", "jeecms", "offsite", "big", "home"):
        once, twice = run.portals[portal_id], again.portals[portal_id]
        assert twice["new_pages"] == once["new_pages"], (portal_id, once, twice)
    assert again.files[0].read_bytes() == run.files[0].read_bytes()
    third = run_crawlers(region, tmp_path / "b", "--known", str(known), "--replay", *files)
    assert third.log == again.log


def test_one_portal_and_unknown_portals(crawled: tuple[Web, Run, Path], tmp_path: Path) -> None:
    _, _, region = crawled
    one = run_crawlers(region, tmp_path, "--portal", "ucap")
    assert list(one.portals) == ["ucap"]
    wrong = run_crawlers(region, tmp_path, "--portal", "ucapp")
    assert wrong.code == 2
    assert wrong.errors.count("\n") == 1
    assert "did you mean: ucap" in wrong.errors


def test_after_kill_9_the_archive_is_readable_to_the_last_record(tmp_path: Path) -> None:
    routes: Routes = {"trs.test": trs_routes()}
    with serve(routes) as web:
        region = write_region(tmp_path / "region", web.port, [("trs", "trs", ["/zc/"])], delay_seconds=0.2)
        command = [sys.executable, "-m", "crawlers", "--region", str(region), "--data", str(tmp_path / "data")]
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while len(web.targets("trs.test")) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        answered = len(web.asked)
    archive = tmp_path / "data" / "archive"
    assert not list(archive.glob("*.crawl.json"))
    stream = io.BytesIO(next(archive.glob("*.warc.gz")).read_bytes())
    kept = [record.rec_type for record in ArchiveIterator(stream)]
    assert kept.count("response") >= answered - 2 >= 4
