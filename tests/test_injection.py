"""Hostile text through every entity: nothing but a polite answer, and the index is never written.

Two ways in: a question that holds it, and documents that hold it as the name of a unit, a criterion,
a block, an award, a person or a decision.
"""

import hashlib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import AnswerKind, Assistant
from bot.bot import Assistant as Door
from bot.markup import LIMIT
from bot.picture import illustrated, picture
from bot.reply import messages, plain
from bot.rows import cells_of, rows_of, worksheet
from conftest import TODAY
from corpus import Corpus, Document, Kind, Scorer, Status
from fake_telegram import parse_html, units
from hashing import HashEncoder
from index import build
from small import award, meeting, score, unit

HOSTILE = (
    "' OR 1=1 --", '"; DROP TABLE scores; --', "') UNION SELECT * FROM facts --", "%_%", "NEAR(a b)",
    'a* OR "b', "unit:x AND NOT y", "<b>đậm</b>", "</blockquote><a href='http://x'>", "<script>", "&lt;&amp;",
    "\u202etỉnh\u202c", "\u200f\u2067ab\u2069", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "{0}{year}%s%(x)d", "\\", "[" * 40, "a\x00b", "(?:x+x+)+y", "=HYPERLINK(1)", "'" * 50, "--", "/*", "`[x]`",
)  # fmt: skip
PLACES = (
    "{} năm 2023 được bao nhiêu điểm?",
    "Hội Nông dân tỉnh {} năm 2023 được bao nhiêu điểm?",
    "Hội Nông dân tỉnh năm {} được bao nhiêu điểm?",
    "Hội Nông dân tỉnh năm 2023 tiêu chí {} được mấy điểm?",
    "So sánh Tỉnh đoàn và {} năm 2023",
    "top 3 khối thi đua {} năm 2023",
    "đơn vị nào được {} năm 2023?",
    "Quyết định {}/QĐ-UBND khen ai?",
    "Cá nhân {} được khen thưởng gì?",
    "hội nghị {} năm 2023 họp ngày nào, ở đâu?",
    "trưởng khối {} năm 2023",
    "vì sao {} bị trừ điểm?",
    "{}",
)
anything = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.text("'\";-<>&%_*()[]{}\\\u202e\u200f", max_size=20),
)
NAME = 'Hội "O\'Neil" <b>&amp; \u202eX\u202c; DROP TABLE scores--'


def polite(answer):
    """The answer as Telegram and as every export would take it."""
    for message in messages(answer):
        text, _, dropped = parse_html(message.html)
        assert units(text) <= LIMIT and not dropped
    assert plain(answer).strip()
    assert isinstance(rows_of(answer), list)
    worksheet(cells_of(answer))
    picture(answer)
    illustrated(answer)


@pytest.fixture(scope="module")
def door(sample_index) -> Assistant:
    return Door(sample_index, HashEncoder(), lambda: TODAY)


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(place=st.sampled_from(PLACES), hostile=anything)
@example(place=PLACES[0], hostile="Hội Nông dân tỉnh' OR '1'='1")
@example(place=PLACES[1], hostile="<b>")
def test_a_hostile_question_gets_a_polite_answer(place, hostile, door, sample_index):
    before = hashlib.sha256(sample_index.read_bytes()).digest()
    answer = door.ask(place.format(hostile) if "{}" in place else place)
    polite(answer)
    assert hashlib.sha256(sample_index.read_bytes()).digest() == before


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_is_no_known_unit(hostile, door):
    answer = door.ask(f"Hội {hostile} tỉnh năm 2023 được bao nhiêu điểm?")
    assert answer.kind is not AnswerKind.ANSWER or any(
        f.__class__.__name__ == "Ranking" for f in answer.findings
    )


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory):
    """An index whose records are all named to do harm."""
    path = tmp_path_factory.mktemp("hostile") / "index.db"
    documents = tuple(
        Document(path=p, kind=kind, title=NAME)
        for p, kind in (("scores/a.xlsx", Kind.SCORES), ("awards/a.xlsx", Kind.AWARDS),
                        ("meetings/a.txt", Kind.MEETING))
    )  # fmt: skip
    other = "Hội Hiền tỉnh"
    cells = [
        score(name, points, criterion="I.1", criterion_name=NAME, group="I", group_name=NAME,
              block=NAME, reason=NAME, scorer=scorer, max_points=Decimal(10))
        for name, points in ((NAME, "9.5"), (other, "8"))
        for scorer in Scorer
    ]  # fmt: skip
    source = cells[0].source.model_copy(update={"file": "awards/a.xlsx"})
    awards = [
        award(NAME, f"Bằng khen {NAME}", 2023, status, decision="7/QĐ-'; DROP", person="").model_copy(
            update={"source": source}
        )
        for status in Status
    ]  # fmt: skip
    corpus = Corpus(
        documents=documents, units=(unit(NAME, block=NAME), unit(other, block=NAME)),
        scores=tuple(cells), awards=tuple(awards),
        meetings=(meeting("meetings/a.txt", TODAY, year=2023, kind="tổng kết"),),
    )  # fmt: skip
    build(corpus, path, HashEncoder())
    return path


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} năm 2023 được bao nhiêu điểm?",
        "xếp hạng năm 2023",
        "Hội Hiền tỉnh năm 2023 tiêu chí I.1 được mấy điểm?",
        f"so sánh {NAME} và Hội Hiền tỉnh năm 2023",
        "đơn vị nào được bằng khen năm 2023?",
        f"{NAME} được khen thưởng gì?",
        "năm 2023 khối họp mấy lần?",
        "điểm trung bình khối năm 2023",
        "tiêu chí I.1 năm 2023 đơn vị nào cao nhất?",
    ],
)
def test_hostile_records_are_told_as_they_are_and_do_nothing(text, hostile_index):
    door = Door(hostile_index, HashEncoder(), lambda: TODAY)
    answer = door.ask(text)
    polite(answer)
    assert answer.kind is AnswerKind.ANSWER, plain(answer)
    assert all("<b>&amp;" not in m.html.replace("&lt;b&gt;&amp;amp;", "") for m in messages(answer))
