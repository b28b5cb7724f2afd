from pathlib import Path
def write_report(warehouse: Path, folder: Path) -> Path:
    return folder / "index.html"
