"""Points and ranks in reports: read where they are plain, left alone where they are not."""

from decimal import Decimal

import pytest

from corpus import Scorer
from corpus.meeting import read_meeting

TITLE = "Hội nghị tổng kết năm 2031 Khối thi đua các Sở tỉnh An Hải"


def marks(*lines, title=TITLE):
    totals = read_meeting([title, *lines], "meetings/a.txt").totals
    return [(t.unit, t.points and str(t.points), t.rank, t.scorer) for t in totals]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Sở Y tế đạt 98,5 điểm.", [("Sở Y tế", "98.5", None)]),
        ("Sở Y tế: 98.5 điểm; Sở Tư pháp: 97 điểm.",
         [("Sở Y tế", "98.5", None), ("Sở Tư pháp", "97", None)]),
        ("Dẫn đầu là Sở Y tế (1.098,25 điểm).", [("Sở Y tế", "1098.25", None)]),
        ("Sở Y tế xếp thứ nhất với 98 điểm, Sở Tư pháp thứ hai với 97 điểm.",
         [("Sở Y tế", "98", 1), ("Sở Tư pháp", "97", 2)]),
        ("Sở Y tế được 98/100 điểm, xếp thứ 3/10.", [("Sở Y tế", "98", 3)]),
        ("Sở Y tế, Sở Tư pháp và Sở Nội vụ lần lượt đạt 98, 97,5 và 96 điểm.",
         [("Sở Y tế", "98", None), ("Sở Tư pháp", "97.5", None), ("Sở Nội vụ", "96", None)]),
        ("Sở Y tế và Sở Tư pháp cùng đạt 98 điểm.",
         [("Sở Y tế", "98", None), ("Sở Tư pháp", "98", None)]),
        ("Kết quả chấm điểm: thứ nhất thuộc về Sở Y tế.", [("Sở Y tế", None, 1)]),
        ("Theo bảng chấm điểm, Sở Y tế xếp thứ tư.", [("Sở Y tế", None, 4)]),
    ],
)  # fmt: skip
def test_what_is_plain_is_read(line, wanted):
    assert [m[:3] for m in marks(line)] == wanted


@pytest.mark.parametrize(
    "line",
    [
        "Sở Y tế đạt 48 điểm ở nhóm I.",
        "Sở Y tế bị trừ 1,5 điểm vì gửi chậm.",
        "Sở Y tế được cộng 2 điểm.",
        "Sở Y tế tăng 2 điểm.",
        "Sở Y tế phấn đấu đạt 98 điểm.",
        "Chỉ số cải cách hành chính của Sở Y tế đạt 92,5 điểm.",
        "Tại hội thi, Sở Y tế đạt 95 điểm.",
        "Đơn vị đạt từ 90 điểm trở lên được xét.",
        "Ông Lê Văn Tám, Sở Y tế, 98 điểm.",
        "Sở Y tế và Sở Tư pháp đạt 98 điểm.",
        "Sở Y tế, Sở Tư pháp lần lượt đạt 98, 97 và 96 điểm.",
        "Sở Y tế có 12 điểm cầu truyền hình.",
        "Sở Y tế xếp thứ hai cả nước về chỉ số hài lòng.",
        "Tin không nêu Sở Y tế đạt 98 điểm hay không.",
    ],
)
def test_what_is_not_plain_is_left_alone(line):
    assert marks("Các đơn vị tự chấm điểm.", line) == []


def test_who_scored_is_said_or_empty():
    lines = [
        "Theo điểm Khối chấm, Sở Y tế đạt 98 điểm (Hội đồng thẩm định 97).",
        "Kế đó, Sở Nội vụ 96 điểm.",
    ]
    assert marks(*lines) == [
        ("Sở Y tế", "98", None, Scorer.BLOCK), ("Sở Nội vụ", "96", None, None)
    ]  # fmt: skip


def test_a_table_gives_each_scorer_a_column():
    rows = ["Kết quả như sau:", "TT | Đơn vị | Điểm tự chấm | Điểm Hội đồng thẩm định | Xếp hạng",
            "1 | Sở Y tế | 99 | 98,5 | 1", "2 | Sở Nội vụ | 98 | x | "]  # fmt: skip
    assert marks(*rows) == [
        ("Sở Y tế", "99", None, Scorer.SELF), ("Sở Y tế", "98.5", 1, Scorer.COUNCIL),
        ("Sở Nội vụ", "98", None, Scorer.SELF),
    ]  # fmt: skip


def test_points_have_their_year_sentence_and_block():
    lines = ["Năm 2030, Sở Y tế đạt 90 điểm.", "Cụm miền núi: Huyện ủy Sơn Hà, 95 điểm."]
    first, second = read_meeting([TITLE, *lines], "meetings/a.txt").totals
    assert (first.year, first.points, first.period) == (2030, Decimal(90), "cả năm")
    assert first.block == "Khối thi đua các Sở tỉnh An Hải" and second.block == "Cụm miền núi"
    assert (first.source.place, first.source.quote) == ("đoạn 2", lines[0])


def test_a_report_without_a_year_and_a_pledge_give_none():
    line = "Sở Y tế đạt 98 điểm."
    assert marks(line, title="Hội nghị tổng kết Khối thi đua các Sở") == []
    assert marks(line, title="Ký giao ước thi đua năm 2031 Khối thi đua các Sở tỉnh An Hải") == []
