"""A web page as a document: bytes in, title, dates, source, number, issuers and text out."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import chain, islice, pairwise
from typing import Final

from extract.attachment_links import find_attachments, may_link_files
from extract.body import find_body
from extract.dates import find_days, may_hold_day, only_day
from extract.decoding import decode
from extract.dialects import dialect_of
from extract.events import page_events
from extract.kinds import ERROR_WORDS, is_empty_shell, kind_by_address
from extract.layout import Layout
from extract.links import is_page_link
from extract.listing import MANY_DATED, NO_PROSE, is_list, prose_size
from extract.markup import metas, parse, squeeze
from extract.metadata import (
    Fragment,
    Labelled,
    clean_number,
    clean_source,
    day_in,
    fragments,
    is_organisation,
    labelled,
    number_line,
    order_number,
    split_issuers,
    stamped_source,
    values,
)
from extract.model import Dated, Page, PageKind
from extract.publication import settled_day, shown_day
from extract.rows import find_rows
from extract.titles import find_title, first_title, headings_of, stands_in_text_only

_LATE: Final = timedelta(days=31)
_STAMPS: Final = 8
_MOST_DATED: Final = 2000
_NO_FRAGMENT: Final = Fragment("", None, "before")
_SURELY_ARTICLE: Final = 4000
_NO_ARTICLE: Final = 200
_DAY_HINT: Final = re.compile(r"[12１２][0-9０-９]{3}|[〇零○ＯOo０一二三四五六七八九]年|\d\s*[-/.月]\s*\d")
"""What every day of a row holds: a year, or a month and a day (then the address knows the year)."""
_LETTER: Final = re.compile("[\u4e00-\u9fffA-Za-z]")
_STAMP_LENGTH: Final = 60
_SENTENCE: Final = re.compile(r"[。；！？]|[^\n]{10}，[^\n]{5}|[^\n]{60}")
"""What a text must hold for a page to be an article where its address does not say so: a menu or a pager holds none."""


def read_page(raw: bytes, url: str, content_type: str = "") -> Page:
    """Everything a page says about its document.

    Never raises: what cannot be read is empty, and `problems` says why (bytes that are not text, a page cut at
    `extract.decoding.MAX_BYTES`, markup nested too deeply, no title, no text).
    """
    decoded = decode(raw, content_type)
    events, problems = page_events(decoded.text)
    problems = decoded.problems + problems
    layout = Layout(events)
    found_metas = metas(has for has, _ in layout.apart["meta"])
    headings = headings_of(layout)
    body = find_body(layout, first_title(layout, found_metas, headings))
    pieces = fragments(layout, body.place, body.text)
    labels = labelled(pieces)
    tabled = next((item.value for item in values(labels, "title") if item.tabular), "")
    text = body.text
    title = find_title(layout, found_metas, headings, tabled, pieces, text.split("\n", 1)[0])
    if squeeze(text) == squeeze(title) or stands_in_text_only(title, text, layout, headings, pieces):
        text = text.partition("\n")[2]
    attachments = find_attachments(layout, body.place, url) if may_link_files(decoded.text) else ()
    kind = _kind(layout, url, text, found_metas, decoded.text, bool(attachments))
    if kind == "other":
        text = ""
    shown = shown_day(layout, title, text, pieces, labels, found_metas)
    number = _number(labels, text, title, pieces)
    written, signers = _written(labels, text, shown)
    published, moved = settled_day(shown, url, written)
    problems += moved
    source = _source(labels, pieces, found_metas, title)
    issuers = _issuers(labels, signers, title, number)
    if not title:
        problems += ("no title",)
    if not text and kind == "article":
        problems += ("no text",)
    return Page(
        kind=kind,
        title=title,
        published=published if kind != "other" else None,
        written=written,
        source=source,
        doc_number=number,
        issuers=issuers,
        body=text,
        dialect=dialect_of(url, decoded.text, found_metas),
        encoding=decoded.encoding,
        problems=problems,
        attachments=attachments if kind == "article" else (),
    )


def _kind(layout: Layout, url: str, text: str, found_metas: dict[str, str], source: str, attached: bool) -> PageKind:
    if layout.words(0)[0] <= ERROR_WORDS and is_empty_shell(layout):
        return "other"
    if by_address := kind_by_address(url, found_metas):
        return by_address
    if len(text) > _SURELY_ARTICLE:
        return "article"
    if _signature(text, None)[0] is None and _may_be_list(layout, text):
        root, _ = parse(source)
        if is_list(text, find_rows(root, url)):
            return "list"
    return "article" if attached or _SENTENCE.search(text) or any(find_days(text)) else "other"


def _may_be_list(layout: Layout, text: str) -> bool:
    """Whether the page's links could outweigh its text, shown or in their `title`: a cheap look before the rows.

    Where there is prose, only rows with days can, no more rows have one than pieces of the page may hold one, and their
    titles must be longer than the prose.
    """
    if len(squeeze(text)) >= _NO_ARTICLE:
        titles = (
            len(has.get("title", "")) for tag, has in zip(layout.tags, layout.attributes, strict=True) if tag == "a"
        )
        if layout.words(0)[1] + sum(titles) <= len(text) // 2:
            return False
    prose = prose_size(text)
    if prose < NO_PROSE:
        return True
    if _most_titles(layout) <= prose:
        return False
    pieces = chain.from_iterable(layout.text(line).split("\t") for line in layout.within(0))
    return next(islice(filter(_may_date_row, pieces), MANY_DATED - 1, None), None) is not None


def _most_titles(layout: Layout) -> int:
    """At least as many characters as the titles of all rows have: each is a link's text or its `title`."""
    size = 0
    for at, tag in enumerate(layout.tags):
        has = layout.attributes[at]
        if tag == "a" and is_page_link(has.get("href", "")):
            shown = " ".join(layout.characters(at, " ").split())
            size += max(len(shown), len(has.get("title", "")))
    return size


def _may_date_row(piece: str) -> bool:
    """Whether a piece of text may be the day of a row: it is short, or holds the day at its end."""
    if len(piece) > _STAMP_LENGTH and not _LETTER.search(piece[-_STAMP_LENGTH // 2 :]):
        return True
    return _DAY_HINT.search(piece[-_STAMP_LENGTH:]) is not None


def _written(labels: tuple[Labelled, ...], text: str, published: Dated | None) -> tuple[Dated | None, tuple[str, ...]]:
    """The day a document bears, from its metadata or else from its signature, and who signed it there."""
    day, signers = _signature(text, published.day if published else None)
    for item in values(labels, "written"):
        if found := day_in(item.value):
            return Dated(found, "table"), signers
    if day:
        return Dated(day, "signature"), signers
    for item in values(labels, "generated"):
        if item.tabular and (found := day_in(item.value)):
            return Dated(found, "table"), signers
    return None, signers


def _signature(text: str, published: date | None) -> tuple[date | None, tuple[str, ...]]:
    """The first day that stands alone below the name of a public body: the document's own, before those of annexes."""
    found = text.split("\n")
    dated = (at for at, line in enumerate(found) if at and len(line) <= 60 and may_hold_day(line))
    for at in islice(dated, _MOST_DATED):
        line = found[at]
        signers: tuple[str, ...] = ()
        day = only_day(line)
        if day is not None:
            signers = _signers(found, at)
        else:
            days = list(find_days(line))
            if len(days) != 1 or days[0].end != len(line.rstrip()) or days[0].start < 3:
                continue
            name = line[: days[0].start].strip(" \t\u3000,，")
            if not is_organisation(name):
                continue
            day, signers = days[0].day, split_issuers(name)
        if signers and (published is None or day <= published + _LATE):
            return day, signers
    return None, ()


_ORDERED_BY: Final = re.compile("(?P<name>.{3,30}?)(?:令|公告|通告)第")
_BROKEN_ENTITY: Final = re.compile(r"&[a-z]{2,6};")
_OFFICE: Final = re.compile(
    r"^(?:代)?(?:总理|主席|省长|市长|区长|县长|州长|主任|局长|厅长|部长|委员长|行长|署长|代省长|代市长)\s*[\u4e00-\u9fff·\s\t]{2,12}$"
)


def _signers(found: list[str], at: int) -> tuple[str, ...]:
    names: list[str] = []
    for line in reversed(found[max(0, at - 6) : at]):
        plain = squeeze(_BROKEN_ENTITY.sub("", line)).strip("（）()")
        if is_organisation(plain) and not re.search("[，。；]", plain):
            names.extend(reversed(split_issuers(_BROKEN_ENTITY.sub("", line))))
        elif _OFFICE.match(line.strip()) and not names:
            names.append(plain)
        else:
            break
    return tuple(dict.fromkeys(reversed(names)))


def _number(labels: tuple[Labelled, ...], text: str, title: str, pieces: tuple[Fragment, ...]) -> str | None:
    """The document's number from its metadata, else from the lines at its head that are nothing but a number."""
    for item in values(labels, "number"):
        if number := clean_number(item.value):
            return number
    top = [line for line in text.split("\n")[:12] if len(line) < 80]
    near = [
        piece.text
        for piece in pieces
        if piece.zone in ("before", "inside") and not piece.linked and len(piece.text) < 60
    ]
    for line in (*top, *near[-12:]):
        if number := number_line(line):
            return number
    for at, line in enumerate(top):
        if order := order_number(line):
            above = squeeze(top[at - 1]) if at else ""
            if order.startswith("第") and re.search("(?:令|公告|通告)$", above) and len(above) < 30:
                return above + order
            if re.search("令|公告|通告|^(?:19|20)", order):
                return order
    if match := re.search(r"[（(]([^（()）]{1,16}[〔\[［](?:19|20)\d\d[〕\]］]\s*\d+号)[）)]\s*$", title):
        return clean_number(match.group(1))
    return None


def _source(
    labels: tuple[Labelled, ...], pieces: tuple[Fragment, ...], found_metas: dict[str, str], title: str
) -> str | None:
    for zone in ("before", "inside", "script", "after"):
        for item in values(labels, "source"):
            if item.zone == zone and (name := clean_source(item.value)):
                return name
    if name := clean_source(found_metas.get("contentsource", "")):
        return name
    above = [piece for piece in pieces if piece.zone in ("before", "inside") and piece.linked * 2 < len(piece.text)]
    stamps = [
        stamped_source(piece.text, following.text) for piece, following in pairwise((*above[-_STAMPS:], _NO_FRAGMENT))
    ]
    return next((name for name in reversed(stamps) if name), None)


def _issuers(labels: tuple[Labelled, ...], signers: tuple[str, ...], title: str, number: str | None) -> tuple[str, ...]:
    """The bodies that issued a document: its metadata's, else its signers, else those its title begins with."""
    named = next(
        (names for item in values(labels, "issuer") if (names := split_issuers(item.value.split("\t")[0]))), ()
    )
    formal = tuple(name for name in signers if is_organisation(name))
    if named:
        return named
    if formal:
        return formal
    if number is None:
        return ()
    if (match := _ORDERED_BY.match(number)) and is_organisation(match["name"]):
        return (match["name"],)
    if match := re.match(r"(.{2,40}?)(?:关于|印发|转发|公告|通告|令)", title):
        names = tuple(name for name in split_issuers(match.group(1)) if is_organisation(name))
        if names:
            return names
    return next(
        (names for item in values(labels, "publisher") if (names := split_issuers(item.value.split("\t")[0]))), ()
    )
