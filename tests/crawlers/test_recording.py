"""Recordings that are whole, empty, cut off, or no recordings; and bodies larger than anyone wants."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawlers.archive import ArchiveWriter
from crawlers.outcome import Left
from crawlers.recording import Recording, read_answer
from tests.crawlers.loopback import article_page, run_crawlers, write_region
from tests.shared_material import SHARED, needs_shared


def write_warc(path: Path, pages: dict[str, bytes], **headers: str) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for number, (url, body) in enumerate(pages.items()):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers.items()], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head,
                warc_headers_dict={"WARC-Date": f"2024-05-01T00:00:{number:02d}Z"},
            )  # fmt: skip
            writer.write_record(record)
    return path


def test_what_was_written_can_be_asked_again(tmp_path: Path) -> None:
    body = gzip.compress("第一页".encode())
    with ArchiveWriter(tmp_path, "run", rotate=1) as archive:
        for number in (1, 2):
            archive.write(
                Request("http://a.cn/p", method="POST", body=f"page={number}", headers={"User-Agent": "x"}),
                Response("http://a.cn/p", status=200, headers={"Content-Encoding": "gzip"}, body=body),
            )
        archive.write(
            Request("http://a.cn/没有?b=1&a=2"),
            Response("http://a.cn/%E6%B2%A1%E6%9C%89?b=1&a=2", status=404, body=b"no"),
        )
    assert archive.names == ["run-000.warc.gz", "run-001.warc.gz", "run-002.warc.gz"]
    recording = Recording()
    assert [recording.add(tmp_path / name) for name in archive.names] == [1, 1, 1]
    assert recording.problems == []
    post = recording.find("POST", "http://a.cn/p", b"page=2")
    assert post is not None
    headers, kept = read_answer(post, 1000)
    assert (kept, headers["Content-Encoding"]) == (body, b"gzip")
    assert recording.find("POST", "http://a.cn/p", b"page=3") is None
    missing = recording.find("GET", "http://a.cn/没有?a=2&b=1")
    assert missing is not None and missing.status == 404


def test_bodies_over_the_limit_are_not_read_into_memory(tmp_path: Path) -> None:
    path = write_warc(tmp_path / "big.warc.gz", {"http://a.cn/big": b"x" * 50_000_000, "http://a.cn/small": b"y"})
    tracemalloc.start()
    recording = Recording()
    assert recording.add(path) == 2
    big = recording.find("GET", "http://a.cn/big")
    assert big is not None
    with pytest.raises(Left, match="more than 1000 bytes") as caught:
        read_answer(big, 1000)
    assert caught.value.failure_class == "oversize"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000


@pytest.mark.parametrize("keep", [0.25, 0.55, 0.85, 0.999])
def test_a_file_that_was_cut_off_is_used_up_to_the_cut(tmp_path: Path, keep: float) -> None:
    pages = {f"http://a.cn/{n}": article_page(f"第{n}号文件").encode() * 20 for n in range(10)}
    whole = write_warc(tmp_path / "whole.warc.gz", pages)
    assert Recording().add(whole) == 10
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * keep)])
    recording = Recording()
    found = recording.add(cut)
    assert found == int(10 * keep) + (keep == 0.999)
    assert len(recording.problems) == 1 and "\n" not in recording.problems[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html>no archive</html>", "not a readable WARC"),
        (gzip.compress(b"hello"), "not a readable WARC"),
    ],
)
def test_what_is_no_recording_is_told_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    recording = Recording()
    assert recording.add(path) == 0
    assert len(recording.problems) == 1 and words in recording.problems[0]


def test_bad_files_beside_a_good_one_cost_only_themselves(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", 80, [("a", "trs", ["/"])])
    pages = {f"http://a.test/202405/t20240501_{n}.html": article_page(f"第{n}号文件").encode() for n in range(3)}
    pages["http://a.test/202405/t20240501_9.html"] = b"z" * 300_000
    pages["http://nobody.test/1.html"] = article_page("别处的文件").encode()
    good = write_warc(tmp_path / "good.warc.gz", pages)
    empty, missing = tmp_path / "empty.warc.gz", tmp_path / "missing.warc.gz"
    empty.write_bytes(b"")
    run = run_crawlers(region, tmp_path / "data", "--replay", str(empty), str(good), str(good), str(missing))
    assert run.code == 0
    assert {name: row["new_pages"] for name, row in run.portals.items()} == {"a": 3}
    assert run.portals["a"]["failure_class"] == "oversize"
    assert (run.log["started_at"], run.log["finished_at"]) == ("2024-05-01T00:00:00Z", "2024-05-01T00:00:04Z")
    assert len(run.log["problems"]) == 2
    assert sum(str(empty) in line for line in run.errors.splitlines()) == 1
    assert sum(str(missing) in line for line in run.errors.splitlines()) == 1
    assert "--any-host" in run.errors
    assert [path.read_bytes() == good.read_bytes() for path in run.files] == [True]
    every = run_crawlers(region, tmp_path / "data", "--replay", str(good), "--any-host")
    assert list(every.portals) == ["a", "host:nobody.test"]
    assert every.log["run_id"] == run.log["run_id"]


@pytest.mark.shared
@needs_shared("web/dev.warc.gz")
def test_the_recorded_pages_of_real_portals_are_all_read(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", 80, [("a", "trs", ["/"])], max_bytes=20_000_000)
    run = run_crawlers(region, tmp_path / "data", "--replay", str(SHARED / "web" / "dev.warc.gz"), "--any-host")
    rows = run.portals.values()
    assert (sum(row["pages"] for row in rows), sum(row["errors"] for row in rows)) == (42, 0)
