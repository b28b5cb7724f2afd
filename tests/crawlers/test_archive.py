"""What is archived of answers that repeat earlier ones, and that it is replayed as the page it stands for."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.checker import Checker  # type: ignore[import-untyped]

from crawlers.archive import IDENTICAL_PAYLOAD, NOT_MODIFIED, Archived, ArchiveWriter, Earlier
from crawlers.recording import Recording, read_answer
from pipelines.warc import Response as Stored
from pipelines.warc import Revisit, read_responses
from tests.crawlers.loopback import article_page, run_crawlers, write_region

URL = "http://a.test/202405/t20240501_1.html"
PAGE = article_page("关于共建园区的通知").encode()
CHANGED = article_page("关于共建园区的补充通知").encode()


def write(
    archive: Path, run: str, status: int, body: bytes, earlier: Earlier | None = None, **headers: str
) -> Archived:
    with ArchiveWriter(archive, run) as writer:
        answer = Response(URL, status, headers={"Content-Type": "text/html", **headers}, body=body)
        return writer.write(Request(URL), answer, earlier)


def nights(archive: Path) -> list[Archived]:
    """New, the same, not modified, changed."""
    first = write(archive, "1", 200, PAGE)
    second = write(archive, "2", 200, PAGE, first.original, Etag="x")
    third = write(archive, "3", 304, b"", second.original)
    return [first, second, third, write(archive, "4", 200, CHANGED, third.original)]


def records(path: Path, kind: str) -> list[tuple[dict[str, str], str]]:
    with path.open("rb") as stream:
        return [
            (dict(record.rec_headers.headers), record.http_headers.get_statuscode())
            for record in ArchiveIterator(stream)
            if record.rec_type == kind
        ]


def test_a_repeated_answer_is_a_revisit_of_the_response_that_holds_it(tmp_path: Path) -> None:
    first, second, third, fourth = nights(tmp_path)
    assert second.original == third.original == first.original == Earlier(URL, first.date, first.sha256)
    assert fourth.original == Earlier(URL, fourth.date, fourth.sha256) != first.original
    for archived, profile, status in ((second, IDENTICAL_PAYLOAD, "200"), (third, NOT_MODIFIED, "304")):
        ((said, answered),) = records(tmp_path / archived.file, "revisit")
        assert (said["WARC-Profile"], answered) == (profile, status)
        assert (said["WARC-Refers-To-Target-URI"], said["WARC-Refers-To-Date"]) == (URL, first.date)
        assert (said["WARC-Date"], archived.sha256) == (archived.date, first.sha256)
        assert len(records(tmp_path / archived.file, "revisit")) == 1
    ((original, _),) = records(tmp_path / first.file, "response")
    ((identical, _),) = records(tmp_path / second.file, "revisit")
    assert identical["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    ((asked),) = [one for one in ArchiveIterator((tmp_path / second.file).open("rb")) if one.rec_type == "request"]
    assert asked.rec_headers.get_header("WARC-Concurrent-To") == identical["WARC-Record-ID"]


def test_where_an_answer_was_written_is_where_it_is_read(tmp_path: Path) -> None:
    for archived in nights(tmp_path):
        (found,) = read_responses(tmp_path / archived.file)
        assert isinstance(found, Stored | Revisit)
        assert (found.offset, found.warc_date) == (archived.offset, archived.date)


def test_warcio_finds_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nights(tmp_path)
    checker = Checker(Namespace(inputs=[str(path) for path in tmp_path.iterdir()], verbose=False))
    checker.process_all()
    assert not checker.exit_value, capsys.readouterr().out


@given(st.sampled_from([200, 204, 301, 304, 404, 500]), st.binary(max_size=40), st.booleans(), st.booleans())
def test_only_a_body_that_an_earlier_response_holds_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, status: int, body: bytes, same: bool, known: bool
) -> None:
    archive = tmp_path_factory.mktemp("archive")
    first = write(archive, "1", 200, body if same else b"other " + body)
    again = write(archive, "2", status, body, first.original if known else None)
    (found,) = read_responses(archive / again.file)
    repeats = known and (status == 304 or (status == 200 and same and body != b""))
    assert isinstance(found, Revisit if repeats else Stored)
    assert again.sha256 == (first.sha256 if repeats else found.payload_sha256)  # type: ignore[union-attr]
    assert found.status == status


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_revisit_is_replayed_with_the_payload_it_refers_to(tmp_path: Path, order: tuple[int, ...]) -> None:
    files = [tmp_path / archived.file for archived in nights(tmp_path)]
    recording = Recording()
    for number in order:
        recording.add(files[number])
    assert recording.problems == []
    (capture,) = recording.captures.values()
    headers, body = read_answer(capture, 10**6)
    assert (capture.status, body, headers["Content-Type"]) == (200, PAGE, b"text/html")
    assert capture.date == max(recording.dates)
    recording.add(files[3])
    (capture,) = recording.captures.values()
    assert read_answer(capture, 10**6)[1] == CHANGED


def test_the_head_of_an_identical_answer_is_its_own(tmp_path: Path) -> None:
    files = [tmp_path / archived.file for archived in nights(tmp_path)]
    recording = Recording()
    recording.add(files[0])
    recording.add(files[1])
    (capture,) = recording.captures.values()
    assert read_answer(capture, 10**6)[0]["Etag"] == b"x"


def test_revisits_whose_payload_is_not_given_are_named_and_left(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", 80, [("a", "trs", ["/"])])
    _, second, third, fourth = nights(tmp_path)
    files = [str(tmp_path / archived.file) for archived in (second, third, fourth)]
    run = run_crawlers(region, tmp_path / "data", "--replay", *files)
    assert run.code == 0
    assert run.portals["a"]["new_pages"] == 1
    for path in files[:2]:
        (line,) = (line for line in run.errors.splitlines() if path in line)
        assert f"1 revisit records whose payload is in none of the files are left ({URL})" in line
