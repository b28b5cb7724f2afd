"""Reading the files of a region so that a mistake names the file, the line and the remedy."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.slips import SlipError

Model = TypeVar("Model", bound=BaseModel)


class ConfigError(ValueError):
    """A mistake in the configuration, told in one line: where it is, what was expected, what to do."""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; a missing or differently encoded one is a `ConfigError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: file not found; restore it or name its folder in region.yaml as `extends`"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def read_rows(path: Path, model: type[Model]) -> tuple[Model, ...]:
    """The rows of a CSV file as `model`; errors name the line a spreadsheet would show."""
    reader = csv.DictReader(io.StringIO(read_text(path)), strict=True)
    wanted = set(model.model_fields)
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    rows: list[Model] = []
    try:
        header = set(reader.fieldnames or ())
        if missing := sorted(required - header):
            raise ConfigError(
                f"{path}:1: column {', '.join(missing)} is missing; the header needs {', '.join(model.model_fields)}"
            )
        if unknown := sorted(header - wanted):
            raise ConfigError(
                f"{path}:1: unknown column {', '.join(unknown)}; the header knows {', '.join(model.model_fields)}"
            )
        for row in reader:
            if None in row or None in row.values():
                found = f"{_count(row)} cells where the header has {len(header)}"
                raise ConfigError(f"{path}:{reader.line_num}: {found}; check commas and quotes")
            try:
                rows.append(model.model_validate(row))
            except ValidationError as error:
                raise ConfigError(f"{path}:{reader.line_num}: {describe(error)}") from None
    except csv.Error as error:
        raise ConfigError(f"{path}:{reader.line_num}: {error}; check quotes") from None
    return tuple(rows)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """A YAML file as `model`; errors name the line of the offending key or value."""
    text = read_text(path)
    lines = _Lines(path, text)
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        lines.refuse_ambiguous(node)
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = lines.of_mark(error.problem_mark or error.context_mark)
        raise ConfigError(f"{path}:{line}: not YAML: {error.problem}; check indentation, colons and quotes") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{path}:{line}: the invisible character U+{error.character:04X}; delete it") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = _first(error)
        slip = first.get("ctx", {}).get("error")
        if isinstance(slip, SlipError):
            message = slip.message.replace("{line}", str(lines.of(node, slip.other))) if slip.other else slip.message
            raise ConfigError(f"{path}:{lines.of(node, slip.place)}: {message}") from None
        raise ConfigError(f"{path}:{lines.of(node, first['loc'])}: {_told(first, model)}") from None


def describe(error: ValidationError) -> str:
    """The first problem of a validation in plain words: where, what was expected, what was found."""
    return _told(error.errors()[0], None)


_PLAIN = {
    "tuple_type": "expected a list in [ ]",
    "string_type": "expected words; put them in quotes",
    "dict_type": "expected `key: value` lines",
    "model_type": "expected `key: value` lines",
    "missing": "is missing; add it",
}


def _first(error: ValidationError) -> ErrorDetails:
    """The problem to tell: an unknown key before all others, because a misspelt key is missing under its own name."""
    found = error.errors()
    return next((problem for problem in found if problem["type"] == "extra_forbidden"), found[0])


def _told(problem: ErrorDetails, model: type[BaseModel] | None) -> str:
    kind, place = problem["type"], problem["loc"]
    where = ".".join(str(part) for part in place if part != "[key]") or "row"
    if kind == "extra_forbidden" and model is not None:
        known = _keys_at(model, place[:-1])
        near = get_close_matches(str(place[-1]), known, n=1)
        advice = f"did you mean {near[0]}?" if near else "remove it or correct it;"
        return f"{where}: unknown key {place[-1]!r}; {advice} known: {', '.join(known)}"
    found = "" if kind in ("missing", "extra_forbidden") else f", found {str(problem['input'])[:60]!r}"
    return f"{where}: {_PLAIN.get(kind, problem['msg'])}{found}"


def _keys_at(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at `place` knows."""
    current: object = model
    for part in place:
        if isinstance(current, type) and issubclass(current, BaseModel):
            current = current.model_fields[str(part)].annotation
        else:
            inner = get_args(current)
            current = inner[0] if isinstance(part, int) else inner[-1]
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _count(row: dict[str | None, object]) -> int:
    extra = row.get(None)
    return sum(value is not None for key, value in row.items() if key is not None) + (
        len(extra) if isinstance(extra, list) else 0
    )


class _Lines:
    """On which line of a YAML file a key or a value stands, as an editor counts."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    def of_mark(self, mark: yaml.Mark | None) -> int:
        # Not `mark.line`: YAML also counts U+0085, U+2028 and U+2029 as ends of lines, an editor does not.
        return self._text.count("\n", 0, mark.index) + 1 if mark else 1

    def of(self, node: yaml.Node | None, place: Iterable[Hashable]) -> int:
        """The line of the key or list item at `place`, or of the nearest thing around it that exists."""
        line = 1
        for part in place:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
                if found is None:
                    break
                line, node = self.of_mark(found[0].start_mark), found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = self.of_mark(node.start_mark)
            else:
                break
        return line

    def refuse_ambiguous(self, node: yaml.Node | None, around: tuple[yaml.Node, ...] = ()) -> None:
        """Refuse what YAML reads without a word and nobody means.

        Of two equal keys it keeps the last (a vocabulary group would vanish that way), it takes lists for keys and
        `2014-13-01` for a day, and an alias may hold itself.
        """
        if node is None:
            return
        line = self.of_mark(node.start_mark)
        if any(node is outer for outer in around):
            raise ConfigError(f"{self._path}:{line}: an alias (*) stands inside what it names; write the words out")
        if isinstance(node, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                at = self.of_mark(key.start_mark)
                if not isinstance(key, yaml.ScalarNode):
                    raise ConfigError(f"{self._path}:{at}: a key must be one word; put it in quotes")
                if key.value in seen:
                    raise ConfigError(
                        f"{self._path}:{at}: key {key.value!r} stands twice, first in line {seen[key.value]}; "
                        "merge the two"
                    )
                seen[key.value] = at
                self.refuse_ambiguous(value, (*around, node))
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self.refuse_ambiguous(item, (*around, node))
        elif node.tag == "tag:yaml.org,2002:timestamp":
            try:
                yaml.safe_load(node.value)
            except ValueError as error:
                raise ConfigError(f"{self._path}:{line}: {node.value!r} is no day: {error}; correct it") from None
