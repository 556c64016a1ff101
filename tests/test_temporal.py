"""Which rule counted on that day: questions about time over libraries in which the rules change.

``temporal.jsonl`` holds the questions: ``first`` is the text and place that must be cited first,
``also`` are texts that must be cited too, ``says`` must stand in the answer, ``money`` are all sums in
order, and ``plain`` asked for ``day`` must be answered as the question with its time is.
"""

import csv
import datetime
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot import Answer, AnswerKind, Assistant
from bot.answer import Caution
from bot.evaluation import matches, places
from bot.finding import Reward
from bot.reply import plain
from changing import write_library
from conftest import TODAY
from corpus import read
from hashing import HashEncoder
from index import build

SHARED = Path(__file__).parents[2] / "shared"
CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("temporal.jsonl").read_text("utf-8").splitlines()
]
_MARKS = (Caution.ENDED, Caution.FUTURE, Caution.PART_ENDED, Caution.CHANGED)


@pytest.fixture(scope="module")
def libraries(assistant, tmp_path_factory) -> dict[str, Assistant]:
    folder = tmp_path_factory.mktemp("temporal")
    found = {"sample": assistant}
    folders = {"invented": write_library(folder / "invented")}
    if SHARED.is_dir():
        # The statutes alone: reports and workbooks say nothing of rules.
        texts = SHARED / "documents" / "regulations"
        shutil.copytree(texts, folder / "statutes" / "regulations")
        folders["statutes"] = folder / "statutes"
    for name, documents in folders.items():
        build(read(documents), folder / f"{name}.db", HashEncoder())
        found[name] = Assistant(folder / f"{name}.db", HashEncoder(), lambda: TODAY)
    return found


@pytest.fixture(scope="module")
def answers(libraries) -> list[tuple[dict, Answer]]:
    """Every question that can be asked here, with its answer."""
    return [
        (case, libraries[case["library"]].ask(case["question"], previous=case.get("previous", ())))
        for case in CASES
        if case["library"] in libraries
    ]


def cited(answer: Answer) -> list[str]:
    return [c.document.number for c in answer.citations]


def right_version(case: dict, answer: Answer) -> bool:
    if "first" in case:
        number, words = case["first"]
        (wanted, *_) = places(words) or [None]
        first = answer.citations[0] if answer.citations else None
        if not first or first.document.number != number:
            return False
        if wanted and not (wanted.holds(first.place) or first.place.holds(wanted)):
            return False
    return set(case.get("also", ())) <= set(cited(answer))


def unmarked(answer: Answer) -> list[str]:
    """What is quoted and was no longer in force, or not yet, on the day that counts, and is not marked
    as such."""
    marked = {c.about[0] for c in answer.warnings if c.caution in _MARKS}
    named = plain(answer)
    wrong = []
    for citation in answer.citations:
        document = citation.document
        over = document.expires and document.expires <= max(answer.as_of, TODAY)
        ahead = document.effective and document.effective > answer.as_of
        told = f"{citation.place}, {document.number} (đã hết hiệu lực)" in named
        force = document.expires and f"hết hiệu lực từ {document.expires:%d/%m/%Y}" in named
        if (over or ahead) and document.number not in marked and not told and not force:
            wrong.append(document.number)
    return wrong


def unsaid(case: dict, answer: Answer) -> list[str]:
    text = "\n".join([plain(answer), *(c.quote for c in answer.citations)])
    return [words for words in case.get("says", ()) if not matches(text, words)]


def sums(answer: Answer) -> list[int]:
    return [int(f.paid) for f in answer.findings if isinstance(f, Reward)]


def test_there_are_questions_of_every_kind():
    assert len(CASES) >= 120
    groups = {case["group"] for case in CASES}
    assert {"trước", "sau", "hai nửa", "chuyển tiếp", "theo tên", "chưa có", "từng điều",
            "so sánh", "tiền"} <= groups  # fmt: skip


def test_the_right_version_comes_first(answers):
    wrong = []
    for case, answer in answers:
        refused = answer.kind is AnswerKind.NOT_FOUND
        ok = right_version(case, answer) and not unsaid(case, answer)
        if not ok or refused != case.get("refuses", False):
            wrong.append(case)
            print(f"- [{case['library']}] {case.get('previous', '')} {case['question']}")
            print(f"    cited {[(c.document.number, str(c.place)) for c in answer.citations]}")
            print(f"    {answer.kind.value}; not said: {unsaid(case, answer)}")
    print(f"{len(wrong)} of {len(answers)} wrong")
    assert len(wrong) <= 0.05 * len(answers)
    # No kind of question may hide behind the others.
    asked, failed = (Counter(case["group"] for case in some) for some in (CASES, wrong))
    assert {g: n for g, n in failed.items() if n > max(1, 0.2 * asked[g])} == {}


def test_nothing_superseded_is_quoted_unmarked(answers):
    assert [(case["question"], unmarked(a)) for case, a in answers if unmarked(a)] == []


def test_every_sum_is_right(answers):
    found = {case["question"]: sums(answer) for case, answer in answers if "money" in case}
    assert len(found) >= 25
    assert found == {case["question"]: case["money"] for case, _ in answers if "money" in case}


def test_a_day_in_the_question_is_as_good_as_one_beside_it(answers, libraries):
    """``--as-of`` and the phrase give the same answer."""
    pairs = [(case, answer) for case, answer in answers if "plain" in case]
    assert len(pairs) >= 20
    for case, said in pairs:
        day = datetime.date.fromisoformat(case["day"])
        beside = libraries[case["library"]].ask(case["plain"], as_of=day)
        first, other = (
            [(c.document.number, c.place) for c in answer.citations[:1]]
            for answer in (said, beside)
        )
        assert first == other, case["question"]
        assert sums(said) == sums(beside), case["question"]
        assert said.kind is beside.kind and said.as_of == beside.as_of, case["question"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the facts are not part of the project")
def test_the_sums_of_the_decree_are_those_that_were_worked_out_by_hand(libraries):
    with (SHARED / "facts" / "muc_tien_thuong_nd152.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    wrong = []
    for row in rows:
        name = row["ten"].split(" (")[0].split(", ")[0] if "hạng" not in row["ten"] else row["ten"]
        name = "Xã tiêu biểu" if row["ma"] == "XATB" else name
        name = "Thôn văn hóa" if row["ma"] == "THONVH" else name
        of_many = row["ten"].endswith("bộ, ban, ngành, tỉnh") or row["ma"] == "KNC"
        name = f"{name.removesuffix(' bộ').removesuffix(' của bộ')} của tỉnh" if of_many else name
        asked = f"{name} đối với {row['doi_tuong']} được thưởng bao nhiêu tiền?"
        answer = libraries["statutes"].ask(asked)
        if sums(answer) != [int(row["tien_voi_luong_co_so_2530000"])]:
            wrong.append((asked, sums(answer), row["tien_voi_luong_co_so_2530000"]))
        other = [str(f.other) for f in answer.findings if isinstance(f, Reward) and f.other]
        if any(sum_ not in row["luu_y"] for sum_ in other) or (row["luu_y"] and not other):
            wrong.append((asked, other, row["luu_y"]))
    assert wrong == []
