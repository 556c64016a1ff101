"""Score tables of other shapes: plain headings, totals alone, a unit's own form, a column per unit."""

from pathlib import Path

import openpyxl
import pytest

from corpus import CriterionKind, Scorer
from corpus.contradictions import audit
from corpus.score_sheets import read_scores


def table(tmp_path: Path, *rows, title: str = "Sheet1"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    return audit([read_scores(tmp_path / "a.xlsx", "scores/a.xlsx")])


def points(tables):
    return {(s.unit, s.criterion): str(s.points) for s in tables.scores}


YEAR = ["Kết quả chấm điểm năm 2031 (Hội đồng thẩm định)"]


def test_plain_headings_are_criteria_where_they_add_up_to_the_total(tmp_path):
    tables = table(
        tmp_path, YEAR, ["TT", "Đơn vị", "Biên chế", "Kinh tế", "Văn hóa", "Tổng điểm", "Số phiếu"],
        [1, "Sở Y tế", 40, 50, 45, 95, 9], [2, "Sở Tư pháp", 30, 48, 44, 92, 8],
    )  # fmt: skip
    assert points(tables) == {
        ("Sở Y tế", "Kinh tế"): "50", ("Sở Y tế", "Văn hóa"): "45",
        ("Sở Tư pháp", "Kinh tế"): "48", ("Sở Tư pháp", "Văn hóa"): "44",
    }  # fmt: skip


def test_plain_headings_that_do_not_add_up_are_left_and_the_total_stands(tmp_path):
    tables = table(
        tmp_path, YEAR, ["TT", "Đơn vị", "Số tin bài", "Số cuộc họp", "Tổng điểm", "Xếp hạng"],
        [1, "Sở Y tế", 12, 4, 95, 1], [2, "Sở Tư pháp", 30, 8, 92, 2],
    )  # fmt: skip
    assert points(tables) == {("Sở Y tế", "Tổng điểm"): "95", ("Sở Tư pháp", "Tổng điểm"): "92"}
    assert [s.source.place for s in tables.scores] == ["Sheet1!E3", "Sheet1!E4"]
    assert ["“Số tin bài”, “Số cuộc họp”" in p.message for p in tables.problems] == [True]


@pytest.mark.parametrize("penalty", [2, -2])
def test_bonus_and_penalty_columns_count_without_a_code(tmp_path, penalty):
    tables = table(
        tmp_path, YEAR,
        ["TT", "Đơn vị", "I. Chuyên môn (90 điểm)", "Điểm thưởng", "Điểm trừ", "Tổng điểm"],
        [1, "Sở Y tế", 88, 3, penalty, 89],
    )  # fmt: skip
    assert {s.kind: str(s.points) for s in tables.scores} == {
        CriterionKind.BASE: "88", CriterionKind.BONUS: "3", CriterionKind.PENALTY: "-2"
    }  # fmt: skip
    assert tables.problems == ()


def test_totals_alone_are_each_scorers_points(tmp_path):
    tables = table(
        tmp_path, ["Điểm thi đua năm 2031"], ["TT", "Đơn vị", "Điểm tự chấm", "Điểm Hội đồng thẩm định"],
        [1, "Sở Y tế", 98, "96,5"],
    )  # fmt: skip
    assert {(s.scorer, str(s.points)) for s in tables.scores} == {
        (Scorer.SELF, "98"), (Scorer.COUNCIL, "96.5")
    }  # fmt: skip


def test_the_form_of_one_unit_counts_its_groups_once(tmp_path):
    tables = table(
        tmp_path, ["BẢNG TỰ CHẤM ĐIỂM NĂM 2031"], ["Đơn vị: Sở Y tế"],
        ["TT", "Nội dung tiêu chí", "Điểm tối đa", "Điểm tự chấm"],
        ["I", "Chuyên môn", 60, 57], [1, "Khám bệnh", 40, 38], ["", "- Nội trú", None, 20],
        [2, "Dự phòng", 20, 19], ["II", "Khen thưởng", 40, 39], ["", "Tổng cộng", 100, 96],
        ["", "NGƯỜI LẬP", "", ""], ["", "Ghi thêm", 1, 1],
    )  # fmt: skip
    assert points(tables) == {
        ("Sở Y tế", "I.1"): "38", ("Sở Y tế", "I.2"): "19", ("Sở Y tế", "II"): "39"
    }  # fmt: skip
    assert tables.scores[0].group_name == "Chuyên môn"
    assert tables.problems == ()


def test_a_column_for_each_unit(tmp_path):
    tables = table(
        tmp_path, YEAR, ["TT", "Tiêu chí", "Điểm tối đa", "Sở Y tế", "Sở Tư pháp"],
        [1, "I.1 Chuyên môn", 60, 58, "57,5"], [2, "I.2 Phong trào", 40, 38, 41],
        ["", "Tổng điểm", 100, 96, 97], ["", "Xếp hạng", "", 1, 2],
    )  # fmt: skip
    assert points(tables)["Sở Tư pháp", "I.1"] == "57.5"
    found = [p.message for p in tables.problems]
    assert ["vượt điểm tối đa" in found[0], "98,5" in found[1]] == [True, True]
    assert [t.rank for t in tables.totals] == [None, None, 1, 2]


def test_a_list_without_points_is_no_score_table(tmp_path):
    tables = table(
        tmp_path, YEAR, ["TT", "Đơn vị", "Địa chỉ", "Biên chế"], [1, "Sở Y tế", "Số 1", 40]
    )
    assert tables.scores == () and "Không nhận ra" in tables.problems[0].message


def test_a_column_for_each_year(tmp_path):
    tables = table(
        tmp_path, ["Điểm các năm (Hội đồng thẩm định)"], ["TT", "Đơn vị", "Năm 2030", "Năm 2031", "Ghi chú"],
        [1, "Sở Y tế", 95, "96,5", "x"], [2, "Sở Tư pháp", 94, None, None], [None, "Trà Giang, ngày 5"],
    )  # fmt: skip
    assert {(s.unit, s.year): str(s.points) for s in tables.scores} == {
        ("Sở Y tế", 2030): "95", ("Sở Y tế", 2031): "96.5", ("Sở Tư pháp", 2030): "94"
    }  # fmt: skip


def test_ranks_alone_are_ranks(tmp_path):
    tables = table(tmp_path, YEAR, ["TT", "Đơn vị", "Xếp hạng"], [1, "Sở Y tế", 2])
    assert [(t.unit, t.rank, t.points) for t in tables.totals] == [("Sở Y tế", 2, None)]
