"""Reward money: quoted clauses multiplied, and nothing where they do not give a sum."""

import datetime
from decimal import Decimal

import pytest

from bot import AnswerKind
from bot.answer import Caution
from bot.finding import Reward, Salary, Together
from bot.reply import plain


def rewards(answer):
    return [finding for finding in answer.findings if isinstance(finding, Reward)]


@pytest.mark.parametrize(
    "text, coefficient, paid, recipient",
    [
        ("Lao động tiên tiến được thưởng bao nhiêu tiền?", "0.3", 760_000, "cá nhân"),
        ("chien si thi dua co so duoc thuong bao nhieu tien", "1", 2_530_000, "cá nhân"),
        ("CSTĐ toàn quốc thưởng bao nhiêu tiền?", "4.5", 11_390_000, "cá nhân"),
        ("Tập thể lao động xuất sắc được thưởng mấy tiền", "1.5", 3_800_000, "tập thể"),
        ("Cờ thi đua của Chính phủ thưởng bao nhiêu tiền?", "12", 30_360_000, "tập thể"),
        ("Xã tiêu biểu được thưởng bao nhiêu tiền?", "2", 5_060_000, "tập thể"),
        ("Nghệ sĩ ưu tú được thưởng bao nhiêu tiền?", "9", 22_770_000, ""),
        ("Nghệ sĩ nhân dân được thưởng bao nhiêu tiền?", "12.5", 31_630_000, ""),
    ],
)
def test_the_sum_is_the_coefficient_times_the_base_rounded_up(
    ask, text, coefficient, paid, recipient
):
    (found,) = rewards(ask(text))
    assert (found.coefficient, found.base) == (Decimal(coefficient), Decimal(2_530_000))
    assert (found.paid, found.recipient) == (Decimal(paid), recipient)


@pytest.mark.parametrize(
    "text, multiple, paid, other",
    [
        ("Tập thể được Bằng khen của Thủ tướng thưởng bao nhiêu tiền?", 2, 17_710_000, 17_720_000),
        ("Tập thể được bằng khen cấp tỉnh thưởng bao nhiêu tiền?", 2, 7_590_000, 7_600_000),
        ("Tập thể được giấy khen thưởng bao nhiêu tiền?", 2, 1_520_000, None),
        ("Hộ gia đình được bằng khen cấp tỉnh thưởng bao nhiêu?", "1.5", 5_700_000, None),
        ("Hộ gia đình được giấy khen thưởng bao nhiêu tiền?", "1.5", 1_140_000, None),
        ("Tập thể được Huân chương Lao động hạng Nhất thưởng bao nhiêu tiền?", 2, 45_540_000, None),
    ],
)
def test_what_multiplies_a_persons_reward_says_so_where_the_order_of_rounding_is_open(
    ask, text, multiple, paid, other
):
    answer = ask(text)
    (found,) = rewards(answer)
    assert (found.multiple, found.paid, found.other) == (Decimal(multiple), paid, other)
    assert ("không nói rõ thứ tự" in plain(answer)) == (other is not None)
    assert found.personal and found.personal.place != found.passage.place


def test_a_ceiling_is_told_as_a_ceiling(ask):
    found = rewards(ask("Kỷ niệm chương của bộ thưởng bao nhiêu tiền?"))
    assert [(f.paid, f.at_most) for f in found] == [(1_520_000, True)]
    assert "không quá 0,6 × 2.530.000" in plain(ask("Kỷ niệm chương của bộ thưởng bao nhiêu tiền?"))


def test_the_clauses_that_the_sum_rests_on_are_cited(ask):
    places = [str(c.place) for c in ask("Lao động tiên tiến được thưởng bao nhiêu tiền?").citations]
    assert places[:3] == ["Điều 50 khoản 1 điểm d", "Điều 3 khoản 2", "Điều 49 khoản 2"]


def test_levels_are_not_added_up_and_a_title_and_an_award_are(ask):
    answer = ask(
        "Lao động tiên tiến và Chiến sĩ thi đua cơ sở cùng năm được thưởng bao nhiêu tiền?"
    )
    assert [f.paid for f in rewards(answer)] == [760_000, 2_530_000]
    (rule,) = (f for f in answer.findings if isinstance(f, Together))
    assert (str(rule.passage.place), rule.sums) == ("Điều 49 khoản 5", ())
    answer = ask(
        "Chiến sĩ thi đua cơ sở và Bằng khen của Thủ tướng cùng lúc thưởng bao nhiêu tiền?"
    )
    (rule,) = (f for f in answer.findings if isinstance(f, Together))
    assert str(rule.passage.place) == "Điều 49 khoản 7"
    assert sum(rule.sums) == 11_390_000


@pytest.mark.parametrize(
    "text",
    [
        "Tiêu chuẩn Lao động tiên tiến?",  # not asked for money
        "Tiền thưởng bằng khen lấy từ quỹ nào?",  # not for the sum
        "Bằng khen của Hội Nhà báo Việt Nam được thưởng bao nhiêu tiền?",  # no clause is of it
        "Gia đình văn hóa được thưởng bao nhiêu tiền?",
        "Gia đình ủng hộ bao nhiêu tiền thì được Bằng khen của Thủ tướng?",  # no reward
        # An older text is asked for, and today's sums are not its.
        "Theo Nghị định 65/2014 thì Bằng khen của Thủ tướng được thưởng bao nhiêu tiền?",
    ],
)
def test_no_sum_is_given_where_no_clause_gives_one(ask, text):
    assert rewards(ask(text)) == []


def test_the_base_salary_is_that_of_the_day_and_an_unchecked_one_is_marked(ask):
    answer = ask("Lao động tiên tiến được thưởng bao nhiêu tiền?", as_of=datetime.date(2026, 6, 30))
    (found,) = rewards(answer)
    assert (found.base, found.paid) == (2_340_000, 710_000)
    assert found.base_row and found.base_row.number == "73/2024/NĐ-CP"
    assert "chưa kiểm chứng" in plain(answer)
    assert Caution.UNCHECKED in {w.caution for w in answer.warnings}
    (salary,) = ask("Mức lương cơ sở là bao nhiêu?", as_of=datetime.date(2026, 7, 1)).findings
    assert isinstance(salary, Salary) and salary.amount == 2_530_000 and salary.passage


def test_no_sum_is_given_for_a_day_of_which_no_decree_is_held(ask):
    answer = ask("Lao động tiên tiến được thưởng bao nhiêu tiền?", as_of=datetime.date(2025, 6, 30))
    assert rewards(answer) == []
    assert answer.kind is not AnswerKind.ANSWER
    assert "98/2023/NĐ-CP" in plain(answer)
