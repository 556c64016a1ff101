"""Score, award and unit workbooks: each shape read exactly, each contradiction told by its cell."""

import datetime
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from corpus.award_sheets import read_awards
from corpus.contradictions import audit
from corpus.records import CriterionKind, Problem, Scorer, Severity, Status
from corpus.score_sheets import read_scores
from corpus.tables import Tables
from corpus.unit_sheets import read_units

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")

LONG = ["Đơn vị", "Tiêu chí", "Nhóm", "Điểm tối đa", "Điểm tự chấm", "Điểm khối chấm",
        "Điểm Hội đồng thẩm định", "Lý do"]  # fmt: skip
AWARDS = ["Năm", "Đơn vị/cá nhân", "Hình thức", "Cấp", "Trạng thái", "Số quyết định",
          "Ngày quyết định"]  # fmt: skip


def book(path: Path, rows: Sequence[Any], sheet: str = "Năm 2024", merge: str = "") -> Path:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(row)
    for cells in merge.split():
        workbook.active.merge_cells(cells)
    workbook.save(path)
    return path


def row(unit: Any, criterion: str, group: Any, most: Any, *points: Any, reason: Any = "") -> Any:
    return [unit, criterion, group, most, *points, reason]


def one(problems: Sequence[Problem], severity: Severity | None = None) -> Problem:
    """The only problem (of that severity)."""
    found = [p for p in problems if severity in (None, p.severity)]
    assert len(found) == 1, [str(p) for p in found]
    problem = found[0]
    assert problem.message.endswith(".") and problem.remedy.endswith(".")
    assert "\n" not in problem.message
    return problem


UNITS = (
    "Đơn vị,Tên khác,Khối,Từ,Đến\nHội A,HA,Khối thi đua số 1,,\nHội B,HB;B,Khối thi đua số 1,,\n"
)


def units(tmp_path: Path, content: str = UNITS) -> Tables:
    (tmp_path / "don-vi.csv").write_text(content, encoding="utf-8")
    return read_units(tmp_path / "don-vi.csv", "units/don-vi.csv")


# Long tables


def test_long_table_is_exact_and_placed(tmp_path: Path) -> None:
    rows = [
        ["KHỐI THI ĐUA SỐ 1"],
        ["BẢNG CHẤM ĐIỂM 6 THÁNG ĐẦU NĂM 2023"],
        ["Ngày 20 tháng 01 năm 2025"],
        LONG,
        row("Hội A", "I.1 Hoàn thành", "I. Nhiệm vụ", "20", "19,5", 18.75, Decimal("18.1")),
        row(None, "I.2. Thi đua, khen thưởng", None, 10, 10, 9, 8, reason="Hồ sơ chậm"),
        row("Hội A", "IV.1 Sáng kiến", "IV. Điểm thưởng", 5, 3, "-", None),
        row("Hội A", "V.1 Báo cáo chậm", "V. Điểm trừ", -5, 0, "−1,5", -2),
        row("Hội A", "Tổng cộng", None, 35, "32,5", "26,25", "24,1"),
    ]
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "Chấm điểm"), "scores/a.xlsx")
    assert tables.problems == ()
    points = {(s.criterion, s.scorer): s.points for s in tables.scores}
    assert points == {
        ("I.1", Scorer.SELF): Decimal("19.5"),
        ("I.1", Scorer.BLOCK): Decimal("18.75"),
        ("I.1", Scorer.COUNCIL): Decimal("18.1"),
        ("I.2", Scorer.SELF): Decimal("10"),
        ("I.2", Scorer.BLOCK): Decimal("9"),
        ("I.2", Scorer.COUNCIL): Decimal("8"),
        ("IV.1", Scorer.SELF): Decimal("3"),
        ("V.1", Scorer.SELF): Decimal("0"),
        ("V.1", Scorer.BLOCK): Decimal("-1.5"),
        ("V.1", Scorer.COUNCIL): Decimal("-2"),
    }
    second = next(s for s in tables.scores if s.criterion == "I.2" and s.scorer is Scorer.COUNCIL)
    assert (second.unit, second.year, second.period) == ("Hội A", 2023, "6 tháng đầu năm")
    assert (second.criterion_name, second.group) == ("Thi đua, khen thưởng", "I")
    assert (second.group_name, second.block) == ("Nhiệm vụ", "KHỐI THI ĐUA SỐ 1")
    assert (second.max_points, second.reason) == (Decimal(10), "Hồ sơ chậm")
    assert second.source.place == "Chấm điểm!G6"
    kinds = {s.criterion: s.kind for s in tables.scores}
    assert kinds == {
        "I.1": CriterionKind.BASE,
        "I.2": CriterionKind.BASE,  # "khen thưởng" is not a bonus
        "IV.1": CriterionKind.BONUS,
        "V.1": CriterionKind.PENALTY,
    }
    stated = {t.scorer: (t.points, t.source.place) for t in tables.totals}
    assert stated[Scorer.COUNCIL] == (Decimal("24.1"), "Chấm điểm!G9")
    assert audit([tables]).problems == ()


def test_long_csv_with_year_column_and_headings_in_another_order(tmp_path: Path) -> None:
    (tmp_path / "diem.csv").write_text(
        "Năm;Nội dung tiêu chí;Hội đồng thẩm định;Tên đơn vị\n2022;Tuyên truyền;7,5;Hội A\n",
        encoding="utf-8",
    )
    (score,) = read_scores(tmp_path / "diem.csv", "scores/diem.csv").scores
    assert (score.year, score.unit, score.points) == (2022, "Hội A", Decimal("7.5"))
    assert (score.criterion, score.criterion_name) == ("Tuyên truyền", "Tuyên truyền")
    assert (score.scorer, score.source.place) == (Scorer.COUNCIL, "C2")


def test_subtotal_rows_are_not_counted_twice(tmp_path: Path) -> None:
    rows = [
        LONG,
        row("Hội A", "I. Nhiệm vụ", "", 30, 28, 27, 26),
        row("Hội A", "I.1 Một", "", 20, 18, 18, 17),
        row("Hội A", "I.2 Hai", "", 10, 10, 9, 9),
    ]
    tables = read_scores(book(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert {s.criterion for s in tables.scores} == {"I.1", "I.2"}


def test_penalties_written_as_positive_numbers_are_deducted(tmp_path: Path) -> None:
    rows = [LONG, row("Hội A", "V.1 Chậm", "V. Điểm trừ", 5, 0, 2, 1.5)]
    tables = read_scores(book(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert [s.points for s in tables.scores] == [0, -2, Decimal("-1.5")]
    assert tables.scores[0].max_points == -5
    assert audit([tables]).problems == ()


@pytest.mark.parametrize("text", ["mười", "19,5,2", "8-9", "#REF!", "=SUM(A1:A2)", "1.2.3"])
def test_unreadable_number_keeps_the_rest(tmp_path: Path, text: str) -> None:
    rows = [LONG, row("Hội A", "I.1 Một", "I. Nhóm", 20, text, 18, 17)]
    tables = read_scores(book(tmp_path / "a.xlsx", rows), "scores/a.xlsx")
    problem = one(tables.problems, Severity.ERROR)
    assert (problem.file, problem.place) == ("scores/a.xlsx", "Năm 2024!E2")
    assert text in problem.message
    assert {s.scorer for s in tables.scores} == {Scorer.BLOCK, Scorer.COUNCIL}


def test_table_without_a_year_is_left_out(tmp_path: Path) -> None:
    rows = [LONG, row("Hội A", "I.1 Một", "I. Nhóm", 20, 19, 18, 17)]
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "Điểm"), "scores/a.xlsx")
    assert "năm nào" in one(tables.problems, Severity.ERROR).message
    assert not tables.scores
    assert read_scores(tmp_path / "a.xlsx", "scores/diem-2019.xlsx").scores[0].year == 2019
    assert not read_scores(tmp_path / "a.xlsx", "scores/diem-2019-2020.xlsx").scores


def test_sheet_and_title_of_two_years_is_said(tmp_path: Path) -> None:
    rows = [["BẢNG ĐIỂM NĂM 2022"], LONG, row("Hội A", "I.1 Một", "I. Nhóm", 20, 19, 18, 17)]
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "Năm 2023"), "a.xlsx")
    assert "2022" in one(tables.problems, Severity.WARNING).message
    assert tables.scores[0].year == 2023


def test_sheet_of_another_shape_is_said(tmp_path: Path) -> None:
    tables = read_scores(book(tmp_path / "a.xlsx", [["Hướng dẫn"], ["Cách chấm"]]), "a.xlsx")
    assert one(tables.problems, Severity.WARNING).place == "Năm 2024"
    assert not read_scores(book(tmp_path / "a.xlsx", [["Số bịa"]], "Ghi chú"), "a.xlsx").problems


# Wide tables


def wide(*body: Sequence[Any], title: str = "(Điểm Hội đồng thẩm định)") -> list[list[Any]]:
    return [
        ["KHỐI THI ĐUA SỐ 1"],
        ["TỔNG HỢP ĐIỂM NĂM 2024"],
        [title],
        ["TT", "Đơn vị", "I. Nhiệm vụ", None, "V. Điểm trừ", "Tổng điểm", "Xếp hạng"],
        [None, None, "I.1 Một (tối đa 20)", "I.2 Hai (10 điểm)", "V.1 Chậm (trừ tối đa 5)"],
        *map(list, body),
        ["Điểm cao nhất", None, None, None, None, 29],
        [None, "NGƯỜI LẬP", None, None, "Ngày 20 tháng 01 năm 2025"],
        [None, "(đã ký)"],
    ]


WIDE_MERGES = "A4:A5 B4:B5 C4:D4 F4:F5 G4:G5"


def test_wide_table_with_two_rows_of_headings(tmp_path: Path) -> None:
    rows = wide([1, "Hội A", 19.5, "9,5", 0, 29, 1], [2, "Hội B", 18, 9, -1, 26, "Nhì"])
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "TH", WIDE_MERGES), "scores/a.xlsx")
    assert tables.problems == () and tables.scores == ()
    assert {(s.unit, s.criterion): s.points for s in tables.wide} == {
        ("Hội A", "I.1"): Decimal("19.5"), ("Hội A", "I.2"): Decimal("9.5"), ("Hội A", "V.1"): 0,
        ("Hội B", "I.1"): 18, ("Hội B", "I.2"): 9, ("Hội B", "V.1"): -1,
    }  # fmt: skip
    assert {s.scorer for s in tables.wide} == {Scorer.COUNCIL}
    penalty = tables.wide[-1]
    assert (penalty.kind, penalty.max_points) == (CriterionKind.PENALTY, -5)
    assert (penalty.criterion_name, penalty.group_name) == ("Chậm", "Điểm trừ")
    assert penalty.source.place == "TH!E7"
    assert [(t.unit, t.points, t.rank, t.source.place) for t in tables.totals] == [
        ("Hội A", 29, 1, "TH!F6:G6"),
        ("Hội B", 26, 2, "TH!F7:G7"),
    ]
    whole = audit([tables])
    assert len(whole.scores) == 6 and whole.problems == ()


def test_wide_table_whose_headings_are_not_merged(tmp_path: Path) -> None:
    rows = wide([1, "Hội A", 19.5, "9,5", 0, 29, 1])
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "TH"), "scores/a.xlsx")
    assert tables.problems == ()
    points = [(s.criterion, s.points, s.max_points) for s in tables.wide]
    assert points == [("I.1", Decimal("19.5"), 20), ("I.2", Decimal("9.5"), 10), ("V.1", 0, -5)]
    assert [(t.points, t.rank) for t in tables.totals] == [(29, 1)]


def test_wide_table_of_totals_by_scorer(tmp_path: Path) -> None:
    rows = [["KẾT QUẢ NĂM 2023"], ["STT", "Đơn vị", "Tự chấm", "Hội đồng thẩm định", "Xếp hạng"],
            [1, "Hội A", 98, "97,5", "Nhất"], [2, "Hội B", 97, 96, 2]]  # fmt: skip
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "Bảng"), "a.xlsx")
    assert [(t.unit, t.scorer, t.points, t.rank) for t in tables.totals] == [
        ("Hội A", Scorer.SELF, 98, None), ("Hội A", Scorer.COUNCIL, Decimal("97.5"), 1),
        ("Hội B", Scorer.SELF, 97, None), ("Hội B", Scorer.COUNCIL, 96, 2),
    ]  # fmt: skip
    assert tables.problems == ()


def test_wide_table_that_names_no_scorer_is_said(tmp_path: Path) -> None:
    rows = wide([1, "Hội A", 19, 9, 0, 28, 1], title="")
    tables = read_scores(book(tmp_path / "a.xlsx", rows, "TH", WIDE_MERGES), "a.xlsx")
    assert "ai chấm" in one(tables.problems, Severity.WARNING).message
    assert {s.scorer for s in tables.wide} == {Scorer.BLOCK}


# The audit


def audited(tmp_path: Path, *body: Sequence[Any], long: Sequence[Sequence[Any]] = ()) -> Tables:
    book(tmp_path / "w.xlsx", wide(*body), "TH", WIDE_MERGES)
    parts = [units(tmp_path), read_scores(tmp_path / "w.xlsx", "scores/w.xlsx")]
    if long:
        book(tmp_path / "l.xlsx", [LONG, *long])
        parts.append(read_scores(tmp_path / "l.xlsx", "scores/l.xlsx"))
    return audit(parts)


def test_total_that_does_not_add_up(tmp_path: Path) -> None:
    problem = one(audited(tmp_path, [1, "Hội A", 19.5, 9.5, -1, "28,5", 1]).problems)
    assert (problem.severity, problem.place) == (Severity.AUDIT, "TH!F6")
    assert "28,5" in problem.message and "cộng lại là 28." in problem.message


def test_long_total_that_does_not_add_up(tmp_path: Path) -> None:
    rows = [
        LONG,
        row("Hội A", "I.1 Một", "", 20, 18, 18, 17),
        row("Hội A", "Tổng", "", 20, 18, 18, 19),
    ]
    problem = one(audit([read_scores(book(tmp_path / "a.xlsx", rows), "a.xlsx")]).problems)
    assert (problem.severity, problem.place) == (Severity.AUDIT, "Năm 2024!G3")


@pytest.mark.parametrize(
    ("points", "place", "said"),
    [
        ((20.5, 9, 0), "TH!C6", "20,5, vượt điểm tối đa 20"),
        ((19, -1, 0), "TH!D6", "điểm âm"),
        ((19, 9, "-5,5"), "TH!E6", "trừ 5,5 điểm, quá mức trừ tối đa 5"),
    ],
)
def test_points_out_of_range(
    tmp_path: Path, points: tuple[Any, ...], place: str, said: str
) -> None:
    total = sum(Decimal(str(p).replace(",", ".")) for p in points)
    problem = one(audited(tmp_path, [1, "Hội A", *points, total, 1]).problems)
    assert (problem.severity, problem.place) == (Severity.AUDIT, place)
    assert said in problem.message


def test_penalty_of_the_wrong_sign_beside_right_ones(tmp_path: Path) -> None:
    body = [[1, "Hội A", 19, 9, -1, 27, 1], [2, "Hội B", 18, 9, 2, 29, 1]]
    problems = audited(tmp_path, *body).problems
    assert any(p.place == "TH!E7" and "số dương 2" in p.message for p in problems)


def test_wide_cell_that_differs_from_the_long_table(tmp_path: Path) -> None:
    long = [row("HA", "I.1 Một", "I. Nhiệm vụ", 20, 20, 19, 18),
            row("HA", "I.2 Hai", "I. Nhiệm vụ", 10, 10, 9, 9)]  # fmt: skip
    whole = audited(tmp_path, [1, "Hội A", 19, 9, None, 28, 1], long=long)
    problem = one(whole.problems)
    assert (problem.severity, problem.place) == (Severity.AUDIT, "TH!C6")
    assert "ghi 19" in problem.message and "ghi 18 (scores/l.xlsx, Năm 2024!G2)" in problem.message
    council = [s for s in whole.scores if s.scorer is Scorer.COUNCIL]
    assert [(s.unit, s.points) for s in council] == [("Hội A", 18), ("Hội A", 9)]


def test_wide_scores_stay_where_no_long_table_has_them(tmp_path: Path) -> None:
    long = [row("Hội A", "I.1 Một", "I. Nhiệm vụ", 20, 20, 19, 19)]
    whole = audited(
        tmp_path,
        [1, "Hội A", 19, None, None, 19, 1],
        [2, "Hội B", 18, None, None, 18, 2],
        long=long,
    )
    assert whole.problems == () and whole.wide == ()
    kept = {(s.unit, s.source.file) for s in whole.scores if s.scorer is Scorer.COUNCIL}
    assert kept == {("Hội A", "scores/l.xlsx"), ("Hội B", "scores/w.xlsx")}
    assert {s.block for s in whole.scores} == {"Khối thi đua số 1"}


def test_rank_that_is_not_that_of_the_totals(tmp_path: Path) -> None:
    whole = audited(tmp_path, [1, "Hội A", 19, 9, 0, 28, 2], [2, "Hội B", 18, 9, 0, 27, 1])
    assert [p.place for p in whole.problems] == ["TH!G6", "TH!G7"]
    assert "hạng 2" in whole.problems[0].message and "là hạng 1." in whole.problems[0].message


def test_equal_totals_may_share_a_rank_or_not(tmp_path: Path) -> None:
    shared = audited(tmp_path, [1, "Hội A", 19, 9, 0, 28, 1], [2, "Hội B", 19, 9, 0, 28, 1])
    split = audited(tmp_path, [1, "Hội A", 19, 9, 0, 28, 2], [2, "Hội B", 19, 9, 0, 28, 1])
    assert shared.problems == split.problems == ()


def test_same_cell_given_twice(tmp_path: Path) -> None:
    rows = [
        LONG,
        row("Hội A", "I.1 Một", "", 20, 18, 18, 17),
        row("Hội A", "I.1 Một", "", 20, 18, 18, 16),
    ]
    whole = audit([read_scores(book(tmp_path / "a.xlsx", rows), "a.xlsx")])
    problem = one(whole.problems)
    assert (problem.severity, problem.place) == (Severity.AUDIT, "Năm 2024!G3")
    assert "ghi 16" in problem.message and "Năm 2024!G2 ghi 17" in problem.message
    assert sorted(s.points for s in whole.scores) == [17, 18, 18]


def test_unknown_unit_is_said_once(tmp_path: Path) -> None:
    long = [row("Hội X", f"I.{i} Một", "", 20, 18, 18, 17) for i in range(3)]
    whole = audited(tmp_path, [1, "Hội A", 19, 9, 0, 28, 1], long=long)
    problem = one(whole.problems)
    assert (problem.severity, problem.file) == (Severity.WARNING, "scores/l.xlsx")
    assert "Hội X" in problem.message
    assert len(whole.scores) == 9 + 3


# Awards


def test_awards_in_their_four_states(tmp_path: Path) -> None:
    rows = [
        ["KHEN THƯỞNG"],
        AWARDS,
        [2020, "Cá nhân A, Hội Nông dân tỉnh", "BK", "Tỉnh", "đã quyết định", "5/QĐ", "15/9/2021"],
        [2021, "HA", "Cờ", "Tỉnh", "Đã tặng", "6/QĐ", datetime.datetime(2022, 2, 28)],
        [2022, "Hội A", "Cờ", "Tỉnh", "đã trình, suy tôn", None, None],
        [2023, "Hội A", "Cờ", "Tỉnh", "Hội đồng thông qua", "-", None],
        [2024, "Hội A", "Cờ", "Tỉnh", "thu hồi quyết định", "7/QĐ", None],
    ]  # fmt: skip
    tables = read_awards(book(tmp_path / "a.xlsx", rows, "KT"), "awards/a.xlsx")
    whole = audit([units(tmp_path, UNITS.replace("Hội B", "Hội Nông dân tỉnh")), tables])
    assert whole.problems == ()
    assert [a.status for a in whole.awards] == [
        Status.DECIDED, Status.DECIDED, Status.PROPOSED, Status.APPROVED, Status.CANCELLED,
    ]  # fmt: skip
    first, second = whole.awards[:2]
    assert (first.person, first.unit) == ("Cá nhân A", "Hội Nông dân tỉnh")
    assert (first.decision, first.decided_on) == ("5/QĐ", datetime.date(2021, 9, 15))
    assert (first.year, first.level, first.source.place) == (2020, "Tỉnh", "KT!B3")
    assert (second.recipient, second.unit, second.person) == ("HA", "Hội A", "")
    assert second.decided_on == datetime.date(2022, 2, 28)
    assert whole.awards[3].decision == ""


@pytest.mark.parametrize(
    ("status", "read"),
    [
        ("đề nghị", Status.PROPOSED), ("Suy tôn", Status.PROPOSED), ("đã trình", Status.PROPOSED),
        ("đồng ý", Status.APPROVED), ("ĐÃ CÓ QUYẾT ĐỊNH", Status.DECIDED),
        ("Huỷ", Status.CANCELLED), ("chưa có quyết định", None), ("chờ quyết định", None),
        ("không đồng ý", None), ("?", None),
    ],
)  # fmt: skip
def test_status_is_read_loosely_and_never_guessed(
    tmp_path: Path, status: str, read: Status | None
) -> None:
    rows = [AWARDS, [2020, "Hội A", "Cờ", "Tỉnh", status, "5/QĐ", "15/09/2021"]]
    tables = read_awards(book(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert [a.status for a in tables.awards] == ([read] if read else [])
    if read is None:
        assert one(tables.problems, Severity.ERROR).place == "Năm 2024!E2"


def test_award_decided_without_number_or_date(tmp_path: Path) -> None:
    rows = [AWARDS, [2020, "Hội A", "Cờ", "Tỉnh", "đã quyết định", None, "15/09/2021"],
            [2020, "Hội B", "Cờ", "Tỉnh", "đã quyết định", None, None]]  # fmt: skip
    whole = audit([read_awards(book(tmp_path / "a.xlsx", rows), "a.xlsx")])
    assert [(p.severity, p.place) for p in whole.problems] == [
        (Severity.AUDIT, "Năm 2024!B2"), (Severity.AUDIT, "Năm 2024!B3"),
    ]  # fmt: skip
    assert "thiếu số quyết định" in whole.problems[0].message
    assert "thiếu số và ngày quyết định" in whole.problems[1].message
    assert len(whole.awards) == 2


def test_award_year_and_date_that_cannot_be_read(tmp_path: Path) -> None:
    rows = [AWARDS, ["hai nghìn", "Hội A", "Cờ", "Tỉnh", "đề nghị"],
            [2020, "Hội B", "Cờ", "Tỉnh", "đã quyết định", "5/QĐ", "31/02/2021"]]  # fmt: skip
    tables = read_awards(book(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert [(p.severity, p.place) for p in tables.problems] == [
        (Severity.ERROR, "Năm 2024!A2"), (Severity.ERROR, "Năm 2024!G3"),
    ]  # fmt: skip
    assert [(a.recipient, a.decided_on) for a in tables.awards] == [("Hội B", None)]


def test_award_of_a_unit_whose_name_holds_commas(tmp_path: Path) -> None:
    listed = units(tmp_path, 'Đơn vị,Khối\n"Sở Văn hóa, Thể thao và Du lịch",K1\n')
    unit = "Sở Văn hóa, Thể thao và Du lịch"
    rows = [
        AWARDS,
        [2020, unit, "Cờ", "Tỉnh", "đề nghị"],
        [2020, f"Đoàn Văn A, Phó Giám đốc, {unit}", "Cờ", "Tỉnh", "đề nghị"],
    ]
    alone = read_awards(book(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert (alone.awards[0].person, alone.awards[0].unit) == ("", unit)
    whole = audit([listed, alone])
    assert [(a.person, a.unit) for a in whole.awards] == [
        ("", unit),
        ("Đoàn Văn A", unit),
    ]


def test_awards_with_person_and_unit_apart_and_one_column_for_the_decision(tmp_path: Path) -> None:
    rows = [
        ["TT", "Họ và tên", "Đơn vị", "Danh hiệu", "Năm", "Quyết định"],
        [1, "Nguyễn Văn A", "Hội A", "Lao động tiên tiến", 2023, "9/QĐ-UBND ngày 05/02/2024"],
    ]
    (award,) = read_awards(book(tmp_path / "a.xlsx", rows), "a.xlsx").awards
    assert (award.person, award.unit, award.status) == ("Nguyễn Văn A", "Hội A", Status.DECIDED)
    assert (award.decision, award.decided_on) == ("9/QĐ-UBND", datetime.date(2024, 2, 5))


def test_a_list_attached_to_a_decision_is_decided(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH ĐƯỢC KHEN THƯỞNG NĂM 2031"],
        ["(Kèm theo Quyết định số 88/QĐ-UBND ngày 20 tháng 01 năm 2032)"],
        ["STT", "Tên tập thể, cá nhân", "Chức vụ, đơn vị", "Hình thức khen thưởng"],
        ["I", "TẬP THỂ", None, None],
        [1, "Sở Y tế", None, "Cờ thi đua"],
        ["II", "CÁ NHÂN", None, None],
        [1, "Lê Văn Mẫu", "Trưởng phòng, Sở Y tế", "Bằng khen"],
    ]
    unit, person = read_awards(book(tmp_path / "a.xlsx", rows), "a.xlsx").awards
    assert {(a.status, a.year, a.decision, str(a.decided_on)) for a in (unit, person)} == {
        (Status.DECIDED, 2031, "88/QĐ-UBND", "2032-01-20")
    }
    assert (unit.unit, unit.person) == ("Sở Y tế", "")
    assert (person.person, person.unit.partition(", ")[2]) == ("Lê Văn Mẫu", "Sở Y tế")
    rows[0], rows[1] = (
        ["DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG NĂM 2031"],
        ["(Kèm theo Tờ trình số 8/TTr-SYT)"],
    )
    awards = read_awards(book(tmp_path / "b.xlsx", rows), "b.xlsx").awards
    assert {(a.status, a.decision) for a in awards} == {(Status.PROPOSED, "")}


# Units


def test_units_and_the_heir_of_an_old_name(tmp_path: Path) -> None:
    tables = units(
        tmp_path,
        "unit,aliases,block,from,to\nHội Cũ,HC,K1,2010-01-01,31/12/2022\n"
        "Hội Mới,HM; Hội Cũ,K1,2023,\n",
    )
    old, new = tables.units
    assert (old.aliases, old.successor, old.block) == (("HC",), "Hội Mới", "K1")
    assert (old.since, old.until) == (datetime.date(2010, 1, 1), datetime.date(2022, 12, 31))
    assert (new.aliases, new.successor) == (("HM", "Hội Cũ"), "")
    assert (new.since, new.until) == (datetime.date(2023, 1, 1), None)
    assert old.source.place == "A2"
    assert audit([tables]).problems == ()


def test_what_became_of_units(tmp_path: Path) -> None:
    tables = units(
        tmp_path,
        "Đơn vị,Tên khác,Khối,Từ,Đến,Đổi thành,Sáp nhập vào\n"
        "Sở A,,K1,2010,28/02/2025,,Sở C\nSở C,,K1,2010,,,\n"  # a row says it
        "Sở D,,K1,2010,2024,,\nSở E,,K1,,2024,,\nSở DE,Sở D;Sở E,K1,2025,,,\n"  # two become one
        "Sở G,,K1,2010,2015,,\nSở H,,K1,2016,2020,,\nSở I,Sở G;Sở H,K1,2021,,,\n"  # renamed twice
        "Sở K,,K1,2010,2020,Sở L,\nSở L,,K1,2021,,,\nSở M,,K1,,2020,Sở N,\n",
    )
    found = {u.name: (u.successor, u.merged_into) for u in tables.units}
    assert {name: became for name, became in found.items() if any(became)} == {
        "Sở A": ("", "Sở C"), "Sở D": ("", "Sở DE"), "Sở E": ("", "Sở DE"),
        "Sở G": ("Sở I", ""), "Sở H": ("Sở I", ""), "Sở K": ("Sở L", ""), "Sở M": ("Sở N", ""),
    }  # fmt: skip
    problem = one(audit([tables]).problems)
    assert (problem.place, "Sở N" in problem.message) == ("A12", True)


def test_points_of_a_year_in_which_the_unit_was_not(tmp_path: Path) -> None:
    content = "Đơn vị,Khối,Từ,Đến\nHội A,K1,2010,31/12/2022\nHội B,K1,2010,\n"
    table = [["Năm", "Đơn vị", "Tiêu chí", "Điểm Hội đồng thẩm định"],
             [2022, "Hội A", "I.1 X", 5], [2023, "Hội A", "I.1 X", 5], [2023, "Hội B", "I.1 X", 5]]  # fmt: skip
    parts = [units(tmp_path, content), read_scores(book(tmp_path / "a.xlsx", table), "a.xlsx")]
    problem = one(audit(parts).problems)
    assert problem.severity is Severity.WARNING
    assert "Hội A" in problem.message and "31/12/2022" in problem.message


def test_alias_of_two_units(tmp_path: Path) -> None:
    content = 'Đơn vị;Tên khác;Khối\nHội A;"HX;HA";K1\nHội B;hx;K1\n'
    problem = one(audit([units(tmp_path, content)]).problems)
    assert problem.severity is Severity.WARNING
    assert "Hội A" in problem.message and "Hội B" in problem.message and "HX" in problem.message


def test_unit_date_that_cannot_be_read(tmp_path: Path) -> None:
    tables = units(tmp_path, "Đơn vị,Khối,Từ\nHội A,K1,đầu năm\n")
    assert one(tables.problems, Severity.ERROR).place == "C2"
    assert tables.units[0].since is None


# The shared workbooks


@pytest.fixture(scope="module")
def shared() -> Tables:
    documents = SHARED / "documents"
    return audit(
        read(documents / file, file)
        for read, file in (
            (read_units, "units/don-vi.csv"),
            (read_scores, "scores/bang-tong-hop-2024.xlsx"),
            (read_scores, "scores/diem-2021-2024.xlsx"),
            (read_awards, "awards/khen-thuong.xlsx"),
        )
    )


@needs_shared
def test_shared_scores_are_complete(shared: Tables) -> None:
    assert len(shared.scores) == 10 * 12 * 4 * 3
    counts = Counter((s.year, s.scorer, s.kind) for s in shared.scores)
    assert {n for (*_, kind), n in counts.items() if kind is CriterionKind.BASE} == {80}
    assert {n for (*_, kind), n in counts.items() if kind is not CriterionKind.BASE} == {20}
    assert {s.source.file for s in shared.scores} == {"scores/diem-2021-2024.xlsx"}
    assert len({s.block for s in shared.scores}) == 1


@needs_shared
def test_shared_totals_are_those_of_the_facts(shared: Tables) -> None:
    facts = (SHARED / "facts" / "tables.md").read_text(encoding="utf-8")
    checked = 0
    for line in facts.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 5 or "hạng" not in line:
            continue
        old = "Liên hiệp Hội Khoa học và Công nghệ tỉnh"
        names = {cells[0], old} if "Kỹ thuật" in cells[0] else {cells[0]}
        for year, cell in zip(range(2021, 2025), cells[1:], strict=True):
            total = sum(
                s.points
                for s in shared.scores
                if s.unit in names and s.year == year and s.scorer is Scorer.COUNCIL
            )
            assert total == Decimal(cell.split(" ")[0].replace(",", ".")), (names, year)
            checked += 1
    assert checked == 40


@needs_shared
def test_shared_scores_by_other_scorers(shared: Tables) -> None:
    def total(unit: str, year: int, scorer: Scorer) -> Decimal:
        return sum(
            (s.points for s in shared.scores if (s.unit, s.year, s.scorer) == (unit, year, scorer)),
            Decimal(0),
        )

    assert total("Ủy ban MTTQ tỉnh", 2023, Scorer.SELF) == Decimal("101.5")
    assert total("Hội Nông dân tỉnh", 2024, Scorer.BLOCK) == Decimal("102.5")
    assert total("Hội Nông dân tỉnh", 2024, Scorer.SELF) == 106
    reasons = [
        s for s in shared.scores if s.kind is CriterionKind.PENALTY and s.points and s.reason
    ]
    late = next(s for s in reasons if (s.unit, s.year) == ("Hội Nhà báo tỉnh", 2022))
    assert late.reason == "Báo cáo 6 tháng gửi chậm 12 ngày"


@needs_shared
def test_shared_awards_by_status(shared: Tables) -> None:
    assert Counter(a.status for a in shared.awards) == {
        Status.DECIDED: 50, Status.PROPOSED: 6, Status.CANCELLED: 2, Status.APPROVED: 5,
    }  # fmt: skip
    key = ("Hội Liên hiệp Phụ nữ tỉnh", 2022, "Cờ thi đua của Chính phủ")
    (flag,) = (a for a in shared.awards if (a.unit, a.year, a.title) == key)
    assert (flag.decision, flag.decided_on) == ("690/QĐ-TTg", datetime.date(2023, 6, 19))


@needs_shared
def test_shared_audit_finds_the_planted_errors_and_no_other(shared: Tables) -> None:
    found = [(p.severity, p.place, p.message) for p in shared.problems]
    assert [(severity, place) for severity, place, _ in found] == [
        (Severity.AUDIT, "Tổng hợp 2024!J17"),
        (Severity.AUDIT, "Tổng hợp 2024!J17"),
        (Severity.AUDIT, "Tổng hợp 2024!O18"),
        (Severity.AUDIT, "Tổng hợp 2024!P16"),
        (Severity.AUDIT, "Tổng hợp 2024!P18"),
    ]
    messages = [message for *_, message in found]
    assert "Hội Nhà báo tỉnh, III.3" in messages[0] and "5,5, vượt điểm tối đa 5" in messages[0]
    assert "ghi 5,5" in messages[1] and "ghi 4 (" in messages[1]
    assert "Hội Luật gia tỉnh: tổng ghi 92,75" in messages[2] and "91,25" in messages[2]
    assert "ghi hạng 9" in messages[3] and "là hạng 8" in messages[3]
    assert "ghi hạng 8" in messages[4] and "là hạng 9" in messages[4]


@needs_shared
def test_shared_units_are_linked(shared: Tables) -> None:
    assert len(shared.units) == 11
    (old,) = (u for u in shared.units if u.successor)
    assert old.name == "Liên hiệp Hội Khoa học và Công nghệ tỉnh"
    assert old.successor == "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh"
