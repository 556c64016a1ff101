"""What the sample library has none of: ties, parts of a year, several blocks, points not yet final."""

import datetime
from decimal import Decimal

import pytest

from bot import AnswerKind, Assistant
from bot.finding import Agreement, Finality, Gaps, Lack, Mean, Points, Ranking
from bot.reply import plain
from conftest import TODAY
from corpus import Corpus, Fact, Passage, Place, Scorer, Source, Total
from hashing import HashEncoder
from index import build
from small import CELL, document, meeting, score, unit

HALF = "6 tháng đầu năm"
REPORT = "meetings/a.txt"
SENTENCE = "Hội Một tỉnh được 91,5 điểm, bị trừ 2 điểm."


def cells(name, year=2023, block="Khối số 1", **points):
    """Points by scorer, of one criterion."""
    return [
        score(name, value, year, scorer=Scorer[scorer.upper()], block=block, criterion="I.1",
              criterion_name="Chỉ tiêu", max_points=Decimal(100))
        for scorer, value in points.items()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    path = tmp_path_factory.mktemp("scores") / "index.db"
    scores = [
        *cells("Hội Một tỉnh", self="95", council="92"),
        *cells("Hội Hai tỉnh", self="93", council="90"),
        *cells("Hội Ba tỉnh", self="96", council="90"),
        *cells("Hội Bốn tỉnh", self="94", council="88"),
        *cells("Hội Một tỉnh", 2024, self="99", block="Khối số 1"),
        *cells("Hội Hai tỉnh", 2024, self="98", block="Khối số 1"),
        *cells("Xã Năm", block="Khối số 2", self="50", council="40"),
        *cells("Xã Sáu", block="Khối số 2", self="50", council="40"),
        *(s.model_copy(update={"period": HALF}) for s in cells("Hội Một tỉnh", council="45")),
        *(s.model_copy(update={"period": HALF}) for s in cells("Hội Hai tỉnh", council="44")),
        *(s.model_copy(update={"period": HALF, "year": 2022}) for s in cells("Hội Hai tỉnh", council="41")),
    ]  # fmt: skip
    totals = [
        Total(
            unit=name, block="Khối số 1", year=2023, scorer=Scorer.COUNCIL, rank=rank, source=CELL
        )
        for name, rank in (("Hội Ba tỉnh", 2), ("Hội Hai tỉnh", 3))
    ]
    names = ("Hội Một tỉnh", "Hội Hai tỉnh", "Hội Ba tỉnh", "Hội Bốn tỉnh", "Xã Năm", "Xã Sáu")
    source = Source(file=REPORT, place="đoạn 1", quote="Ngày 10/01/2024")
    corpus = Corpus(
        documents=(document(REPORT),),
        passages=(Passage(document=REPORT, order=0, place=Place(paragraph=1), text=SENTENCE),),
        units=tuple(unit(name, block="Khối số 2" if "Xã" in name else "Khối số 1") for name in names),
        scores=tuple(scores), totals=tuple(totals),
        meetings=(meeting(REPORT, datetime.date(2024, 1, 10), year=2023, kind="tổng kết",
                          facts=(Fact(name="date", value="10/01/2024", source=source),)),),
    )  # fmt: skip
    build(corpus, path, HashEncoder())
    return Assistant(path, HashEncoder(), lambda: TODAY)


def found(door, text, kind):
    answer = door.ask(text)
    assert answer.kind is AnswerKind.ANSWER, plain(answer)
    assert isinstance(answer.findings[0], kind), plain(answer)
    return answer.findings


def test_a_tie_is_broken_by_the_rank_column_of_the_workbook(door):
    (one,) = found(door, "xếp hạng khối số 1 năm 2023", Ranking)
    assert [(s.unit[4:6], s.rank, s.by_table) for s in one.standings] == [
        ("Mộ", 1, False), ("Ba", 2, True), ("Ha", 3, True), ("Bố", 4, False),
    ]  # fmt: skip
    assert "theo cột xếp hạng" in plain(door.ask("xếp hạng khối số 1 năm 2023"))


def test_a_tie_that_nothing_breaks_is_shared(door):
    (one,) = found(door, "xếp hạng khối số 2 năm 2023", Ranking)
    assert [(s.rank, s.shared) for s in one.standings] == [(1, True), (1, True)]
    assert "cùng hạng" in plain(door.ask("xếp hạng khối số 2 năm 2023"))
    assert "đồng hạng" in plain(door.ask("Xã Năm năm 2023 xếp thứ mấy?"))


def test_ranks_stay_inside_their_block(door):
    both = found(door, "xếp hạng năm 2023", Ranking)
    assert [(r.block, r.members) for r in both] == [("Khối số 1", 4), ("Khối số 2", 2)]


def test_parts_of_a_year_are_never_added_together(door):
    (whole,) = found(door, "Hội Một tỉnh năm 2023 được bao nhiêu điểm?", Points)
    assert dict(whole.sums)[Scorer.COUNCIL] == Decimal("92")
    (half,) = found(door, "Hội Một tỉnh 6 tháng đầu năm 2023 được bao nhiêu điểm?", Points)
    assert (dict(half.sums)[Scorer.COUNCIL], half.period, half.members) == (Decimal("45"), HALF, 2)
    (only,) = found(door, "Hội Hai tỉnh năm 2022 được bao nhiêu điểm?", Points)
    assert only.period == HALF
    assert "6 tháng đầu năm 2022" in plain(door.ask("Hội Hai tỉnh năm 2022 được bao nhiêu điểm?"))
    answer = door.ask("Hội Một tỉnh quý IV năm 2023 được bao nhiêu điểm?")
    assert answer.absence.lack is Lack.PERIOD


def test_points_that_are_not_final_are_called_so(door):
    for text in ("Hội Một tỉnh năm 2024 được mấy điểm?", "xếp hạng khối số 1 năm 2024"):
        assert "chưa phải điểm cuối cùng" in plain(door.ask(text))
    assert "điểm cuối cùng là điểm Hội đồng thẩm định" in plain(
        door.ask("xếp hạng tự chấm khối số 1 năm 2023")
    )
    (one,) = found(door, "điểm khối số 1 năm 2024 đã chốt chưa?", Finality)
    assert (one.final, one.scored) == (Scorer.SELF, ((Scorer.SELF, 2),))
    assert "chưa phải điểm cuối cùng" in plain(door.ask("điểm khối số 1 năm 2024 đã chốt chưa?"))


def test_the_gaps_of_all_units_come_by_size(door):
    (one,) = found(
        door, "Khối số 1 năm 2023 đơn vị nào tự chấm chênh nhiều nhất so với Hội đồng?", Gaps
    )
    assert [g.unit for g in one.gaps][:2] == ["Hội Ba tỉnh", "Hội Bốn tỉnh"]


def test_a_mean_is_exact_where_it_can_be(door):
    (one,) = found(door, "Hội Một tỉnh năm 2023 cao hơn trung bình khối mấy điểm?", Mean)
    assert (one.mean, one.rounded, one.members) == (Decimal("90"), False, 4)


def test_a_report_that_contradicts_the_workbook_is_told(door):
    answer = door.ask("Tổng kết năm 2023 ghi Hội Một tỉnh bao nhiêu điểm, bảng điểm ghi bao nhiêu?")
    points, said = answer.findings
    assert isinstance(points, Points) and isinstance(said, Agreement)
    assert (said.said, said.scorer) == (Decimal("91.5"), None)
    assert "không khớp" in plain(answer) and "92" in plain(answer)
    assert [c.quote for c in answer.citations] == [SENTENCE]


def test_a_known_unit_that_no_table_has_is_told_from_a_stranger(door):
    answer = door.ask("Hội Bốn tỉnh năm 2024 được bao nhiêu điểm?")
    assert answer.absence.lack is Lack.YEAR
    assert "2023" in plain(answer)
