"""Attached files as text: real small files, broken ones, and ones made to do harm."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extract.attachments import composed, read_attachment
from extract.file_limits import MAX_CHARACTERS
from extract.pdf_text import paragraphs
from tests.extract.attached_files import (
    W,
    assembled,
    docx,
    encrypted_pdf,
    package,
    paragraph,
    pdf,
    relations,
    scan,
    stream,
    table,
    xlsx,
)

LINES = ("廊坊市人民政府与天津市武清区人民政府签署产业合作框架协议，共同建设高端装", "备制造产业园区。", "第一章 总则")


def test_a_pdf_gives_its_paragraphs_without_page_numbers() -> None:
    found = read_attachment(
        pdf(
            [*LINES, "— 1 —"],
            ["双方商定定期会商，统筹推进基础设施、公共服务和招商引资等各方面的工作，保障", "项目落地。", "- 2 -"],
        )
    )
    assert (found.kind, found.problem) == ("PDF", None)
    assert found.text.split("\n") == [
        "廊坊市人民政府与天津市武清区人民政府签署产业合作框架协议，共同建设高端装备制造产业园区。",
        "第一章 总则",
        "双方商定定期会商，统筹推进基础设施、公共服务和招商引资等各方面的工作，保障项目落地。",
    ]


def test_a_docx_gives_paragraphs_and_rows() -> None:
    deleted = "<w:p><w:del><w:delText>作废</w:delText></w:del><w:r><w:t>保留</w:t><w:tab/><w:t>两处</w:t></w:r></w:p>"
    body = paragraph("廊坊市与", "武清区合作") + table(["项目", "地点"], ["产业园", "廊坊", ""]) + deleted
    shape = "<w:p xmlns:m='m'><m:Choice>{0}</m:Choice><m:Fallback>{0}</m:Fallback></w:p>"
    found = read_attachment(docx(body + shape.format(paragraph("图中文字"))))
    assert (found.kind, found.problem) == ("DOCX", None)
    assert found.text.split("\n") == ["廊坊市与武清区合作", "项目\t地点", "产业园\t廊坊", "保留\t两处", "图中文字"]


def test_an_xlsx_gives_the_rows_of_the_sheets_that_are_shown() -> None:
    sheets = {
        "项目表": [["项目", "承接地", 0.1 + 0.2], [], ["汽车零部件", "廊坊", 12]],
        "说明": [["共计", 35]],
        "底稿": [["不公开的"]],
    }
    found = read_attachment(xlsx(sheets, hidden=["底稿"]))
    assert (found.kind, found.problem) == ("XLSX", None)
    assert found.text.split("\n") == ["项目表", "项目\t承接地\t0.3", "汽车零部件\t廊坊\t12", "说明", "共计\t35"]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


@pytest.mark.parametrize(
    ("raw", "address", "kind", "problem"),
    [
        (OLE, "http://a.cn/1.doc", "DOC", "DOC is a format that is not read"),
        (OLE, "http://a.cn/down.jsp?name=1.et", "ET", "ET is a format that is not read"),
        (OLE, "http://a.cn/1", "DOC or XLS", "DOC or XLS is a format that is not read"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "x.docx", "encrypted Office file", None),
        (package({"OFD.xml": "<x/>", "Doc_0/D.xml": "<x/>"}), "x.ofd", "OFD", "OFD is a format that is not read"),
        (package({"方案.doc": OLE}), "x.zip", "ZIP", "ZIP is a format that is not read"),
        (b"Rar!\x1a\x07\x00", "x.rar", "RAR", "RAR is a format that is not read"),
        (b"<!DOCTYPE html><html>404</html>", "x.pdf", "HTML in place of a file", None),
        (b"\xff\xd8\xff\xe0", "x.pdf", "picture", None),
        (b"PK\x03\x04 cut", "x.docx", "damaged ZIP", None),
        (b"", "x.pdf", "empty file", None),
        (b"?", "x.pdf", "unknown file", None),
        (scan(), "x.pdf", "PDF", "PDF without text (a scan)"),
        (encrypted_pdf("secret"), "x.pdf", "PDF", "PDF encrypted"),
        (pdf([LINES[0]], meaning=False), "x.pdf", "PDF", "PDF without the meaning of its characters"),
        (b"%PDF-1.4 nothing more", "x.pdf", "PDF", None),
        (docx(paragraph("")), "x.docx", "DOCX", "DOCX without text"),
        (package({"word/other.xml": "<x/>"}), "x.docx", "DOCX", "DOCX damaged (no main part)"),
        (docx("<w:p>"), "x.docx", "DOCX", "DOCX damaged (XMLSyntaxError)"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named(raw: bytes, address: str, kind: str, problem: str | None) -> None:
    found = read_attachment(raw, address)
    assert (found.kind, found.text) == (kind, "")
    assert found.problem and (problem is None or found.problem == problem)


def test_a_pdf_that_is_locked_with_no_password_is_read() -> None:
    assert read_attachment(encrypted_pdf("")).text == "廊坊市与武清区签署合作协议。"


def entities(depth: int) -> str:
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, depth))
    return f'<!DOCTYPE w:document [<!ENTITY e0 "廊坊廊坊">{rows}]>'


def test_entities_are_refused_before_they_grow() -> None:
    started = time.process_time()
    bomb = docx(paragraph("&e9;").replace("&amp;", "&"), head=entities(10))
    assert read_attachment(bomb).problem == "DOCX with a document type, which no Office file has"
    outside = docx(
        paragraph("&x;").replace("&amp;", "&"), head='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    )
    assert read_attachment(outside).text == ""
    assert time.process_time() - started < 2


def test_what_unpacks_without_end_is_left() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations(("rId1", "officeDocument", "word/document.xml")))
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f'<w:document xmlns:w="{W}"><w:body>'.encode())
            for _ in range(80):
                part.write(b" " * 1_000_000)
            part.write(b"</w:body></w:document>")
    tracemalloc.start()
    found = read_attachment(out.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.problem == "DOCX larger than 64000000 bytes unpacked"
    assert peak < 5_000_000


def test_a_text_without_end_is_cut_and_named() -> None:
    sheet = xlsx({"一": [["廊坊市" * 50]] * 3000})
    found = read_attachment(sheet)
    assert len(found.text) == MAX_CHARACTERS
    assert found.problem == f"XLSX read up to {MAX_CHARACTERS} characters"


def test_a_pdf_whose_pages_lead_in_a_circle_ends() -> None:
    circle = assembled(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Pages /Count 1 /Kids [2 0 R] /Parent 3 0 R >>",
        }
    )
    started = time.process_time()
    assert read_attachment(circle).problem
    form = assembled(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >> >>",
            4: stream(b"/A Do"),
            5: b"<< /Type /XObject /Subtype /Form /Resources << /XObject << /A 5 0 R >> >> /Length 5 >>\n"
            b"stream\n/A Do\nendstream",
        }
    )
    assert read_attachment(form).problem
    assert time.process_time() - started < 5


WHOLE = {
    "pdf": pdf(list(LINES)),
    "docx": docx(paragraph(*LINES) + table(["项目", "地点"])),
    "xlsx": xlsx({"一": [["项目", 1.5], ["廊坊", 2]]}),
}


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_damage_never_raises(kind: str, data: st.DataObject) -> None:
    raw = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
        raw = raw or bytearray(b"x")
    found = read_attachment(bytes(raw))
    assert found.text or found.problem


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html"]))
def test_any_bytes_are_told(raw: bytes, start: bytes) -> None:
    found = read_attachment(start + raw)
    assert found.text or found.problem


@given(st.lists(st.text("廊坊武清。，a1 第一章", min_size=1, max_size=60).map(str.strip).filter(bool)))
@example(["廊坊" * 20, "武清" * 20, "廊坊" * 3])
def test_joining_lines_loses_no_character(lines: list[str]) -> None:
    def plain(found: list[str]) -> str:
        return "".join("".join(found).split())

    assert plain(paragraphs(lines)) == plain(lines)


def test_the_text_of_a_page_stays_where_it_is() -> None:
    text = composed("见附件。", [("附件1.规划.pdf", "廊坊市规划"), ("名单.xlsx", "武清区")])
    assert text == "见附件。\n附件1.规划.pdf\n廊坊市规划\n附件：名单.xlsx\n武清区"
    assert composed("", [("名单.xlsx", "武清区")]) == "附件：名单.xlsx\n武清区"
    assert composed("正文", []) == "正文"


def test_a_text_that_is_printed_twice_is_there_once() -> None:
    body = "廊坊市与武清区签署合作协议，\n双方将共建产业园区。项目总投资35亿元。"
    again = "附件\n廊坊市与武清区签署合作协议，双方将 共建产业园区。项目总投资35亿元。"
    assert composed(body, [("全文.pdf", again)]) == body
    other = again.replace("武清区", "静海区")
    assert composed(body, [("全文.pdf", other), ("全文.docx", other)]) == f"{body}\n附件：全文.pdf\n{other}"
    assert composed(body, [("一.pdf", "是"), ("二.pdf", "是")]).endswith("附件：一.pdf\n是\n附件：二.pdf\n是")


def test_a_long_text_with_a_letterhead_is_the_same_and_with_another_city_it_is_not() -> None:
    body = "\n".join(f"第{number}条，廊坊市与武清区建设第{number}个园区。" for number in range(100))
    letter = f"廊坊市人民政府文件\n{body}\n廊坊市人民政府办公室印发"
    assert composed(body, [("全文.pdf", letter)]) == body
    assert letter.replace("武清区建设第50个", "静海区建设第50个") in composed(
        body, [("全文.pdf", letter.replace("武清区建设第50个", "静海区建设第50个"))]
    )
