"""How the families number the pages of a list: pure functions from a page or its address to the addresses that follow.

Evidence for each form is in the paging column of `columns.csv`.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_CALL = re.compile(r"createPageHTML\s*\(([^()]*)\)")
_COUNT = re.compile(r"\bcountPage\s*=\s*(?:parseInt\()?['\"]?(\d+)")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(?:parseInt\()?['\"]?(\d+)")
_MANY = 2_000


def scripted_pages(html: str, url: str) -> tuple[str, ...]:
    """The pages after this one by the list's own `createPageHTML(…)` or `countPage`, as TRS and UCAP write them.

    TRS counts from 0 and takes `(pages, current, name, extension)` or `(records, pages, current, name, extension)`;
    UCAP has an element id in front and counts from 1: `('page_div', pages, current, name, extension, records)`.
    A call inside the function's own definition has names, not numbers, and is passed over.
    """
    for call in _CALL.finditer(html):
        words = [word.strip() for word in call[1].split(",")]
        texts = [word[1:-1] for word in words if len(word) > 1 and word[0] in "'\"" and word[-1] == word[0]]
        numbers = [int(word.strip("'\"")) for word in words if re.fullmatch(r"['\"]?\d+['\"]?", word)]
        names = [text for text in texts if not text.isdigit()]
        if len(numbers) < 2:
            continue
        if words[0][:1] in "'\"" and not words[0].strip("'\"").isdigit():
            pages, current = numbers[0], numbers[1]
            name, extension = (*names[1:], "index", "html")[:2] if len(names) > 2 else ("index", "html")
            return _numbered(url, name, extension, range(current + 1, min(pages, _MANY) + 1))
        before = next(
            (i for i, word in enumerate(words) if word[:1] in "'\"" and not word.strip("'\"").isdigit()), len(words)
        )
        pages, current = (numbers[1], numbers[2]) if before >= 3 and len(numbers) >= 3 else (numbers[0], numbers[1])
        name, extension = (names[0], names[1]) if len(names) > 1 else ("index", "html")
        return _numbered(url, name, extension, range(current + 1, min(pages, _MANY)))
    count, current_page = _COUNT.search(html), _CURRENT.search(html)
    if count and current_page:
        return _numbered(url, "index", "html", range(int(current_page[1]) + 1, min(int(count[1]), _MANY)))
    return ()


def _numbered(url: str, name: str, extension: str, numbers: range) -> tuple[str, ...]:
    return tuple(urljoin(url, f"{name}_{number}.{extension.lstrip('.')}") for number in numbers)


def next_file(url: str, first: int) -> str | None:
    """The address after `…/name.html` → `…/name_<first>.html` → `…/name_<first+1>.html`; a folder means its index."""
    parts = urlsplit(url)
    folder, _, file = parts.path.rpartition("/")
    match = re.fullmatch(r"(?P<name>.+?)(?:_(?P<number>\d{1,4}))?\.(?P<ext>s?html?|aspx|jhtml)", file or "index.html")
    if match is None:
        return None
    number = int(match["number"]) + 1 if match["number"] else first
    path = f"{folder}/{match['name']}_{number}.{match['ext']}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def next_query(url: str, *names: str) -> str | None:
    """The same address with its page number (the first of `names` present in the query, else added as 2) one higher."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for index, (name, value) in enumerate(query):
        if name in names and value.isdigit():
            query[index] = (name, str(int(value) + 1))
            break
    else:
        if any(name in names for name, _ in query):
            return None
        query.append((names[0], "2"))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def has_page_number(url: str, *names: str) -> bool:
    """Whether the address carries a page number under one of `names`."""
    return any(name in names and value.isdigit() for name, value in parse_qsl(urlsplit(url).query))
