"""Dates as collections state them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.stated import StatedDate, stated_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-03-24", StatedDate(date(2015, 3, 24), "day")),
        ("2015-03-24 09:30:00", StatedDate(date(2015, 3, 24), "day")),
        ("2015年3月24日", StatedDate(date(2015, 3, 24), "day")),
        ("20150324", StatedDate(date(2015, 3, 24), "day")),
        ("2017-11", StatedDate(date(2017, 11, 1), "month")),
        ("2017年11月", StatedDate(date(2017, 11, 1), "month")),
        ("2009", StatedDate(date(2009, 1, 1), "year")),
        ("  ", None),
    ],
)
def test_a_stated_date_keeps_its_precision(value: str, expected: StatedDate | None) -> None:
    assert stated_date(value) == expected


@pytest.mark.parametrize("value", ["2015-02-30", "昨日", "2015-13", "99999999", "nan"])
def test_what_is_no_date_is_refused_with_what_was_expected(value: str) -> None:
    with pytest.raises(ValueError, match="expected YYYY-MM-DD"):
        stated_date(value)


@given(st.dates())
def test_every_day_reads_back(day: date) -> None:
    assert stated_date(day.isoformat()) == StatedDate(day, "day")


@pytest.mark.parametrize(
    ("value", "last"), [("2016", date(2016, 12, 31)), ("2016-02", date(2016, 2, 29)), ("2016-02-03", date(2016, 2, 3))]
)
def test_the_last_day_a_stated_date_can_mean(value: str, last: date) -> None:
    stated = stated_date(value)
    assert stated is not None
    assert stated.last == last
