"""Any number of short documents, each another one, to measure time and memory: `python -m tests.many_documents N FILE`.

They are put together from the labelled passages of `tests/gold`, with numbers of their own, so that about as many of
them tell of collaboration as among those passages.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

GOLD = Path(__file__).resolve().parent / "gold"
_PLAIN = (
    "会议强调，要抓好安全生产。", "全市气温回升，空气质量良好。", "活动吸引{}人参加。", "项目总投资{}万元。",
    "记者{}日获悉。",
)  # fmt: skip


def documents(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """`count` rows of an import file, the same for the same seed; every second one tells of nothing but the weather."""
    chance = Random(seed)
    passages = [json.loads(line) for path in sorted(GOLD.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    for number in range(count):
        row = chance.choice(passages)
        sentences = [chance.choice(_PLAIN).format(chance.randrange(10_000)) for _ in range(chance.randint(2, 8))]
        if number % 2:
            sentences.insert(chance.randrange(len(sentences)), row["text"])
        yield {
            "id": str(number),
            "publisher": row["publisher"] or "",
            "title": f"{row['title'] or '要闻'}（{number}）",
            "date": f"{chance.randint(2000, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "text": f"第{number}号 " + "".join(sentences),
        }


def write(count: int, file: Path) -> None:
    """Write `count` rows to a gzipped import file."""
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=1) as lines:
        for row in documents(count):
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    write(int(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
