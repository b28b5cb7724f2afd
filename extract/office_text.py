"""DOCX and XLSX as text: packages of XML, read part by part as a stream.

Nothing is built in memory but the text. Parts are unpacked up to a bound, and a part with a document type (no Office
file has one) is refused before any entity of it is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from posixpath import join, normpath
from typing import Any, Final, cast
from zipfile import BadZipFile, ZipFile

from lxml import etree

from extract.file_limits import MAX_CHARACTERS, MAX_UNPACKED, UnreadableError
from extract.markup import tidy

_STEP: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_MAIN: Final = "officeDocument"
_MOST_SHEETS: Final = 50
_MOST_STRINGS: Final = 500_000
_MARKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_FLOAT: Final = re.compile(r"-?\d+\.\d{10,}(?:[eE][-+]?\d+)?|-?\d+(?:\.\d+)?[eE][-+]?\d+")


class _EnoughError(Exception):
    """The text is as long as it may be."""


def read_document(raw: bytes) -> str:
    """The text of a DOCX: a line for each paragraph and each table row, cells apart by tabs."""
    with _opened(raw) as package:
        reader = _Document()
        package.feed(package.main("word/document.xml"), reader)
        return "\n".join(reader.lines)


def read_workbook(raw: bytes) -> str:
    """The text of an XLSX: a line for each row that holds something, under its sheet's name where there are several."""
    with _opened(raw) as package:
        main = package.main("xl/workbook.xml")
        book, strings = _Workbook(), _Strings()
        package.feed(main, book)
        links = package.links(main)
        if (shared := links.by_type.get("sharedStrings")) and package.holds(shared):
            package.feed(shared, strings)
        shown = [(name, links.by_id[key]) for name, key in book.sheets if key in links.by_id][:_MOST_SHEETS]
        lines: list[str] = []
        room = MAX_CHARACTERS
        for name, part in shown:
            if not package.holds(part) or room <= 0:
                continue
            sheet = _Sheet(strings.items, room)
            package.feed(part, sheet)
            if sheet.lines:
                lines += [name, *sheet.lines] if len(shown) > 1 else sheet.lines
            room -= sheet.size
        return "\n".join(lines)


class _Target:
    """What lxml's parser calls; names come without namespaces, which differ between the two forms of the standard."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise UnreadableError("with a document type, which no Office file has")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.begin(tag.rpartition("}")[2], attributes)

    def end(self, tag: str) -> None:
        self.finish(tag.rpartition("}")[2])

    def data(self, text: str) -> None:
        """Characters."""

    def close(self) -> None:
        """The end of the part."""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def finish(self, name: str) -> None:
        """An element closes."""


class _Document(_Target):
    """The body of a DOCX. Deleted text has elements of its own and drawings repeat theirs in a fallback; both are
    passed over."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._parts: list[str] = []
        self._rows: list[list[str]] = []
        self._reading = False
        self._fallback = 0
        self._size = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Fallback":
            self._fallback += 1
        elif name == "t":
            self._reading = not self._fallback
        elif name in _MARKS and not self._fallback:
            self._parts.append(_MARKS[name])
        elif name == "tr":
            self._flush()
            self._rows.append([])
        elif name == "p":
            self._flush()

    def finish(self, name: str) -> None:
        if name == "Fallback":
            self._fallback -= 1
        elif name == "t":
            self._reading = False
        elif name == "p":
            self._flush()
        elif name == "tc" and self._rows:
            self._rows[-1].append("")
        elif name == "tr" and self._rows:
            cells = [cell for cell in self._rows.pop() if cell]
            self._add("\t".join(cells))

    def data(self, text: str) -> None:
        if self._reading:
            self._parts.append(text)

    def _flush(self) -> None:
        text, self._parts = "".join(self._parts), []
        for piece in text.split("\n"):
            self._add("\t".join(filter(None, map(tidy, piece.split("\t")))))

    def _add(self, line: str) -> None:
        """A line of the text, or one more piece of the cell that is open."""
        if not line:
            return
        if self._rows:
            row = self._rows[-1]
            if row and row[-1]:
                row[-1] += " " + line.replace("\t", " ")
            elif row:
                row[-1] = line
            else:
                row.append(line)
            return
        self.lines.append(line)
        self._size += len(line) + 1
        if self._size > MAX_CHARACTERS:
            raise _EnoughError


class _Workbook(_Target):
    """The sheets of a workbook that are shown: (name, relation) in order."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self.sheets.append((tidy(attributes.get("name", "")), key))


class _Cells(_Target):
    """Text in `t` elements, without the readings that are written over Japanese words."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._reading = False
        self._phonetic = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._phonetic += 1
        elif name in ("t", "v"):
            self._reading = not self._phonetic

    def finish(self, name: str) -> None:
        if name == "rPh":
            self._phonetic -= 1
        elif name in ("t", "v"):
            self._reading = False

    def data(self, text: str) -> None:
        if self._reading:
            self.parts.append(text)


class _Strings(_Cells):
    """The strings that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []

    def finish(self, name: str) -> None:
        super().finish(name)
        if name == "si":
            self.items.append(tidy("".join(self.parts)))
            self.parts.clear()
            if len(self.items) >= _MOST_STRINGS:
                raise _EnoughError


class _Sheet(_Cells):
    """The rows of a sheet."""

    def __init__(self, strings: list[str], room: int) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.size = 0
        self._strings, self._room = strings, room
        self._row: list[str] = []
        self._type = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name == "c":
            self.parts.clear()
            self._type = attributes.get("t", "n")

    def finish(self, name: str) -> None:
        super().finish(name)
        if name == "c":
            if text := self._text("".join(self.parts)):
                self._row.append(text)
            self.parts.clear()
        elif name == "row":
            line = "\t".join(self._row)
            self._row = []
            if line:
                self.lines.append(line)
                self.size += len(line) + 1
                if self.size > self._room:
                    raise _EnoughError

    def _text(self, value: str) -> str:
        if self._type == "s":
            at = int(value) if value.isdecimal() and len(value) < 9 else -1
            return self._strings[at] if 0 <= at < len(self._strings) else ""
        if self._type in ("n", "") and _FLOAT.fullmatch(value):
            return f"{float(value):.12g}"
        return "" if self._type in ("e", "b") else tidy(value)


class _Links(_Target):
    """The relations of a part: to which parts it leads, by their ids and by the last word of their types."""

    def __init__(self, base: str) -> None:
        self.by_id: dict[str, str] = {}
        self.by_type: dict[str, str] = {}
        self._base = base

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else normpath(join(self._base, target))
            self.by_id[attributes.get("Id", "")] = part
            self.by_type.setdefault(attributes.get("Type", "").rpartition("/")[2], part)


class _Package:
    """The parts of a package by name, and how much of it may still be unpacked."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower().lstrip("/"): name for name in archive.namelist()}
        self._room = MAX_UNPACKED

    def holds(self, part: str) -> bool:
        return part.lower() in self._names

    def main(self, usual: str) -> str:
        """The name of the main part; packages say it, and nearly all say the usual one."""
        found = self.links("").by_type.get(_MAIN, "")
        if found and self.holds(found):
            return found
        if not self.holds(usual):
            raise UnreadableError("damaged (no main part)")
        return usual

    def links(self, part: str) -> _Links:
        folder, _, name = part.rpartition("/")
        links, where = _Links(folder), join(folder, "_rels", f"{name}.rels")
        if self.holds(where):
            self.feed(where, links)
        return links

    def feed(self, part: str, target: _Target) -> None:
        """Read a part with a target, up to where it has enough; a part that is cut off gives what it holds."""
        info = self._archive.getinfo(self._names[part.lower()])
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableError("encrypted")
        parser = etree.XMLParser(target=cast(Any, target), resolve_entities=False, no_network=True, huge_tree=False)
        try:
            with self._archive.open(info) as stream:
                while data := stream.read(_STEP):
                    self._room -= len(data)
                    if self._room < 0:
                        raise UnreadableError(f"larger than {MAX_UNPACKED} bytes unpacked")
                    parser.feed(data)
            parser.close()
        except _EnoughError:
            return


@contextmanager
def _opened(raw: bytes) -> Iterator[_Package]:
    try:
        archive = ZipFile(BytesIO(raw))
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError("damaged (no package)") from error
    with archive:
        yield _Package(archive)
