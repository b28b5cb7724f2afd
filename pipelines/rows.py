"""Files of documents collected elsewhere → rows, with each row that cannot be used named by file and line."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.stated import StatedDate, stated_date
from pipelines.identity import storable

NEEDED = ("id", "text")
COLUMNS = ("id", "url", "publisher", "title", "date", "text")
FORMATS = "JSONL (.jsonl, .ndjson) or CSV (.csv), either also as .gz"

_LONGEST_CELL = 1 << 30


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A document as a row of a file gives it; `stated` is None for a row without a date."""

    id: str
    url: str
    publisher: str
    title: str
    stated: StatedDate | None
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that did not go in: `where` is file and line, `why` what was expected there."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def read_import(path: Path) -> Iterator[ImportRow | Refused]:
    """The rows of an import file in order; unknown columns are ignored, `id` and `text` are needed."""
    bare = path.name.removesuffix(".gz")
    reader = {".jsonl": _json_lines, ".ndjson": _json_lines, ".json": _json_lines, ".csv": _csv}.get(Path(bare).suffix)
    if reader is None:
        yield Refused(path.name, f"unknown format; expected {FORMATS}")
        return
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield from reader(path.name, file)
    except (OSError, EOFError, zlib.error) as error:
        yield Refused(path.name, f"cannot be read to its end ({error}); the rows before it went in")


def _json_lines(name: str, file: Iterable[bytes]) -> Iterator[ImportRow | Refused]:
    for number, raw in enumerate(file, 1):
        if not raw.strip():
            continue
        where = f"{name}:{number}"
        try:
            row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            yield Refused(where, f"byte {error.start} of the line is not UTF-8")
        except (ValueError, RecursionError) as error:
            yield Refused(where, f"not JSON ({error})"[:200])
        else:
            yield _row(where, row) if isinstance(row, dict) else Refused(where, "not a JSON object")


def _csv(name: str, file: Iterable[bytes]) -> Iterator[ImportRow | Refused]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader((line.decode("utf-8-sig", "surrogateescape") for line in file), strict=True)
    header: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(f"{name}:{line}", f"not CSV ({error}); check quotes")
            continue
        if not header:
            header = [cell.strip() for cell in cells]
            if missing := [column for column in NEEDED if column not in header]:
                yield Refused(f"{name}:1", f"column {', '.join(missing)} is missing; expected {', '.join(COLUMNS)}")
                return
        elif not cells:
            continue
        elif len(cells) != len(header):
            yield Refused(f"{name}:{line}", f"{len(cells)} cells where the header has {len(header)}; check quotes")
        elif any("\udc80" <= character <= "\udcff" for cell in cells for character in cell if character > "\ud7ff"):
            yield Refused(f"{name}:{line}", "not UTF-8")
        else:
            yield _row(f"{name}:{line}", dict(zip(header, cells, strict=True)))


def _row(where: str, row: dict[object, object]) -> ImportRow | Refused:
    cells: dict[str, str] = {}
    for column in COLUMNS:
        value = row.get(column)
        if isinstance(value, int) and not isinstance(value, bool) and column != "text":
            value = str(value)
        if value is not None and not isinstance(value, str):
            return Refused(where, f"{column} is {type(value).__name__}, expected text")
        cells[column] = storable(value or "")
        if column in NEEDED and not cells[column].strip():
            return Refused(where, f"{column} is {'empty' if column in row else 'missing'}")
    try:
        stated = stated_date(cells["date"])
    except ValueError as error:
        return Refused(where, str(error))
    return ImportRow(
        cells["id"].strip(),
        cells["url"].strip(),
        cells["publisher"].strip(),
        cells["title"].strip(),
        stated,
        cells["text"],
    )
