"""What a rule found in a sentence: which lists of places play which part, before anybody asks for pairs."""

from __future__ import annotations

from dataclasses import dataclass

from config.vocabulary import Rule


@dataclass(frozen=True, slots=True)
class Statement:
    """A rule that fired: which groups of the sentence play which role (by index), and the span of its words.

    `construction` says how a frame found its parties (`sides`, `together`, `toward` …; empty for a shape). `spoken`
    says that the speaker names itself (本市与…) and is a party although no place stands there. Where a role is missing,
    `subject` is the group that the sentence means, and `furthered` one that it may mean if no speaker is known.
    """

    rule: Rule
    roles: dict[str, int]
    start: int
    end: int
    construction: str = ""
    spoken: bool = False
    subject: int | None = None
    furthered: int | None = None

    @property
    def name(self) -> str:
        """The rule with its construction, as evidence rows and reports name it."""
        return f"{self.rule.name}-{self.construction}" if self.construction else self.rule.name
