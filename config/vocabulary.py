"""The vocabulary and rules of collaboration, as `keywords.yaml` holds them.

A researcher edits words, not code: named groups of terms, shapes (how places and words stand to each other in a
sentence), rules that join the two, domains, and the rules of the policy tag. Validation is strict, because a group that
is empty, a term that stands twice or a rule that names no group would change a result without anybody noticing.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from config.model import Row

TypeName = Literal["transfer", "co_build", "division", "innovation", "agreement", "other"]
DomainName = Literal["industry", "innovation", "transport", "ecology", "public_service", "planning", "other"]
ROLES = ("a", "b", "c", "all", "from", "to")

# Groups the grammar itself reads; everything else is named by shapes, rules, domains and the policy tag.
REQUIRED_GROUPS = (
    "masked", "slogans", "speaker", "list_connectors", "with", "organ_tails", "collective", "jointly", "object_of",
    "place_of", "stage_of", "furthering", "outside", "abroad", "planned", "done", "negation", "proposal",
    "scholarly_source", "letters", "region_names", "region_word", "park_tails", "park_running", "organisations",
    "industrial_words",
)  # fmt: skip

_REFERENCE = re.compile(r"\{([^{}\d][^{}]*)\}")
_ROLE = re.compile(r"<([^<>=!]+)>")


class Rule(Row):
    """A pair rule: places stand in one of `shapes` to a term of one of the groups in `predicates`.

    The pair is of `types`. `unless` names groups that must not stand in the matched words, `needs` groups of which each
    must in the sentence; `giver` is the unit that gives where a transfer names none (疏解 without a place is 北京's);
    `domains` is used where the words around show no domain. `joint` says that the parties act as one, so that the
    provinces of the region together are region level and no pairs; `shares` that one side may be a list which goes on
    outside the region (北京、天津、江苏等地支援河北).
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    shapes: tuple[str, ...] = Field(min_length=1)
    predicates: tuple[str, ...] = Field(min_length=1)
    types: tuple[TypeName, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    giver: str = ""
    domains: tuple[DomainName, ...] = ()
    joint: bool = False
    shares: bool = False


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

    groups: dict[str, tuple[str, ...]]
    not_after: dict[str, str] = Field(default_factory=dict)
    not_before: dict[str, str] = Field(default_factory=dict)
    shapes: dict[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    domains: dict[DomainName, tuple[str, ...]]
    policy: tuple[PolicyRule, ...]

    @field_validator("groups")
    @classmethod
    def _terms(cls, groups: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for name, terms in groups.items():
            if not terms:
                raise ValueError(f"group {name} is empty; give it a term or remove it")
            if blank := [term for term in terms if not term or term != term.strip()]:
                raise ValueError(f"group {name} holds a blank term or one with outer spaces: {blank[0]!r}")
            if twice := sorted({term for term in terms if terms.count(term) > 1}):
                raise ValueError(f"group {name} holds {', '.join(twice)} twice; keep one")
        if lost := [name for name in REQUIRED_GROUPS if name not in groups]:
            raise ValueError(f"group {', '.join(lost)} is missing; the grammar needs it")
        return groups

    @model_validator(mode="after")
    def _references(self) -> Vocabulary:
        def known(where: str, names: tuple[str, ...]) -> None:
            if lost := [name for name in names if name not in self.groups]:
                raise ValueError(
                    f"{where} names group {lost[0]!r}, which does not exist; known: {', '.join(self.groups)}"
                )

        for name, patterns in self.shapes.items():
            if not patterns:
                raise ValueError(f"shape {name} is empty; give it a pattern or remove it")
            for pattern in patterns:
                known(f"shape {name}", tuple(g for g in _REFERENCE.findall(pattern) if g != "predicate"))
                if strange := [role for role in _ROLE.findall(pattern) if role not in ROLES]:
                    raise ValueError(f"shape {name} has role <{strange[0]}>; known: {', '.join(ROLES)}")
                try:
                    re.compile(re.sub(r"[~≈@]\d+", ".", _REFERENCE.sub("x", _ROLE.sub("x", pattern))))
                except re.error as error:
                    raise ValueError(f"shape {name}: {pattern!r} is no pattern: {error}") from None
        seen: set[str] = set()
        for name in (*(rule.name for rule in self.rules), *(rule.name for rule in self.policy)):
            if name in seen:
                raise ValueError(f"rule {name} stands twice; rename one")
            seen.add(name)
        for pair_rule in self.rules:
            known(f"rule {pair_rule.name}", (*pair_rule.predicates, *pair_rule.unless, *pair_rule.needs))
            if lost := [name for name in pair_rule.shapes if name not in self.shapes]:
                raise ValueError(
                    f"rule {pair_rule.name} names shape {lost[0]!r}, which does not exist; "
                    f"known: {', '.join(self.shapes)}"
                )
        for tag_rule in self.policy:
            known(f"policy rule {tag_rule.name}", (*tag_rule.all, *tag_rule.none))
        for domain, names in self.domains.items():
            known(f"domain {domain}", names)
        return self
