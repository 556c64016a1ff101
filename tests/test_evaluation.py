"""How answers are judged: the places that cases name, the figures, and the failures."""

import datetime
import json
from pathlib import Path

import pytest

from bot.answer import Answer, AnswerKind, Citation
from bot.evaluation import (
    Case,
    EvaluationError,
    Judged,
    by_group,
    figures,
    judge,
    places,
    read_cases,
    report,
    why,
)
from bot.finding import Absence, Lack
from bot.question import Question
from corpus import Document, Kind, Place

DAY = datetime.date(2026, 11, 23)
QUESTIONS = Path(__file__).with_name("questions.jsonl")


class Scripted:
    """Answers each question with what the test wrote for it."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def ask(self, question, *, previous=(), as_of=None):
        self.asked.append((question, tuple(previous), as_of))
        return self.answers[question]


def _answer(*cited, kind=AnswerKind.ANSWER) -> Answer:
    """``cited``: (number, place, quote)."""
    citations = tuple(
        Citation(
            document=Document(
                path=f"{number}.txt", kind=Kind.REGULATION, title="Luật", number=number
            ),
            place=places(place)[0],
            quote=quote,
        )
        for number, place, quote in cited
    )
    absence = Absence(lack=Lack.WEAK) if kind is AnswerKind.NOT_FOUND else None
    asked = Question(text="x", accented="x", folded="x", as_of=DAY)
    return Answer(kind=kind, question=asked, citations=citations, absence=absence)


NO = _answer(kind=AnswerKind.NOT_FOUND)


def judged(answer, **case) -> Judged:
    (one,) = judge(Scripted(x=answer), [Case(question="x", **case)])
    return one


def cites(*cited):
    return tuple(("06/2022/QH15", place) for place in cited)


# Places


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Điều 23", [Place(article="23")]),
        ("Điều 27 khoản 1 điểm c", [Place(article="27", clause="1", point="c")]),
        ("Điều 12a khoản 2 điểm đ", [Place(article="12a", clause="2", point="đ")]),
        (
            "Điều 50 khoản 2 điểm a, b",
            [Place(article="50", clause="2", point=p) for p in "ab"],
        ),
        ("Điều 84 khoản 1, 2", [Place(article="84", clause=c) for c in "12"]),
        (
            "Điều 3 khoản 1 điểm a, khoản 2",
            [Place(article="3", clause="1", point="a"), Place(article="3", clause="2")],
        ),
        ("Điều 5, Điều 7 khoản 2", [Place(article="5"), Place(article="7", clause="2")]),
        ("", []),
        ("Phụ lục", []),
        ("Phụ lục 8", [Place(part="Phụ lục 8")]),
    ],
)
def test_the_places_that_a_case_names(words, expected):
    assert places(words) == expected


@pytest.mark.parametrize(
    "wanted, cited, article, place",
    [
        ("Điều 27 khoản 1", "Điều 27 khoản 1", True, True),
        ("Phụ lục 8", "Phụ lục 8", True, True),
        ("Phụ lục 8", "Phụ lục 7", False, False),
        ("Điều 27 khoản 1", "Điều 27 khoản 1 điểm c", True, True),  # inside what is named
        ("Điều 27 khoản 1 điểm c", "Điều 27 khoản 1", True, False),  # more than what is named
        ("Điều 27 khoản 1", "Điều 27 khoản 2", True, False),
        ("Điều 27 khoản 1", "Điều 28 khoản 1", False, False),
        ("Điều 2", "Điều 23", False, False),
        ("Điều 50 khoản 2 điểm a, b", "Điều 50 khoản 2 điểm b", True, True),
        ("Điều 50 khoản 2 điểm a, b", "Điều 50 khoản 2", True, True),  # holds both
        ("Điều 50 khoản 2 điểm a, b", "Điều 50 khoản 1", True, False),
    ],
)
def test_what_counts_as_the_right_place(wanted, cited, article, place):
    one = judged(_answer(("06/2022/QH15", cited, "q")), cites=cites(wanted))
    assert (one.article_rank, one.place_rank) == (int(article), int(place))


def test_the_number_of_the_document_counts_without_its_accents_and_case():
    one = judged(_answer(("152/2025/NĐ-CP", "Điều 4", "q")), cites=(("152/2025/nd-cp", "Điều 4"),))
    assert one.article_rank == 1
    one = judged(_answer(("152/2025/NĐ-CP", "Điều 4", "q")), cites=cites("Điều 4"))
    assert one.article_rank == 0


def test_the_rank_is_that_of_the_first_right_citation():
    numbers = [*"98", "23", "24"]
    answer = _answer(*(("06/2022/QH15", f"Điều {n}", "q") for n in numbers))
    one = judged(answer, cites=cites("Điều 24", "Điều 23"))
    assert one.article_rank == 3


# Passed and failed


def test_what_must_be_said_may_stand_in_the_text_or_in_any_quote():
    answer = _answer(
        ("06/2022/QH15", "Điều 27", "từ 70% trở lên"), ("06/2022/QH15", "Điều 28", "“Tập thể”")
    )
    assert judged(answer, says=("TU 70%", '"tap the"')).passed
    one = judged(answer, says=("từ 70%", "80%"))
    assert not one.passed
    assert one.unsaid == ("80%",)
    assert why(one) == "thiếu “80%”"


def test_the_right_article_must_be_among_the_first_five():
    numbers = ["1", "2", "3", "4", "23", "24"]
    answer = _answer(*(("06/2022/QH15", f"Điều {n}", "q") for n in numbers))
    assert judged(answer, cites=cites("Điều 23")).passed
    one = judged(answer, cites=cites("Điều 24"))
    assert not one.passed
    assert "cần 06/2022/QH15 Điều 24" in why(one)
    assert "06/2022/QH15 Điều 1" in why(one)


def test_a_refusal_passes_only_where_it_is_wanted():
    assert judged(NO, refuses=True).passed
    one = judged(NO, says=())
    assert not one.passed
    assert why(one) == "từ chối nhưng phải trả lời"
    one = judged(_answer(("06/2022/QH15", "Điều 1", "q")), refuses=True)
    assert not one.passed
    assert why(one) == "phải từ chối nhưng đã trả lời"


# Figures


def test_figures_are_shares_of_the_questions_that_ask_for_them():
    right = ("06/2022/QH15", "Điều 27 khoản 1", "70%")
    wrong = ("06/2022/QH15", "Điều 9", "bảy hình thức")
    assistant = Scripted(
        first=_answer(right), second=_answer(wrong, right), never=_answer(wrong), no=NO
    )
    cases = [
        Case(question="first", cites=cites("Điều 27 khoản 1"), says=("70%",), group="luật"),
        Case(question="second", cites=cites("Điều 27 khoản 1 điểm c"), says=("80%",), group="luật"),
        Case(question="never", cites=cites("Điều 27"), group="luật"),
        Case(question="no", says=("chưa có trong kho",), group="bẫy"),
        Case(question="no", refuses=True, group="bẫy"),
        Case(question="first", refuses=True),
    ]
    done = []
    all_judged = judge(assistant, cases, lambda n, total: done.append((n, total)))
    found = figures(all_judged)
    assert done == [(n, 6) for n in range(1, 7)]
    assert found.questions == 6
    assert found.passed == pytest.approx(2 / 6)
    assert found.article_first == pytest.approx(1 / 3)
    assert found.article_in_five == pytest.approx(2 / 3)
    assert found.place_first == pytest.approx(1 / 3)
    assert found.place_in_five == pytest.approx(1 / 3)
    assert found.said == pytest.approx(1 / 3)
    assert found.refused_right == pytest.approx(1 / 2)
    assert found.refused_wrong == pytest.approx(1 / 4)
    groups = by_group(all_judged)
    assert list(groups) == ["luật", "bẫy", "khác"]
    assert groups["bẫy"].article_first is None
    assert groups["luật"].refused_right is None


def test_times_are_the_median_and_the_slowest_twentieth():
    slow = [Judged(case=Case(question="x"), answer=NO, seconds=n / 100) for n in range(100, 0, -1)]
    found = figures(slow)
    assert found.p50 == pytest.approx(0.51)
    assert found.p95 == pytest.approx(0.96)


def test_a_case_is_asked_with_its_day_and_its_conversation():
    assistant = Scripted(x=NO)
    case = Case(question="x", previous=("a", "b"), as_of=datetime.date(2024, 5, 1))
    judge(assistant, [case])
    assert assistant.asked == [("x", ("a", "b"), datetime.date(2024, 5, 1))]


def test_a_report_keeps_the_order_of_the_file():
    assistant = Scripted(b=NO, a=_answer(("06/2022/QH15", "Điều 1", "q")))
    all_judged = judge(assistant, [Case(question="b", refuses=True), Case(question="a")])
    whole = report(all_judged, lambda one: {"kind": one.answer.kind.value})
    assert whole["questions"] == [
        {"question": "b", "passed": True, "answer": {"kind": "not_found"}},
        {"question": "a", "passed": True, "answer": {"kind": "answer"}},
    ]
    assert whole["summary"]["questions"] == 2
    assert whole["summary"]["groups"]["khác"]["refused_right"] == 1.0
    json.dumps(whole)


# Files


def test_cases_are_read_with_unknown_fields_and_blank_lines_passed_over(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"question": "một", "cites": [["06/2022/QH15", "Điều 1"]], "as_of": "2024-05-01"}\n\n'
        '{"question": "hai", "refuses": true, "note": "bẫy", "previous": ["một"]}\n',
        encoding="utf-8",
    )
    one, two = read_cases(path)
    assert one.cites == (("06/2022/QH15", "Điều 1"),)
    assert one.as_of == datetime.date(2024, 5, 1)
    assert two.refuses
    assert two.previous == ("một",)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        '"chữ"',
        "{}",
        '{"question": 5}',
        '{"question": "a", "cites": ["Điều 1"]}',
        '{"question": "a", "says": "70%"}',
        '{"question": "a", "as_of": "hôm nay"}',
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path, line):
    path = tmp_path / "a.jsonl"
    path.write_text('{"question": "tốt"}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as refused:
        read_cases(path)
    assert f"{path}, dòng 3" in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    for path, content in (
        (tmp_path / "none.jsonl", None),
        (tmp_path / "empty.jsonl", b"\n\n"),
        (tmp_path / "bytes.jsonl", b"\xff\xfe\x00"),
        (tmp_path, None),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(EvaluationError) as refused:
            read_cases(path)
        assert str(path) in str(refused.value)


# The sample library


def test_the_questions_over_the_sample_library_are_answered(assistant):
    """Without a model; falls when the words, the rules or the records get worse."""
    all_judged = judge(assistant, read_cases(QUESTIONS))
    failed = [one for one in all_judged if not one.passed]
    for one in failed:
        print(f"- {one.case.question}\n  {why(one)}")
    assert len(all_judged) >= 60
    found = figures(all_judged)
    assert found.passed >= 0.85
    assert found.refused_right >= 0.8
    assert found.refused_wrong <= 0.05
