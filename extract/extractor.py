"""One call from a text to its places, its policy tag and its pairs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.gazetteer import Gazetteer
from extract.model import Context, Extraction
from extract.pairs import PairFinder
from extract.places import find_places, scanned
from extract.policy import PolicyTagger, opening_terms

if TYPE_CHECKING:
    from config.loader import Region


class Extractor:
    """Everything that reads one text under one version of the rules.

    Built once a process from a `Region`; pickling sends the region and builds anew. `extract` is a pure function of its
    arguments and raises for no text.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self.gazetteer = Gazetteer.of(region, opening_terms(region.vocabulary))
        self._finder = PairFinder(region.vocabulary, self.gazetteer, region.settings.provinces)
        self._tagger = PolicyTagger(region.vocabulary, self.gazetteer)

    def __reduce__(self) -> tuple[type[Extractor], tuple[Region]]:
        return Extractor, (self._region,)

    def extract(self, text: str, context: Context) -> Extraction:
        """The places, the tag and the pairs of `text` as it speaks in `context`; a publisher without a unit is none."""
        if context.publisher and context.publisher not in self.gazetteer.versions:
            context = replace(context, publisher=None)
        scan = scanned(text, self.gazetteer, context)
        places = find_places(text, self.gazetteer, context, scan)
        titled = bool(context.title and places.mentions)
        topic = find_places(context.title, self.gazetteer, context).mentions if titled else ()
        found = self._finder.find(text, places, context, topic)
        return Extraction(places, self._tagger.tag(text, found, context, scan.besides), found.pairs)
