"""What a PDF hides: letters that are not what they say, pages without text, torn words."""

import re
import zlib
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from corpus import ocr
from corpus.files import FileError, read_text
from corpus.regulation import read_regulation
from test_files import LAW, Placed, write_pdf
from test_letters import LAW as TEXT
from test_letters import in_tcvn3


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with embedded fonts and without Tesseract."""
    import matplotlib

    monkeypatch.setitem(matplotlib.rcParams, "pdf.fonttype", 42)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    ocr.is_ready.cache_clear()


def page(lines: list[str]) -> list[Placed]:
    return [(75, 100 + 18 * i, line, 11) for i, line in enumerate(lines)]


def raw_pdf(path: Path, content: str, font: str = "Helvetica", pages: int = 1) -> Path:
    """A PDF written by hand: its content stream, and a font that matplotlib does not have."""
    stream = zlib.compress(content.encode("latin-1"))
    kids = " ".join(f"{6 + i} 0 R" for i in range(pages))
    widths = "500 " * 256
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding"
        f"/FirstChar 0/LastChar 255/Widths[{widths}]/FontDescriptor 5 0 R>>".encode(),
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        f"<</Type/FontDescriptor/FontName/{font}/Flags 32/Ascent 800/Descent -200"
        "/FontBBox[0 -200 500 800]>>".encode(),
    ]
    parts += [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>>>"
    ] * pages
    data, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    data += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        data.rindex(b"xref\n0"),
    )
    path.write_bytes(data)
    return path


def test_what_a_font_misnames_is_read_as_it_is_meant(tmp_path):
    """An A with a hook drawn over it is Ả; a lone A, which the font also calls Ả, is A."""
    meant = "/Span<</ActualText<FEFF{}>>>BDC\n1 0 0 1 {} {} Tm ({})Tj EMC\n"
    hook = meant.format("1EA2", 72, 700, "X").replace(" EMC", " 1 0 0 1 72 702 Tm (')Tj EMC")
    text = (
        "BT /F1 12 Tf " + hook + "1 0 0 1 80 700 Tm (N )Tj\n" + meant.format("0041", 92, 700, "X")
    )
    (line,) = read_text(raw_pdf(tmp_path / "a.pdf", text + "ET")).lines
    assert line.text == "ẢN A"


def test_an_old_font_is_known_by_its_name(tmp_path):
    lines = [in_tcvn3(line.lower()) for line in TEXT[8:20]]
    shown = "".join(
        f"1 0 0 1 40 {780 - 30 * i} Tm ({line.replace('(', '').replace(')', '')})Tj\n"
        for i, line in enumerate(lines)
    )
    content = shown.encode("latin-1", "replace").decode("latin-1")
    path = raw_pdf(tmp_path / "a.pdf", f"BT /F1 5 Tf {content} ET", font=".VnTime")
    got = "".join(line.text for line in read_text(path).lines)
    assert _letters(got) == _letters("".join(TEXT[8:20]).lower())


def _letters(text: str) -> str:
    return re.sub(r"[^\w,.;]", "", text)


def test_letters_that_are_nowhere_near_ours_are_refused_with_their_share(tmp_path):
    lines = [re.sub("[aeiouăâêôơưy]", "q", line.lower()) for line in TEXT[8:20]]
    write_pdf(tmp_path / "a.pdf", [page([line[:70] for line in lines])])
    with pytest.raises(FileError, match=r"\d+% số từ đúng chính tả"):
        read_text(tmp_path / "a.pdf")


def test_a_page_that_lost_its_letters_is_left_out_and_named(tmp_path):
    sound = page([line[:70] for line in TEXT[8:20]])
    lost = page([re.sub("[aeiouăâêôơưy]", "q", line.lower())[:70] for line in TEXT[8:20]])
    write_pdf(tmp_path / "a.pdf", [sound, lost, sound])
    read = read_text(tmp_path / "a.pdf")
    assert {line.page for line in read.lines} == {1, 3}
    assert [(loss.place, "%" in loss.message) for loss in read.losses] == [("trang 2", True)]


def test_a_scanned_page_among_others_is_reported(tmp_path):
    from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages

    with PdfPages(tmp_path / "a.pdf") as book:
        for scanned in (False, True, True, False):
            figure = Figure(figsize=(595 / 72, 842 / 72))
            FigureCanvasPdf(figure)
            if scanned:
                figure.add_axes((0, 0, 1, 1)).imshow([[0, 1], [1, 0]], aspect="auto")
                figure.axes[0].set_axis_off()
            else:
                for i, line in enumerate(LAW):
                    figure.text(0.1, 0.9 - 0.03 * i, line[:60], fontsize=11)
            book.savefig(figure)
    read = read_text(tmp_path / "a.pdf")
    assert {line.page for line in read.lines} == {1, 4}
    (loss,) = read.losses
    assert loss.place == "trang 2–3" and "Tesseract" in loss.remedy


def test_words_torn_apart_are_mended_and_said_to_be(tmp_path):
    torn = [
        " ".join(re.split(r"(?<=[ệịộ])(?=\w)|(?<=\w)(?=[ệịộ])", line))[:80] for line in TEXT[8:20]
    ]
    write_pdf(tmp_path / "a.pdf", [page(torn)])
    read = read_text(tmp_path / "a.pdf")
    words = " ".join(line.text for line in read.lines).split()
    right = set(" ".join(line[:70] for line in TEXT[8:20]).split())
    assert sum(word in right for word in words) > 0.9 * len(words)
    assert any("tách rời" in loss.message for loss in read.losses)


def test_bare_articles_and_signatures_open_paragraphs(tmp_path):
    lines = ["Điều 30", "1. Có tinh thần đoàn kết, tương trợ trong cộng đồng dân cư ở xã.", "Điều 31",
             "1. Danh hiệu thi đua của tổ chức do cơ quan trung ương quy định rõ.", "TM. CHÍNH PHỦ"]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", [page(lines)])
    assert [line.text for line in read_text(tmp_path / "a.pdf").lines] == lines
    places = [str(p.place) for p in read_regulation(lines, "a").passages]
    assert places[-3:-1] == ["Điều 31", "Điều 31 khoản 1"]


def test_a_number_at_the_edge_is_a_page_number_only_if_it_counts_on(tmp_path):
    pages = [
        [(75, 60, number, 11), *page([line[:60] for line in LAW]), (295, 800, str(at), 11)]
        for at, number in ((11, "7"), (12, "3"), (13, "5"))
    ]
    write_pdf(tmp_path / "a.pdf", pages)
    texts = " ".join(line.text for line in read_text(tmp_path / "a.pdf").lines).split()
    assert [t for t in texts if t.isdigit()] == ["7", "3", "5"]


def test_too_many_pages(tmp_path):
    path = raw_pdf(tmp_path / "a.pdf", "", pages=2001)
    with pytest.raises(FileError, match="2001 trang"):
        read_text(path)
