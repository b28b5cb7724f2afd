"""What YAML reads without a word and nobody means is refused, with the line that an editor shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from config import DEFAULT_REGION
from config.model import Settings
from config.reading import ConfigError, read_yaml


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title_zh: 京津冀", "title_zh: 京\x07津冀", "2: the invisible character U+0007; delete it"),
        ("title_zh: 京津冀", "title: 京津冀", "2: key 'title' stands twice, first in line 1; merge the two"),
        ("title_zh: 京津冀", "? [title_zh]\n: 京津冀", "2: a key must be one word; put it in quotes"),
        ("title_zh: 京津冀", "title_zh: &a [*a]", "2: an alias (*) stands inside what it names; write the words out"),
        ("vintage: 2015-12-31", "vintage: 2015-12-32", ": '2015-12-32' is no day: day is out of range for month"),
        ("vintage:", "vintige:", ": vintige: unknown key 'vintige'; did you mean vintage? known: title, title_zh, "),
        ("  contact:", "  kontakt:", ": crawling.kontakt: unknown key 'kontakt'; did you mean contact? known: user"),
    ],
)  # fmt: skip
def test_a_slip_in_a_yaml_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (DEFAULT_REGION / "region.yaml").read_text(encoding="utf-8")
    # Comments above would move the lines that the table names.
    text = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    assert text.count(old) == 1
    changed = text.replace(old, new)
    number = changed[: changed.index(new)].count("\n") + 1
    path = tmp_path / "region.yaml"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, Settings)
    expected = said if said[0].isdigit() else f"{number}{said}"
    assert str(caught.value).startswith(f"{path}:{expected}")
    assert "\n" not in str(caught.value)


class Words(BaseModel):
    title: str = ""
    words: list[int]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    """YAML also ends a line at U+2028 and U+0085; the line that is told must be the one a person can go to."""
    path = tmp_path / "words.yaml"
    path.write_text('title: "甲\u2028乙\u0085丙"\nwords: [1, 2,\n  3,\n\n  三, 5]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"words\.yaml:5: words\.3: "):
        read_yaml(path, Words)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"words\.yaml:1: row: expected `key: value` lines, found 'None'"):
        read_yaml(path, Words)
