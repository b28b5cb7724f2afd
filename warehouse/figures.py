"""Figures of the pair links between cities, as SVG that stands in a page by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

Links = Mapping[tuple[str, str], int]
"""(unit, unit) → number of documents; each pair once."""

_CELL = 34
_LABEL = 84


def heat(cities: Sequence[tuple[str, str]], links: Links) -> str:
    """A square of cities (code, name) by cities, darker with more documents (logarithmic)."""
    most = max(links.values(), default=0)
    side = _LABEL + _CELL * len(cities) + 4
    parts = [_open(side, side, "Documents that name a pair of cities")]
    for row, (_, name) in enumerate(cities):
        at = _LABEL + row * _CELL + _CELL / 2
        parts.append(f'<text x="{_LABEL - 8}" y="{at:.0f}" class="row">{escape(name)}</text>')
        parts.append(
            f'<text transform="translate({at:.0f} {_LABEL - 8}) rotate(-90)" class="col">{escape(name)}</text>'
        )
    for row, (a, name_a) in enumerate(cities):
        for column, (b, name_b) in enumerate(cities):
            count = links.get((a, b)) or links.get((b, a)) or 0
            x, y = _LABEL + column * _CELL, _LABEL + row * _CELL
            if a == b:
                parts.append(_square(x, y, "self", ""))
                continue
            level = math.log1p(count) / math.log1p(most) if count else 0.0
            title = f"<title>{escape(name_a)} – {escape(name_b)}: {count}</title>"
            parts.append(_square(x, y, "none" if not count else "some", title, level))
            if count:
                tone = "on-dark" if level > 0.55 else "on-light"
                middle = _CELL / 2
                parts.append(f'<text x="{x + middle:.0f}" y="{y + middle:.0f}" class="count {tone}">{count}</text>')
    return "".join((*parts, "</svg>"))


def network(cities: Sequence[tuple[str, str]], links: Links) -> str:
    """The same as a ring: a line a pair, its width by documents, a dot a city, its size by all of its documents."""
    size, radius = 520.0, 185.0
    middle = size / 2
    most = max(links.values(), default=0)
    place: dict[str, tuple[float, float]] = {}
    for index, (code, _) in enumerate(cities):
        angle = 2 * math.pi * index / max(1, len(cities)) - math.pi / 2
        place[code] = (middle + radius * math.cos(angle), middle + radius * math.sin(angle))
    degree = {code: sum(count for pair, count in links.items() if code in pair) for code, _ in cities}
    largest = max(degree.values(), default=0)
    parts = [_open(size, size, "Links between cities; thicker with more documents")]
    for (a, b), count in sorted(links.items(), key=lambda link: (link[1], link[0])):
        if a in place and b in place:
            width = 0.8 + 8 * math.sqrt(count / most)
            (x1, y1), (x2, y2) = place[a], place[b]
            line = f"M{x1:.1f} {y1:.1f}Q{middle:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
            parts.append(f'<path d="{line}" class="link" stroke-width="{width:.1f}"><title>{count}</title></path>')
    for code, name in cities:
        x, y = place[code]
        dot = 4 + 11 * math.sqrt(degree[code] / largest) if largest else 4
        away = 1 + (dot + 18) / radius
        tx, ty = middle + (x - middle) * away, middle + (y - middle) * away
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot:.1f}" class="city"/>')
        parts.append(f'<text x="{tx:.1f}" y="{ty:.1f}" class="name">{escape(name)}</text>')
    return "".join((*parts, "</svg>"))


def _open(width: float, height: float, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
        f"<title>{escape(title)}</title>"
    )


def _square(x: float, y: float, kind: str, title: str, level: float = 0.0) -> str:
    shade = f' fill-opacity="{0.12 + 0.88 * level:.2f}"' if kind == "some" else ""
    inner = _CELL - 2
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="{inner}" height="{inner}" rx="3" class="{kind}"{shade}>{title}</rect>'
