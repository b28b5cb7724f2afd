"""Damaged archives: what is whole is read, what is not is told with its offset."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from pipelines.warc import Damage, Response, read_payload, read_responses
from tests.pipelines.made_up import Fetch, fetches, write_warc


def split(path: Path) -> tuple[list[Response], list[Damage]]:
    items = list(read_responses(path))
    return [one for one in items if isinstance(one, Response)], [one for one in items if isinstance(one, Damage)]


@pytest.mark.parametrize("zipped", [True, False])
def test_whole_file(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / ("a.warc.gz" if zipped else "a.warc")
    offsets = write_warc(path, fetches(), zipped)
    responses, damages = split(path)
    assert not damages
    assert [one.offset for one in responses] == offsets
    assert [one.url for one in responses] == [one.url for one in fetches()]
    assert [one.payload_sha256 for one in responses] == [hashlib.sha256(one.body).hexdigest() for one in fetches()]
    assert [one.status for one in responses] == [200] * 5 + [404]
    for response, fetch in zip(responses, fetches(), strict=True):
        assert read_payload(path, response.offset, 10**6) == fetch.body


@pytest.mark.parametrize("zipped", [True, False])
def test_every_cut_keeps_the_whole_records_before_it(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / ("a.warc.gz" if zipped else "a.warc")
    offsets = write_warc(path, fetches()[:3], zipped)
    whole = path.read_bytes()
    for cut in range(offsets[2] + 1, len(whole) - 5, 37):
        path.write_bytes(whole[:cut])
        responses, damages = split(path)
        assert [one.offset for one in responses] == offsets[:2], cut
        assert [one.offset for one in damages] == [offsets[2]], cut


def test_damage_in_the_middle_costs_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    offsets = write_warc(path, fetches()[:4])
    raw = bytearray(path.read_bytes())
    raw[offsets[1] + 40 : offsets[1] + 90] = b"\0" * 50
    path.write_bytes(raw)
    responses, damages = split(path)
    assert [one.offset for one in responses] == [offsets[0], offsets[2], offsets[3]]
    assert [one.offset for one in damages] == [offsets[1]]


def test_empty_foreign_and_wholly_compressed_files_are_named(tmp_path: Path) -> None:
    empty, foreign, whole = tmp_path / "e.warc.gz", tmp_path / "f.warc.gz", tmp_path / "w.warc.gz"
    empty.write_bytes(b"")
    foreign.write_bytes(b"<html>not an archive</html>" * 50)
    write_warc(tmp_path / "p.warc", fetches()[:2], zipped=False)
    whole.write_bytes(gzip.compress((tmp_path / "p.warc").read_bytes()))
    assert split(empty) == ([], [Damage(0, "the file is empty")])
    assert split(foreign) == ([], [Damage(0, "no WARC record where one should begin")])
    assert "recompress" in split(whole)[1][0].problem


def test_a_body_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    (offset,) = write_warc(path, [Fetch("http://beijing.example/big", b"x" * 50_000)])
    assert read_payload(path, offset, 49_999) is None
    assert read_payload(path, offset, 50_000) == b"x" * 50_000


def test_an_offset_that_leads_nowhere_is_an_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, fetches()[:1])
    with pytest.raises(ValueError, match=r"a\.warc\.gz: offset 7: no readable response"):
        read_payload(path, 7, 1000)
