"""The one walk over a page: its lines are those of `markup.lines`, its ranges those of the tree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.layout import Layout
from extract.markup import lines, parse, squeeze

PIECES = [
    *("<div>", "</div>", "<p>", "</p>", "<span>", "</span>", "<a href=x>", "</a>", "<br>", "<ul><li>", "</ul>"),
    *("<table><tr><td>", "<td>", "</table>", "<pre>", "</pre>", "<script>x</script>", "<select><option>乙</select>"),
    *("甲", "丙，丁。", " ", "\n", "&nbsp;"),
]
sources = st.lists(st.sampled_from(PIECES), max_size=50).map("".join)


@settings(max_examples=200, deadline=None)
@given(sources)
def test_lines_are_those_of_a_plain_walk(source: str) -> None:
    root, _ = parse(source)
    layout = Layout(root)
    assert [(line.text, line.linked) for line in layout.lines] == [
        (line.text, line.linked) for line in lines(root, mark="\t", rows=False)
    ]
    assert layout.plain == [squeeze(line.text) for line in layout.lines]


@settings(max_examples=200, deadline=None)
@given(sources)
def test_ranges_are_those_of_the_tree(source: str) -> None:
    layout = Layout(parse(source)[0])
    places = {element: at for at, element in enumerate(layout.elements)}
    for at, element in enumerate(layout.elements):
        inside = [places[piece] for piece in element.iter() if piece in places]
        assert inside == list(range(at, layout.ends[at]))
        children = [places[child] for child in element if child in places]
        assert layout.children(at) == children
        assert layout.anchors(at) == sum(layout.elements[place].tag == "a" for place in inside)
        assert all(layout.parents[child] == at for child in children)
    words, linked = layout.words(0)
    assert words == sum(map(len, layout.plain))
    assert linked == sum(line.linked for line in layout.lines)


def test_where_a_line_stands() -> None:
    layout = Layout(parse("<div><h1>题</h1>前<p>甲<b>乙</b></p>后</div>")[0])
    assert [line.text for line in layout.lines] == ["题", "前", "甲\t乙", "后"]
    paragraph = next(at for at, element in enumerate(layout.elements) if element.tag == "p")
    assert [layout.lines[line].text for line in layout.within(paragraph)] == ["甲\t乙"]
    assert [place <= paragraph for place in layout.places] == [True, True, False, False]
