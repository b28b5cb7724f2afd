"""The entry columns of search interfaces, once for each of the region's queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from config.model import Column

PLACE = "{query}"


def asked_for(columns: Iterable[Column], queries: tuple[str, ...]) -> Iterator[Column]:
    """The columns, those whose address holds `{query}` once for each query, which their name then carries."""
    for column in columns:
        if PLACE not in column.url:
            yield column
            continue
        for query in queries:
            changed = {"url": column.url.replace(PLACE, query), "name": f"{column.name} · {query}"}
            yield column.model_copy(update=changed)
