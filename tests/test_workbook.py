"""Workbooks of before 2007, and cells in old fonts."""

import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

from corpus.files import FileError, read_sheets
from corpus.score_sheets import read_scores
from test_letters import in_tcvn3, in_vni

UNITS = ["hội nông dân tỉnh", "tỉnh đoàn", "hội cựu chiến binh", "liên đoàn lao động", "sở nội vụ"]


def old_book(path: Path, rows: list[list[object]], font: str = "") -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Năm 2021")
    style = xlwt.easyxf(f"font: name {font}") if font else xlwt.Style.default_style
    date = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value, date if isinstance(value, datetime.date) else style)
    book.save(str(path))
    return path


def test_an_old_workbook_is_read_like_a_new_one(tmp_path):
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("Năm 2021")
    sheet.write_merge(0, 1, 0, 1, "BẢNG\u00a0ĐIỂM")
    for c, value in enumerate((14.5, 20, 0.1 + 0.2, True)):
        sheet.write(2, c, value)
    date = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    sheet.write(3, 0, datetime.date(2025, 2, 28), date)
    sheet.write(3, 1, "19,5")
    book.add_sheet("Trống")
    book.save(str(path))
    (only,) = read_sheets(path).sheets
    assert only.name == "Năm 2021"
    assert [[cell.value for cell in row] for row in only.rows] == [
        ["BẢNG ĐIỂM", "BẢNG ĐIỂM", None, None],
        ["BẢNG ĐIỂM", "BẢNG ĐIỂM", None, None],
        [Decimal("14.5"), 20, Decimal("0.3"), True],
        [datetime.date(2025, 2, 28), "19,5", None, None],
    ]
    assert only.rows[1][1].place == "Năm 2021!A1" and only.rows[3][1].place == "Năm 2021!B4"


def test_scores_of_an_old_workbook(tmp_path):
    rows = [["Đơn vị", "Tiêu chí", "Điểm Hội đồng thẩm định"], ["Tỉnh đoàn", "I.1 Tổ chức", 9.25]]
    tables = read_scores(old_book(tmp_path / "a.xls", rows), "scores/a.xls")
    assert [(s.unit, s.points, s.source.place) for s in tables.scores] == [
        ("Tỉnh đoàn", Decimal("9.25"), "Năm 2021!C2")
    ]


@pytest.mark.parametrize("suffix", [".xls", ".xlsx", ".csv"])
@pytest.mark.parametrize("name", ["TCVN3", "VNI"])
@pytest.mark.parametrize("named", [True, False])
def test_cells_in_an_old_font(tmp_path, suffix, name, named):
    written = [(in_tcvn3 if name == "TCVN3" else in_vni)(unit) for unit in UNITS]
    font = {"TCVN3": ".VnTime", "VNI": "VNI-Times"}[name] if named else "Arial"
    path = tmp_path / f"a{suffix}"
    if suffix == ".xls":
        old_book(path, [[unit, 1.5] for unit in written], font)
    elif suffix == ".xlsx":
        book = openpyxl.Workbook()
        for unit in written:
            book.active.append([unit, 1.5])
        for (cell,) in book.active["A1:A5"]:
            cell.font = Font(name=font)
        book.save(path)
    else:
        path.write_bytes("\n".join(f"{unit};1,5" for unit in written).encode("latin-1"))
    book = read_sheets(path)
    assert [row[0].value for row in book.sheets[0].rows] == UNITS
    assert [name in loss.message for loss in book.losses] == [True]
    assert read_scores(path, "a").problems[0].message == book.losses[0].message


def test_a_damaged_old_workbook_is_one_error(tmp_path):
    data = old_book(tmp_path / "a.xls", [["a", "b"]]).read_bytes()
    (tmp_path / "b.xls").write_bytes(data[:700])
    with pytest.raises(FileError):
        read_sheets(tmp_path / "b.xls")
