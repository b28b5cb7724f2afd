"""What a page says about its document outside the text: dates, source, number, issuers, as labels, tables and metas.

Labels are read wherever they stand (a cell and its neighbour, `来源：…` in a span, `[发文字号] …`), with the blanks
that typesetters put inside them (索 引 号). A value belongs to the nearest label on its left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from extract.dates import find_days, first_day
from extract.layout import Layout, Place
from extract.markup import fragment, lines, squeeze, tidy

Zone = Literal["before", "inside", "after", "script"]

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "published": (
        "发布日期", "发布时间", "时间发布", "发表时间", "发表日期", "公开日期", "公开时间", "公布日期", "公布时间",
        "发稿时间", "上网时间", "上网日期", "上传时间", "信息时间", "信息日期", "发布于", "刊发时间", "刊登日期",
        "发表于", "刊发于", "网上发布时间", "信息发布时间", "信息发布日期", "首次发布时间", "添加时间", "录入时间",
        "稿件时间", "公示时间", "回复时间", "答复时间", "发布", "发帖时间", "日志时间",
        "published", "publishedon", "posted", "postedon",
        "publicationdate", "publishdate", "publishtime",
    ),
    "dated": ("日期", "时间", "文章日期", "文章时间", "date", "time"),
    "updated": ("更新时间", "更新日期", "最后更新", "最后更新时间", "修改时间", "updated", "lastupdated", "update"),
    "written": (
        "成文日期", "成文时间", "发文日期", "发文时间", "签发日期", "签发时间", "印发日期", "印发时间", "制发日期",
        "制文日期", "形成日期", "公文日期",
    ),
    "generated": ("生成日期", "生成时间", "产生日期"),
    "source": (
        "来源", "信息来源", "文章来源", "稿件来源", "新闻来源", "内容来源", "资料来源", "消息来源", "稿源",
        "来稿单位", "供稿单位", "供稿", "信息提供", "发布来源", "文件来源", "文章出处", "出处", "来源单位",
        "信息来源单位", "转载自", "转自", "摘自", "媒体", "source", "sources", "from",
    ),
    "number": (
        "发文字号", "文号", "发文文号", "文件编号", "公文文号", "文件号", "文件文号", "公文字号", "文件字号",
        "发文号", "发布文号", "文件号码", "发文编号",
    ),
    "issuer": (
        "发文机关", "发文单位", "制发机关", "发文机构", "发文部门", "颁布单位", "制定机关", "颁发部门", "制文机关",
        "制发单位", "印发机关", "发布机关", "成文单位",
    ),
    "publisher": (
        "发布机构", "发布单位", "公开机构", "公开机关", "公开责任部门", "信息公开机构", "公开单位", "公开部门",
        "发布部门",
    ),
    "title": ("标题", "名称", "信息名称", "文件名称", "公文名称", "文件标题", "公文标题"),
    "other": (
        "索引号", "信息索引", "信息索引号", "主题分类", "主题词", "信息分类", "信息类别", "公开方式", "公开范围",
        "公开类别", "公开形式", "有效性", "效力状态", "时效性", "是否有效", "有效期", "生效日期", "生效时间",
        "实施日期", "施行日期", "失效日期", "失效时间", "废止日期", "废止时间", "体裁分类", "组配分类", "服务对象",
        "内容概述", "关键词", "关键字", "信息发布人", "浏览次数", "阅读次数", "访问次数", "点击数", "点击次数",
        "点击率", "点击量", "浏览量", "阅读量", "阅读", "浏览", "点击", "字体", "字号", "字体大小", "作者", "编辑",
        "责任编辑", "责编", "审核", "审核人", "校对", "记者", "打印", "分享", "分享到", "收藏", "附件", "栏目",
        "分类", "文件类型", "载体类型", "开始时间", "结束时间", "文种", "语种", "备注", "信息编号", "登记号",
        "统一编号", "规范性文件编号", "公文种类", "年号", "序号", "文件有效性", "信息状态", "录入人", "发布人",
        "撰稿", "摄影", "来信时间", "留言时间", "提问时间", "受理时间", "办理时间", "信件编号", "回复单位",
        "答复单位", "访问统计", "浏览数", "author", "editor", "views", "hits", "click", "clicks", "视力保护色",
        "保护视力色", "背景色", "背景",
    ),
}  # fmt: skip
"""Labels by what they give. `dated` alone is a weak publication date; `other` only ends the value before it."""

_OF: Final = {label: field for field, labels in FIELDS.items() for label in labels}
_GAP: Final = r"[\s\u00a0]{0,6}"


def _any_of(labels: Iterable[str]) -> str:
    """A pattern of any of the labels, the longest first, with gaps inside them: a tree by their first characters.

    A pattern that names them one after the other tries hundreds at each character of a text.
    """
    tails: dict[str, list[str]] = {}
    for label in labels:
        if label:
            tails.setdefault(label[0], []).append(label[1:])
    branches = []
    for first, rest in tails.items():
        longer = _any_of(rest) if any(rest) else ""
        longer = f"{_GAP}{longer}" if longer else ""
        branches.append(first + (f"(?:{longer})?" if longer and "" in rest else longer))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


_WORDS: Final = _any_of(_OF)
_MARKED: Final = re.compile(r"[:：∶︰﹕】\]〕]|发[布表](?:于|日期|时间)")
"""What every label inside a line has: a cheap look before the search for all of them."""
_LABEL: Final = re.compile(
    rf"(?<![\u4e00-\u9fffA-Za-z])[\[【〔(（]?(?P<label>{_WORDS})(?:{_GAP}[】\]〕)）]?{_GAP}[:：∶︰﹕][\s\u00a0]*|[】\]〕][\s\u00a0]*)"
    rf"|(?P<bare>发[布表](?:于|日期|时间))[\s\u00a0]*(?=(?:19|20)\d\d)",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(rf"[\[【〔]?(?P<label>{_WORDS}){_GAP}[】\]〕]?{_GAP}[:：∶︰﹕]?", re.IGNORECASE)
_LONGEST_ALONE: Final = 40
_AROUND: Final = "[【〔】]〕:：∶︰﹕"
_SIMPLE: Final = str.maketrans(
    "發佈來時間標題關機號單記編輯稱類區點擊閱讀瀏覽數責審體簽頒載",
    "发布来时间标题关机号单记编辑称类区点击阅读浏览数责审体签颁载",
)
"""Traditional characters of the labels, each for its simplified form."""
_TRADITIONAL: Final = re.compile(f"[{''.join(map(chr, _SIMPLE))}]")
_UNKNOWN_LABEL: Final = re.compile(r"[\s【\[(（|｜][\u4e00-\u9fff]{2,6}[\s\u00a0]?[:：]")
_NOTHING: Final = frozenset(
    {
        "",
        "无",
        "暂无",
        "-",
        "--",
        "---",
        "—",
        "——",
        "/",
        "空",
        "null",
        "NULL",
        "None",
        "undefined",
        "(无)",
        "（无）",
        "0",
        "、",
    }
)
_WRITTEN_OUT: Final = re.compile(
    r"document\s*\.\s*write(?:ln)?\s*\(\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)')\s*\)"
)
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_MAX_FRAGMENT: Final = 600
_LONG_SCRIPT: Final = 50_000
_EDGE: Final = 20
_MOST_FRAGMENTS: Final = 3000


class Fragment(NamedTuple):
    """A piece of the page outside the article: one block, a tab where inline elements meet."""

    text: str
    element: Place | None
    zone: Zone
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's value and where it stood. `tabular` tells a metadata table or list from a line of text."""

    field: str
    value: str
    zone: Zone
    tabular: bool
    at: int
    value_at: int


def fragments(layout: Layout, body: int | None, body_text: str) -> tuple[Fragment, ...]:
    """The pieces of the page that are not the article, in order, each with its place relative to the article.

    Lines that stand in the article's container without being part of its text (the line of date and source) come as
    `inside`; text that scripts write into the page as `script`.
    """
    found: list[Fragment] = []
    start = body if body is not None else len(layout.tags)
    inside: list[int] = []
    end = layout.ends[start] if body is not None else 0
    for line, (place, owner, linked) in enumerate(zip(layout.places, layout.owners, layout.linked, strict=True)):
        if start <= owner < end:
            inside.append(line)
        elif len(text := layout.text(line)) <= _MAX_FRAGMENT:
            found.append(Fragment(text, Place(layout, owner), "before" if place <= start else "after", linked))
    if len(found) > _MOST_FRAGMENTS:
        after = next((at for at, piece in enumerate(found) if piece.zone == "after"), len(found))
        half = _MOST_FRAGMENTS // 2
        found = found[max(0, after - half) : after + half]
    edges = inside if len(inside) <= 2 * _EDGE else inside[:_EDGE] + inside[-_EDGE:]
    words = squeeze(body_text)
    begun = False
    for line in edges:
        if layout.plain[line] in words:
            begun = True
        elif len(text := layout.text(line)) <= _MAX_FRAGMENT:
            element = Place(layout, layout.owners[line])
            found.append(Fragment(text, element, "after" if begun else "inside", layout.linked[line]))
    found.extend(Fragment(written, None, "script") for written in _written_by_scripts(layout))
    return tuple(found)


def _written_by_scripts(layout: Layout) -> Iterator[str]:
    """The Chinese texts that the page's scripts write into it by `document.write`."""
    for _, source in layout.apart["script"]:
        if "document" not in source or len(source) >= _LONG_SCRIPT:
            continue
        for match in _WRITTEN_OUT.finditer(source):
            text = match.group(1) or match.group(2) or ""
            if text and len(text) < _MAX_FRAGMENT and _HAN.search(text):
                yield " ".join(line.text for line in lines(fragment(text.replace("\\", ""))))


def labelled(found: tuple[Fragment, ...]) -> tuple[Labelled, ...]:
    """Every label of `FIELDS` with its value, in the order of the page."""
    return tuple(_read_labels(found))


def values(found: Iterable[Labelled], field: str) -> Iterator[Labelled]:
    """The values of one field that say something (无 and dashes do not)."""
    for item in found:
        if item.field == field and squeeze(item.value) not in _NOTHING:
            yield item


def has_label(text: str) -> bool:
    """Whether a piece of text holds any known label, or is one."""
    return next(_labels_in(text), None) is not None or _alone(text) is not None


def _simplified(text: str) -> str:
    return text.translate(_SIMPLE) if _TRADITIONAL.search(text) else text


def _labels_in(text: str) -> Iterator[re.Match[str]]:
    if _MARKED.search(text):
        yield from _LABEL.finditer(_simplified(text))


def _alone(text: str) -> re.Match[str] | None:
    """The label that a text is, where it is one and nothing else."""
    if len(text) > _LONGEST_ALONE:
        return None
    text = _simplified(text)
    # Most pieces are no label: that is seen without the pattern.
    return _ALONE.fullmatch(text) if "".join(text.split()).strip(_AROUND).lower() in _OF else None


def _read_labels(found: tuple[Fragment, ...]) -> Iterator[Labelled]:
    for at, piece in enumerate(found):
        alone = _alone(piece.text)
        if alone is not None:
            value = _next_value(found, at)
            if value is not None:
                yield Labelled(_field(alone), value, piece.zone, True, at, at + 1)
            continue
        matches = list(_labels_in(piece.text))
        for index, match in enumerate(matches):
            end = matches[index + 1].start() if index + 1 < len(matches) else len(piece.text)
            value = piece.text[match.end() : end].strip()
            value_at = at
            if not value and index + 1 == len(matches):
                value, value_at = _next_value(found, at) or "", at + 1
            if value:
                tabular = piece.element is not None and _is_cell(piece.element)
                yield Labelled(_field(match), value, piece.zone, tabular, at, value_at)


def _field(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return _OF.get("".join((groups["label"] or groups.get("bare") or "").split()).lower(), "other")


def _next_value(found: tuple[Fragment, ...], at: int) -> str | None:
    """The piece after a label that stands alone, if it stands beside it and is no label itself."""
    if at + 1 >= len(found):
        return None
    here, following = found[at], found[at + 1]
    if here.element is None or following.element is None or here.zone != following.zone:
        return None
    if _alone(following.text) or _LABEL.match(_simplified(following.text)):
        return None
    if following.element in (here.element, here.element.above()):
        return following.text
    return following.text if following.element.above() in tuple(here.element.ancestors(3)) else None


def _is_cell(element: Place) -> bool:
    if element.tag in ("td", "th", "dt", "dd", "li"):
        return True
    return any(ancestor.tag in ("td", "th", "dd", "dl") for ancestor in element.ancestors(3))


def clean_source(value: str) -> str | None:
    """The name in a source value: without the next label, buttons, a date, and quotation of its own label."""
    value = re.sub(r"^[\s:：\[【〔]+", "", value)
    value = next((part for part in re.split(r"[\t|｜\n]", value) if part.strip()), "")
    if match := _UNKNOWN_LABEL.search(value):
        value = value[: match.start()]
    if day := next(find_days(value), None):
        value = value[: day.start] if day.start else value[day.end :]
        value = re.sub(r"^[\s\d:：]+", "", value)
    value = re.split(
        r"\s+(?:字号|字体|打印|浏览|点击|分享|阅读|责任编辑|编辑|作者|关闭|收藏|发布|时间|日期)|【|\[|<", value
    )[0]
    value = value.strip(" \u3000\t,，;；。.:：-—|】]")
    while value.startswith(("(", "（")) and value.endswith((")", "）")) and len(value) > 2:
        value = value[1:-1].strip()
    plain = squeeze(value)
    if plain in _NOTHING or len(plain) > 60 or not re.search(r"[\u4e00-\u9fffA-Za-z]", plain):
        return None
    if value.startswith(("http://", "https://")) or "=" in value:
        return None
    return value


_MEDIUM: Final = re.compile(
    r"(?:网|报|[通新]讯社|新华社|电视台|电台|广播|频道|在线|客户端|杂志|周刊|公众号|发布|融媒|党建|原创|宣传部)$|^《[^《》]{2,20}》$"
)


def stamped_source(text: str, following: str = "") -> str | None:
    """The name that stands without a label right behind the date of a short line (2020年5月6日 10:00　甲市日报).

    `following` is the next piece of the page: it counts where the line is nothing but a date.
    """
    found = next(find_days(text), None)
    if found and found.start == 0 and not _CLOCK.sub("", text[found.end :]):
        text = f"{text}\t{following}"
    if found is None or found.start > _STAMP_AT or len(text) > _STAMP_LENGTH:
        return None
    rest = _CLOCK.sub("", text[found.end :])
    name = next((part for part in re.split(r"[\t\s|｜]+", rest) if part), "").strip(" 【】[]()（）,，;；。")
    plain = squeeze(name)
    if not 2 <= len(plain) <= _LONGEST_MEDIUM or has_label(name + "：") or ":" in plain or "：" in plain:
        return None
    return name if _MEDIUM.search(plain) or is_organisation(plain) else None


_CLOCK: Final = re.compile(r"^[\s\dT:：.日]*(?:[AaPp][Mm])?\s*(?:星期[一二三四五六日天])?[\s\]】)）]*")
_STAMP_AT: Final = 40
_STAMP_LENGTH: Final = 120
_LONGEST_MEDIUM: Final = 20


def clean_title(value: str) -> str:
    """A title without the markup that some CMS put into its meta."""
    if "<" in value or "&" in value:
        value = " ".join(line.text for line in lines(fragment(value)))
    return tidy(value).strip("\u3000 ")


_SEPARATORS: Final = re.compile(r"[、，,;；/|\t]|\s+(?=[\u4e00-\u9fff])")
_ORGANISATION: Final = re.compile(
    r"(?:政府|委员会|委|厅|局|部|院|办公室|办|会|署|总署|总局|银行|中心|公司|集团|法院|检察院|军区|海关|大学|学院|处|所|站|协会|联合会|党组|人大|政协|指挥部|领导小组|管委会|外汇局|证监会|医保局|组|社)$"
)


def is_organisation(text: str) -> bool:
    """Whether a short text ends as the names of public bodies end."""
    plain = re.sub(r"[（(][^（）()]*[）)]$", "", squeeze(text))
    return 2 <= len(plain) <= 40 and _ORGANISATION.search(plain) is not None and not re.search("[。；！？：:]", plain)


def split_issuers(value: str) -> tuple[str, ...]:
    """The bodies named in a value (国务院办公厅、中央军委办公厅), in order and once each.

    Typesetting blanks inside one name (国 务 院) are taken out; a blank between two names separates them.
    """
    value = value.strip()
    if re.fullmatch(r"(?:[\u4e00-\u9fff][\s\u3000]+)+[\u4e00-\u9fff]", value):
        value = squeeze(value)
    parts = [squeeze(part).strip("。.:：") for part in _SEPARATORS.split(value)]
    names: list[str] = []
    for part in parts:
        if not part or part in _NOTHING:
            continue
        if names and not is_organisation(names[-1]) and not is_organisation(part) and len(names[-1]) < 2:
            names[-1] += part
        else:
            names.append(part)
    return tuple(dict.fromkeys(name for name in names if 2 <= len(name) <= 40))


_NUMBER: Final = re.compile(
    r"(?P<letters>[\u4e00-\u9fffA-Za-z0-9·（）()]{0,24}?[\u4e00-\u9fff])"
    r"(?:[〔\[［【（(﹝〖「]?\s*(?P<year>(?:19|20)\d\d)\s*年?[〕\]］】）)﹞〗」]?\s*(?:第|字第)?\s*(?P<serial>\d{1,5}(?:[-—]\d{1,3})?)\s*号)"
)
_ORDER_NUMBER: Final = re.compile(
    r"(?P<letters>[\u4e00-\u9fff（）()]{0,30}?(?:令|公告|通告|公报))?[（(]?(?:(?:19|20)\d\d年)?第\s*(?P<serial>\d{1,5}|[一二三四五六七八九十百〇零]{1,7})\s*号[）)]?"
)
_BRACKETS: Final = str.maketrans("[［【（(﹝〖「]］】）)﹞〗」", "〔" * 8 + "〕" * 8)


def clean_number(value: str) -> str | None:
    """A document number as written, blanks taken out and the year in 〔〕; None for 无 and for what is no number."""
    plain = squeeze(value.split("\t")[0]).translate(_WIDE_DIGITS).strip("。；;，,")
    if plain in _NOTHING or len(plain) > 60 or not re.search(r"\d|[一二三四五六七八九十]", plain):
        return None
    if re.fullmatch(r"[（(〔\[].*[）)〕\]]", plain) and (inner := clean_number(plain[1:-1])):
        return inner
    match = _NUMBER.search(plain)
    if match and match.start() == 0:
        return _YEAR.sub(r"〔\1〕", match.group())
    return plain if "号" in plain else None


_WIDE_DIGITS: Final = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_YEAR: Final = re.compile(r"[\[［【（(﹝〖「〔]((?:19|20)\d\d)年?[\]］】）)﹞〗」〕]")


def number_line(text: str) -> str | None:
    """The number of a line that is nothing but a document number (京政发〔2020〕1号), else None."""
    plain = squeeze(text).strip("（）()[]【】")
    if not 5 <= len(plain) <= 45 or _NUMBER.fullmatch(plain) is None:
        return None
    return clean_number(plain)


def order_number(text: str) -> str | None:
    """The number in a line such as 第706号 or 国务院令第706号, else None."""
    plain = squeeze(text).strip("（）()")
    return plain if len(plain) <= 40 and _ORDER_NUMBER.fullmatch(plain) else None


def day_in(value: str) -> date | None:
    """The first day in a label's value, which must come early: a date far into it belongs to something else."""
    found = next(find_days(value), None)
    return found.day if found and found.start <= 12 else None


_PUBLISHED_METAS: Final = (
    "pubdate", "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "article:published_time",
    "og:published_time", "og:release_date", "firstpublishedtime", "datepublished", "dc.date.issued", "dcterms.issued",
    "dc.date", "weibo:article:create_at", "weibo: article:create_at", "bytedance:published_time", "parsely-pub-date",
    "sailthru.date", "releasedate", "publicdate", "_pubdate", "apub:time",
)  # fmt: skip
_MADE_METAS: Final = ("others", "maketime", "createdate", "generatetime")
_JSON_DATE: Final = re.compile(
    r"[\"'](?:datePublished|pubDate|publishDate|publish_time|pubtime|publishTime)[\"']\s*:\s*[\"']([^\"']{8,40})[\"']",
    re.IGNORECASE,
)


def meta_day(found: Mapping[str, str]) -> date | None:
    """The publication day of the metas, unless it is the moment at which the page was generated.

    UCAP pages put the time of generation into PubDate and repeat it as 页面生成时间: that is no publication date.
    """
    made = " ".join(found.get(name, "") for name in _MADE_METAS)
    for name in _PUBLISHED_METAS:
        content = found.get(name, "")
        day = first_day(content)
        if day is None:
            continue
        if ":" in content and len(content) >= 16 and content in made:
            continue
        return day
    return None


def scripted_day(layout: Layout) -> date | None:
    """The publication day in structured data (JSON-LD and the like) or in a `time` element."""
    for has, text in layout.apart["script"]:
        kind = has.get("type", "").lower()
        if "json" in kind and len(text) < 200_000 and (match := _JSON_DATE.search(text)):
            return first_day(match.group(1))
    for has, _ in layout.apart["time"]:
        if day := first_day(has.get("datetime", "")):
            return day
    return None
