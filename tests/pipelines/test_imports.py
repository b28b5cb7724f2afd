"""Import files: good rows go in once, bad ones are named by file and line."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.stated import StatedDate
from pipelines.imports import import_files
from pipelines.rows import ImportRow, read_import
from pipelines.state import opened
from tests.pipelines.made_up import write_rows

GOOD: dict[str, object] = {
    "id": "甲1",
    "url": "",
    "publisher": "廊坊市人民政府",
    "title": "题",
    "date": "2015-03-02",
    "text": "廊坊市与北京市签署协议。",
    "extra": 1,
}


def test_bad_lines_are_named_and_the_others_go_in(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "docs.jsonl", [GOOD, {**GOOD, "id": "2", "text": ""}, {"id": "3"}])
    with path.open("ab") as file:
        file.write(b'{"id": "4", "text": \n')
        file.write(b'\xff\xfe{"id": 5}\n')
        file.write(b'["no", "object"]\n\n')
        file.write('{"id": 7, "text": "短", "date": "2015-13-45"}\n'.encode())
        file.write('{"id": 8, "text": ["短"]}\n'.encode())
        file.write('{"id": 9, "text": "能用的一行", "date": "2017-11"}\n'.encode())
    with opened(tmp_path / "data") as state:
        done = import_files(state, [path])
    assert (done.added, done.known, done.rejected, done.undated) == (2, 0, 7, 0)
    assert [problem.split(": ")[0] for problem in done.problems] == [f"docs.jsonl:{n}" for n in (2, 3, 4, 5, 6, 8, 9)]
    assert "text is missing" in done.problems[1]
    assert "expected YYYY-MM-DD" in done.problems[5]


def test_importing_twice_and_under_another_name_changes_nothing(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "docs.jsonl.gz", [GOOD, {**GOOD, "id": "2"}])
    again = write_rows(tmp_path / "again.jsonl", [{**GOOD, "id": "2"}])
    with opened(tmp_path / "data") as state:
        assert import_files(state, [path]).added == 2
        once = state.execute("FROM imported ORDER BY ALL").fetchall()
        assert import_files(state, [path, again]).known == 3
        assert state.execute("FROM imported ORDER BY ALL").fetchall() == once


def test_csv_with_quotes_line_breaks_and_a_row_that_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text(
        '\ufeffid,title,text,date\n1,"一,二","第一行\n第二行",2015/3/2\n2,少\n3,题,文,20150302,多\n4,题,文,2015年3月2日\n',
        encoding="utf-8",
    )
    rows = list(read_import(path))
    good = [row for row in rows if isinstance(row, ImportRow)]
    assert [(row.id, row.text, row.stated) for row in good] == [
        ("1", "第一行\n第二行", StatedDate(date(2015, 3, 2), "day")),
        ("4", "文", StatedDate(date(2015, 3, 2), "day")),
    ]
    assert [str(row).split(": ")[0] for row in rows if not isinstance(row, ImportRow)] == ["old.csv:4", "old.csv:5"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"id,title\n1,x\n", "a.csv:1: column text is missing"),
        ("a.xlsx", b"PK", "a.xlsx: unknown format"),
        (
            "a.jsonl.gz",
            gzip.compress(b'{"id": "1", "text": "x"}\n' * 500)[:60],
            "a.jsonl.gz: cannot be read to its end",
        ),
        ("a.jsonl.gz", b"no gzip", "a.jsonl.gz: cannot be read to its end"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with opened(tmp_path / "data") as state:
        done = import_files(state, [tmp_path / name, tmp_path / "absent.jsonl"])
    assert said in "\n".join(done.problems)
    assert "absent.jsonl" in done.problems[-1]


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("rows")
    for name in ("a.jsonl", "a.csv", "a.jsonl.gz"):
        (folder / name).write_bytes(content)
        list(read_import(folder / name))
