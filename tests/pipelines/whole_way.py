"""All stages over a data folder, as a process that can be killed at any of its steps.

`python -m tests.pipelines.whole_way DATA REGION [STEP]`: a step is one call of a function of `pipelines` or
`warehouse`; at step STEP the process kills itself (SIGKILL). It prints the number of steps when it lives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from config.loader import Region, load_region
from pipelines import stages
from warehouse.exports import export

OURS = tuple(f"{os.sep}{folder}{os.sep}" for folder in ("pipelines", "warehouse"))


def run(data: Path, region: Region, workers: int = 1, files: tuple[Path, ...] = ()) -> stages.Published:
    """Index, read, import, extract, publish, export."""
    stages.index_archive(data, region)
    stages.read_pages(data, region, workers)
    stages.import_documents(data, region, files)
    stages.extract_documents(data, region, workers)
    published = stages.publish(data, region)
    export(published.warehouse, data / "exports")
    return published


def exports(data: Path) -> dict[str, bytes]:
    """The exported files by name."""
    return {path.name: path.read_bytes() for path in sorted((data / "exports").iterdir())}


def main() -> None:
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])
    last = int(sys.argv[3]) if len(sys.argv) > 3 else -1
    region, step = load_region(folder), 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal step
        if event == "call" and any(part in frame.f_code.co_filename for part in OURS):
            step += 1
            if step == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    run(data, region, files=tuple(sorted(data.glob("*.jsonl"))))
    sys.setprofile(None)
    print(step)


if __name__ == "__main__":
    main()
