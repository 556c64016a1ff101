"""Every format read from a small file made here, and every kind of bad file refused in one line."""

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.patches import Rectangle

from corpus import files
from corpus.files import FileError, Line, read_sheets, read_text

SHARED = Path(__file__).parents[2] / "shared"
LAW = [
    "Điều 1. Phạm vi điều chỉnh",
    "Quy định này nêu nguyên tắc, đối tượng, hình thức và trình tự xét khen thưởng hằng năm của "
    "các đơn vị trong Khối thi đua, gồm cả những đơn vị mới được kết nạp vào Khối trong năm.",
    "1. Đơn vị dẫn đầu được đề nghị tặng cờ; việc đề nghị căn cứ vào tổng điểm đã thẩm định theo "
    "Mục 2 Chương III và kết quả bỏ phiếu kín của các thành viên có mặt tại hội nghị tổng kết:",
    "a) Hồ sơ đầy đủ, gửi đúng hạn;",
    "b) Không có tổ chức trực thuộc bị kỷ luật từ mức cảnh cáo trở lên trong năm được xét tặng.",
    "Điều 2. Hiệu lực",
    "Quy định này có hiệu lực từ ngày ký.",
]

Placed = tuple[float, float, str, float]  # x and y from the top left, text, size; points


def _width(text: str, size: float) -> float:
    font = FT2Font(font_manager.findfont("DejaVu Sans"))
    font.set_size(size, 72)
    font.set_text(text)
    return font.get_width_height()[0] / 64


def _wrapped(text: str, width: float, measure: Callable[[str], float] = len) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def write_pdf(path: Path, pages: Sequence[Sequence[Placed]]) -> None:
    with PdfPages(path) as book:
        for page in pages:
            figure = Figure(figsize=(595 / 72, 842 / 72))
            FigureCanvasPdf(figure)
            for x, y, text, size in page:
                figure.text(x / 595, 1 - y / 842, text, fontsize=size, va="top")
            book.savefig(figure)


@pytest.fixture(autouse=True)
def _embedded_fonts() -> None:
    import matplotlib

    matplotlib.rcParams["pdf.fonttype"] = 42  # letters stay letters


def texts(path: Path) -> list[str]:
    return [line.text for line in read_text(path).lines]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_every_unicode_form(tmp_path: Path, encoding: str) -> None:
    content = "Điều 1. Khen thưởng\r\n\r\n  Quyết  định\u00a0này\n"
    path = written(tmp_path / "a.txt", content.encode(encoding))
    assert texts(path) == ["Điều 1. Khen thưởng", "Quyết định này"]


def test_text_in_windows_1258(tmp_path: Path) -> None:
    # Windows-1258 writes a tone as a letter of its own, after the vowel.
    content = "Đơn vi\u0323 dâ\u0303n đâ\u0300u, giâ\u0301y khen".encode("cp1258")
    assert texts(written(tmp_path / "a.txt", content)) == ["Đơn vị dẫn đầu, giấy khen"]


def test_text_in_an_old_font_is_read_and_said_to_be(tmp_path: Path) -> None:
    tcvn3 = b"\xa7i\xd2u 1. Khen th\xad\xebng c\xb6 c\xb8c t\xcbp th\xd3\n"
    read = read_text(written(tmp_path / "a.txt", tcvn3 * 5))
    assert [line.text for line in read.lines] == ["Điều 1. Khen thưởng cả các tập thể"] * 5
    assert ["TCVN3" in loss.message for loss in read.losses] == [True]


def test_text_wrapped_at_a_fixed_width_is_joined(tmp_path: Path) -> None:
    content = "\n".join(line for text in LAW for line in _wrapped(text, 60))
    assert texts(written(tmp_path / "a.txt", content)) == LAW


def test_wrapped_text_breaks_at_blank_lines_and_after_headings(tmp_path: Path) -> None:
    full = _wrapped(LAW[1], 60)[:-1]  # the last line left has no room for another word
    heading = "Điều 3. Trình tự, thủ tục và hồ sơ đề nghị xét khen thưởng"
    lines = [*full, "", *full, heading, "1. Hồ sơ đề nghị tặng cờ và bằng khen gồm có:"]
    joined = [" ".join(full), " ".join(full), *lines[-2:]]
    assert texts(written(tmp_path / "a.txt", "\n".join(lines))) == joined


def test_short_lines_that_were_not_wrapped_stay(tmp_path: Path) -> None:
    lines = ["QUỐC HỘI", "Độc lập - Tự do - Hạnh phúc", "Số: 12/QĐ", "LUẬT", "THI ĐUA", "Căn cứ"]
    assert texts(written(tmp_path / "a.txt", "\n".join(lines))) == lines


# Markdown


def test_markdown_loses_its_markup_and_keeps_its_words(tmp_path: Path) -> None:
    content = """# Luật *mẫu*

**Điều 32\\. Thẩm quyền _quyết định_ tặng**
1. Bộ trưởng [Bộ Nội vụ](https://vidu.vn/a_(b) "x") ký số 12\\_a/QĐ.
a) Điểm **a *trong* b**;
* mục sao
- mục gạch
**Chương V\x20\x20
THẨM QUYỀN**
**\\_\\_\\_\\_\\_\\_**

| Danh hiệu | Mức |
| --- | ---: |
| **Lao động tiên tiến** | 0,3 |
| ***Nơi nhận:*** - Ban | **TM. CHÍNH PHỦ** |

> trích 2 * 3 và ten_bien_dai &amp; hết
"""
    lines = read_text(written(tmp_path / "a.md", content)).lines
    assert lines[0] == Line(text="Luật mẫu", level=1)
    assert [line.text for line in lines[1:]] == [
        "Điều 32. Thẩm quyền quyết định tặng",
        "1. Bộ trưởng Bộ Nội vụ ký số 12_a/QĐ.",
        "a) Điểm a trong b;",
        "- mục sao",
        "- mục gạch",
        "Chương V",
        "THẨM QUYỀN",
        "Danh hiệu | Mức",
        "Lao động tiên tiến | 0,3",
        "Nơi nhận: - Ban | TM. CHÍNH PHỦ",
        "trích 2 * 3 và ten_bien_dai & hết",
    ]
    assert all(line.level == 0 for line in lines[1:])


def test_markdown_wrapped_is_joined_and_headings_are_not(tmp_path: Path) -> None:
    body = "\n".join(line for text in LAW for line in _wrapped(text, 60))
    first, *rest = _wrapped(LAW[1], 60)
    broken = f"{first}  \n" + "\n".join(rest)  # two blanks at the end: a break that stays
    lines = read_text(written(tmp_path / "a.md", f"## Khen thưởng\n{body}\n\n{broken}\n")).lines
    assert lines[0].level == 2
    assert [line.text for line in lines] == ["Khen thưởng", *LAW, first, " ".join(rest)]


# Word


def test_word_in_document_order_with_tables_and_headings(tmp_path: Path) -> None:
    document = docx.Document()
    head = document.add_table(1, 2)
    head.cell(0, 0).text = "UBND TỈNH\nSố: 5/QĐ-UBND"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập"
    document.add_heading("Kết quả", 2)
    paragraph = document.add_paragraph("Hội Nông dân")
    paragraph.add_run(" tỉnh").add_break()
    paragraph.add_run("dòng hai")
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Đơn vị"
    table.cell(0, 2).text = "Điểm"
    for column, text in enumerate(("1", "Tỉnh đoàn", "98,5")):
        table.cell(1, column).text = text
    document.add_paragraph("mục tự đánh số", style="List Number")
    document.save(str(tmp_path / "a.docx"))
    assert [(line.text, line.level) for line in read_text(tmp_path / "a.docx").lines] == [
        ("UBND TỈNH", 0),
        ("Số: 5/QĐ-UBND", 0),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0),
        ("Độc lập", 0),
        ("Kết quả", 2),
        ("Hội Nông dân tỉnh", 0),
        ("dòng hai", 0),
        ("Đơn vị | Điểm", 0),
        ("1 | Tỉnh đoàn | 98,5", 0),
        ("1. mục tự đánh số", 0),
    ]


def test_word_keeps_insertions_and_content_controls_and_drops_deletions(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("MARK")
    document.save(str(tmp_path / "a.docx"))
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = (
        f"<w:p><w:ins w:id='1' w:author='a'>{run.format('thêm ')}</w:ins>{run.format('giữ')}"
        "<w:del w:id='2' w:author='a'><w:r><w:noBreakHyphen/><w:delText>bỏ</w:delText></w:r>"
        "</w:del></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run.format('trong ô')}</w:p></w:sdtContent></w:sdt>"
    )
    mark = f"<w:p>{run.format('MARK')}</w:p>"
    _edit(tmp_path / "a.docx", "word/document.xml", mark, changed)
    assert texts(tmp_path / "a.docx") == ["thêm giữ", "trong ô"]


def _edit(path: Path, member: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[member]
    parts[member] = parts[member].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


# HTML


def test_html_gives_its_main_text_only(tmp_path: Path) -> None:
    content = """<!doctype html><html><head><title>x</title><style>p{}</style></head><body>
    <header>Cổng thông tin</header><nav><a>Trang chủ</a></nav>
    <div class="main-menu"><a>Giới thiệu</a></div>
    <ul><li><a>Tin 1 dài</a></li><li><a>Tin 2 dài</a></li><li><a>Tin 3 dài</a></li></ul>
    <div class="content"><h2>Điều 1. <i>Phạm</i> vi</h2>
    <p>Đoạn <b>một</b>&nbsp;có
       xuống dòng<br>dòng hai<script>alert(1)</script><!-- ghi chú --></p>
    <div>Căn cứ <a href="x">Luật số 06/2022/QH15</a>;<p>Lồng nhau</p>đuôi</div>
    <ul><li>gạch đầu dòng</li></ul><ol><li>số một</li><li>a) đã có dấu</li></ol>
    <table><tr><th>Đơn vị</th><th>Điểm</th></tr><tr><td>Tỉnh đoàn</td><td>98,5</td></tr></table>
    </div><div id="lien-quan">Bài liên quan</div><footer>Bản quyền</footer></body></html>"""
    lines = read_text(written(tmp_path / "a.html", content)).lines
    assert lines[0] == Line(text="Điều 1. Phạm vi", level=2)
    assert [line.text for line in lines[1:]] == [
        "Đoạn một có xuống dòng",
        "dòng hai",
        "Căn cứ Luật số 06/2022/QH15;",
        "Lồng nhau",
        "đuôi",
        "- gạch đầu dòng",
        "1. số một",
        "a) đã có dấu",
        "Đơn vị | Điểm",
        "Tỉnh đoàn | 98,5",
    ]


# PDF


def _pages(columns: int, count: int) -> list[list[Placed]]:
    """The law ``count`` times, wrapped into columns, with a running head and page numbers."""
    width = 440 if columns == 1 else 205
    lines = [line for _ in range(count) for text in LAW for line in _wrapped(text, width, _of_size)]
    rows = 30
    pages = []
    for first in range(0, len(lines), rows * columns):
        number = first // (rows * columns) + 1
        page = [(75.0, 30.0, f"CÔNG BÁO/Số {number}", 9.0), (295.0, 805.0, str(number), 9.0)]
        page += [
            (75.0 + 235 * (i // rows), 80 + 16.0 * (i % rows), line, 11.0)
            for i, line in enumerate(lines[first : first + rows * columns])
        ]
        pages.append(page)
    return pages


def _of_size(text: str) -> float:
    return _width(text, 11)


@pytest.mark.parametrize("columns", [1, 2])
def test_pdf_comes_back_as_paragraphs_in_order(tmp_path: Path, columns: int) -> None:
    pages = _pages(columns, 5)
    assert len(pages) >= 2
    write_pdf(tmp_path / "a.pdf", pages)
    lines = read_text(tmp_path / "a.pdf").lines
    assert [line.text for line in lines] == LAW * 5
    assert (lines[0].page, lines[-1].page) == (1, len(pages))


def test_pdf_keeps_a_head_in_two_parts_and_a_table_in_rows(tmp_path: Path) -> None:
    page: list[Placed] = [
        (75, 70, "ỦY BAN NHÂN DÂN", 11), (300, 70, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA", 11),
        (95, 86, "TỈNH MẪU", 11), (330, 86, "Độc lập - Tự do", 11),
        (295, 810, "- 3 -", 11),
    ]  # fmt: skip
    for i, line in enumerate(_wrapped(LAW[1], 440, _of_size)):
        page.append((75, 120 + 16 * i, line, 11))
    for i in range(7):
        page += [(75, 220 + 16 * i, f"Đơn vị {i} {'x' * (i * 5 % 17)}", 11)]
        page += [(350, 220 + 16 * i, f"{90 + i},5", 11)]
    write_pdf(tmp_path / "a.pdf", [page])
    assert texts(tmp_path / "a.pdf") == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH MẪU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA",
        "Độc lập - Tự do",
        LAW[1],
        *(f"Đơn vị {i} {'x' * (i * 5 % 17)}".strip() + f" | {90 + i},5" for i in range(7)),
    ]


def test_pdf_table_with_rules_is_read_by_rows(tmp_path: Path) -> None:
    figure = Figure(figsize=(595 / 72, 842 / 72))
    FigureCanvasPdf(figure)
    cells = [["Đơn vị", "Hình thức"], ["Tỉnh đoàn", "Cờ thi đua"], ["Hội A", "Bằng khen"]]
    for y, text in ((100, "Kết quả bình xét như sau:"), (300, "Hội nghị kết thúc cùng ngày.")):
        figure.text(75 / 595, 1 - y / 842, text, fontsize=11, va="top")
    for r, row in enumerate(cells):
        for c, text in enumerate(row):
            x, y = 75 + 200 * c, 150 + 30 * r
            box = Rectangle((x, 842 - y - 30), 200, 30, fill=False, transform=None)
            figure.add_artist(box)
            figure.text((x + 5) / 595, 1 - (y + 8) / 842, text, fontsize=11, va="top")
    figure.savefig(tmp_path / "a.pdf", dpi=72)
    assert texts(tmp_path / "a.pdf") == [
        "Kết quả bình xét như sau:",
        *(" | ".join(row) for row in cells),
        "Hội nghị kết thúc cùng ngày.",
    ]


def test_pdf_of_pictures_alone_is_refused(tmp_path: Path) -> None:
    figure = Figure(figsize=(2, 2))
    FigureCanvasPdf(figure)
    figure.add_axes((0, 0, 1, 1)).imshow([[0, 1], [1, 0]])
    figure.axes[0].set_axis_off()
    figure.savefig(tmp_path / "a.pdf")
    assert "ảnh" in refusal(tmp_path / "a.pdf")


def test_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    trailer = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    )
    write_pdf(tmp_path / "a.pdf", [[(75, 70, "Điều 1", 11)]])
    data = (tmp_path / "a.pdf").read_bytes()
    at = data.rindex(b"trailer\n<<") + len(b"trailer\n<<")
    ids = b"/ID[<" + b"43" * 16 + b"><" + b"43" * 16 + b">]"
    written(tmp_path / "a.pdf", data[:at] + trailer + ids + data[at:])
    assert "mật khẩu" in refusal(tmp_path / "a.pdf")


# Workbooks


def test_workbook_values_are_exact_and_placed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Năm 2021"
    sheet["A1"], sheet["C1"] = "BẢNG\u00a0ĐIỂM", True
    sheet.merge_cells("A1:B2")
    sheet["A3"], sheet["B3"], sheet["C3"] = 14.5, 20, 0.1 + 0.2
    sheet["A4"], sheet["B4"] = datetime.datetime(2025, 2, 28), "19,5"
    sheet["C900000"].number_format = "0.00"  # coloured or formatted, but empty
    book.create_sheet("Trống")
    book.save(tmp_path / "a.xlsx")
    (only,) = read_sheets(tmp_path / "a.xlsx").sheets
    assert only.name == "Năm 2021"
    values = [[cell.value for cell in row] for row in only.rows]
    assert values == [
        ["BẢNG ĐIỂM", "BẢNG ĐIỂM", True],
        ["BẢNG ĐIỂM", "BẢNG ĐIỂM", None],
        [Decimal("14.5"), 20, Decimal("0.3")],
        [datetime.date(2025, 2, 28), "19,5", None],
    ]
    assert [type(v) for v in values[2]] == [Decimal, int, Decimal]
    assert only.rows[1][1].place == "Năm 2021!A1"
    assert only.rows[3][1].place == "Năm 2021!B4"


def test_formula_saved_without_its_result_is_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([1, 2, "=A1+B1"])
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_sheets(tmp_path / "a.xlsx").sheets
    assert sheet.rows[0][2].value == "=A1+B1"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_with_each_separator(tmp_path: Path, mark: str) -> None:
    rows = [["Đơn vị", "Tên khác", "Điểm"], ["Hội A", "A;B, C", "19,5"], ["Hội B", "", "7,25"]]
    content = "\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    (sheet,) = read_sheets(written(tmp_path / "a.csv", "\ufeff" + content)).sheets
    assert [[cell.value or "" for cell in row] for row in sheet.rows] == rows
    assert (sheet.name, sheet.rows[1][2].place) == ("", "C2")


def test_csv_with_semicolons_and_bare_decimal_commas(tmp_path: Path) -> None:
    content = "Đơn vị;Điểm\nHội A;19,5\nHội B;7,25\nHội C;8,5\n"
    (sheet,) = read_sheets(written(tmp_path / "a.csv", content)).sheets
    assert [cell.value for cell in sheet.rows[2]] == ["Hội B", "7,25"]


# Bad files


def refusal(path: Path) -> str:
    """The one line that a bad file gives."""
    read = read_sheets if path.suffix in files.TABLE_SUFFIXES else read_text
    with pytest.raises(FileError) as caught:
        read(path)
    text = str(caught.value)
    assert caught.value.path == path
    assert "\n" not in text and len(text) < 200
    assert caught.value.message and caught.value.remedy
    assert text.endswith(")") and "(" in text
    assert not any(word in text for word in ("Error", "Exception", "Traceback", "object"))
    return text


ALL = (*files.TEXT_SUFFIXES, *files.TABLE_SUFFIXES)


@pytest.mark.parametrize("suffix", ALL)
def test_empty_file(tmp_path: Path, suffix: str) -> None:
    assert "trống" in refusal(written(tmp_path / f"a{suffix}", b""))
    assert "trống" in refusal(written(tmp_path / f"b{suffix}", b" \n \r\n" + bytes(50)))


@pytest.mark.parametrize("suffix", ALL)
def test_fifty_megabytes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as handle:
        handle.truncate(50 * 2**20)
    assert "50 MB" in refusal(path)


@pytest.mark.parametrize("suffix", ALL)
def test_noise(tmp_path: Path, suffix: str) -> None:
    noise = bytes((i * i * 31 + i * 7) % 256 for i in range(20_000))
    refusal(written(tmp_path / f"a{suffix}", b"\x01" + noise))


@pytest.mark.parametrize("suffix", ALL)
def test_missing_file(tmp_path: Path, suffix: str) -> None:
    assert "Không mở được" in refusal(tmp_path / f"a{suffix}")


def _good(path: Path) -> Path:
    if path.suffix == ".pdf":
        write_pdf(path, [[(75, 70 + 16 * i, text, 11) for i, text in enumerate(LAW)]])
    elif path.suffix == ".docx":
        document = docx.Document()
        for text in LAW:
            document.add_paragraph(text)
        document.save(str(path))
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for text in LAW:
            book.active.append([text, 1.5])
        book.save(path)
    return path


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_truncated_file(tmp_path: Path, suffix: str, share: float) -> None:
    data = _good(tmp_path / f"a{suffix}").read_bytes()
    path = written(tmp_path / f"b{suffix}", data[: int(len(data) * share)])
    try:
        (read_sheets if suffix == ".xlsx" else read_text)(path)
    except FileError:
        refusal(path)
    else:
        assert suffix == ".pdf"  # a PDF can be repaired; an archive has lost its table of contents


@pytest.mark.parametrize(
    ("content", "suffix", "said"),
    [
        (".docx", ".xlsx", ".docx"), (".xlsx", ".docx", ".xlsx"), (".pdf", ".docx", ".pdf"),
        (".pdf", ".xlsx", ".pdf"), (".pdf", ".txt", ".pdf"), (".xlsx", ".csv", ".xlsx"),
        (".docx", ".pdf", ".docx"), (".docx", ".html", ".docx"),
    ],
)  # fmt: skip
def test_wrong_extension(tmp_path: Path, content: str, suffix: str, said: str) -> None:
    data = _good(tmp_path / f"a{content}").read_bytes()
    assert f"Đổi đuôi tệp thành {said}" in refusal(written(tmp_path / f"b{suffix}", data))


def test_text_named_pdf_and_old_office_files(tmp_path: Path) -> None:
    assert "chữ thường" in refusal(written(tmp_path / "a.pdf", "Điều 1. Chỉ là chữ"))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "kiểu cũ" in refusal(written(tmp_path / "a.docx", old))
    locked = old + "EncryptedPackage".encode("utf-16-le")
    assert "mật khẩu" in refusal(written(tmp_path / "b.docx", locked))
    assert "mật khẩu" in refusal(written(tmp_path / "a.xlsx", locked))
    assert "lưu thành .docx" in refusal(written(tmp_path / "a.doc", old))
    assert "nén" in refusal(_archive(tmp_path / "c.docx", {"a.txt": b"x"}))


def _archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("member", "megabytes", "padding"),
    [("xl/media/a.bin", 401, 3), ("xl/worksheets/sheet1.xml", 101, 1), ("xl/media/a.bin", 30, 0)],
)
def test_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, member: str, megabytes: int, padding: int
) -> None:
    """Too large in all, too much XML, too well packed: the archive itself states its sizes."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/media/b.bin", bytes(padding * 2**20))
        archive.writestr(member, b"x")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (megabytes * 2**20).to_bytes(4, "little")
    assert "bung ra" in refusal(written(path, bytes(data)))


def test_entities_are_refused(tmp_path: Path) -> None:
    _good(tmp_path / "a.docx")
    _edit(
        tmp_path / "a.docx", "word/document.xml", "<w:document",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document',
    )  # fmt: skip
    assert "DTD" in refusal(tmp_path / "a.docx")


def test_workbook_too_wide_to_be_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["XFD1000"] = 1, 2
    book.save(tmp_path / "a.xlsx")
    assert "quá lớn" in refusal(tmp_path / "a.xlsx")


def test_archive_with_a_damaged_part(tmp_path: Path) -> None:
    data = bytearray(_good(tmp_path / "a.docx").read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("word/document.xml").header_offset + 80
    data[at : at + 40] = bytes(40)
    refusal(written(tmp_path / "b.docx", bytes(data)))


# The shared documents


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_shared_documents_are_all_read() -> None:
    paths = [p for p in sorted((SHARED / "documents").rglob("*")) if p.suffix in ALL]
    assert len(paths) >= 30
    for path in paths:
        if path.suffix in files.TABLE_SUFFIXES:
            assert read_sheets(path)
        else:
            assert sum(len(line.text) for line in read_text(path).lines) > 500, path


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_shared_pdf_reports_keep_their_paragraphs() -> None:
    name = "2024-02-22-khoi-mttq-khanh-hoa-giao-uoc.pdf"
    lines = read_text(SHARED / "documents" / "meetings" / name).lines
    assert len(lines) == 12
    assert lines[0].text.startswith("Khánh Hòa: Bảy đơn vị Khối MTTQ")
    assert lines[0].text.endswith("chính trị - xã hội cùng ký giao ước thi đua năm 2024")
    assert sum(line.text.startswith("- ") for line in lines) == 4
