"""What is known and what is not, over the sample library. Values: corpus/documents."""

import datetime
import re
from decimal import Decimal

import pytest

from bot import AnswerKind, Assistant
from bot.answer import Caution, Citation
from bot.citing import stands, verified
from bot.evaluation import places
from bot.finding import (
    Audited,
    Awards,
    Change,
    Changes,
    CriterionPoints,
    Deductions,
    Known,
    Lack,
    MeetingFacts,
    MeetingList,
    Members,
    Names,
    Points,
    Ranking,
    Reward,
    Series,
)
from bot.reply import messages, plain
from bot.sureness import _of_another_title, measure
from conftest import TODAY
from corpus import Corpus, Scorer, Status
from hashing import HashEncoder
from index import build
from small import document, passages

LAW, DECREE, WAGE = "06/2022/QH15", "152/2025/NĐ-CP", "161/2026/NĐ-CP"


@pytest.fixture(scope="module")
def index(assistant):
    return assistant._index


def only(answer, kind):
    """The one finding of an answer."""
    assert answer.kind is AnswerKind.ANSWER, plain(answer)
    (finding,) = answer.findings
    assert isinstance(finding, kind)
    return finding


def cited(answer):
    return [(c.document.number, str(c.place)) for c in answer.citations]


def cautions(answer):
    return {w.caution: w.about for w in answer.warnings}


# Points


@pytest.mark.parametrize(
    "text, total, rank",
    [
        ("Hội Liên hiệp Phụ nữ tỉnh năm 2023 được bao nhiêu điểm?", "105.75", 1),
        ("hoi nong dan tinh nam 2023 duoc bao nhieu diem", "104", 2),
        ("diem cua tinh doan 2022", "105", 1),
        ("Công đoàn tỉnh năm 2021 được mấy điểm?", "103.5", 2),
        ("LĐLĐ năm 2021 được mấy điểm?", "103.5", 2),
        ("Mặt trận tỉnh năm 2024 xếp thứ mấy", "106.25", 1),
        ("Tỉnh đoàn đứng thứ mấy năm 2022?", "105", 1),
        ("Hội NCT năm 2024 bao nhiêu điểm", "93.75", 10),
        ("Hội Khuyến học tỉnh năm 2022 được bao nhiêu điểm?", "97.25", 7),
    ],
)
def test_the_councils_points_and_the_rank_are_told(ask, text, total, rank):
    found = only(ask(text), Points)
    assert found.final is Scorer.COUNCIL
    assert dict(found.sums)[Scorer.COUNCIL] == Decimal(total)
    assert (found.rank, found.members) == (rank, 10)


def test_every_scorers_points_are_told_with_their_cells(ask):
    found = only(ask("Hội Nông dân tỉnh năm 2023 tự chấm bao nhiêu điểm?"), Points)
    assert dict(found.sums) == {
        Scorer.SELF: Decimal("107"), Scorer.BLOCK: Decimal("105"), Scorer.COUNCIL: Decimal("104"),
    }  # fmt: skip
    assert found.asked == (Scorer.SELF,)
    assert str(dict(found.sources)[Scorer.COUNCIL]).endswith("Năm 2023!G5:G17")


def test_points_of_a_renamed_unit_keep_the_name_of_their_day(ask):
    found = only(ask("Hội Khuyến học tỉnh năm 2022 được bao nhiêu điểm?"), Points)
    assert found.unit == "Hội Khuyến học tỉnh"
    assert found.recorded_as == "Hội Khuyến học và Khuyến tài tỉnh"


def test_two_years_are_one_series(ask):
    found = only(ask("HND năm 2021 và 2022 bao nhiêu điểm"), Series)
    assert [(row.year, row.points, row.rank) for row in found.rows] == [
        (2021, Decimal("104.25"), 1),
        (2022, Decimal("101.75"), 4),
    ]


def test_one_criterion_is_told_with_every_scorer_and_the_reason(ask):
    found = only(ask("Hội Nông dân tỉnh năm 2023 tiêu chí I.1 được mấy điểm?"), CriterionPoints)
    assert [(s.scorer, s.points) for s in found.scores] == [
        (Scorer.SELF, Decimal("24.75")),
        (Scorer.BLOCK, Decimal("24.5")),
        (Scorer.COUNCIL, Decimal("24")),
    ]
    assert "Một chỉ tiêu chỉ đạt 92% kế hoạch" in {s.reason for s in found.scores}


def test_a_criterion_that_does_not_exist_is_said_so(ask):
    answer = ask("Hội Nông dân tỉnh năm 2023 tiêu chí IX.9 được mấy điểm?")
    assert answer.absence.lack is Lack.CRITERION
    assert any(name.startswith("I.1 ") for name in answer.absence.exists)


@pytest.mark.parametrize(
    "text, units",
    [
        ("Top 3 năm 2024?", ["Ủy ban MTTQ tỉnh", "Hội Liên hiệp Phụ nữ tỉnh", "Hội Nông dân tỉnh"]),
        ("đơn vị nào đứng đầu năm 2021", ["Hội Nông dân tỉnh"]),
        ("điểm thấp nhất năm 2022", ["Liên minh Hợp tác xã tỉnh"]),
        ("don vi nao dung cuoi nam 2024", ["Hội Người cao tuổi tỉnh"]),
    ],
)
def test_a_ranking_names_the_units_that_are_asked_for(ask, text, units):
    assert [s.unit for s in only(ask(text), Ranking).standings] == units


def test_a_whole_ranking_has_all_ten(ask):
    found = only(ask("xếp hạng năm 2023"), Ranking)
    assert [s.points for s in found.standings][:2] == [Decimal("105.75"), Decimal("104")]
    assert len(found.standings) == found.members == 10


def test_a_change_is_a_difference_of_two_sums(ask):
    found = only(ask("Hội Nông dân tỉnh từ năm 2021 sang 2022 tăng hay giảm mấy điểm?"), Change)
    assert (found.before, found.after) == (Decimal("104.25"), Decimal("101.75"))
    assert found.difference == Decimal("-2.5")


def test_the_unit_that_gained_most_comes_first(ask):
    found = only(ask("đơn vị nào tăng điểm nhiều nhất năm 2024 so với năm 2023?"), Changes)
    assert (found.changes[0].unit, found.changes[0].difference) == (
        "Ủy ban MTTQ tỉnh", Decimal("3.75"),
    )  # fmt: skip
    found = only(ask("đơn vị nào giảm điểm nhiều nhất năm 2022"), Changes)
    assert (found.changes[0].unit, found.changes[0].difference) == (
        "Liên minh Hợp tác xã tỉnh", Decimal("-3.25"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text, lost",
    [
        ("Vì sao Tỉnh đoàn bị trừ điểm năm 2024?",
         [("V.2", "-1.5", "Hai hồ sơ khen thưởng bị trả lại vì báo cáo thành tích sai mẫu")]),
        ("Liên minh HTX bị trừ điểm gì năm 2022",
         [("V.1", "-0.5", "Báo cáo năm gửi chậm 4 ngày"),
          ("V.2", "-2", "Vắng hội nghị sơ kết ngày 14/7/2022, không cử người dự thay")]),
        ("HND bị trừ điểm năm 2023 không?", []),
    ],
)  # fmt: skip
def test_deductions_are_told_with_their_reasons_and_a_source(ask, text, lost):
    found = only(ask(text), Deductions)
    penalties = [(s.criterion, s.points, s.reason) for s in found.penalties]
    assert penalties == [(code, Decimal(points), reason) for code, points, reason in lost]
    assert found.source.place.startswith(f"Năm {found.year}!G")


def test_the_members_of_the_block_are_the_last_year_s_where_none_is_named(ask):
    assert only(ask("Danh sách đơn vị trong khối"), Members).year == 2024


def test_the_rank_is_told_beside_the_deductions_where_both_are_asked_for(ask):
    answer = ask("Hội Nông dân tỉnh năm 2022 xếp thứ mấy, bị trừ điểm gì?")
    assert [type(f) for f in answer.findings] == [Points, Deductions]


def test_losing_points_is_more_than_penalties(ask):
    found = only(ask("HND mất điểm ở đâu năm 2023?"), Deductions)
    assert found.penalties == ()
    assert "I.1" in {s.criterion for s in found.losses}


def test_the_check_of_the_workbooks_finds_nothing_wrong(ask):
    assert only(ask("Có bảng điểm nào cộng sai không?"), Audited).problems == ()


# Awards


def test_awards_are_counted_only_when_decided(ask):
    found = only(ask("Tỉnh đoàn được mấy bằng khen của Chủ tịch UBND tỉnh?"), Awards)
    assert found.counted
    assert [(a.year, a.status) for a in found.awards] == [
        (2021, Status.DECIDED),
        (2023, Status.CANCELLED),
    ]


@pytest.mark.parametrize(
    "text, run",
    [
        ("Hội Nông dân tỉnh đạt tập thể lao động xuất sắc mấy năm liên tiếp?", (2019, 2021)),
        ("Hội LHPN tỉnh được tập thể lao động xuất sắc mấy năm liên tục?", (2021, 2024)),
    ],
)
def test_years_in_a_row_are_the_longest_run(ask, text, run):
    found = only(ask(text), Awards)
    assert (found.runs[0].first, found.runs[0].last) == run


def test_a_decision_tells_whom_it_rewards(ask):
    found = only(ask("quyết định số 1094/QĐ-TTg tặng cho ai"), Awards)
    (award,) = found.awards
    assert (award.unit, award.title) == ("Hội Liên hiệp Phụ nữ tỉnh", "Cờ thi đua của Chính phủ")
    assert award.decided_on == datetime.date(2024, 9, 25)
    assert ask("quyet dinh so 1094/qd-ttg").findings == (found,)


def test_a_decision_is_known_by_its_number_alone_where_one_has_it(ask):
    (found,) = ask("Quyết định 466 khen ai?").findings
    assert found.decision == "466/QĐ-UBND"
    assert ask("Quyết định 99 khen ai?").kind is AnswerKind.NOT_FOUND


def test_a_decision_that_no_record_has_is_said_so(ask):
    answer = ask("quyết định số 9999/QĐ-UBND khen ai?")
    assert answer.absence.lack is Lack.AWARD


@pytest.mark.parametrize(
    "text, status",
    [
        ("Tỉnh đoàn được Bằng khen Chủ tịch UBND tỉnh năm 2023 chưa?", Status.CANCELLED),
        ("MTTQ tỉnh được cờ Chính phủ năm 2024 chưa?", Status.APPROVED),
        ("MTTQ tỉnh được bằng khen của Thủ tướng năm 2024 chưa?", Status.PROPOSED),
    ],
)
def test_what_is_not_decided_is_not_told_as_won(ask, text, status):
    answer = ask(text)
    assert [a.status for a in only(answer, Awards).awards] == [status]
    assert "chưa có quyết định" in plain(answer)


def test_cancelled_awards_are_counted_when_they_are_asked_for(ask):
    answer = ask("năm 2023 bị hủy bao nhiêu bằng khen")
    assert [a.unit for a in only(answer, Awards).awards] == ["Tỉnh đoàn"]
    assert "1 trường hợp" in plain(answer)


def test_a_persons_award_is_not_the_units(ask):
    found = only(ask("Hội Nông dân tỉnh được mấy lần chiến sĩ thi đua cấp tỉnh?"), Awards)
    assert {a.person for a in found.awards} == {"Cá nhân A"}
    found = only(ask("Hội Nông dân tỉnh được khen thưởng gì năm 2023?"), Awards)
    assert not any(a.person for a in found.awards)
    assert {a.person for a in found.of_people} == {"Cá nhân A"}


def test_the_names_of_a_renamed_unit_are_told(ask):
    found = only(ask("Hội Khuyến học tỉnh trước đây tên là gì?"), Names)
    assert [u.name for u in found.units] == [
        "Hội Khuyến học và Khuyến tài tỉnh",
        "Hội Khuyến học tỉnh",
    ]


# Meetings


def facts(answer):
    found = only(answer, MeetingFacts)
    return {name: found.meeting.fact(name).value for name in found.asked}


@pytest.mark.parametrize(
    "text, said",
    [
        ("Sơ kết 6 tháng đầu năm 2023 họp ở đâu, ai làm Trưởng khối?",
         {"place": "hội trường Hội Liên hiệp Phụ nữ tỉnh", "lead_unit": "Hội Nông dân tỉnh"}),
        ("tong ket nam 2022 hop o dau", {"place": "Nhà văn hóa Lao động tỉnh"}),
        ("ký giao ước thi đua năm 2023 ở đâu", {"place": "hội trường Hội Nông dân tỉnh"}),
        ("ai chủ trì hội nghị tổng kết năm 2023?", {"chair": "Chủ tịch Hội Nông dân tỉnh"}),
        ("Ai là Trưởng khối năm 2024?", {"lead_unit": "Hội Liên hiệp Phụ nữ tỉnh"}),
        ("Ai là Phó Trưởng khối năm 2023?", {"deputy_unit": "Hội Liên hiệp Phụ nữ tỉnh"}),
        ("trưởng khối năm sau là ai", {"next_lead_unit": "Tỉnh đoàn"}),
    ],
)  # fmt: skip
def test_a_meetings_facts_are_told_and_quoted(ask, index, text, said):
    answer = ask(text)
    assert facts(answer) == said
    assert answer.citations
    assert all(stands(c, index) for c in answer.citations)


@pytest.mark.parametrize(
    "text, date",
    [
        ("Sơ kết 6 tháng đầu năm 2023 họp ngày nào?", datetime.date(2023, 7, 20)),
        ("so ket 6 thang dau nam 2022 hop ngay nao", datetime.date(2022, 7, 14)),
        ("Hội nghị sơ kết gần nhất họp khi nào?", datetime.date(2025, 7, 24)),
        ("Hội đồng thẩm định điểm năm 2023 họp ngày nào", datetime.date(2024, 1, 9)),
        ("tổng kết năm 2021 họp ngày nào", datetime.date(2022, 1, 12)),
    ],
)
def test_a_meetings_day_is_told(ask, text, date):
    assert only(ask(text), MeetingFacts).meeting.date == date


def test_a_year_that_stands_only_in_the_title_is_warned_of(ask):
    warned = cautions(ask("Sơ kết 6 tháng đầu năm 2022 họp ngày nào?"))
    assert Caution.INFERRED in warned
    warned = cautions(ask("tổng kết năm 2023 họp ngày nào?"))
    assert Caution.INFERRED not in warned


def test_a_proposal_is_told_as_a_proposal(ask):
    answer = ask("Tổng kết năm 2021 khối đề nghị tặng cờ cho đơn vị nào?")
    found = answer.findings[0]
    flags = [a.recipient for a in found.awards if a.title == "Cờ thi đua của UBND tỉnh"]
    assert flags == ["Hội Nông dân tỉnh", "Liên đoàn Lao động tỉnh"]
    assert {a.status for a in found.awards} == {Status.PROPOSED}
    assert Caution.PROPOSED in cautions(answer)


def test_meetings_of_a_year_are_counted(ask):
    found = only(ask("có bao nhiêu cuộc họp trong năm 2023?"), MeetingList)
    assert found.counted
    assert len(found.meetings) == 4  # one of them on 09/01/2024, about the points of 2023


# Regulations


@pytest.mark.parametrize(
    "text, number, place",
    [
        ("Tiêu chuẩn Chiến sĩ thi đua cơ sở?", LAW, "Điều 23"),
        ("Hồ sơ đề nghị danh hiệu thi đua gồm gì?", LAW, "Điều 84 khoản 1"),
        ("Nghỉ thai sản có được xét thi đua không?", DECREE, "Điều 4 khoản 5"),
        ("Lao động tiên tiến thưởng bao nhiêu tiền?", DECREE, "Điều 50 khoản 1 điểm d"),
        ("Nghị định 152 hết hiệu lực khi nào?", DECREE, "Điều 60 khoản 1"),
        ("Điều 24 luật 2022", LAW, "Điều 24"),
        ("khoản 1 điều 23", LAW, "Điều 23 khoản 1"),
        ("d 27 k 1 diem c luat 06/2022/QH15", LAW, "Điều 27 khoản 1 điểm c"),
        ("nghị định 161 có hiệu lực từ ngày nào", WAGE, "Điều 6 khoản 1"),
        # What sounds like a record of awards, or of a unit, and is a rule.
        ("Trường hợp nào được khen thưởng theo thủ tục đơn giản?", LAW, "Điều 85"),
        ("Mặt trận Tổ quốc có trách nhiệm gì trong công tác thi đua khen thưởng?", LAW, "Điều 92"),
        ("Hợp tác xã lấy nguồn nào làm quỹ thi đua khen thưởng?", DECREE, "Điều 46 khoản 8"),
        (
            "Phó Chủ tịch thứ nhất Hội đồng Thi đua - Khen thưởng Trung ương là ai?",
            LAW,
            "Điều 90 khoản 2",
        ),
        # The shape of a question: an amount, a definition, the sorts of a thing.
        ("Lương cơ sở hiện nay là bao nhiêu tiền?", WAGE, "Điều 3 khoản 2"),
        ("Luật 2022 định nghĩa khen thưởng thế nào?", LAW, "Điều 3 khoản 3"),
        ("Có mấy loại huân chương, kể tên", LAW, "Điều 33 khoản 2"),
        # What is only told with the question: the organisation is no unit, "luật kể ra" is no law.
        ("Nước mình có tất cả mấy loại huân chương, kể tên giúp với?", LAW, "Điều 33 khoản 2"),
        ("Danh hiệu thi đua đối với cá nhân có mấy loại, xếp từ trên xuống?", LAW, "Điều 19"),
        ("Muốn được chiến sĩ thi đua cơ sở thì cần gì?", LAW, "Điều 23"),
        ("Bao giờ phải nộp hồ sơ Cờ thi đua của Chính phủ?", DECREE, "Điều 35 khoản 1 điểm b"),
        ("Trong luật kể ra mấy loại huân chương?", LAW, "Điều 33 khoản 2"),
        ("Phòng em có người bị kỷ luật thì phòng đó còn được tập thể lao động tiên tiến không?", LAW, "Điều 28 khoản 1"),
    ],
)  # fmt: skip
def test_the_clause_that_decides_is_cited_first(ask, text, number, place):
    answer = ask(text)
    assert answer.kind is AnswerKind.ANSWER
    assert cited(answer)[0] == (number, place)


def test_a_follow_up_asks_the_same_of_another_title(ask):
    answer = ask("còn tiên tiến?", "Tiêu chuẩn tập thể lao động xuất sắc?")
    assert cited(answer)[0] == (LAW, "Điều 28 khoản 1")


def test_an_article_without_a_document_is_fetched_from_every_text_in_force(ask):
    assert cited(ask("Điều 3 khoản 4")) == [
        (LAW, "Điều 3 khoản 4"), (DECREE, "Điều 3 khoản 4"), (WAGE, "Điều 3 khoản 4"),
    ]  # fmt: skip


def test_reward_money_is_the_clause_times_the_base_salary_of_that_day(ask):
    found = only(ask("Lao động tiên tiến thưởng bao nhiêu tiền?"), Reward)
    assert (found.coefficient, found.base) == (Decimal("0.3"), Decimal("2530000"))
    assert (found.exact, found.paid) == (Decimal("759000"), Decimal("760000"))
    before = ask("Lao động tiên tiến thưởng bao nhiêu tiền?", as_of=datetime.date(2026, 6, 30))
    assert cited(before)[0] == (DECREE, "Điều 50 khoản 1 điểm d")
    (found,) = before.findings  # no base salary of that day is held; the register notes one
    assert (found.base, found.base_passage) == (Decimal("2340000"), None)
    assert Caution.UNCHECKED in cautions(before)


def test_a_digest_is_never_passed_off_as_the_official_wording(ask):
    assert cautions(ask("Điều 23 Luật 2022"))[Caution.DIGEST] == (LAW,)


def test_an_amendment_is_warned_of_from_its_first_day_only(ask):
    warned = cautions(ask("Điều 23 Luật 2022", as_of=datetime.date(2026, 10, 1)))
    assert warned[Caution.AMENDED] == (LAW, "06/2026/QH16", "01/10/2026")
    warned = cautions(ask("Điều 23 Luật 2022", as_of=datetime.date(2026, 9, 30)))
    assert Caution.AMENDED not in warned


def test_a_named_text_that_has_ended_is_quoted_with_a_warning(ask):
    answer = ask("Điều 4 nghị định 152", as_of=datetime.date(2027, 3, 1))
    assert cited(answer) == [(DECREE, "Điều 4")]
    assert cautions(answer)[Caution.ENDED][:2] == (DECREE, "01/03/2027")
    answer = ask("Điều 4 nghị định 152", as_of=datetime.date(2027, 2, 28))
    assert Caution.ENDED not in cautions(answer)


def test_a_named_text_that_has_not_begun_is_quoted_with_a_warning(ask):
    answer = ask("Điều 3 nghị định 161", as_of=datetime.date(2026, 6, 30))
    assert cautions(answer)[Caution.FUTURE] == (WAGE, "01/07/2026")


def test_a_text_is_left_out_before_its_first_day(ask):
    before = ask("Nghỉ thai sản có được xét thi đua không?", as_of=datetime.date(2025, 6, 30))
    assert DECREE not in {c.document.number for c in before.citations}
    after = ask("Nghỉ thai sản có được xét thi đua không?", as_of=datetime.date(2025, 7, 1))
    assert cited(after)[0] == (DECREE, "Điều 4 khoản 5")


def test_a_text_that_is_not_held_is_told_from_the_register(ask):
    answer = ask("Nghị định 98/2023/NĐ-CP quy định gì?")
    assert answer.kind is AnswerKind.PARTIAL
    (known,) = answer.findings
    assert isinstance(known, Known)
    assert not known.held
    assert known.validity.replaced_by == (DECREE,)
    assert {c.document.number for c in answer.citations} == {DECREE}


# What is not known


@pytest.mark.parametrize(
    "text, lack, said",
    [
        ("Hội Nông dân tỉnh năm 2025 bao nhiêu điểm?", Lack.YEAR, "2021, 2022, 2023, 2024"),
        ("Hội Nông dân năm ngoái được bao nhiêu điểm?", Lack.YEAR, "2025"),
        ("Năm 2030 đơn vị nào đứng đầu?", Lack.YEAR, "2030"),
        ("HND 6 tháng đầu năm 2023 bao nhiêu điểm", Lack.PERIOD, "6 tháng đầu năm 2023"),
        ("Hội Luật gia tỉnh năm 2023 được bao nhiêu điểm?", Lack.UNIT, "Hội Nông dân tỉnh"),
        ("Hội Nông dân thị xã Điện Bàn năm 2022 bao nhiêu điểm?", Lack.UNIT, "thị xã Điện Bàn"),
        ("Hội Nông dân Nam Trà My năm 2021 bao nhiêu điểm?", Lack.UNIT, "Nam Trà My"),
        ("Chi cục Thuế năm 2023 xếp thứ mấy", Lack.UNIT, "Chi cục Thuế"),
        ("khen thưởng của Hội Luật gia tỉnh", Lack.UNIT, "Hội Luật gia tỉnh"),
        ("khối thi đua các doanh nghiệp năm 2023 ai đứng đầu", Lack.PROVINCE, "An Hải"),
        ("Hội Nông dân tỉnh năm 2018 được khen thưởng gì?", Lack.AWARD, "2019"),
        ("Sơ kết 6 tháng 2024 họp ngày nào?", Lack.MEETING, "2024"),
        ("Trưởng khối năm 2026 là ai?", Lack.MEETING, "2026"),
        ("Ký giao ước năm 2022 họp ngày nào", Lack.MEETING, "2022"),
        ("Cụm thi đua Miền núi năm 2023 họp ở đâu", Lack.MEETING, ""),
        ("Sơ kết khối thi đua tỉnh Quảng Nam năm 2023 họp ở đâu?", Lack.MEETING, "Quảng Nam"),
        ("Điều 97 Luật 06/2022/QH15?", Lack.ARTICLE, "từ Điều 1 đến Điều 96"),
        ("Điều 12 nghị định 152", Lack.ARTICLE, "Điều 61"),
        ("Điều 24 khoản 1 điểm z luật 2022", Lack.ARTICLE, "Điều 24 khoản 1 điểm z"),
        ("Điều 50 khoản 9 Nghị định 152", Lack.ARTICLE, "Điều 50 khoản 9"),
        ("luật đất đai quy định gì về bồi thường", Lack.DOCUMENT, LAW),
        ("thông tư 99/2025/TT-XYZ", Lack.DOCUMENT, "99/2025/TT-XYZ"),
        ("Tiêu chuẩn danh hiệu Doanh nhân tiêu biểu toàn quốc?", Lack.WEAK, "“doanh nhân”"),
        ("Hội nghị tổng kết năm 2022 có bao nhiêu đại biểu dự?", Lack.NOT_SAID, "không nói"),
        (
            "Đoàn Luật sư tỉnh nhận Bằng khen của tỉnh theo quyết định số mấy?",
            Lack.RECORD,
            "“luật sư”",
        ),
        ("Giá vàng hôm nay bao nhiêu?", Lack.OUTSIDE, "thi đua, khen thưởng"),
        ("viết cho tôi một bài thơ", Lack.OUTSIDE, "thi đua, khen thưởng"),
        ("xin chào", Lack.GREETING, "Chào anh/chị"),
        ("cảm ơn bạn nhé", Lack.GREETING, ""),
        ("", Lack.EMPTY, "gõ câu hỏi"),
        (" \n\t", Lack.EMPTY, "gõ câu hỏi"),
        ("?", Lack.EMPTY, "gõ câu hỏi"),
        ("😀", Lack.EMPTY, "gõ câu hỏi"),
    ],
)
def test_a_refusal_says_why_and_what_exists_and_cites_nothing(ask, text, lack, said):
    answer = ask(text)
    assert answer.kind is AnswerKind.NOT_FOUND
    assert answer.absence.lack is lack
    assert said in plain(answer)
    assert answer.citations == ()
    assert answer.findings == ()


def test_a_unit_of_another_province_gets_no_points(ask):
    for text in (
        "Hội Nông dân tỉnh Quảng Nam năm 2022 bao nhiêu điểm?",
        "Tỉnh đoàn Quảng Nam năm 2022 bao nhiêu điểm",
    ):
        answer = ask(text)
        assert answer.kind is AnswerKind.NOT_FOUND
        assert "Quảng Nam" in plain(answer)


def test_a_clause_that_does_not_exist_shows_the_article_that_does(ask):
    answer = ask("Điều 23 khoản 7 luật 06/2022/QH15")
    assert str(answer.nearest[0].place) == "Điều 23"


HOSTILE = (
    "<b>Điều 23</b> <script>alert(1)</script>",
    "Hội Nông dân <b>tỉnh</b> năm 2023 bao nhiêu điểm & <i>",
    "'; DROP TABLE scores; --",
    '" OR 1=1 -- điểm năm 2023',
    "\x00\x01\x02 điểm\x7f năm 2023",
    "\u202eđiểm thi đua\u200b\ufeff",
    "(((([[[[ điểm",
    "^(a+)+$ \\d+\\ [z-a] *? {9999}",
    "năm 99999999999999999999999999999 bao nhiêu điểm",
    "điểm " + "9" * 5000,
    "Điều " + "9" * 5000,
    "khoản " + "1" * 3000 + " Điều 3 Luật 2022",
    "top " + "9" * 400 + " năm 2023",
    "top 99 năm 2023",
    "Nghị định " + "7" * 999 + "/2023",
    "luật 0, nghị định 00/2023, Điều 0",
    "999999999 năm gần đây HND bao nhiêu điểm",
    "²³ điểm năm 2023, Điều ², năm २०२३",
    "İİİİ Hội Nông dân tỉnh İ năm 2023 bao nhiêu điểm",
    "e\u0301" * 500,
    "điểm \ud800 năm 2023",
    "Hội Nông dân tỉnh năm 2023 bao nhiêu điểm 😀👨‍👩‍👧‍👦",
    "{0} {question} %s %d ../../etc/passwd =1+1",
    "a" * 10_000,
    "điểm " * 2000,
    "Hội " * 2500,
    "Điều 23 " * 1250,
    "?" * 10_000,
    "😀" * 5000,
    "HND " * 2000 + "điểm 2023",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_question_breaks_the_assistant(ask, text):
    answer = ask(text)
    assert plain(answer)
    ask("còn năm 2022?", text)


def test_what_a_question_says_in_markup_or_sql_changes_nothing(ask):
    answer = ask("Hội Nông dân tỉnh năm 2023 bao nhiêu điểm'; DROP TABLE scores; --")
    assert answer.absence.lack is Lack.RECORD
    answer = ask("Hội Nông dân tỉnh & năm 2023 bao nhiêu điểm'; --")
    assert dict(only(answer, Points).sums)[Scorer.COUNCIL] == Decimal("104")
    assert only(ask("xếp hạng năm 2023"), Ranking).members == 10


# Quotes

QUOTED = (
    "Tiêu chuẩn Chiến sĩ thi đua cơ sở?",
    "Tập thể lao động xuất sắc cần bao nhiêu phần trăm Lao động tiên tiến?",
    "Hồ sơ đề nghị danh hiệu thi đua gồm gì?",
    "Nghỉ thai sản có được xét thi đua không?",
    "Đang có đơn tố cáo thì có được khen không?",
    "Cờ thi đua của Chính phủ cần bao nhiêu phần trăm phiếu?",
    "Hạn gửi hồ sơ Cờ thi đua của Chính phủ?",
    "Lao động tiên tiến thưởng bao nhiêu tiền?",
    "tap the lao dong xuat sac duoc thuong bao nhieu tien",
    "Mức lương cơ sở hiện nay là bao nhiêu?",
    "Bằng khen tỉnh cho tập thể cần mấy năm?",
    "Nghị định 152 hết hiệu lực khi nào?",
    "có mấy hình thức khen thưởng",
    "Cá nhân có những danh hiệu thi đua nào?",
    "Bằng khen Thủ tướng thưởng bao nhiêu tiền cho cá nhân",
    "Giấy khen được thưởng mấy lần lương cơ sở",
    "Gia đình văn hóa cần tiêu chuẩn gì",
    "Khai gian thành tích thì bị sao",
    "Thủ tục đơn giản áp dụng khi nào?",
    "Bằng khen của Thủ tướng do ai quyết định?",
    "hội đồng thi đua khen thưởng trung ương họp mấy tháng một lần",
    "quỹ thi đua khen thưởng lấy từ đâu",
    "Thanh niên xung phong được huy chương gì",
    "người bị kỷ luật có được xét danh hiệu không",
    "Điều 3",
    "Điều 33 Luật 2022",
    "Điều 42",
    "Điều 50 nghị định 152",
    "khoản 2 Điều 3 nghị định 161",
    "điểm đ khoản 1 Điều 27 Luật Thi đua, khen thưởng",
    "Nghị định 98/2023/NĐ-CP quy định gì?",
    "luật cũ quy định gì",
    "Sơ kết 6 tháng đầu năm 2023 họp ngày nào, ở đâu, ai làm Trưởng khối?",
    "Ai là Trưởng khối năm 2024?",
    "ai chu tri hoi nghi tong ket nam 2023?",
    "Tổng kết năm 2021 khối đề nghị tặng cờ cho đơn vị nào?",
    "Tổng kết năm 2021 LĐLĐ tỉnh được bao nhiêu phiếu?",
    "sơ kết 2023 vắng đơn vị nào",
    "ký giao ước thi đua năm 2023 ở đâu",
    "tổng kết 2024 gồm bao nhiêu đơn vị?",
    "Hội nghị sơ kết gần nhất họp khi nào?",
)


@pytest.mark.parametrize("text", QUOTED)
def test_every_quote_stands_in_the_stored_passages(ask, index, text):
    answer = ask(text)
    assert answer.citations
    for citation in (*answer.citations, *answer.nearest):
        assert stands(citation, index), citation


def test_a_quote_that_was_tampered_with_is_not_shown(ask, index):
    (true,) = ask("Điều 27 khoản 1 điểm c Luật 2022").citations
    assert "70%" in true.quote
    false = true.model_copy(update={"quote": true.quote.replace("70%", "60%")})
    empty = true.model_copy(update={"quote": " "})
    elsewhere = true.model_copy(update={"place": places("Điều 28")[0]})
    assert verified([true, false, empty, elsewhere], index) == (true,)


def test_a_quote_may_be_a_part_of_its_place_but_not_more(index, ask):
    whole = ask("Điều 27 Luật 2022").citations[0]
    part = whole.model_copy(update={"quote": whole.quote[10:60]})
    assert stands(part, index)
    (inside,) = places("Điều 27 khoản 1")
    assert not stands(whole.model_copy(update={"place": inside}), index)


def test_every_number_in_a_regulation_answer_stands_in_a_quote_or_a_document(ask):
    answer = ask("Cờ thi đua của Chính phủ cần bao nhiêu phần trăm phiếu?")
    percents = re.findall(r"\d+%", plain(answer))
    assert percents
    assert all(any(p in c.quote for c in answer.citations) for p in percents)


# Known to be wrong; the mark goes when the answer comes


@pytest.mark.parametrize(
    "text, said",
    [
        ("Quyết định 466/QĐ-UBND khen ai?", "03/03/2022"),
        ("Hội Phụ nữ năm 2024 khối chấm bao nhiêu?", "105,75"),
        ("LMHTX tiêu chí V.2 năm 2022", "Vắng hội nghị"),
        ("Tổng kết năm 2024 bầu ai làm Trưởng khối năm 2025?",
               "<b>Tỉnh đoàn</b>"),
        ("Hội nghị tổng kết năm 2022 bầu ai làm Trưởng khối năm sau?",
               "<b>Hội Nông dân tỉnh</b>"),
        ("Trưởng khối 2023 là ai?",
               "Hội Nông dân tỉnh"),
        ("Tổng kết năm 2024 họp hôm nào, do ai chủ trì", "14/01/2025"),
        ("HND năm 2024 và 2025 bao nhiêu điểm",
               "2025"),
        ("Luật 2003 quy định gì",
               "01/01/2024"),
        ("bộ, ban, ngành, tỉnh là gì",
               "cách gọi chung"),
        ("trong bao nhiêu ngày phải nộp lại hiện vật khi bị hủy quyết định", "15 ngày"),
    ],
)  # fmt: skip
def test_what_once_was_answered_wrongly(ask, text, said):
    answer = ask(text)
    shown = "\n".join(message.html for message in messages(answer))
    assert answer.kind is not AnswerKind.NOT_FOUND
    assert said in shown.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "text",
    [
        "Điều 3 khoản 99",
        ("Tiêu chuẩn Chiến sĩ thi đua cơ sở theo luật 2003"),
        ("Phòng Nội vụ năm 2023 được mấy điểm"),
        # All is in the clause on that Bằng khen but what is asked.
        "Tiền thưởng kèm Bằng khen cấp tỉnh thì kế toán hạch toán vào tiểu mục nào?",
        # A medal that no text names.
        "Huân chương Kháng chiến hạng Nhì được thưởng bao nhiêu?",
    ],
)  # fmt: skip
def test_what_once_was_answered_wrongly_is_refused_or_cautious(ask, text):
    assert ask(text).kind is not AnswerKind.ANSWER


# The front door


def test_examples_are_questions_that_the_library_answers(assistant, ask):
    examples = assistant.examples()
    assert len(examples) == 4
    for example in examples:
        assert ask(example).kind is AnswerKind.ANSWER, example


def test_a_new_index_is_taken_up_between_two_questions(sample_index, tmp_path):
    path = tmp_path / "index.db"
    path.write_bytes(sample_index.read_bytes())
    one = Assistant(path, HashEncoder(), lambda: datetime.date(2026, 11, 23))
    assert not one.refresh()
    fresh = tmp_path / "new.db"
    fresh.write_bytes(sample_index.read_bytes())
    fresh.replace(path)
    assert one.refresh()
    assert not one.refresh()
    path.unlink()
    assert not one.refresh()
    assert one.ask("xếp hạng năm 2023").kind is AnswerKind.ANSWER


def test_a_citation_needs_every_field_it_shows():
    with pytest.raises(ValueError, match="quote"):
        Citation.model_validate({"place": {}})


def test_the_unit_with_the_fewest_points_is_told_alone(ask):
    found = only(ask("Đơn vị nào thấp điểm nhất năm 2024?"), Ranking)
    assert [s.rank for s in found.standings] == [max(s.rank for s in found.standings)]
    assert found.members == 10


def test_all_units_that_lost_points_are_told_when_none_is_named(ask):
    answer = ask("Năm 2024 ai bị trừ điểm?")
    assert "Tỉnh đoàn" in {finding.unit for finding in answer.findings}
    assert all(isinstance(f, Deductions) and f.penalties for f in answer.findings)


def test_what_was_read_from_a_picture_is_said_so(tmp_path):
    path = "regulations/a.pdf"
    found = [
        p.model_copy(update={"sure": 71})
        for p in passages(path, d1="Điều 1. Giấy khen tặng cho tổ dân phố", d2="Điều 2. Quỹ")
    ]
    corpus = Corpus(documents=(document(path, "9/2024/TT-X"),), passages=tuple(found))
    build(corpus, tmp_path / "a.db", HashEncoder())
    asked = Assistant(tmp_path / "a.db", HashEncoder(), lambda: TODAY)
    answer = asked.ask("Điều 1 Thông tư 9/2024/TT-X nói gì?")
    assert answer.citations
    assert "được đọc từ ảnh (độ chắc 71/100)" in plain(answer)


def test_what_is_surely_a_rule_is_answered_though_it_sounds_like_a_unit(ask):
    found = ask("Giám đốc hợp tác xã nông nghiệp có quyền tặng giấy khen cho xã viên không?")
    assert found.kind is AnswerKind.ANSWER
    assert (found.citations[0].document.number, found.citations[0].place.article) == (
        "06/2022/QH15",
        "75",
    )
    # What it was given, and when, is no rule.
    given = ask("Hợp tác xã nông nghiệp được tặng giấy khen năm nào?")
    assert given.kind is AnswerKind.NOT_FOUND and given.absence.lack is Lack.UNIT


def test_a_form_that_the_stored_text_lacks_is_said_to_be_lacking(ask):
    found = ask("Mẫu văn bản xác nhận sáng kiến số 13 của NĐ 152 trình bày ra sao?")
    assert found.kind is AnswerKind.NOT_FOUND and found.absence.lack is Lack.PART
    assert "không kèm Mẫu số 13" in plain(found)
    wanted = measure(ask("Cho em xin mẫu tờ trình tặng Giấy khen").question)
    assert wanted and not re.search(wanted, "to trinh tang giay khen")
    assert re.search(wanted, "to trinh theo mau so 02")


@pytest.mark.parametrize(
    ("asked", "clause", "another"),
    [
        ("Hạn nộp hồ sơ Huân chương Lao động?", "Cờ thi đua của Chính phủ: trước 30/6", True),
        ("Hạn nộp hồ sơ Huân chương Lao động?", "Cờ thi đua và huân chương: trước 30/6", False),
        ("Hạn nộp hồ sơ Cờ thi đua của Chính phủ?", "Cờ thi đua: trước 30/6", False),
        ("Hạn nộp hồ sơ Cờ thi đua của Chính phủ?", "Hồ sơ nộp trước 30/6", False),
    ],
)
def test_the_number_of_another_title_is_none(ask, asked, clause, another):
    assert _of_another_title(ask(asked).question, clause) is another
