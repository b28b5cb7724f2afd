"""How well pairs, policy and places are extracted: ours against co-occurrence, by the scorer of the labelled sets.

Each baseline is made in the run from a recogniser of places and the same keywords, which shows what the grammar adds:
two use a package's places, one our dated names without context, and one the very places ours found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import Region, load_region
from extract.gazetteer import Gazetteer
from extract.stated import stated_date
from tests.baseline_packages import NotInstalledError, named
from tests.benchmark_scorers import GOLD, labelled, lacking, run, score
from tests.benchmark_tables import Cell, Measured
from tests.cooccurrence import GROUPS, Sighting, Spotted, keywords, pairs, sentences
from tests.place_recognisers import Recognise, cpca, dated_names, jionlp

TITLE = "Extraction: precision, recall and F1 on labelled texts"
COLUMNS = ("texts", "extractor", "pairs P", "pairs R", "pairs F1", "city13 F1", "policy F1", "places F1", "level")
SETS = {"dev_passages.jsonl": "passages", "dev_docs.jsonl": "whole documents"}
SCORER = "score.py"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Co-occurrence of a recogniser's places: whose they are, and its making (may raise `NotInstalledError`)."""

    whose: str
    make: Callable[[Region], Recognise]

    @property
    def shown(self) -> str:
        """The row's name, with the version of a package."""
        return f"co-occurrence: {self.whose if ' ' in self.whose else named(self.whose)}"


BASELINES = (
    Baseline("cpca", cpca),
    Baseline("jionlp", jionlp),
    Baseline("our dated names", dated_names),
)
OWN_PLACES = "co-occurrence: our places"


class Cooccurrence:
    """Predictions as the scorer reads them, from places alone."""

    def __init__(self, region: Region) -> None:
        self._words = keywords(region.vocabulary)
        self._related = Gazetteer.of(region).related

    def predict(self, row: Row, sight: Callable[[int, str], Sighting]) -> dict[str, Any]:
        """The prediction for one labelled text; `sight` reads the sentence that begins at an index of it."""
        seen = [(at, sentence, sight(at, sentence)) for at, sentence in sentences(row["text"])]
        found = pairs(((sentence, sighting.places) for _, sentence, sighting in seen), self._words, self._related)
        return {
            "id": row["id"],
            "pairs": [{"a": a, "b": b} for a, b in found],
            "policy": bool(found),
            "places": [
                {"start": at + spot.start, "end": at + spot.end, "code": spot.code}
                for at, _, sighting in seen
                for spot in sighting.spots
            ],
        }

    def with_recogniser(self, rows: Sequence[Row], recognise: Recognise) -> list[dict[str, Any]]:
        """Predictions from a recogniser that reads sentence by sentence, as of the day of each text."""

        def predict(row: Row) -> dict[str, Any]:
            stated = stated_date(str(row.get("date") or ""))
            return self.predict(row, lambda _, sentence: recognise(sentence, stated.first if stated else None))

        return [predict(row) for row in rows]

    def with_places_of(self, rows: Sequence[Row], extracted: Sequence[Row]) -> list[dict[str, Any]]:
        """Predictions from the places of rows that an extractor gave for the same texts."""

        def predict(row: Row, places: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
            def sight(at: int, sentence: str) -> Sighting:
                spots = tuple(
                    Spotted(place["start"] - at, place["end"] - at, place["code"])
                    for place in places
                    if at <= place["start"] < at + len(sentence)
                )
                return Sighting(spots, frozenset(spot.code for spot in spots))

            return self.predict(row, sight)

        return [predict(row, found["places"]) for row, found in zip(rows, extracted, strict=True)]


def measure(gold: Path = GOLD, baselines: Sequence[Baseline] = BASELINES) -> Measured:
    """The table of extraction: on each set ours, the baselines, and co-occurrence of the places ours found."""
    if why := lacking(SCORER, *SETS, gold=gold):
        return Measured(TITLE, COLUMNS, skipped=why)
    region = load_region()
    cooccurrence = Cooccurrence(region)
    recognisers: list[tuple[str, Recognise | None]] = []
    notes = [
        f"Co-occurrence: every two places of a sentence with a word of the groups {', '.join(GROUPS)} are a pair, "
        "unless one lies in the other; a text with a pair is policy; it has no levels.",
        "Our dated names: the names in force on the day of the text, longest first, without a look at what is around.",
    ]
    for baseline in baselines:
        try:
            recognisers.append((baseline.shown, baseline.make(region)))
        except NotInstalledError as error:
            recognisers.append((baseline.shown, None))
            notes.append(f"{error}.")
    rows: list[tuple[Cell, ...]] = []
    for file, name in SETS.items():
        texts, ours = labelled(gold / file), extracted(gold / file)
        predictions: list[tuple[str, list[dict[str, Any]] | None]] = [
            ("ours", ours),
            *(
                (shown, cooccurrence.with_recogniser(texts, recognise) if recognise else None)
                for shown, recognise in recognisers
            ),
            (OWN_PLACES, cooccurrence.with_places_of(texts, ours)),
        ]
        for shown, predicted in predictions:
            scored = score(gold / SCORER, gold / file, predicted) if predicted is not None else {}
            rows.append((f"{len(texts)} {name}", shown, *_figures(scored, levels=shown == "ours")))
    return Measured(TITLE, COLUMNS, tuple(rows), tuple(notes))


def extracted(source: Path) -> list[dict[str, Any]]:
    """What `xietong extract` writes for a file of texts."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "extracted.jsonl")
        run("-c", "from flows.command_line import main; main()", "extract", source, target)
        return labelled(target)


def _figures(scored: Mapping[str, Any], *, levels: bool) -> tuple[float | None, ...]:
    def of(grain: str, figure: str) -> float | None:
        return float(scored[grain][figure]) if grain in scored else None

    level = float(scored["level_accuracy"]) if levels and scored else None
    named = (of("named", figure) for figure in ("precision", "recall", "f1"))
    return (*named, of("city13", "f1"), of("policy", "f1"), of("places", "f1"), level)
