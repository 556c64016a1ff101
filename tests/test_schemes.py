"""Ladders, conditions and criteria where less is better. Every figure here is invented."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bot import Assistant
from bot.reply import plain
from bot.rows import cells_of
from conftest import TODAY
from corpus import CriterionKind, Scorer, Severity, read
from corpus.contradictions import audit
from corpus.schemes import levels_in
from corpus.score_sheets import read_scores
from hashing import HashEncoder
from index import build

LADDER = ["Đơn vị", "Tiêu chí", "Các mức", "Điểm tự chấm", "Điểm Hội đồng thẩm định"]
SORTED = ["Đơn vị", "Tiêu chí", "Điểm tối đa", "Loại", "Chiều", "Điểm tự chấm",
          "Điểm Hội đồng thẩm định", "Ghi chú"]  # fmt: skip
CONDITIONS = [
    ["Khối thi đua số 1 năm 2031"],
    SORTED,
    ["Sở Y tế", "I.1 Chuyên môn", 60, "", "", 58, 57, ""],
    [None, "I.2 Đơn thư tồn đọng", 40, "", "Nghịch", 38, "36,5", ""],
    [None, "I.3 Nội bộ đoàn kết", None, "Điều kiện", "", "Đạt", "Không đạt", "Không xét thi đua"],
    [None, "Tổng điểm", 100, "", "", 96, "93,5", ""],
    ["Sở Tư pháp", "I.1 Chuyên môn", 60, "", "", 55, 54, ""],
    [None, "I.2 Đơn thư tồn đọng", 40, "", "Nghịch", 35, 35, ""],
    [None, "I.3 Nội bộ đoàn kết", None, "Điều kiện", "", "Đạt", "Đạt", ""],
    [None, "Tổng điểm", 100, "", "", 90, 89, ""],
]


def write(path: Path, rows) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Năm 2031"
    for row in rows:
        book.active.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def table(tmp_path: Path, *rows):
    return audit([read_scores(write(tmp_path / "a.xlsx", rows), "scores/a.xlsx")])


@pytest.mark.parametrize(
    "cell, levels",
    [
        ("5; 3; 0", "5 3 0"),
        ("10 / 8 / 6 / 0", "10 8 6 0"),
        ("10/8/0", "10 8 0"),
        ("5, 3, 0", "5 3 0"),
        ("5 - 3 - 0", "5 3 0"),
        ("7,5; 2,25 điểm", "7.5 2.25"),
        ("100%: 350; 90-<100%: 315\n80-<90%: 280", "350 315 280"),
        ("-5; -10", "-5 -10"),
        ("0-5", ""),  # a range
        ("1/2", ""),
        ("5", ""),
        (5, ""),
        ("Tốt; khá; 0", ""),
        ("5; khá", ""),
    ],
)
def test_a_ladder_is_all_numbers_or_none(cell, levels):
    assert levels_in(cell) == tuple(map(Decimal, levels.split()))


def test_points_off_the_ladder_are_found_and_kept(tmp_path):
    tables = table(
        tmp_path, LADDER, ["Sở Y tế", "I.1 Báo cáo", "5; 3; 0", 5, "5,5"],
        ["Sở Y tế", "I.2 Sáng kiến", "10 / 8 / 0", 8, 10], ["Sở Y tế", "II.1 Khác", 4, 4, 3],
        ["Sở Y tế", "V.1 Điểm trừ chậm", "2; 4", 0, 3],
    )  # fmt: skip
    held = {(s.criterion, s.scorer): s for s in tables.scores}
    first = held["I.1", Scorer.COUNCIL]
    assert (first.points, first.max_points) == (Decimal("5.5"), 5)
    assert first.levels == (5, 3, 0)
    assert held["II.1", Scorer.SELF].max_points == 4 and held["II.1", Scorer.SELF].levels == ()
    late = held["V.1", Scorer.COUNCIL]
    assert (late.points, late.levels, late.max_points) == (-3, (-2, -4), -4)
    said = [(p.severity, p.place, p.message) for p in tables.problems]
    assert said == [
        (Severity.AUDIT, "Năm 2031!E2",
         "Sở Y tế, I.1 Báo cáo: ghi 5,5 không thuộc các mức 5; 3; 0."),
        (Severity.AUDIT, "Năm 2031!E5",
         "Sở Y tế, V.1 Điểm trừ chậm: ghi -3 không thuộc các mức -2; -4."),
    ]  # fmt: skip


def test_a_ladder_that_cannot_be_read_is_said(tmp_path):
    head = ["Đơn vị", "Tiêu chí", "Điểm tối đa", "Các mức", "Điểm Hội đồng thẩm định"]
    tables = table(tmp_path, head, ["Sở Y tế", "I.1 Báo cáo", 5, "tốt; khá", 4])
    assert [(str(s.points), s.levels) for s in tables.scores] == [("4", ())]
    (problem,) = tables.problems
    assert (problem.severity, problem.place) == (Severity.WARNING, "Năm 2031!D2")


def test_a_condition_is_kept_and_adds_nothing(tmp_path):
    tables = table(tmp_path, *CONDITIONS)
    assert tables.problems == ()  # its verdicts break no total
    judged = [s for s in tables.scores if s.kind is CriterionKind.VETO]
    assert [(s.unit, s.scorer, s.verdict, s.points) for s in judged] == [
        ("Sở Y tế", Scorer.SELF, "Đạt", 0), ("Sở Y tế", Scorer.COUNCIL, "Không đạt", 0),
        ("Sở Tư pháp", Scorer.SELF, "Đạt", 0), ("Sở Tư pháp", Scorer.COUNCIL, "Đạt", 0),
    ]  # fmt: skip
    assert judged[1].source.place == "Năm 2031!G5" and judged[1].reason == "Không xét thi đua"
    assert {s.criterion for s in tables.scores if s.inverse} == {"I.2"}


@pytest.mark.parametrize(
    "sort, most, cell, kept",
    [
        ("", None, "Không vi phạm", "Không vi phạm"),
        ("", None, "Không đạt (thiếu báo cáo)", "Không đạt (thiếu báo cáo)"),
        ("Phủ quyết", None, "Có", "Có"),
        ("", "Đạt/Không đạt", "Không", "Không"),
        ("Điểm liệt", 10, "Không đạt", "Không đạt"),
        ("Điểm liệt", 10, 4, 4),  # it has a maximum: points, though they may exclude
        ("", None, "Không", None),  # of no marked condition: nothing is guessed
        ("", 10, "Đạt", None),
        ("Điều kiện", None, 10, None),
    ],
)
def test_what_is_a_verdict_and_what_are_points(tmp_path, sort, most, cell, kept):
    tables = table(tmp_path, SORTED, ["Sở Y tế", "I.3 Đoàn kết", most, sort, "", None, cell, ""])
    assert [s.verdict or s.points for s in tables.scores] == ([] if kept is None else [kept])
    assert [p.place for p in tables.problems] == (["Năm 2031!G2"] if kept is None else [])


def test_two_verdicts_for_one_condition_are_found(tmp_path):
    again = ["Sở Y tế", "I.3 Nội bộ đoàn kết", None, "Điều kiện", "", None, "Đạt", ""]
    (problem,) = table(tmp_path, *CONDITIONS, again).problems
    assert "ghi Đạt, còn" in problem.message and "lấy Không đạt" in problem.message


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemes")
    ladder = [["Đơn vị", "Tiêu chí", "Thang điểm", "Điểm Hội đồng thẩm định"],
              ["Sở Nội vụ", "I.1 Báo cáo tháng", "5; 3; 0", 3]]  # fmt: skip
    write(folder / "documents/scores/a.xlsx", CONDITIONS)
    write(folder / "documents/scores/b.xlsx", [["Khối thi đua số 2 năm 2031"], *ladder])
    build(read(folder / "documents"), folder / "index.db", HashEncoder())
    return Assistant(folder / "index.db", HashEncoder(), lambda: TODAY).ask


def test_the_answer_tells_the_condition_and_never_as_a_number(ask):
    said = plain(ask("Sở Y tế năm 2031 được bao nhiêu điểm?"))
    assert "93,5 điểm (Hội đồng thẩm định), xếp thứ 1/2" in said
    assert "I.3 Nội bộ đoàn kết: tự chấm Đạt, Hội đồng thẩm định Không đạt" in said
    assert "Ghi chú: Không xét thi đua." in said
    assert "không xét" not in plain(ask("Sở Tư pháp năm 2031 được bao nhiêu điểm?")).lower()
    answer = ask("Sở Y tế năm 2031 tiêu chí I.3 được mấy điểm?")
    assert "(điều kiện, không tính điểm): tự chấm Đạt, Hội đồng thẩm định Không đạt" in plain(
        answer
    )
    assert [(row["verdict"], row["points"]) for row in cells_of(answer)] == [
        ("Đạt", None), ("Không đạt", None)
    ]  # fmt: skip


def test_a_condition_ranks_nobody(ask):
    said = plain(ask("Xếp hạng tiêu chí I.3 của khối thi đua số 1 năm 2031"))
    assert "Sở Tư pháp" in said and "Không đạt" in said and "0 điểm" not in said


def test_the_levels_and_the_sense_stand_beside_the_points(ask):
    said = plain(ask("Sở Nội vụ năm 2031 tiêu chí I.1 được mấy điểm?"))
    assert "(tối đa 5, các mức 5; 3; 0): Hội đồng thẩm định 3" in said
    said = plain(ask("Sở Y tế năm 2031 tiêu chí I.2 được mấy điểm?"))
    assert "(tối đa 40, chỉ tiêu nghịch, càng ít càng tốt)" in said
