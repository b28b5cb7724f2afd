"""The one walk over a page: its lines are those of `markup.lines`, its ranges those of the tree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.events import page_events
from extract.layout import Layout
from extract.markup import SILENT, Element, lines, parse, raw_text, squeeze

PIECES = [
    *("<div>", "</div>", "<p>", "</p>", "<span>", "</span>", "<a href=x>", "</a>", "<br>", "<ul><li>", "</ul>"),
    *("<table><tr><td>", "<td>", "</table>", "<pre>", "</pre>", "<script>x</script>", "<select><option>乙</select>"),
    *("甲", "丙，丁。", " ", "\n", "&nbsp;"),
]
sources = st.lists(st.sampled_from(PIECES), max_size=50).map("".join)


def laid_out(source: str) -> Layout:
    return Layout(page_events(source)[0])


def shown(root: Element) -> list[Element]:
    """The elements that stand in none whose text is no text of the page, nor are one themselves."""
    return [
        element
        for element in root.iter("*")
        if not any(above.tag in SILENT for above in (element, *element.iterancestors()))
    ]


@settings(max_examples=200, deadline=None)
@given(sources)
def test_lines_are_those_of_a_plain_walk(source: str) -> None:
    layout = laid_out(source)
    assert [(layout.text(line), linked) for line, linked in enumerate(layout.linked)] == [
        (line.text, line.linked) for line in lines(parse(source)[0], mark="\t", rows=False)
    ]
    assert layout.plain == [squeeze(layout.text(line)) for line in range(len(layout.plain))]


@settings(max_examples=200, deadline=None)
@given(sources, st.data())
def test_blocks_are_the_lines_of_a_part(source: str, data: st.DataObject) -> None:
    layout, elements = laid_out(source), shown(parse(source)[0])
    at = data.draw(st.integers(0, len(elements) - 1))
    left_out = data.draw(st.sets(st.integers(0, len(elements) - 1), max_size=3))
    skipped = {elements[place] for place in left_out}
    assert list(layout.blocks(at, left_out)) == [line.text for line in lines(elements[at], skip=skipped.__contains__)]


@settings(max_examples=200, deadline=None)
@given(sources)
def test_ranges_are_those_of_the_tree(source: str) -> None:
    layout, elements = laid_out(source), shown(parse(source)[0])
    assert layout.tags == [element.tag for element in elements]
    assert layout.attributes == [dict(element.items()) for element in elements]
    places = {element: at for at, element in enumerate(elements)}
    for at, element in enumerate(elements):
        inside = [places[piece] for piece in element.iter() if piece in places]
        assert inside == list(range(at, layout.ends[at]))
        children = [places[child] for child in element if child in places]
        assert layout.children(at) == children
        assert layout.anchors(at) == sum(layout.tags[place] == "a" for place in inside)
        assert all(layout.parents[child] == at for child in children)
        assert layout.characters(at) == raw_text(element)
        assert [layout.is_broad(at, most) for most in range(4)] == [len(element) > most for most in range(4)]
    words, linked = layout.words(0)
    assert words == sum(map(len, layout.plain))
    assert linked == sum(layout.linked)


def test_where_a_line_stands() -> None:
    layout = laid_out("<div><h1>题</h1>前<p>甲<b>乙</b></p>后</div>")
    assert [layout.text(line) for line in layout.within(0)] == ["题", "前", "甲\t乙", "后"]
    paragraph = layout.tags.index("p")
    assert [layout.text(line) for line in layout.within(paragraph)] == ["甲\t乙"]
    assert [place <= paragraph for place in layout.places] == [True, True, False, False]


def test_what_stands_apart() -> None:
    layout = laid_out(
        "<title>题&amp;名</title><meta name=a content=b><p>文<script type=t>x<y</script><time datetime=d>时"
    )
    assert layout.apart == {
        "title": [({}, "题&名")],
        "meta": [({"name": "a", "content": "b"}, "")],
        "script": [({"type": "t"}, "x<y")],
        "time": [({"datetime": "d"}, "")],
    }
