"""The difference of two states as one page that needs nothing else.

Titles, quotes and rule texts come from foreign pages and from people: every text is escaped, and only http and https
addresses become links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from warehouse.causes import Cause
from warehouse.comparison import CellChange, Changes, Compared, Difference, PairChange, PairStory, Statement, Tagged
from warehouse.report import link
from warehouse.styling import STYLE

_CELL = 34
_LABEL = 84
_EDITS_OPEN = 40
_STYLE = """
.came{color:var(--blue)}.went{color:rgb(var(--red))}
.why{color:var(--dim);margin:0;padding-left:18px}
svg .came{fill:var(--blue)}svg .went{fill:rgb(var(--red))}svg .both{fill:#8a6d9b}svg .sign{fill:#fff;font-size:12px}
svg .free{fill:rgba(128,128,128,.09)}
.refused{border-color:rgb(var(--red))}
"""
_GRAINS = {"named": ("as named", "原名"), "city13": ("between cities", "城市间")}


def difference_page(difference: Difference) -> str:
    """Counts, edits of the rules, a figure of the pairs of cities, then documents, pairs and cells with their why."""
    title = f"{_state(difference.before)} → {_state(difference.after, preview=difference.preview)}"
    parts = [_tiles(difference), _refused(difference.refused), _rules(difference.rules.told())]
    if difference.nothing:
        parts.append("<section><p>The results are the same. 结果没有变化。</p></section>")
    figure = changes_figure(difference.cities, difference.appeared.pairs, difference.vanished.pairs)
    if figure:
        parts.append(_section("Pairs of cities", "城市对的变化", f"<figure>{figure}</figure>"))
    for changes, came in ((difference.appeared, True), (difference.vanished, False)):
        parts += _changes(changes, came)
    return _page("Changes 变化", title, "".join(parts))


def story_page(story: PairStory) -> str:
    """One pair: how it stands in both states, and its statements."""
    rows = "".join(
        f"<tr><td>{_GRAINS[grain][0]} {_GRAINS[grain][1]}</td><td>{was}</td><td>{now}</td></tr>"
        for grain, was, now in story.grains
    )
    table = f'<table class="list"><tr><th>documents</th><th>before</th><th>after</th></tr>{rows}</table>'
    parts = [_section(f"{story.name_a} – {story.name_b}", f"{story.unit_a} · {story.unit_b}", table)]
    for heading, chinese, found in (
        ("Statements that appeared", "新出现的依据", story.appeared),
        ("Statements that vanished", "消失的依据", story.vanished),
        ("Statements in both", "两者都有的依据", story.stayed),
    ):
        if found:
            parts.append(_section(f"{heading}: {len(found)}", chinese, _statements(found)))
    return _page(f"{story.name_a} – {story.name_b}", f"{_state(story.before)} → {_state(story.after)}", "".join(parts))


def changes_figure(
    cities: Sequence[tuple[str, str]], appeared: Iterable[PairChange], vanished: Iterable[PairChange]
) -> str:
    """A square of cities by cities with a sign where a pair appeared (+) or vanished (−); empty where none did."""
    came, went = _between(cities, appeared), _between(cities, vanished)
    if not came and not went:
        return ""
    side = _LABEL + _CELL * len(cities) + 4
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" style="max-width:640px">'
        "<title>Pairs of cities that appeared or vanished</title>"
    ]
    for row, (_, name) in enumerate(cities):
        at = _LABEL + row * _CELL + _CELL // 2
        parts.append(f'<text x="{_LABEL - 8}" y="{at}" class="row">{escape(name)}</text>')
        parts.append(f'<text transform="translate({at} {_LABEL - 8}) rotate(-90)" class="col">{escape(name)}</text>')
    for row, (a, name_a) in enumerate(cities):
        for column, (b, name_b) in enumerate(cities):
            pair = (min(a, b), max(a, b))
            kind, sign = ("came", "+") if came[pair] else ("went", "−") if went[pair] else ("free", "")
            if a == b:
                continue
            x, y = _LABEL + column * _CELL, _LABEL + row * _CELL
            names = f"{escape(name_a)} – {escape(name_b)}"
            told = f"<title>{names} {sign}{came[pair] or went[pair]}</title>" if sign else ""
            parts.append(f'<rect x="{x}" y="{y}" width="32" height="32" rx="3" class="{kind}">{told}</rect>')
            if sign:
                parts.append(f'<text x="{x + 16}" y="{y + 16}" class="sign">{sign}</text>')
    return "".join((*parts, "</svg>"))


def _between(cities: Iterable[tuple[str, str]], pairs: Iterable[PairChange]) -> Counter[tuple[str, str]]:
    codes = {code for code, _ in cities}
    found: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        if pair.grain == "city13" and {pair.unit_a, pair.unit_b} <= codes:
            found[pair.unit_a, pair.unit_b] = pair.documents
    return found


def _tiles(difference: Difference) -> str:
    came, went = difference.appeared, difference.vanished
    tiles = (
        ("newly tagged 新标记", len(came.policies), "came"),
        ("no longer tagged 不再标记", len(went.policies), "went"),
        ("pairs appeared 新增对", _named(came), "came"),
        ("pairs vanished 消失对", _named(went), "went"),
        ("statements appeared 新依据", came.statements, "came"),
        ("statements vanished 消失依据", went.statements, "went"),
        ("cells now 1 新增格", len(came.cells), "came"),
        ("cells now 0 消失格", len(went.cells), "went"),
    )
    shown = "".join(f'<div><b class="{kind}">{count:,}</b><span>{name}</span></div>' for name, count, kind in tiles)
    return f'<section class="tiles">{shown}</section>'


def _named(changes: Changes) -> int:
    return sum(pair.grain == "named" for pair in changes.pairs)


def _refused(reasons: Sequence[str]) -> str:
    if not reasons:
        return ""
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    return f'<section class="refused"><h2>Publishing would be refused 将被拒绝发布</h2><ul>{items}</ul></section>'


def _rules(told: Sequence[str]) -> str:
    if not told:
        return ""
    items = "".join(f"<li>{escape(one)}</li>" for one in told)
    opened = " open" if len(told) <= _EDITS_OPEN else ""
    content = f"<details{opened}><summary>terms, rules, names and units</summary><ul>{items}</ul></details>"
    return _section(f"Changes of the rules: {len(told)}", "规则的变化", content)


def _changes(changes: Changes, came: bool) -> list[str]:
    parts = []
    if changes.policies:
        title, chinese = ("Newly tagged", "新标记的文件") if came else ("No longer tagged", "不再标记的文件")
        parts.append(_section(f"{title}: {len(changes.policies)}", chinese, _tagged(changes.policies)))
    for grain, (name, name_zh) in _GRAINS.items():
        pairs = [pair for pair in changes.pairs if pair.grain == grain]
        if pairs:
            word, word_zh = ("appeared", "新增") if came else ("vanished", "消失")
            parts.append(
                _section(f"Pairs {name} that {word}: {len(pairs)}", f"{word_zh}的对（{name_zh}）", _pairs(pairs))
            )
    if changes.elsewhere:
        word, word_zh = ("appeared", "新增") if came else ("vanished", "消失")
        title = f"Statements that {word} of pairs that stay: {len(changes.elsewhere)}"
        parts.append(_section(title, f"保留的城市对中{word_zh}的依据", _statements(changes.elsewhere)))
    for matrix, chinese in (("city", "城市矩阵"), ("county", "县级矩阵")):
        cells = [cell for cell in changes.cells if cell.matrix == matrix]
        if cells:
            title = f"Cells of the {matrix} matrix now {int(came)}: {len(cells)}"
            parts.append(_section(title, chinese, _cells(cells)))
    return parts


def _tagged(found: Iterable[Tagged]) -> str:
    parts = []
    for one in found:
        words = "".join(f"<li>{escape(rule)}: <q>{escape(text)}</q></li>" for rule, text in one.matched)
        industrial = " · industrial" if one.industrial else ""
        parts.append(
            f"<details class='pair'><summary>{escape(one.title or one.doc_id)} <span class='dim'>"
            f"{escape(one.day or 'undated')} · {escape(one.level)}{industrial}</span></summary>"
            f"<p>{link(one.url, one.url or one.doc_id)}</p><ul>{words}</ul>{_why(one.causes)}</details>"
        )
    return "".join(parts)


def _pairs(found: Iterable[PairChange]) -> str:
    parts = []
    for one in found:
        years = "undated" if one.first_year is None else f"{one.first_year}–{one.last_year}"
        parts.append(
            f"<details class='pair'><summary><b>{escape(one.name_a)} – {escape(one.name_b)}</b> "
            f"<span class='dim'>{one.documents} documents · {years}</span></summary>"
            f"{_statements(one.statements)}</details>"
        )
    return "".join(parts)


def _cells(found: Iterable[CellChange]) -> str:
    parts = []
    for one in found:
        documents = "".join(
            f"<li>{escape(document.day or 'undated')} {link(document.url, document.title or document.doc_id)}"
            f"{_why(document.causes)}{_statements(document.statements)}</li>"
            for document in one.made_by
        )
        parts.append(
            f"<details class='pair'><summary><b>{escape(one.name)}</b> {escape(one.period)} "
            f"<span class='dim'>{one.documents} documents</span></summary><ul>{documents}</ul></details>"
        )
    return "".join(parts)


def _statements(found: Iterable[Statement]) -> str:
    items = "".join(
        f"<li>{escape(one.name_a)} – {escape(one.name_b)}: <q>{escape(one.quote)}</q> "
        f"<span class='dim'>rule {escape(one.rule)} · {one.year or 'undated'} · "
        f"{link(one.url, one.title or one.doc_id)}</span>{_why(one.causes)}</li>"
        for one in found
    )
    return f"<ul>{items}</ul>"


def _why(causes: Iterable[Cause]) -> str:
    return "".join(f'<p class="why">{escape(cause.told)}</p>' for cause in causes)


def _section(title: str, chinese: str, content: str) -> str:
    return f"<section><h2>{escape(title)} <small>{escape(chinese)}</small></h2>{content}</section>"


def _state(state: Compared, preview: bool = False) -> str:
    if not state.rules_version:
        return "nothing published"
    name = "preview" if preview else f"state {state.number}" if state.number is not None else "state"
    return f"{name} (rules {state.rules_version})"


def _page(mark: str, title: str, content: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>协同 Xietong – {escape(mark)}</title><style>{STYLE}{_STYLE}</style></head><body>"
        f'<header><p class="mark">协同 Xietong</p><h1>{escape(mark)}</h1><p class="dim">{escape(title)}</p></header>'
        f"<main>{content}</main></body></html>\n"
    )
