"""Days as Chinese pages write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates import compact_day, find_days, first_day, month_of, only_day

NUMERALS = "〇一二三四五六七八九"


def numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens] + "十"
    return head + (NUMERALS[ones] if ones else "")


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-03",
        "2024/5/3",
        "2024.05.03",
        "2024年5月3日",
        "２０２４年５月３日",
        "2024 年 5 月 3 日",
        "二〇二四年五月三日",
        "二○二四年五月三日",
        "二O二四年五月三日",
        "发布日期：2024-05-03 09:30",
        "2024-05-03T09:30:00+08:00",
        "2024-05-03-23:59:59",
        "5/3/2024 9:23:57 PM",
        "Friday, May 3rd, 2024",
    ],
)
def test_forms(text: str) -> None:
    assert first_day(text) == date(2024, 5, 3)


@pytest.mark.parametrize(
    "text", ["2023年", "2023年5月", "2023-02-30", "1.2023.05.06", "05-03", "3/5/2024", "30000-01-01"]
)
def test_what_is_no_day(text: str) -> None:
    assert first_day(text) is None


def test_numerals_of_month_and_day() -> None:
    assert first_day("一九九六年十二月三十一日") == date(1996, 12, 31)
    assert first_day("二〇〇六年十月廿八日") == date(2006, 10, 28)


def test_only_day_wants_nothing_else() -> None:
    assert only_day("（2016年9月30日）") == date(2016, 9, 30)
    assert only_day("2016年9月30日前完成") is None


def test_compact_and_month() -> None:
    assert compact_day("t20190523_72619") == date(2019, 5, 23)
    assert compact_day("120190523") is None
    assert month_of("2024年5月") == (2024, 5)


@given(st.dates(min_value=date(1949, 1, 1), max_value=date(2099, 12, 31)))
def test_both_scripts_give_the_same_day(day: date) -> None:
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    chinese = f"{year}年{numeral(day.month)}月{numeral(day.day)}日"
    arabic = f"{day.year}年{day.month}月{day.day}日"
    assert only_day(chinese) == only_day(arabic) == only_day(day.isoformat()) == day


@given(st.text(alphabet="0123456789-/.年月日〇一二三十 廿", max_size=60))
def test_spans_point_at_the_day(text: str) -> None:
    for found in find_days(text):
        assert first_day(text[found.start : found.end]) == found.day
