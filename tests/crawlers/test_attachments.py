"""A crawl of pages with attachments, from the server to the text of the document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.loader import load_region
from crawlers.attachments import MOST, UNREAD_BYTES, wanted_attachments
from pipelines import stages
from tests.crawlers.loopback import (
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
)
from tests.extract.attached_files import docx, paragraph, pdf
from warehouse.reading import query

AGREED = ["廊坊市与天津市武清区签署产业合作框架协议，双方将共建高端装备制造产业园区，并承接转移", "的企业。"]
PDF, WORD = "application/pdf", "application/msword"


def with_links(title: str, *links: str) -> Reply:
    listed = "".join(f'<p>附件：<a href="{link}">{link.rpartition("/")[2]}</a></p>' for link in links)
    return Reply(article_page(title).replace('id="zoom" class="TRS_Editor">', f'id="zoom" class="TRS_Editor">{listed}'))


def routes() -> Routes:
    titles = article_rows("/zc/202405/t20240501_{}.html", 0, 3)
    pages = [
        with_links(titles[0][1], "./P1.pdf", "/files/方案.docx", "http://elsewhere.test/x.pdf"),
        with_links(titles[1][1], "/zc/202405/P1.pdf", "large.doc", "small.doc", "large.pdf", "none.xlsx"),
        with_links(titles[2][1], *(f"many{n}.pdf" for n in range(MOST + 5))),
    ]
    return {
        "a.test": {
            "/zc/": Reply(list_page(titles)),
            **{href: page for (href, _), page in zip(titles, pages, strict=True)},
            "/zc/202405/P1.pdf": Reply(pdf(AGREED), media=PDF),
            "/files/%E6%96%B9%E6%A1%88.docx": Reply(docx(paragraph("项目共12个。")), media=WORD),
            "/zc/202405/large.doc": Reply(b"\xd0\xcf\x11\xe0" * (UNREAD_BYTES // 4 + 1), media=WORD),
            "/zc/202405/small.doc": Reply(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", media=WORD),
            "/zc/202405/large.pdf": Reply(pdf(AGREED) + b"\n" * UNREAD_BYTES, media=PDF),
            **{f"/zc/202405/many{n}.pdf": Reply(pdf([f"第{n}个附件的文字"]), media=PDF) for n in range(MOST + 5)},
        }
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Run, Path]]:
    folder = tmp_path_factory.mktemp("attachments")
    with serve(routes()) as web:
        region = write_region(folder / "region", web.port, [("a", "trs", ["/zc/"])], max_bytes=3_000_000)
        yield web, run_crawlers(region, folder / "data"), region


def test_attachments_on_the_portal_are_asked_for_once(crawled: tuple[Web, Run, Path]) -> None:
    web, run, _ = crawled
    assert run.code == 0, run.errors
    asked = [target for target in web.targets("a.test") if not target.endswith((".html", "/zc/"))]
    assert len(asked) == len(set(asked))
    assert sorted(asked) == sorted(
        [
            "/files/%E6%96%B9%E6%A1%88.docx",
            *(f"/zc/202405/{name}" for name in ("P1.pdf", "large.doc", "large.pdf", "none.xlsx", "small.doc")),
            *(f"/zc/202405/many{n}.pdf" for n in range(MOST)),
        ]
    )
    assert not [one for one in web.asked if one.host == "elsewhere.test"]


def test_attachments_are_no_pages_and_one_too_large_is_left_without_an_error(crawled: tuple[Web, Run, Path]) -> None:
    row = crawled[1].portals["a"]
    assert (row["state"], row["pages"], row["new_pages"]) == ("ok", 4, 3)
    assert (row["errors"], row["failure_class"], row["links_left"]) == (1, "http-404", 2)


def test_they_are_archived_as_received_and_read_with_their_pages(crawled: tuple[Web, Run, Path]) -> None:
    web, run, folder = crawled
    region = load_region(folder)
    stages.index_archive(run.data, region)
    stages.read_pages(run.data, region, 1)
    stages.extract_documents(run.data, region, 1)
    published = stages.publish(run.data, region)
    base = f"http://a.test:{web.port}"

    def rows(sql: str) -> list[tuple[object, ...]]:
        return query(published.warehouse, sql).rows

    archived = rows(f"SELECT content_sha256 FROM captures WHERE url = '{base}/zc/202405/P1.pdf'")
    assert archived == [(hashlib.sha256(pdf(AGREED)).hexdigest(),)]
    texts = {str(url).rpartition("_")[2]: str(text) for url, text in rows("SELECT url, text FROM documents")}
    assert texts["0.html"].endswith(f"\n附件：P1.pdf\n{''.join(AGREED)}\n附件：方案.docx\n项目共12个。")
    assert texts["1.html"].count("".join(AGREED)) == 1
    assert texts["2.html"].endswith(f"附件：many{MOST - 1}.pdf\n第{MOST - 1}个附件的文字")
    evidence = rows("""SELECT text, start, "end", quote, unit_a FROM pair_evidence JOIN documents USING (doc_id)""")
    assert evidence
    for text, start, end, quote, unit in evidence:
        assert isinstance(start, int) and isinstance(end, int)
        assert (str(text)[start:end], quote, unit) == (quote, "双方将共建高端装备制造产业园区", "120114")
    named = dict(rows("SELECT subject, count FROM findings WHERE kind = 'attachments'"))
    assert named == {"not archived": 3, "DOC is a format that is not read": 1}


def test_what_is_only_kept_may_be_less_large() -> None:
    page = with_links("通知", "a.pdf", "b.wps").body
    assert isinstance(page, str)
    found = wanted_attachments(page.encode(), "http://a.cn/t20240501_1.html", "text/html; charset=utf-8", 20_000_000)
    assert [(one.name, most) for one, most in found] == [("a.pdf", 20_000_000), ("b.wps", UNREAD_BYTES)]
