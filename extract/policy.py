"""Whether a text tells of collaboration policy in the region, at which level, and of what kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.vocabulary import PolicyRule, Vocabulary
from extract.clauses import sentences_at
from extract.coordination import Relations
from extract.lexicon import Hit, Lexicon
from extract.model import CollaborationType, Context, Domain, Level, Match, Pair, PolicyTag
from extract.pairs import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES: tuple[CollaborationType, ...] = ("transfer", "co_build", "division", "innovation", "agreement", "other")
_DOMAINS: tuple[Domain, ...] = (
    "industry", "innovation", "transport", "ecology", "public_service", "planning", "other",
)  # fmt: skip
_MOST_MATCHES = 200
_NOTHING = PolicyTag(False, False, "none", (), (), 0.0, ())


def opening_terms(vocabulary: Vocabulary) -> frozenset[str]:
    """The terms of which one stands in every sentence that a rule of the policy tag can fire on."""
    terms = {term for rule in vocabulary.policy for term in vocabulary.groups[rule.all[0]]}
    return frozenset(terms.union(vocabulary.groups["region_again"] if vocabulary.groups["region_names"] else ()))


class PolicyTagger:
    """The rules of the policy tag over one vocabulary; built once, then pure."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Relations) -> None:
        self._rules = vocabulary.policy
        self._gazetteer = gazetteer
        asked = {group for rule in self._rules for group in (*rule.all, *rule.none)}
        self._lexicon = Lexicon(vocabulary, asked | {"region_again"})
        self._region = vocabulary.groups["region_names"]
        self._openings = tuple(opening_terms(vocabulary))
        self._industry = vocabulary.groups["industrial_words"]
        self._services = tuple(
            term
            for domain in ("transport", "ecology", "public_service")
            for group in vocabulary.domains.get(domain, ())
            for term in vocabulary.groups[group]
        )

    def tag(self, text: str, found: Found, context: Context, opened: Sequence[int]) -> PolicyTag:
        """The tag of a text whose pairs and region-level statements are known, and where `opening_terms` stand in it.

        `score` is 1 − Π(1 − w) over what speaks for policy: 0.6 for each of the first three pairs, 0.7 for a joint act
        of the provinces, and the weight of each rule of the vocabulary that fired; a text is policy when one did.
        """
        if not (found.pairs or found.region or opened or context.title):
            return _NOTHING
        matches: list[Match] = [
            Match(pair.rule, pair.evidence.start, pair.evidence.end, pair.evidence.text) for pair in found.pairs
        ]
        weights = [0.6] * min(3, len(found.pairs)) + [0.7] * min(1, len(found.region))
        matches += [Match(act.rule, act.evidence.start, act.evidence.end, act.evidence.text) for act in found.region]
        region = bool(found.region)
        fired: dict[str, float] = {}
        for rule, match in self._fired(text, context, opened):
            matches.append(match)
            fired[rule.name] = rule.weight
            region = region or rule.level == "region"
        if not matches:
            return PolicyTag(False, self._industrial(text, context.title, (), set()), "none", (), (), 0.0, ())
        weights += [fired[name] for name in sorted(fired)]
        rest = 1.0
        for weight in weights:
            rest *= 1 - weight
        types = {kind for pair in found.pairs for kind in pair.types} | {t for act in found.region for t in act.types}
        domains = {domain for pair in found.pairs for domain in pair.domains}
        matches = sorted(dict.fromkeys(matches), key=lambda match: (match.start, match.end, match.rule))
        return PolicyTag(
            policy=True,
            industrial=self._industrial(text, context.title, matches, types),
            level=self._level(found.pairs, region),
            types=tuple(kind for kind in _TYPES if kind in types),
            domains=tuple(domain for domain in _DOMAINS if domain in domains),
            score=round(1 - rest, 4),
            matched=tuple(matches[:_MOST_MATCHES]),
        )

    def _industrial(self, text: str, title: str, matches: Sequence[Match], types: set[CollaborationType]) -> bool:
        """Whether it is industry that collaborates.

        Firms move or divide their work, the matched words say so, or the title and the paragraphs around the statements
        speak of industry at least as much as of transport, ecology or public services.
        """
        if not (title or matches):
            return False
        if types & {"transfer", "division"} or any(term in match.text for match in matches for term in self._industry):
            return True
        reach = "\n".join([title, *_paragraphs(text, matches)])
        industry = self._count(reach, self._industry)
        return industry > 0 and industry >= self._count(reach, self._services)

    @staticmethod
    def _count(text: str, terms: Sequence[str]) -> int:
        return sum(text.count(term) for term in terms)

    def _level(self, pairs: Sequence[Pair], region: bool) -> Level:
        best: Level = "region" if region else "none"
        rank = {"none": -1, "region": 0, "province": 1, "city": 2, "county": 3}
        for pair in pairs:
            for code in (pair.a, pair.b):
                level = self._gazetteer.level(code)
                if rank[level] > rank[best]:
                    best = level  # type: ignore[assignment]
        return best

    def _fired(self, text: str, context: Context, opened: Sequence[int]) -> Iterator[tuple[PolicyRule, Match]]:
        sections = [("text", text, opened)]
        title = context.title
        if title and any(term in title for term in self._openings) and title not in text:
            sections.append(("title", title, [at for at in range(len(title)) if title.startswith(self._openings, at)]))
        regional: bool | None = None
        for section, words, positions in sections:
            for start, end in sentences_at(words, positions):
                hits = self._lexicon.hits(words[start:end])
                present = {hit.group for hit in hits}
                if "region_again" in present:
                    if regional is None:
                        regional = any(term in context.title or term in text for term in self._region)
                    again = "region_word" if regional else "region_again"
                    hits = [hit._replace(group=again) if hit.group == "region_again" else hit for hit in hits]
                    present = {hit.group for hit in hits}
                for rule in self._rules:
                    if rule.section not in ("any", section):
                        continue
                    if not present.issuperset(rule.all) or not present.isdisjoint(rule.none):
                        continue
                    span = _together(hits, rule)
                    if span is not None:
                        left, right = (span[0] + start, span[1] + start) if section == "text" else (0, 0)
                        quoted = words[start + span[0] : start + span[1]]
                        yield rule, Match(rule.name, left, right, quoted)


def _paragraphs(text: str, matches: Sequence[Match]) -> list[str]:
    """The lines in which matches stand, each with the line after it, which tells what was agreed."""
    begins = sorted({text.rfind("\n", 0, match.start) + 1 for match in matches})
    lines: dict[int, str] = {}
    for begin in begins:
        for _ in range(2):
            end = text.find("\n", begin)
            end = len(text) if end < 0 else end
            lines[begin] = text[begin:end]
            if end == len(text):
                break
            begin = end + 1
    return [lines[begin] for begin in sorted(lines)]


def _together(hits: Sequence[Hit], rule: PolicyRule) -> tuple[int, int] | None:
    """The first stretch that holds a term of every group of `rule.all`, no longer than `rule.within`."""
    first, *others = rule.all
    for hit in hits:
        if hit.group != first:
            continue
        left, right = hit.start, hit.end
        for group in others:
            near = min(
                (
                    other
                    for other in hits
                    if other.group == group and (other.end <= hit.start or other.start >= hit.end)
                ),
                key=lambda other: (max(right, other.end) - min(left, other.start), other.start),
                default=None,
            )
            if near is None:
                break
            left, right = min(left, near.start), max(right, near.end)
        else:
            if right - left <= rule.within:
                return left, right
    return None
