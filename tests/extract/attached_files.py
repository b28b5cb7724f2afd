"""Small real files to attach: PDF with Chinese text, DOCX, XLSX, and packages of other kinds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from pypdf import PdfReader, PdfWriter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def pdf(*pages: Sequence[str], meaning: bool = True) -> bytes:
    """A PDF with a line of text each; its font says what its characters mean, or without `meaning` nothing does."""
    letters = sorted({letter for page in pages for line in page for letter in line})
    codes = {letter: number for number, letter in enumerate(letters, 0x1001)}
    first = 5 + len(pages)
    kids = " ".join(f"{5 + number} 0 R" for number in range(len(pages)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [4 0 R]"
        + (f" /ToUnicode {first + len(pages)} 0 R >>".encode() if meaning else b" >>"),
        4: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
    }
    for number, page in enumerate(pages):
        shown = "\n".join(f"<{''.join(f'{codes[letter]:04X}' for letter in line)}> Tj 0 -20 Td" for line in page)
        objects[5 + number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + number} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>"
        ).encode()
        objects[first + number] = stream(f"BT /F 12 Tf 72 760 Td\n{shown}\nET".encode())
    mapped = "\n".join(f"<{code:04X}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items())
    objects[first + len(pages)] = stream(
        f"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{mapped}\nendbfchar\nendcmap end".encode()
    )
    return assembled(objects)


def scan() -> bytes:
    """A PDF of one page that shows no text."""
    return assembled(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            4: stream(b"0 0 595 842 re f"),
        }
    )


def encrypted_pdf(password: str) -> bytes:
    """A PDF that is locked; with an empty password anyone may read it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["廊坊市与武清区签署合作协议。"]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def assembled(objects: Mapping[int, bytes]) -> bytes:
    """A PDF file of numbered objects, with its table of where each begins."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number in sorted(objects):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relations(*targets: tuple[str, str, str]) -> str:
    """A part of relations: (id, last word of the type, target)."""
    rows = "".join(f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>' for key, kind, target in targets)
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


def docx(body: str, head: str = "") -> bytes:
    """A DOCX whose document holds `body`, in its own markup."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    )
    return package(
        {"_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")), "word/document.xml": document}
    )


def paragraph(*runs: str) -> str:
    """A paragraph of a DOCX, in so many runs."""
    return f"<w:p>{''.join(f'<w:r><w:t>{escape(run)}</w:t></w:r>' for run in runs)}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of a DOCX."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def xlsx(sheets: Mapping[str, Sequence[Sequence[str | float]]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook; words are shared strings, numbers stand in their cells."""
    words: list[str] = []
    parts: dict[str, str | bytes] = {}
    listed = []
    for number, (name, rows) in enumerate(sheets.items(), 1):
        lines = []
        for row in rows:
            cells = []
            for value in row:
                if isinstance(value, str):
                    words.append(value)
                    cells.append(f'<c t="s"><v>{len(words) - 1}</v></c>')
                else:
                    cells.append(f"<c><v>{value!r}</v></c>")
            lines.append(f"<row>{''.join(cells)}</row>")
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{S}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        )
        state = ' state="hidden"' if name in hidden else ""
        listed.append(f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>')
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{S}">{"".join(f"<si><r><t>{escape(word)}</t></r></si>" for word in words)}</sst>'
    )
    parts["xl/workbook.xml"] = f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{"".join(listed)}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = relations(
        *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
        ("rIdS", "sharedStrings", "/xl/sharedStrings.xml"),
    )
    parts["_rels/.rels"] = relations(("rId1", "officeDocument", "xl/workbook.xml"))
    return package(parts)
