"""The year of an event, as the sentence says it and as seen from the document's day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dating import event_year

NEW_YEAR = date(2016, 1, 3)


@pytest.mark.parametrize(
    ("sentence", "day", "year"),
    [
        ("2014年8月，两市签署协议", NEW_YEAR, 2014),
        ("二〇一〇年四月，两市签署协议", NEW_YEAR, 2010),
        ("去年以来，两市签署协议", NEW_YEAR, 2015),
        ("前年，两市签署协议", NEW_YEAR, 2014),
        ("昨日，两市签署协议", NEW_YEAR, 2016),
        ("昨日，两市签署协议", date(2016, 1, 1), 2015),
        ("上月，两市签署协议", NEW_YEAR, 2015),
        ("三年前，两市签署协议", NEW_YEAR, 2013),
        ("十二年前，两市签署协议", NEW_YEAR, 2004),
        ("5天前，两市签署协议", NEW_YEAR, 2015),
        ("日前，两市签署协议", NEW_YEAR, 2016),
        ("到2030年，两市签署协议", NEW_YEAR, 2016),
        ("2013年提出设想，今年两市签署协议", NEW_YEAR, 2016),
        ("两市签署协议", NEW_YEAR, 2016),
        ("两市签署协议", None, None),
        ("去年两市签署协议", None, None),
        ("2009年两市签署协议", None, 2009),
    ],
)
def test_the_year_of_an_event(sentence: str, day: date | None, year: int | None) -> None:
    start = sentence.index("两市")
    assert event_year(sentence, start, len(sentence), (0, len(sentence)), day) == year


@given(st.text(alphabet="0123456789一二两三十百年月日天前去昨上个周〇零", max_size=30), st.dates())
def test_no_wording_and_no_day_breaks_it(sentence: str, day: date) -> None:
    year = event_year(sentence, 0, len(sentence), (0, len(sentence)), day)
    assert year is not None
    assert year <= day.year
