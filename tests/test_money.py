"""Reward money: two quoted clauses multiplied, and nothing where they do not give one sum."""

import datetime
from decimal import Decimal

import pytest

from bot import AnswerKind
from bot.finding import Reward
from bot.money import reward
from corpus import Place


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
    ],
)
def test_the_sum_is_the_coefficient_times_the_base_rounded_up(
    ask, text, coefficient, paid, recipient
):
    (found,) = rewards(ask(text))
    assert (found.coefficient, found.base) == (Decimal(coefficient), Decimal(2_530_000))
    assert (found.paid, found.recipient) == (Decimal(paid), recipient)


def test_the_clauses_that_the_sum_rests_on_are_cited(ask):
    places = [str(c.place) for c in ask("Lao động tiên tiến được thưởng bao nhiêu tiền?").citations]
    assert places[:3] == ["Điều 50 khoản 1 điểm d", "Điều 3 khoản 2", "Điều 49 khoản 2"]


@pytest.mark.parametrize(
    "text",
    [
        "Tập thể được Bằng khen của Thủ tướng thưởng bao nhiêu tiền?",  # twice a person's
        "Hộ gia đình được giấy khen thưởng bao nhiêu tiền?",  # 1,5 times a person's
        "Kỷ niệm chương của bộ thưởng bao nhiêu tiền?",  # at most
        "Tiêu chuẩn Lao động tiên tiến?",  # not asked for money
    ],
)
def test_no_sum_is_given_where_the_clause_gives_none(ask, text):
    answer = ask(text)
    assert answer.kind is not AnswerKind.NOT_FOUND
    assert rewards(answer) == []


def test_no_sum_is_given_where_no_base_salary_of_that_day_is_held(ask):
    answer = ask("Lao động tiên tiến được thưởng bao nhiêu tiền?", as_of=datetime.date(2026, 6, 30))
    assert "0,3 lần mức lương cơ sở" in answer.citations[0].quote
    assert rewards(answer) == []


@pytest.mark.parametrize(
    "text, point",
    [
        ("Tập thể được bằng khen của Thủ tướng thưởng bao nhiêu tiền?", "a"),  # a person's clause
        ("Kỷ niệm chương của bộ thưởng bao nhiêu tiền?", "d"),  # "không quá" is no sum
    ],
)
def test_a_clause_is_not_multiplied_for_somebody_else_nor_from_a_ceiling(
    ask, assistant, text, point
):
    index = assistant._index
    decree = index.by_number()["152/2025/NĐ-CP"]
    clause = index.within(decree.path, Place(article="54", clause="1", point=point))
    assert "lần mức lương cơ sở" in clause[0].text
    asked = ask(text).question
    assert reward(asked, decree, clause, index, lambda document: True) is None
    of_a_person = ask("Cá nhân được bằng khen của Thủ tướng thưởng bao nhiêu tiền?").question
    found = reward(of_a_person, decree, clause, index, lambda document: True)
    assert (found is not None) == (point == "a")
