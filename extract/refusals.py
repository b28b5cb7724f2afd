"""What a statement must not be: negated, ended, forbidden, proposed, a letter's wish, a scholar's scenario."""

from __future__ import annotations

from collections.abc import Sequence

from config.vocabulary import Vocabulary
from extract.lexicon import Hit
from extract.model import Context, Pair
from extract.roles import Scene
from extract.statements import Statement

_NEGATED = 4
_BANNED = 24
_ENDED = 30
_BEHIND = 6
_OPENING = 40
_WRITER = 12


class Refusals:
    """Tells what kind of words takes a statement back; built once from a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._letters = vocabulary.groups["letters"]
        self._addressing = vocabulary.groups["addressing"]
        self._scholars = vocabulary.groups["scholarly_source"]

    def is_letter(self, text: str, context: Context) -> bool:
        """Whether a text is a citizen's letter or an answer to one."""
        return any(word in context.publisher_name or word in text[:_OPENING] for word in self._letters)

    def addresses(self, scene: Scene, statement: Statement) -> bool:
        """Whether words of a letter speak of or to its writer, rather than of what is done."""
        words = scene.text[max(scene.start, statement.start - _WRITER) : statement.end]
        return any(word in words for word in self._addressing)

    def is_scholarly(self, context: Context) -> bool:
        """Whether a text is a study, whose plans are its author's."""
        return any(word in context.title or word in context.publisher_name for word in self._scholars)

    def proposes(self, text: str, start: int, hits: Sequence[Hit]) -> bool:
        """Whether a sentence proposes or asks; not where the word stands inside 《》, as in 《…规划的建议》."""
        for hit in hits:
            if hit.group == "proposal":
                at = start + hit.start
                if text.rfind("《", start, at) <= text.rfind("》", start, at):
                    return True
        return False

    def refuses(self, scene: Scene, statement: Statement) -> bool:
        """Whether the words in and around a statement take it back, or its rule does not go with them."""
        left, right = statement.start - scene.start, statement.end - scene.start
        return (
            any(hit.start >= left - _ENDED for hit in scene.of("ended"))
            or any(left - _NEGATED <= hit.start and hit.end <= right for hit in scene.of("negation"))
            or any(left - _BANNED <= hit.start < right for hit in scene.of("ban"))
            or any(left <= hit.start and hit.end <= right + _BEHIND for hit in scene.of(*statement.rule.unless))
        )

    def imagines(self, scene: Scene, pair: Pair) -> bool:
        """Whether a study tells of what its author would have done, and not of something done, or done together."""
        start, end = pair.evidence.start - scene.start, pair.evidence.end - scene.start
        told = any(start <= hit.start < end for hit in scene.of("done", "jointly"))
        return pair.status == "planned" or not told
