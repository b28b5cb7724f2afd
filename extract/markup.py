"""Text to a tree, and a tree to the lines a reader sees.

lxml is the one parser: it is fast and takes any text. Where it loses the text of a page (thousands of nested tags), the
markup is flattened first, so that a page always gives the words it holds. Every walk here is iterative: depth of
nesting can slow nothing down and overflow nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from itertools import repeat
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, TypeVar

from lxml import etree

# Plain elements: those of lxml.html are looked up by Python code, one by one.
Element: TypeAlias = etree._Element
Form = TypeVar("Form")


class Attributes(Protocol):
    """An element or the mapping of its attributes, whichever is at hand: lxml takes its time for each `get`."""

    def get(self, key: str, /) -> str | None: ...


SILENT: Final = frozenset((
    "script", "style", "noscript", "template", "select", "option", "datalist", "textarea", "button", "iframe",
    "object", "embed", "svg", "canvas", "head", "title", "meta", "link", "input", "audio", "video", "map", "area",
    "math", "frameset", "frame", "param", "source",
))  # fmt: skip
"""Elements whose text is never read as text of the page."""

BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "ucapcontent", "marquee",
))  # fmt: skip

MAX_ROW: Final = 2000
MAX_CELL_BLOCKS: Final = 12
_TAGS: Final = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_NO_TAG: Final = re.compile(r"<(?![!/?a-zA-Z])[^<>]*")
_TAG: Final = re.compile(r"<(?P<name>[a-zA-Z][\w:-]*+)(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>?")
_WHOLE_TAG: Final = re.compile(_TAG.pattern.replace("?P<name>", "?:"))
_FORMATTING_TAGS: Final = re.compile(
    r"</?(?:span|font|b|i|u|em|strong|o:p|st1:\w+|ins|del|sub|sup|small|big)\b[^<>]*>", re.I
)
_TITLE_TEXT: Final = re.compile(r"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_META_TAG: Final = re.compile(r"<meta\b[^<>]{0,2000}>", re.IGNORECASE)
_LONG_PAGE: Final = 60_000
_LONG_TAG: Final = 4_000
_MOST_TAGS: Final = 120_000
_MOST_METAS: Final = 60
_LONG_NAME: Final = 200
PARSER_OPTIONS: Final[Mapping[str, Any]] = {
    "encoding": "utf-8", "huge_tree": True, "recover": True, "remove_comments": True, "remove_pis": True,
    "collect_ids": False,
}  # fmt: skip
_PARSER: Final = etree.HTMLParser(**PARSER_OPTIONS)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_WIDE_JOIN: Final = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\uffee\u3000-\u303f])\s*\n\s*(?=[\u2e80-\u9fff\uf900-\uffee\u3000-\u303f])"
)


class Line(NamedTuple):
    """A block of text as one line: its words, the element it stands in, and how many characters of it are links."""

    text: str
    element: Element
    linked: int


def parse(text: str) -> tuple[Element, tuple[str, ...]]:
    """The tree of a page and what had to be done to get it. Never raises; an empty text gives an empty `html`."""
    return read(text, _tree, _size, lambda root: root)


def read(
    text: str, parsed: Callable[[str], Form | None], size: Callable[[Form], int], of_tree: Callable[[Element], Form]
) -> tuple[Form, tuple[str, ...]]:
    """A page in the form that `parsed` gives, or flat where that form cannot hold it; `size` counts its characters."""
    source = _close_comments(text)
    if len(source) > _LONG_PAGE:
        if max(map(len, _WHOLE_TAG.findall(source)), default=0) > _LONG_TAG:
            source = _TAG.sub(_without_long_attributes, source)
        if source.count("<") > _MOST_TAGS:
            source = _FORMATTING_TAGS.sub("", source)
        if source.count("<") > _MOST_TAGS:
            return of_tree(_flat(source)), (f"more than {_MOST_TAGS} tags; read flat",)
    found = parsed(source)
    if found is None:
        return of_tree(_empty()), ("no markup",)
    held = size(found)
    if _loses_words(source, held):
        flat = of_tree(_flat(source))
        if size(flat) > held:
            return flat, ("markup nested too deeply; read flat",)
    return found, ()


def fragment(text: str) -> Element:
    """A piece of markup (a record of a data list, a written-out script string) as a tree."""
    found = _tree(f"<div>{text}</div>")
    return _empty() if found is None else found


def metas(elements: Iterable[Attributes]) -> dict[str, str]:
    """The page's metas by lower-case name; of two with one name the first that has content."""
    found: dict[str, str] = {}
    for element in elements:
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = tidy(element.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def is_hidden(element: Attributes) -> bool:
    """Whether the element itself asks not to be shown (style sheets are not consulted)."""
    style = element.get("style")
    if style and (_hides(style) if len(style) <= _LONG_NAME else _hides.__wrapped__(style)):
        return True
    return element.get("hidden") is not None


@lru_cache(maxsize=4096)
def _hides(style: str) -> bool:
    plain = style.lower()
    told = ("display" in plain and "none" in plain) or ("visibility" in plain and "hidden" in plain)
    return told and _HIDDEN.search(plain) is not None


def raw_text(element: Element) -> str:
    """All characters inside an element, scripts and white space too."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def given_name(element: Attributes) -> str:
    """The element's id and classes as its maker wrote them; empty where it has neither."""
    own, classes = element.get("id"), element.get("class")
    return f"{own or ''} {classes or ''}" if own or classes else ""


def name_of(element: Attributes) -> str:
    """The element's id and classes as one lower-case string, camelCase cut with hyphens: the hint its maker left."""
    return _plain_name(given_name(element))


def _plain_name(given: str) -> str:
    return _HUMP.sub("-", given.strip()).lower()


def named(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """A test whether a given name holds a pattern. It remembers: sites have many elements and few names."""

    @lru_cache(maxsize=4096)
    def holds(given: str) -> bool:
        return pattern.search(_plain_name(given)) is not None

    def test(given: str) -> bool:
        return bool(given) and (holds(given) if len(given) <= _LONG_NAME else holds.__wrapped__(given))

    return test


def squeeze(text: str) -> str:
    """`text` without any white space or invisible characters."""
    return INVISIBLE.sub("", "".join(text.split()))


def tidy(text: str) -> str:
    """`text` as one line: runs of white space become one blank, a line break inside Chinese text disappears."""
    text = INVISIBLE.sub("", text).strip()
    if "\n" in text:
        text = _WIDE_JOIN.sub("", text)
    return " ".join(text.split())


def text_of(element: Element) -> str:
    """All words of an element on one line."""
    return tidy(" ".join(line.text for line in lines(element)))


def lines(
    root: Element, *, skip: Callable[[Element], bool] | None = None, mark: str = "", rows: bool = True
) -> Iterator[Line]:
    """The lines of `root` in reading order: paragraphs, list items, table rows (cells separated by a tab), `br` pieces.

    `skip` leaves out whole elements. `mark` is written where inline elements begin and end, for readers who need to
    know that two words stand in two spans. With `rows` false every table cell is a line of its own.
    """
    if root.tag in SILENT:
        return
    parts: list[str] = []
    linked = links = 0
    pre = int(root.tag == "pre")
    row: Element | None = None
    skipped: Element | None = None
    owner = root

    def flush() -> Line | None:
        nonlocal linked
        text = line_text("".join(parts))
        made = Line(text, owner, linked) if text else None
        parts.clear()
        linked = 0
        return made

    def add(text: str) -> None:
        nonlocal linked
        # White space that would begin a line is left out from the start.
        if parts or pre or not text.isspace():
            parts.append(text.replace("\n", "\r") if pre else text)
            if links:
                linked += len(squeeze(text))

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if skipped is not None and element is skipped:
                skipped = None
                if text := element.tail:
                    add(text)
                continue
            if tag in BLOCKS:
                if row is None or element is row:
                    row = None
                    if parts and (line := flush()):
                        yield line
                    owner = above if (above := element.getparent()) is not None else root
                elif parts:
                    parts.append("\t" if tag in ("td", "th") else " ")
                if tag == "pre":
                    pre -= 1
            else:
                if mark and parts:
                    parts.append(mark)
                if tag == "a":
                    links -= 1
            if element is not root and (text := element.tail):
                add(text)
            continue
        if element is not root:
            if tag in SILENT or (skip is not None and skip(element)):
                skipped = element
                walk.skip_subtree()
                if mark and parts:
                    parts.append(mark)
                continue
            if tag in BLOCKS:
                if row is None:
                    if parts and (line := flush()):
                        yield line
                    if tag == "tr" and rows and _is_row(element):
                        row = element
                    if tag != "br":
                        owner = element
                elif parts and tag not in ("td", "th"):
                    parts.append(" ")
                if tag == "pre":
                    pre += 1
            else:
                if mark and parts:
                    parts.append(mark)
                if tag == "a":
                    links += 1
        if text := element.text:
            add(text)
    if parts and (line := flush()):
        yield line


def join(found: Iterator[Line] | list[Line]) -> str:
    """Lines as a text with one block a line; a preformatted block gives its own lines."""
    return "\n".join(line.text for line in found)


def line_text(text: str) -> str:
    """The raw words of a block as a line: cells and marks apart by one tab, lines of preformatted text kept."""
    if "\r" in text:
        pieces = (tidy(piece) for piece in text.split("\r"))
        return "\n".join(piece for piece in pieces if piece)
    if "\t" not in text:
        return tidy(text)
    cells = [tidy(cell) for cell in text.split("\t")]
    return "\t".join(cell for cell in cells if cell)


def _is_row(element: Element) -> bool:
    """Whether a `tr` is a row of data (its cells belong on one line) and not a frame for the page's layout."""
    cells = [cell for cell in element if cell.tag in ("td", "th")]
    if len(cells) < 2:
        return False
    filled = 0
    total = 0
    for cell in cells:
        blocks = 0
        size = 0
        for inner in cell.iter():
            if inner.tag == "table":
                return False
            if inner.tag in BLOCKS and inner is not cell:
                blocks += 1
            size += len((inner.text or "").strip()) + len((inner.tail or "").strip() if inner is not cell else "")
        if blocks > MAX_CELL_BLOCKS or size > MAX_ROW:
            return False
        filled += size > 0
        total += size
    return filled >= 2 and total <= MAX_ROW


def _tree(source: str) -> Element | None:
    if not source.strip():
        return None
    try:
        # Bytes with a fixed encoding: a str that holds an XML encoding declaration is refused by lxml.
        root = etree.fromstring(source.encode("utf-8", "replace"), _PARSER)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return root if root is not None and isinstance(root.tag, str) else None


def _empty() -> Element:
    return etree.Element("html")


def _close_comments(text: str) -> str:
    """A comment that is never closed would swallow the page: its opening is taken out."""
    last = text.rfind("<!--")
    if last >= 0 and text.find("-->", last) < 0:
        return text[:last] + text[last + 4 :]
    return text


def _without_long_attributes(match: re.Match[str]) -> str:
    """A tag without its attributes where they are thousands: libxml2 compares each with all before it."""
    return match.group() if len(match.group()) <= _LONG_TAG else f"<{match['name']}>"


def _flat(source: str) -> Element:
    """A page as its title, its metas and its words, every tag a line break: for markup that no tree can hold."""
    plain = _without_comments(_without_scripts(source))
    root = _empty()
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    if title := _TITLE_TEXT.search(plain):
        etree.SubElement(head, "title").text = unescape(title.group(1)[:MAX_ROW])
        plain = plain[: title.start()] + plain[title.end() :]
    found = fragment("".join(_META_TAG.findall(plain)[:_MOST_METAS]))
    head.extend(list(found.iter("meta")))
    words = (tidy(unescape(piece)) for piece in _TAGS.sub("\n", plain).split("\n"))
    etree.SubElement(body, "pre").text = "\n".join(word for word in words if word)
    return root


def _without_comments(source: str) -> str:
    """The source without its comments; one that is never closed takes nothing with it."""
    kept: list[str] = []
    at = 0
    while (start := source.find("<!--", at)) >= 0 and (end := source.find("-->", start)) >= 0:
        kept.append(source[at:start])
        at = end + 3
    return "".join((*kept, source[at:]))


def _without_scripts(source: str) -> str:
    """The source without scripts and style sheets; one that is never closed takes nothing with it."""
    for tag in ("script", "style"):
        pieces = re.split(rf"<{tag}\b[^<>]*>", source, flags=re.IGNORECASE)
        ended = (re.split(rf"</{tag}\s*>", piece, maxsplit=1, flags=re.IGNORECASE) for piece in pieces[1:])
        source = pieces[0] + "".join(piece[-1] for piece in ended)
    return source


def _loses_words(source: str, held: int) -> bool:
    """Whether `held` characters are less than half of the words that stand outside the tags and comments of a source.

    The exact count is slow, so two bounds of it come first: the whole source, and what is left when the way from every
    `<` to the next `>` is taken off.
    """
    if held * 2 >= len(source):
        return False
    most = len(source) - sum(map(str.find, source.split("<")[1:], repeat(">")))
    most += sum(len(piece) + 1 for piece in _NO_TAG.findall(source))
    if held * 2 >= most:
        return False
    expected = _estimate(source)
    return expected > 200 and held < expected * 0.5


def _size(root: Element) -> int:
    return len(raw_text(root))


def _estimate(source: str) -> int:
    return len("".join(_TAGS.sub(" ", _without_comments(source)).split()))
