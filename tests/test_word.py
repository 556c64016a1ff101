"""Word documents: what Word shows and does not store as text is read all the same."""

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.files import read_text
from corpus.numbering import _written
from corpus.regulation import read_regulation
from test_letters import LAW, in_tcvn3, in_vni

NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Chương %1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="5"/><w:numFmt w:val="decimal"/><w:lvlRestart w:val="0"/>
<w:pStyle w:val="Dieu"/><w:lvlText w:val="Điều %2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%4)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>
<w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="3"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="8"/></w:num></w:numbering>"""


def numbered(document, text: str, level: int, number: int = 3):
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        )
    )
    return paragraph


def texts(path: Path) -> list[str]:
    return [line.text for line in read_text(path).lines]


def replace_part(path: Path, name: str, content: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {item: archive.read(item) for item in archive.namelist()}
    parts[name] = content.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for item, data in parts.items():
            archive.writestr(item, data)


@pytest.fixture
def law(tmp_path: Path) -> Path:
    document = docx.Document()
    style = document.styles.add_style("Dieu", 1)
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="3"/></w:numPr>')
    )
    numbered(document, "QUY ĐỊNH CHUNG", 0)
    document.add_paragraph("Phạm vi điều chỉnh", style="Dieu")
    numbered(document, "Quy định này áp dụng đối với:", 2)
    numbered(document, "Các hội của tỉnh;", 3)
    numbered(document, "Các đơn vị khác.", 3)
    numbered(document, "", 3)
    numbered(document, "Không áp dụng với cá nhân.", 2)
    numbered(document, "KHEN THƯỞNG", 0)
    document.add_paragraph("Hình thức", style="Dieu")
    numbered(document, "Gồm:", 2)
    numbered(document, "Giấy khen.", 3, number=4)
    numbered(document, "gạch đầu dòng", 0, number=5)
    path = tmp_path / "a.docx"
    document.save(str(path))
    replace_part(path, "word/numbering.xml", NUMBERING)
    return path


def test_generated_numbers_are_counted_as_word_counts_them(law):
    assert texts(law) == [
        "Chương I QUY ĐỊNH CHUNG",
        "Điều 5. Phạm vi điều chỉnh",
        "1. Quy định này áp dụng đối với:",
        "a) Các hội của tỉnh;",
        "b) Các đơn vị khác.",
        "2. Không áp dụng với cá nhân.",
        "Chương II KHEN THƯỞNG",
        "Điều 6. Hình thức",
        "1. Gồm:",
        "a) Giấy khen.",
        "- gạch đầu dòng",
    ]


def test_generated_numbers_are_citations(law):
    regulation = read_regulation(texts(law), "a.docx")
    places = [str(p.place) for p in regulation.passages if p.place.article]
    assert places[:5] == [
        "Điều 5", "Điều 5 khoản 1", "Điều 5 khoản 1 điểm a", "Điều 5 khoản 1 điểm b",
        "Điều 5 khoản 2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "form", "written"),
    [(4, "upperRoman", "IV"), (49, "lowerRoman", "xlix"), (27, "lowerLetter", "aa"),
     (3, "decimalZero", "03"), (12, "decimal", "12"), (12, "cardinalText", "12")],
)  # fmt: skip
def test_formats_of_numbers(count, form, written):
    assert _written(count, form) == written


def test_footnotes_stand_behind_the_paragraph_that_they_note(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("Điều 1. Mức thưởng")
    for at in (2, 1):
        paragraph._p.append(
            parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{at}"/></w:r>')
        )
    document.add_paragraph("Điều 2. Hiệu lực")
    path = tmp_path / "a.docx"
    document.save(str(path))
    note = '<w:footnote {} w:id="{}"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>'
    notes = "".join(
        note.format(kind, at, text)
        for kind, at, text in (
            ('w:type="separator"', 0, "thừa"), ("", 1, "Bãi bỏ."), ("", 2, "Được sửa đổi.")
        )
    )  # fmt: skip
    replace_part(path, "word/footnotes.xml", f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    link = f'<Relationship Id="rIdNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    replace_part(path, "word/_rels/document.xml.rels", relations.replace("</Relationships>", link))
    override = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    replace_part(path, "[Content_Types].xml", types.replace("</Types>", override))
    assert texts(path) == [
        "Điều 1. Mức thưởng[1][2]", "[1] Được sửa đổi.", "[2] Bãi bỏ.", "Điều 2. Hiệu lực",
    ]  # fmt: skip
    regulation = read_regulation(texts(path), "a.docx")
    (first,) = [p for p in regulation.passages if str(p.place) == "Điều 1"]
    assert first.text.endswith("[2] Bãi bỏ.")


@pytest.mark.parametrize(("name", "font"), [("TCVN3", ".VnTime"), ("VNI", "VNI-Times")])
@pytest.mark.parametrize("where", ["run", "style", "nowhere"])
def test_old_fonts_in_word(tmp_path, name, font, where):
    document = docx.Document()
    written = in_vni if name == "VNI" else in_tcvn3
    if where == "style":
        document.styles["Normal"].font.name = font
    for line in LAW[8:20]:
        text = written(line.lower())
        paragraph = document.add_paragraph()
        for part in (text[:3], text[3:]):  # Word parts a text wherever it likes
            run = paragraph.add_run(part)
            if where == "run":
                run.font.name = font
    document.add_paragraph(LAW[20])
    document.save(str(tmp_path / "a.docx"))
    read = read_text(tmp_path / "a.docx")
    assert [line.text.lower() for line in read.lines] == [line.lower() for line in LAW[8:21]]
    assert [name in loss.message for loss in read.losses] == [True]


def test_capitals_of_an_old_font(tmp_path):
    document = docx.Document()
    document.add_paragraph().add_run(in_tcvn3("quốc hội")).font.name = ".VnTimeH"
    document.save(str(tmp_path / "a.docx"))
    assert texts(tmp_path / "a.docx") == ["QUỐC HỘI"]


def test_hidden_text_is_left_out_and_what_is_no_text_is_reported(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("Hội nghị")
    paragraph.add_run(" ẩn").font.hidden = True
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:object/></w:r>"))
    paragraph._p.append(
        parse_xml(
            f"<w:r {nsdecls('w', 'wp', 'a', 'pic')}><w:drawing><wp:inline>"
            '<wp:extent cx="5000000" cy="7000000"/><a:graphic><a:graphicData>'
            "<pic:pic/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
    )
    document.save(str(tmp_path / "a.docx"))
    read = read_text(tmp_path / "a.docx")
    assert [line.text for line in read.lines] == ["Hội nghị"]
    assert ["1 đối tượng" in read.losses[0].message, "1 hình lớn" in read.losses[1].message] == [
        True,
        True,
    ]
