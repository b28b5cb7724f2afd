"""Revisits: fetches whose payload an earlier response holds are captures of the same page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from config.loader import Region
from pipelines import identity, stages, state
from pipelines.warc import Damage, Revisit, read_responses
from tests.pipelines.made_up import ANY_DAY, fetches, write_warc
from tests.pipelines.made_up import region as made_up_region
from warehouse.reading import query

LATER, LATEST = "2026-11-02T02:03:04.500000Z", "2026-11-03T02:03:04Z"
PAGE = fetches()[0]
SHA1 = "sha1:" + base64.b32encode(hashlib.sha1(PAGE.body).digest()).decode()


@dataclass(frozen=True)
class Again:
    """A revisit to archive; empty headers are not written."""

    date: str
    refers_to_date: str = ANY_DAY
    refers_to_url: str = PAGE.url
    url: str = PAGE.url
    status: str = "200 OK"
    digest: str = ""
    head: bool = True


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return made_up_region(tmp_path_factory.mktemp("region"))


def write_revisits(path: Path, revisits: Sequence[Again], zipped: bool = True) -> list[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    offsets = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version="WARC/1.1")
        for one in revisits:
            offsets.append(file.tell())
            said = {
                "WARC-Date": one.date,
                "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
                "WARC-Refers-To-Date": one.refers_to_date,
                "WARC-Refers-To-Target-URI": one.refers_to_url,
                "WARC-Payload-Digest": one.digest,
            }
            head = StatusAndHeaders(one.status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                one.url,
                "revisit",
                http_headers=head if one.head else None,
                warc_headers_dict={name: value for name, value in said.items() if value},
            )
            writer.write_record(record)
    return offsets


def captures(data: Path) -> list[tuple[object, ...]]:
    return query(
        data / "warehouse.duckdb",
        """SELECT fetched_at::VARCHAR, status, content_sha256, warc_file, warc_offset FROM captures
           WHERE url = 'http://langfang.example/zw/1.html' ORDER BY 1""",
    ).rows


def publish(data: Path, region: Region) -> stages.Published:
    stages.index_archive(data, region)
    stages.read_pages(data, region, 1)
    stages.extract_documents(data, region, 1)
    return stages.publish(data, region)


@pytest.mark.parametrize("first", ["a", "z"])
def test_a_revisit_is_a_capture_that_moves_last_seen_and_reads_nothing(
    tmp_path: Path, region: Region, first: str
) -> None:
    archive = tmp_path / "archive"
    (at, *_) = write_warc(archive / f"{first}.warc.gz", fetches())
    offsets = write_revisits(
        archive / "m.warc.gz", [Again(LATER, digest=SHA1), Again(LATEST, LATER, status="304 Not Modified")]
    )
    published = publish(tmp_path, region)
    sha256 = hashlib.sha256(PAGE.body).hexdigest()
    assert captures(tmp_path) == [
        ("2026-11-01 02:03:04", 200, sha256, f"{first}.warc.gz", at),
        ("2026-11-02 02:03:04.5", 200, sha256, "m.warc.gz", offsets[0]),
        ("2026-11-03 02:03:04", 304, sha256, "m.warc.gz", offsets[1]),
    ]
    seen = query(
        published.warehouse, f"SELECT first_seen::VARCHAR, last_seen::VARCHAR FROM documents WHERE url = '{PAGE.url}'"
    ).rows
    assert seen == [("2026-11-01 02:03:04", "2026-11-03 02:03:04")]
    assert stages.read_pages(tmp_path, region, 1).now == 0
    with state.opened(tmp_path) as opened:
        assert opened.execute("SELECT count(*) FROM readings WHERE kind = 'article'").fetchall() == [(4,)]


@pytest.mark.parametrize(
    "revisit",
    [
        Again(LATER, refers_to_date="", digest=SHA1),
        Again(LATER, refers_to_date="2020-01-01T00:00:00Z", digest=SHA1),
        Again(LATER, refers_to_url="", head=False),
        Again(LATER, url="http://langfang.example/copy.html"),
    ],
)
def test_a_revisit_is_resolved_by_address_and_date_or_by_digest(tmp_path: Path, region: Region, revisit: Again) -> None:
    write_warc(tmp_path / "archive" / "a.warc.gz", fetches()[:1])
    write_revisits(tmp_path / "archive" / "b.warc.gz", [revisit])
    assert stages.index_archive(tmp_path, region).problems == ()
    with state.opened(tmp_path) as opened:
        row = opened.execute(
            "SELECT page_key, content_type, content_sha256 FROM records WHERE warc_file = 'b.warc.gz'"
        ).fetchone()
    sha256, kind = hashlib.sha256(PAGE.body).hexdigest(), PAGE.content_type
    assert row == (identity.digest(revisit.url, kind, sha256), kind, sha256)


def test_a_revisit_without_its_response_is_named_until_the_response_comes_and_when_it_goes(
    tmp_path: Path, region: Region
) -> None:
    archive = tmp_path / "archive"
    (offset, _) = write_revisits(archive / "b.warc.gz", [Again(LATER, digest=SHA1), Again(LATEST, LATER)])
    problem = (
        f"b.warc.gz: offset {offset}: {PAGE.url} is a revisit of a response that is in no file of the archive; "
        "2 such revisits in this file; put the file that holds it beside this one"
    )
    assert stages.index_archive(tmp_path, region).problems == (problem,)
    published = publish(tmp_path, region)
    assert problem in published.findings
    assert [row[1:3] for row in captures(tmp_path)] == [(200, None), (200, None)]
    write_warc(archive / "z.warc.gz", fetches()[:1])
    assert stages.index_archive(tmp_path, region).problems == ()
    assert publish(tmp_path, region).documents == 1
    (archive / "z.warc.gz").unlink()
    assert stages.index_archive(tmp_path, region).problems == (problem,)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_cut_in_a_revisit_costs_only_it(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / ("a.warc.gz" if zipped else "a.warc")
    offsets = write_revisits(path, [Again(LATER), Again(LATEST)], zipped)
    whole = path.read_bytes()
    for cut in range(offsets[1] + 1, len(whole) - 5, 17):
        path.write_bytes(whole[:cut])
        found = list(read_responses(path))
        assert [type(one) for one in found] == [Revisit, Damage], cut
        assert [one.offset for one in found] == offsets


HEADERS = st.dictionaries(
    st.sampled_from(["WARC-Date", "WARC-Target-URI", "WARC-Refers-To-Date", "WARC-Profile", "Content-Type"]),
    st.sampled_from(["", "x", ANY_DAY, "application/http", "http://a.cn/", "0001-01-01T00:00:00+14:00"]),
)


@given(HEADERS, st.binary(max_size=60))
def test_any_revisit_record_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, headers: dict[str, str], block: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.warc"
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    record = f"WARC/1.1\r\nWARC-Type: revisit\r\n{said}Content-Length: {len(block)}\r\n\r\n".encode() + block
    path.write_bytes(record + b"\r\n\r\n" + record + b"\r\n\r\n")
    found = list(read_responses(path))
    assert [one.offset for one in found] == [0, len(record) + 4]
    assert all(isinstance(one, Revisit | Damage) for one in found)
