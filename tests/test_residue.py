"""A record is given only when it speaks of all that was asked."""

import pytest

from bot import AnswerKind
from bot.finding import Lack
from index import slipped


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Ai ký Quyết định 388/QĐ-UBND?", "ký quyết"),
        ("Hội Nông dân tỉnh năm 2023 điểm trang phục được bao nhiêu?", "trang phục"),
        ("Vì sao Hội Nông dân tỉnh được Cờ thi đua của Chính phủ năm 2021?", "lý do"),
        ("Hội nghị sơ kết 6 tháng đầu năm 2023 ai lo cơm trưa?", "lo cơm trưa"),
    ],
)
def test_words_that_no_record_explains_refuse(ask, question, left):
    answer = ask(question)
    assert answer.kind is AnswerKind.NOT_FOUND
    assert answer.absence.lack in (Lack.RECORD, Lack.NOT_SAID)
    if answer.absence.lack is Lack.RECORD:
        assert left in answer.absence.about


@pytest.mark.parametrize(
    "question",
    [
        "Cho mình hỏi với ạ, Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm vậy bot?",
        "Quyết định 388/QĐ-UBND tặng những đơn vị nào?",
        "Hội nghị sơ kết 6 tháng đầu năm 2023 tổ chức ở đâu, ai chủ trì?",
        "hoi nong dan tinh nam 2023 bi tru diem vi ly do gi",
    ],
)
def test_what_records_explain_is_answered(ask, question):
    assert ask(question).kind is not AnswerKind.NOT_FOUND


@pytest.mark.parametrize(
    ("typed", "held", "told"),
    [
        ("tjnh", {"tinh"}, True),
        ("dux", {"dua"}, True),
        ("nan", {"nam"}, False),  # it can be said, so it may be meant
        ("wifi", {"tinh", "dua", "vi"}, False),
        ("zalo", {"la", "so"}, False),
        ("a" * 5000, {"a" * 4999}, False),  # no syllable is so long
    ],
)
def test_a_word_that_nobody_can_say_may_be_a_slip(typed, held, told):
    assert slipped(typed, held) is told


def test_a_slip_that_could_not_be_repaired_leaves_nothing_over(ask):
    assert ask("Hội Nông dân tỉnh năk 2023 được bao nhiêu điểm?").findings
