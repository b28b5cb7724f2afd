"""Attachments are part of their document, whenever they come into the archive."""

from __future__ import annotations

import signal
import zlib
from pathlib import Path

import pytest

from config.loader import Region
from pipelines import attachments, stages, state
from tests.extract.attached_files import assembled, docx, encrypted_pdf, paragraph, pdf, scan, xlsx
from tests.pipelines.made_up import WEATHER, Fetch, article, write_warc
from tests.pipelines.made_up import region as made_up_region
from warehouse.reading import query

URL = "http://langfang.example/zw/"
LINKS = (
    '<p>见附件。</p><p>附件：<a href="1.pdf">合作框架协议.pdf</a> <a href="2.docx">项目表.docx</a> '
    '<a href="3.doc">名单.doc</a> <a href="4.pdf">扫描件.pdf</a></p>'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return made_up_region(tmp_path_factory.mktemp("region"))


def page(name: str = "1.html", links: str = LINKS) -> Fetch:
    markup = article("关于印发合作协议的通知", "2015-03-02").decode().replace('id="zoom">', f'id="zoom">{links}')
    return Fetch(URL + name, markup.encode())


def file(name: str, raw: bytes, date: str = "2026-11-01T02:03:05Z") -> Fetch:
    return Fetch(URL + name, raw, date, content_type="application/octet-stream")


def publish(data: Path, region: Region, workers: int = 1) -> stages.Published:
    stages.index_archive(data, region)
    stages.read_pages(data, region, workers)
    stages.extract_documents(data, region, workers)
    return stages.publish(data, region, force=True)


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    return query(data / "warehouse.duckdb", sql).rows


AGREED = ["廊坊市与天津市武清区签署产业合作框架协议，双方将共建高端装备制造产业园区，并承接转移", "的企业。"]


def test_a_page_that_says_see_the_attachment_is_read_with_it(tmp_path: Path, region: Region) -> None:
    archive = tmp_path / "archive"
    write_warc(archive / "a.warc.gz", [page()])
    alone = publish(tmp_path, region)
    assert (alone.documents, alone.policies) == (1, 0)
    (named,) = (one for one in alone.findings if "with an attachment" in one)
    assert f"not archived ({URL}1.html)" in named
    write_warc(
        archive / "b.warc.gz",
        [
            file("1.pdf", pdf(AGREED)),
            Fetch(URL + "2.docx", docx(paragraph("项目共12个。")), content_type=WORD),
            file("3.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            file("4.pdf", scan()),
        ],
    )
    whole = publish(tmp_path, region)
    assert (whole.documents, whole.policies, whole.pairs) == (1, 1, 1)
    ((text,),) = rows(tmp_path, "SELECT text FROM documents")
    assert str(text).endswith("\n附件：合作框架协议.pdf\n" + "".join(AGREED) + "\n附件：项目表.docx\n项目共12个。")
    for start, end, quote in rows(tmp_path, 'SELECT "start", "end", quote FROM pair_evidence'):
        assert isinstance(start, int) and isinstance(end, int) and str(text)[start:end] == quote
    unread = [one for one in whole.findings if "with an attachment" in one]
    assert [one.split(": ")[1].partition(" (http")[0] for one in unread] == [
        "PDF without text (a scan)",
        "DOC is a format that is not read",
    ]
    assert not [one for one in whole.findings if "without a text" in one]


def test_what_is_done_is_not_done_again(tmp_path: Path, region: Region) -> None:
    write_warc(tmp_path / "archive" / "a.warc.gz", [page(), file("1.pdf", pdf(AGREED))])
    publish(tmp_path, region)
    with state.opened(tmp_path) as opened:
        assert attachments.join_attachments(opened, tmp_path, region, 1, stages.silent) == 0
        opened.execute("UPDATE readings SET read_with = NULL")
        progress: list[int] = []
        assert (
            attachments.join_attachments(opened, tmp_path, region, 1, lambda _, done, total: progress.append(total))
            == 1
        )
        assert progress == [0]
    before = rows(tmp_path, "SELECT doc_id, text FROM documents")
    publish(tmp_path, region)
    assert rows(tmp_path, "SELECT doc_id, text FROM documents") == before


def test_an_attachment_that_changed_speaks_as_it_does_now(tmp_path: Path, region: Region) -> None:
    write_warc(tmp_path / "archive" / "a.warc.gz", [page(), file("1.pdf", pdf(AGREED))])
    publish(tmp_path, region)
    write_warc(tmp_path / "archive" / "b.warc.gz", [file("1.pdf", pdf(["协议已经终止。"]), "2026-11-05T00:00:00Z")])
    assert publish(tmp_path, region).policies == 0
    ((text,),) = rows(tmp_path, "SELECT text FROM documents")
    assert str(text).endswith("附件：合作框架协议.pdf\n协议已经终止。")


def test_a_page_without_any_text_of_its_own(tmp_path: Path, region: Region) -> None:
    links = '<p><a href="1.xlsx">附件</a></p>'
    write_warc(
        tmp_path / "archive" / "a.warc.gz", [page(links=links), file("1.xlsx", xlsx({"一": [["廊坊市", "武清区"]]}))]
    )
    publish(tmp_path, region)
    ((text,),) = rows(tmp_path, "SELECT text FROM documents")
    assert str(text).endswith("廊坊市\t武清区")


def test_the_result_does_not_depend_on_the_order_of_arrival_or_the_workers(tmp_path: Path, region: Region) -> None:
    files = [file("1.pdf", pdf(AGREED)), file("4.pdf", encrypted_pdf("secret"))]
    pages = [page(), Fetch(URL + "9.html", article("天气", "2016-01-01", *WEATHER))]
    write_warc(tmp_path / "one" / "archive" / "a.warc.gz", [*pages, *files])
    publish(tmp_path / "one", region)
    two = tmp_path / "two"
    for name, fetched in (("a", files[:1]), ("b", pages), ("c", files[1:])):
        write_warc(two / "archive" / f"{name}.warc.gz", fetched)
        publish(two, region, workers=2)
    sql = "SELECT doc_id, url, text FROM documents ORDER BY 1"
    assert rows(tmp_path / "one", sql) == rows(two, sql)
    sql = "SELECT kind, subject, count FROM findings WHERE kind = 'attachments' ORDER BY 2"
    assert rows(two, sql) == rows(tmp_path / "one", sql)


def test_a_file_that_takes_too_long_or_is_too_large_is_named(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    offsets = write_warc(archive / "a.warc.gz", [file("1.pdf", pdf(*[["廊坊"] * 40] * 60)), file("2.pdf", pdf(AGREED))])
    slow, quick = (attachments._Task(str(offset), URL, archive / "a.warc.gz", offset) for offset in offsets)
    kept = signal.signal(signal.SIGPROF, attachments._over_time)
    try:
        found = attachments._read_file(slow, 10**7, 0.01)
        assert (found.text, found.problem) == ("", "takes longer than 0.01 seconds to read")
        assert attachments._read_file(quick, 10**7, 60).problem is None
        assert attachments._read_file(quick, 100, 60).problem == "larger than 100 bytes"
    finally:
        signal.signal(signal.SIGPROF, kept)


def test_a_file_that_unpacks_to_more_than_memory_is_named_and_the_others_are_read(
    tmp_path: Path, region: Region
) -> None:
    packed = zlib.compressobj()
    bomb = b"".join(packed.compress(b"(x) Tj " * 100_000) for _ in range(300)) + packed.flush()
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        4: head % (len(bomb), bomb),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    fetched = [page(), file("1.pdf", assembled(objects)), file("4.pdf", pdf(AGREED))]
    write_warc(tmp_path / "archive" / "a.warc.gz", fetched)
    published = publish(tmp_path, made_up_region(tmp_path / "region", max_bytes=10_000_000))
    assert published.policies == 1
    assert any("PDF damaged (LimitReachedError)" in one for one in published.findings)
