"""Bodies whose names hold a place (北京 … 大学, 天津港集团): there it stands for its home unit, and only for it."""

from __future__ import annotations

import re

from extract.candidates import Word
from extract.gazetteer import Gazetteer

# Where the name of a body cannot go on: punctuation, the words that join phrases, and verbs of the policy language.
_NAME_STOP = re.compile(
    r"[\s，。；：、！？,.;:!?()（）《》〈〉“”\"‘’—…<>【】\[\]|/]|"
    r"与|(?<!协|颐|永|太)和|及|向|在|将|对(?!外)|是|为|从|到|等|以|由|把|被|了|着|赴|至|于|的|"
    r"建设|打造|加快|推进|推动|举[行办]|召开|承接|转移|疏解|入驻|签约|签署|签订|落户|开展|设立|成立|投资|对接|合作|协同|研发|"
    r"转化|布局|两地|三地|多[所家个名]|\d|市属|省属|企业|优质|居民|市民|来自|迁|共建|联合|支持|服务[^中有]|组建|组成|建立|托管|帮扶|携手|牵手|联手|结对|选派|派驻|派出|邀请|加入"
)
_IN_BRACKETS_BEHIND = re.compile("(?:大学|学院|医院|公司|集团|中心|研究院|研究所)[(（]$")
_NAME_LENGTH = 18
_LOOKAHEAD = 6


def mark_bodies(words: list[Word], text: str, gazetteer: Gazetteer) -> None:
    """Give the kind `organisation` to every settled place that is part of the name of a body."""
    following: Word | None = None
    for word in reversed(words):
        if word.code and word.entry.role in ("unit", "compound") and _in_a_body(word, following, text, gazetteer):
            word.kind = "organisation"
        following = word


def _in_a_body(word: Word, following: Word | None, text: str, gazetteer: Gazetteer) -> bool:
    if gazetteer.suffixes["organisation_at_once"].match(text, word.end):
        return True
    limit = min(len(text), word.end + _NAME_LENGTH)
    if following is not None and following.code:
        limit = min(limit, following.start)
    stop = _NAME_STOP.search(text, word.end, limit)
    end = stop.start() if stop else limit
    if end > word.end:
        found = gazetteer.suffixes["organisation"].search(text, word.end, end + _LOOKAHEAD)
        if found is not None and found.end() <= end:
            return True
    together = following is not None and following.start == word.end and following.kind == "organisation"
    if together and following is not None and word.entry.role == "unit":
        return following.code == word.code or word.code in gazetteer.above(following.code)
    return text[word.end : word.end + 1] in ("）", ")") and bool(
        _IN_BRACKETS_BEHIND.search(text, max(0, word.start - 6), word.start)
    )
