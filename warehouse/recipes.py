"""The cookbook: questions that researchers ask, each with its query, from the .sql files in `cookbook/`.

A file begins with `-- en:` and `-- zh:`, the question, and one `-- param NAME = DEFAULT: MEANING` for each `$NAME`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal

from warehouse.reading import WarehouseError

FOLDER = Path(__file__).with_name("cookbook")
_PARAMETER = re.compile(r"-- param (?P<name>\w+) = (?P<default>.*?): (?P<meaning>.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query can be asked with."""

    name: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A question in English and Chinese, and the query that answers it."""

    name: str
    en: str
    zh: str
    parameters: tuple[Parameter, ...]
    sql: str

    def values(self, given: Mapping[str, str]) -> dict[str, str]:
        """A value for each parameter; raises `WarehouseError` for one that the question does not have."""
        values = {parameter.name: parameter.default for parameter in self.parameters}
        if unknown := given.keys() - values.keys():
            known = ", ".join(values) or "none"
            raise WarehouseError(f"{self.name} has no parameter {min(unknown)!r}; its parameters: {known}")
        return {**values, **given}


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe in order of name."""
    return tuple(parsed(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.sql")))


def recipe(name: str) -> Recipe:
    """The recipe of a name; raises `WarehouseError` that names the nearest ones."""
    by_name = {one.name: one for one in recipes()}
    if name not in by_name:
        near = ", ".join(get_close_matches(name, by_name, cutoff=0.4))
        hint = f"did you mean: {near}" if near else "`xietong sql --cookbook` lists them"
        raise WarehouseError(f"the cookbook has no {name!r}; {hint}")
    return by_name[name]


def parsed(name: str, text: str) -> Recipe:
    """A recipe from the content of its file; raises `ValueError` where a question is missing."""
    head = [line for line in text.splitlines() if line.startswith("-- ")]
    questions = {line[3:5]: line[6:].strip() for line in head if line[3:6] in ("en:", "zh:")}
    if not questions.get("en") or not questions.get("zh"):
        raise ValueError(f"cookbook/{name}.sql: begins with neither `-- en: …` nor `-- zh: …`")
    parameters = tuple(Parameter(**found.groupdict()) for line in head if (found := _PARAMETER.fullmatch(line)))
    sql = "\n".join(line for line in text.splitlines() if not line.startswith("-- ")).strip()
    return Recipe(name, questions["en"], questions["zh"], parameters, sql)


def as_markdown(language: Literal["en", "zh"]) -> str:
    """The whole cookbook as a page: each question with how to ask it and its query."""
    title, intro, asking = _PAGE[language]
    parts = [f"# {title}\n\n{intro}\n"]
    for one in recipes():
        given = "".join(f" {parameter.name}={parameter.default}" for parameter in one.parameters)
        told = "".join(f"- `{parameter.name}`: {parameter.meaning}\n" for parameter in one.parameters)
        question = one.en if language == "en" else one.zh
        parts.append(
            f"\n## {question}\n\n{asking} `xietong sql --cookbook {one.name}{given}`\n\n"
            + (f"{told}\n" if told else "")
            + f"```sql\n{one.sql}\n```\n"
        )
    return "".join(parts)


_PAGE = {
    "en": (
        "Cookbook",
        "Twenty questions with their queries. `$name` is a parameter; in other clients put a value in its place.\n"
        "Every query is tested against a collection that can be counted by hand. [中文](cookbook.zh.md)",
        "Ask:",
    ),
    "zh": (
        "查询手册",
        "二十个常见问题及其查询语句。`$name` 为参数，在其他客户端中请换成具体的值。\n"
        "每条语句都在一份可以手工核对的样本上测试过。[English](cookbook.md)",
        "命令：",
    ),
}
