"""The events of a page are those of its tree, whatever the markup."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.events import Event, page_events, tree_events
from extract.markup import parse

PIECES = [
    *("<html class=a>", "</html>", "<head>", "<body>", "</body>", "<div>", "</div>", "<p>", "</p>", "<b>", "</b>"),
    *("<table>", "<tr>", "<td>", "</table>", "<li>", "<a href=x>", "</a>", "<br/>", "<o:p>", "<svg>", "<form>"),
    *("<script>a<b</script>", "<title>", "</title>", "<!-- x -->", "<!--", "<?xml version=1?>", "<!doctype html>"),
    *("甲", "&nbsp;", "&amp;乙", "&#0;", "<", " ", "\n", "<p class='a' class='b' hidden>", "</x>"),
]


def joined(found: list[Event]) -> list[Event]:
    """With each text in one piece."""
    made: list[Event] = []
    for event in found:
        last = made[-1] if made else None
        if isinstance(event, str) and isinstance(last, str):
            made[-1] = last + event
        else:
            made.append((event[0], dict(event[1])) if isinstance(event, tuple) else event)
    return made


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@example("<html><p>甲</p></html>\n<div>乙</div>")
@example("<html><body><p>甲</body></html>\n<html><p>乙</html>\n")
def test_events_are_those_of_the_tree(source: str) -> None:
    root, of_tree = parse(source)
    found, problems = page_events(source)
    assert joined(found) == joined(tree_events(root))
    assert problems == of_tree


@pytest.mark.parametrize("deep", [2045, 2046, 2047, 5000])
@pytest.mark.parametrize("words", [5, 300])
def test_deep_nesting_ends_both_alike(deep: int, words: int) -> None:
    source = "<p>前</p>" + "<div>" * deep + "深" * words + "<b>乙</b>" + "</div>" * deep + "<p>后</p>"
    root, of_tree = parse(source)
    found, problems = page_events(source)
    assert joined(found) == joined(tree_events(root))
    assert problems == of_tree
