"""The vocabulary and rules of collaboration, as `keywords.yaml` holds them.

A researcher edits words, not code: named groups of terms, shapes (how places and words stand to each other in a
sentence), rules that join the two, domains, and the rules of the policy tag. Validation is strict, because a group that
is empty, a term that stands twice or a rule that names no group would change a result without anybody noticing; what is
refused is told in `vocabulary_checks` (entries against each other), `terms` (a word) and `shapes` (a pattern).
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, ValidationInfo, model_validator

from config.model import Row
from config.vocabulary_checks import slips

TypeName = Literal["transfer", "co_build", "division", "innovation", "agreement", "other"]
DomainName = Literal["industry", "innovation", "transport", "ecology", "public_service", "planning", "other"]

# Groups the grammar itself reads; everything else is named by shapes, rules, domains and the policy tag.
REQUIRED_GROUPS = (
    "masked", "slogans", "speaker", "list_connectors", "with", "organ_tails", "collective", "jointly", "object_of",
    "place_of", "stage_of", "furthering", "outside", "abroad", "planned", "done", "negation", "proposal",
    "scholarly_source", "letters", "region_names", "region_word", "park_tails", "park_running", "organisations",
    "industrial_words", "mark_with", "mark_goal", "mark_source", "mark_place", "mark_target", "moved", "people",
    "calls_on", "mark_pivot", "mark_object", "share_of", "with_strongly", "with_plain", "mutual", "turning", "here",
    "region_again", "ended", "ban", "contributing", "addressing",
)  # fmt: skip


CHECKED = "checked"
"""The context in which entries are not held against each other again, because that was done before."""

Frame = Literal[
    "", "joint", "act", "move", "receive", "settle", "visit", "come", "site", "row", "contribute", "members"
]
"""How the parties of a verb stand to it; the modules of `extract.frames` describe each."""


class Rule(Row):
    """A pair rule: a term of one of the groups in `predicates`, with places in the roles of `frame` or of `shapes`.

    The pair is of `types`, in `domains` where the words around show none. `unless` names groups that must not stand in
    the matched words, `needs` groups of which each must in the sentence, `heads` groups one of whose terms the noun
    behind the other place must hold (加入北京医院医联体). `giver` is the unit that gives where a transfer names none
    (疏解 without a place is 北京's). `joint` says that the parties act as one, so that the provinces of the region
    together are region level and no pairs; `shares` that one side may be a list which goes on outside the region
    (北京、天津、江苏等地支援河北).

    `lists` says when a list of places acts together without 与: `alone` always, `near` when the verb is near or 共同
    or 三地 stands between, `marked` with 共同 only, `compound` when all are compounds (京津), `never`. `moves` asks of
    what moves that it can (企业, 医院), `governs` of who acts that it is a government and no organisation.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    frame: Frame = ""
    shapes: tuple[str, ...] = ()
    predicates: tuple[str, ...] = Field(min_length=1)
    types: tuple[TypeName, ...] = Field(min_length=1)
    domains: tuple[DomainName, ...] = ()
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    giver: str = ""
    joint: bool = False
    shares: bool = False
    lists: Literal["alone", "near", "marked", "compound", "never"] = "near"
    moves: bool = False
    governs: bool = False


class PolicyRule(Row):
    """A rule of the policy tag: one term of every group of `all` within `within` characters of one sentence.

    A term of `none` in that sentence turns the rule off. `level` is what it says where no pair does. `section` limits
    it to the title or to the text.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    all: tuple[str, ...] = Field(min_length=1)
    none: tuple[str, ...] = ()
    within: int = Field(gt=0, le=500, default=60)
    level: Literal["region", "none"] = "none"
    section: Literal["any", "title", "text"] = "text"
    weight: float = Field(gt=0, le=1, default=0.5)


class Vocabulary(Row):
    """Everything in `keywords.yaml`.

    Shapes are patterns over a sentence in which `<a>`, `<b>`, `<c>`, `<all>`, `<from>` and `<to>` are places or lists
    of places, `{group}` is any term of a group, `{predicate}` any term of the rule's groups, `~N` up to N characters of
    one clause without a place, `≈N` the same across commas, and `@N` the same across commas and past places that only
    say where (在…). `{speaker}` is a word by which the publisher names itself (本市). The rest is a regular expression.
    A place that a shape leaves out is the subject of the sentence or the publisher. `not_after` and `not_before` guard
    a term against a neighbouring character.
    """

    # Outer spaces are refused, not stripped: who wrote them in quotes meant something by them.
    model_config = ConfigDict(str_strip_whitespace=False)

    groups: dict[str, tuple[str, ...]]
    not_after: dict[str, str] = Field(default_factory=dict)
    not_before: dict[str, str] = Field(default_factory=dict)
    shapes: dict[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    domains: dict[DomainName, tuple[str, ...]]
    policy: tuple[PolicyRule, ...]

    @model_validator(mode="after")
    def _checked(self, info: ValidationInfo) -> Vocabulary:
        if info.context is not CHECKED:
            for slip in slips(self, REQUIRED_GROUPS):
                raise slip
        return self
