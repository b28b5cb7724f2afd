"""The pure parts: customary addresses, searches, challenges, outcomes, addresses that may be asked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import ConnectionRefusedError, NoRouteError

from crawlers.challenges import challenge_of
from crawlers.outcome import Left, Outcome, failure_class
from crawlers.paging import next_file, next_query
from crawlers.search import is_json, is_throttled, next_result_page
from crawlers.shapes import is_article, is_page, names_a_column


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("http://a.cn/x/index.html", "http://a.cn/x/index_2.html"),
        ("http://a.cn/x/", "http://a.cn/x/index_2.html"),
        ("http://a.cn/x/index_2.html", "http://a.cn/x/index_3.html"),
        ("http://a.cn/c1/listDisplaySelf.shtml", "http://a.cn/c1/listDisplaySelf_2.shtml"),
        ("http://a.cn/Category_9/Index.aspx", "http://a.cn/Category_9/Index_2.aspx"),
        ("http://a.cn/x/list.do", None),
    ],
)
def test_next_file(url: str, following: str | None) -> None:
    assert next_file(url, first=2) == following


def test_next_query() -> None:
    assert next_query("http://a.cn/l?catid=3", "page") == "http://a.cn/l?catid=3&page=2"
    assert next_query("http://a.cn/l?page=2&catid=3", "page") == "http://a.cn/l?page=3&catid=3"
    assert next_query("http://a.cn/l?page=last", "page") is None


@given(st.integers(1, 500), st.text("abc", min_size=1, max_size=4))
def test_a_page_number_is_raised_by_one_and_nothing_else_changes(number: int, word: str) -> None:
    assert next_query(f"http://a.cn/l?q={word}&p={number}&n=5", "p") == f"http://a.cn/l?q={word}&p={number + 1}&n=5"


def test_a_library_without_results_is_told_from_one_that_wants_rest() -> None:
    assert is_throttled(json.dumps({"code": 200, "searchVO": None}))
    assert not is_throttled(json.dumps({"code": 1001, "msg": "none", "searchVO": None}))
    assert not is_throttled(json.dumps({"code": 200, "searchVO": {"listVO": []}}))
    assert not is_throttled('<html>a page that quotes "searchVO"</html>')


def test_where_results_go_on() -> None:
    assert next_result_page("http://s.cn/d?t=x&p=1", b"") == ("http://s.cn/d?t=x&p=2", ())
    assert next_result_page("http://s.cn/list.json", b"") is None
    assert next_result_page("http://s.cn/q", b"qt=a&page=4") == ("http://s.cn/q", (("qt", "a"), ("page", "5")))
    assert next_result_page("http://s.cn/q", b"qt=a") is None
    assert is_json("text/html", b' {"a":1}') and is_json("application/json", b"") and not is_json("text/html", b"<p>")


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (521, {}, b"", "jsl"),
        (200, {}, b"<script>document.cookie='__jsl_clearance_s='+x</script>", "jsl"),
        (412, {}, b"<html></html>", "ruishu"),
        (302, {"location": "/WZWSREL3pjLw=="}, b"", "wzws"),
        (200, {}, b"<html><script src=/wzwschallenge.js></script></html>", "wzws"),
        (200, {}, b"<script>var yunsuo_session_verify=1</script>", "yunsuo"),
        (200, {}, "<p>如果您是网站管理员，请登录知道创宇云防御</p>".encode(), "knownsec"),
        (403, {}, b"Forbidden", "403"),
        (429, {}, b"", "429"),
        (404, {}, b"", None),
        (503, {}, b"", None),
        (302, {"location": "/index.html"}, b"", None),
        (200, {}, "<p>本市部署知道创宇云防御系统的新闻</p>".encode() + b"<a href=x>y</a>" * 9, None),
        (200, {}, "<p>一篇讲云锁 yunsuo_session_verify 的文章，没有脚本</p>".encode(), None),
        (200, {}, b"<p>x</p>" * 9000 + b"<script>__jsl_clearance</script>", None),
    ],
)
def test_challenges_are_recognised_and_pages_are_not(
    status: int, headers: dict[str, str], body: bytes, kind: str | None
) -> None:
    assert challenge_of(status, headers, body) == kind


@given(st.integers(100, 599), st.binary(max_size=300))
def test_no_answer_breaks_the_recogniser(status: int, body: bytes) -> None:
    assert challenge_of(status, {}, body) is None or isinstance(challenge_of(status, {}, body), str)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Left("robots-503"), "robots-503"),
        (CannotResolveHostError("x"), "dns"),
        (ConnectionRefusedError(), "refused"),
        (DownloadTimeoutError("x"), "timeout"),
        (DownloadFailedError("[<twisted.python.failure.Failure OpenSSL.SSL.Error: certificate verify failed>]"), "tls"),
        (DownloadFailedError("connection lost"), "unreachable"),
        (NoRouteError(), "unreachable"),
        (ConnectionResetError(), "unreachable"),
        (ZeroDivisionError(), "error"),
    ],
)
def test_failures_are_named(error: Exception, kind: str) -> None:
    assert failure_class(error) == kind


def outcome(
    pages: int = 0, new: int = 0, rows: int = 0, known: int = 0, finished: str = "", **failures: int
) -> Outcome:
    made = Outcome("x", pages=pages, new_pages=new, rows=rows, rows_known=known, finished=finished)
    for kind, count in failures.items():
        made.failures[kind.replace("_", "-")] += count
    return made


@pytest.mark.parametrize(
    ("made", "state"),
    [
        (outcome(9, 8, 8), "ok"),
        (outcome(9, 7, 8, http_404=1), "ok"),
        (outcome(2, 0, 8, 8), "nothing-new"),
        (outcome(2), "empty"),
        (outcome(), "empty"),
        (outcome(0, robots=3), "robots"),
        (outcome(0, robots_503=3), "robots"),
        (outcome(0, dns=3), "dns"),
        (outcome(0, http_404=1, blocked_jsl=1), "blocked-jsl"),
        (outcome(0, gone=2), "moved"),
        (outcome(1, 0, 5, 0, http_500=5), "error"),
        (outcome(1, 0, 5, 2, timeout=3), "timeout"),
        (outcome(0, finished="closespider_timeout"), "timeout"),
        (outcome(9, 8, 8, finished="closespider_timeout"), "slow"),
        (outcome(9, 8, 8, finished="window"), "ok"),
        (replace(outcome(3, 0, 4, 4), changed=1), "ok"),
        (replace(outcome(3, 0, 4, 4), withheld="waiting"), "waiting"),
        (replace(outcome(3, 2, 4), challenged={"a.cn": "jsl"}), "blocked-jsl"),
        (replace(outcome(3, 2, 4), lost_columns={"http://a.cn/zc/"}), "layout-changed"),
        (replace(outcome(3), lost_columns={"http://a.cn/zc/"}, vacant={"http://a.cn/zc/"}), "empty"),
        (replace(outcome(3, 2, 4), lost_columns={"http://a.cn/zc/"}, vacant={"http://a.cn/zc/"}), "layout-changed"),
        (outcome(0, inside_address=1), "error"),
        (outcome(0, redirect_loop=1), "error"),
        (outcome(0, headers_oversize=1), "error"),
        (outcome(3, 1, 3, finished="blocked", blocked_wzws=5), "blocked-wzws"),
    ],
)
def test_one_word_tells_what_became_of_a_portal(made: Outcome, state: str) -> None:
    assert made.state == state


def test_shapes_of_articles_files_and_columns() -> None:
    for path in (
        "/zc/202405/t20240501_12.html", "/art/2024/5/1/art_3_44.html", "/202405/" + "0a" * 16 + ".shtml",
        "/x/y/20240501/77.html", "/content-16-881.html", "/Item/9.aspx", "/single/3/44.html",
        "/zhengce/content/202405/content_1.htm", "/index.php?m=content&c=index&a=show&catid=3&id=9",
    ):  # fmt: skip
        assert is_article(f"http://a.cn{path}"), path
    for path in ("/", "/zc/", "/zc/index.html", "/zc/index_2.html", "/channel/list/100.html", "/col/col360/index.html"):
        assert not is_article(f"http://a.cn{path}"), path
    assert is_page("http://a.cn/x.html") and not is_page("http://a.cn/x.PDF")
    assert (
        names_a_column(" 政策文件 ")
        and not names_a_column("登录")
        and not names_a_column("关于印发某某规划的通知全文及其附件")
    )
