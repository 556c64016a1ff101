"""What users read: valid for Telegram, within its limits, figures the Vietnamese way."""

import datetime
import re
from decimal import Decimal

import pytest

from bot import notices, reply
from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation
from bot.evaluation import matches
from bot.figures import number, signed
from bot.finding import Absence, Awards, Lack, Points, Ranking
from bot.markup import plain_of
from bot.question import Question
from bot.reference import Reference, code, referred
from corpus import Award, Document, Kind, Place, Scorer, Source, Status, fold
from fake_telegram import parse_html, units
from index import Standing
from test_answer import HOSTILE, QUOTED

LIMIT = 4096  # UTF-16 units in one message, says Telegram
DAY = datetime.date(2026, 11, 23)
LAW = Document(
    path="regulations/luat.txt", kind=Kind.REGULATION, number="06/2022/QH15", form="Luật",
    title="Luật Thi đua, khen thưởng", effective=datetime.date(2024, 1, 1),
)  # fmt: skip
REPORT = Document(
    path="meetings/a.txt",
    kind=Kind.MEETING,
    title="Báo cáo <b>sơ kết</b> & tổng kết",
    issued=datetime.date(2023, 7, 5),
)
CELL = Source(file="awards/a.xlsx", place="Khen thưởng!B2")


def question(text="hỏi", **fields) -> Question:
    return Question(text=text, accented=text, folded=text, as_of=DAY, **fields)


def quoting(*quotes, document=LAW, **fields) -> Answer:
    citations = tuple(
        Citation(document=document, place=Place(article="24"), quote=quote, relevance=1.0)
        for quote in quotes
    )
    return Answer(
        kind=AnswerKind.ANSWER, question=question(), citations=citations, **fields
    )  # fmt: skip


def finding(*findings) -> Answer:
    return Answer(kind=AnswerKind.ANSWER, question=question(), findings=findings)


def award(recipient="Hội Nông dân tỉnh", title="Bằng khen", status=Status.DECIDED, **fields):
    return Award(
        recipient=recipient, unit=recipient, title=title, status=status, source=CELL, **fields
    )


def sent(answer) -> list[str]:
    """The visible texts of an answer's messages, after Telegram's own checks."""
    texts = []
    for message in reply.messages(answer):
        text, _, dropped = parse_html(message.html)
        assert dropped == []
        assert text == message.plain
        assert text.strip()
        assert units(text) <= LIMIT
        for row in message.buttons:
            for button in row:
                assert sum(map(bool, (button.data, button.link, button.copied))) == 1
                assert len(button.data.encode()) <= 64 and units(button.copied) <= 256
            assert all(button.label for button in row)
        texts.append(text)
    assert texts
    return texts


def words(text) -> list[str]:
    return text.split()


# Within Telegram's limits


@pytest.mark.parametrize("text", [*QUOTED, *HOSTILE, "xếp hạng năm 2023", "Liệt kê các cuộc họp"])
def test_every_answer_is_valid_for_telegram(ask, text):
    if "Điều 3 " not in text:  # a known fault, see test_answer.py
        sent(ask(text))


SENTENCES = "Điều này đã được quy định rõ; ai cũng phải theo. " * 700

GIANTS = {
    "a long quote": quoting(SENTENCES),
    "one line without a space": quoting("x" * 9000),
    "one line of emoji": quoting("😀" * 9000),
    "families of emoji": quoting("👨‍👩‍👧‍👦 " * 2000),
    "markup all through": quoting("<b>&amp;</i> " * 3000),
    "lines": quoting("\n".join(f"{n}. Khoản" for n in range(5000))),
    "blank lines": quoting("a\n\n\n" * 3000),
    "five long quotes": quoting(*[SENTENCES[: 4000 + n] for n in range(5)]),
    "just the limit": quoting("x" * LIMIT),
    "one over the limit": quoting("x" * (LIMIT + 1)),
    "500 awards": finding(
        Awards(
            unit="Hội <A> & B",
            awards=tuple(award(title="Bằng khen " + "dài " * 40, year=2023) for _ in range(500)),
        )
    ),
    "a ranking of 900": finding(
        Ranking(
            block="Khối & cụm", year=2023, scorer=Scorer.COUNCIL, members=900, source=CELL,
            standings=tuple(
                Standing(unit=f"Đơn vị <{n}>", block="K", year=2023, period="cả năm",
                         scorer=Scorer.COUNCIL, points=Decimal(n), rank=n)
                for n in range(1, 901)
            ),
        )
    ),
    "one title of 9,000 characters": finding(
        Awards(unit="A", awards=(award(title="<&>" * 3000, year=2023),))
    ),
    "a long absence": Answer(
        kind=AnswerKind.NOT_FOUND, question=question(),
        absence=Absence(lack=Lack.UNIT, about=("<X> & " * 3000,), exists=("Đ & v",) * 900),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_answer_is_cut_into_valid_messages(name):
    sent(GIANTS[name])


@pytest.mark.parametrize(
    "name", ["a long quote", "markup all through", "lines", "one line of emoji"]
)
def test_nothing_of_a_long_quote_is_lost(name):
    answer = GIANTS[name]
    shown = "".join("".join(words(text)) for text in sent(answer))
    assert "".join(words(answer.citations[0].quote)) in shown


def test_buttons_stand_under_the_last_message_only():
    messages = reply.messages(GIANTS["a long quote"])
    assert len(messages) > 7
    assert [bool(m.buttons) for m in messages] == [False] * (len(messages) - 1) + [True]


def test_an_answer_can_be_read_on_and_its_citation_copied():
    places = (Place(article="27", clause="1", point="c"), Place(article="3"))
    answer = Answer(
        kind=AnswerKind.ANSWER, question=question(),
        citations=tuple(Citation(document=LAW, place=p, quote="c) 70%") for p in places),
        around=(None, Place(article="27", clause="2")),
    )  # fmt: skip
    first, second, votes = reply.messages(answer)[-1].buttons
    assert [b.label for b in first] == ["📖 Cả Điều 27", "📚 Nguồn khác (1)"]
    assert [b.label for b in second] == ["khoản 2 ›", "📋 Chép"]
    assert second[1].copied == "Điều 27 khoản 1 điểm c Luật Thi đua, khen thưởng (số 06/2022/QH15)"
    whole = referred(first[0].data.removeprefix("w:"), [LAW], [])
    assert whole == Reference(document=LAW, place=Place(article="27"))
    assert [b.data for b in votes] == ["vote:up", "vote:down"]


@pytest.mark.parametrize(
    "place",
    [
        Place(article="12a", clause="3", point="đ"),
        Place(part="Phụ lục II", article="1"),
        Place(paragraph=17),
        Place(article="45", clause="4", paragraph=2),
    ],
)
def test_a_place_survives_in_a_button(place):
    text = code(REPORT, place)
    assert re.fullmatch(r"[\w-]{1,44}", text, re.ASCII)
    found = referred(text, [LAW, REPORT], ["Phụ lục I", "Phụ lục II"])
    assert found == Reference(document=REPORT, place=place)
    assert referred(text, [LAW], ["Phụ lục II"]) is None  # no longer held
    assert referred(text + "x", [REPORT], []) is None


def test_a_greeting_is_not_voted_on():
    for lack, voted in ((Lack.GREETING, False), (Lack.WEAK, True)):
        answer = Answer(kind=AnswerKind.NOT_FOUND, question=question(), absence=Absence(lack=lack))
        assert bool(reply.messages(answer)[-1].buttons) is voted


def test_a_long_quote_is_folded_and_a_short_one_is_not():
    assert "<blockquote expandable>" in reply.messages(quoting("dài " * 400))[0].html
    assert "<blockquote>" in reply.messages(quoting("ngắn"))[0].html


STANDARDS = """Điều 24. Danh hiệu “Lá cờ đầu”
Tặng cho tập thể đạt các tiêu chuẩn sau đây:
1. Hoàn thành vượt mức mọi chỉ tiêu đã đăng ký với khối từ đầu năm;
2. Nội bộ đoàn kết, không có cá nhân bị kỷ luật từ hình thức khiển trách trở lên; có ít nhất 03 sáng kiến đã được công nhận và áp dụng, đem lại kết quả rõ rệt cho đơn vị và cho các đơn vị khác trong khối;
3. Được trên 80% số đơn vị trong khối suy tôn tại hội nghị tổng kết cuối năm, bằng phiếu kín hoặc biểu quyết."""


def of_standards(text: str, *, short: bool = False) -> str:
    asked = question(text, whole=text).model_copy(update={"folded": fold(text)})
    cited = Citation(document=LAW, place=Place(article="24"), quote=STANDARDS, relevance=1.0)
    answer = Answer(kind=AnswerKind.ANSWER, question=asked, citations=(cited,))
    return reply.messages(answer, short=short)[0].html


def test_a_long_clause_is_told_in_short_before_it_is_quoted():
    told, quoted = of_standards("tiêu chuẩn lá cờ đầu").split("<blockquote expandable>")
    assert told.startswith("<b>Danh hiệu “Lá cờ đầu”</b>\nTặng cho tập thể đạt")
    lines = told.strip().split("\n")[2:]
    assert len(lines) == 3 and all(line.startswith("• ") for line in lines)
    assert lines[1].endswith(" […]") and "rõ rệt" not in told
    quote, line = quoted.split("</blockquote>")
    assert "<b>ít nhất 03 sáng kiến</b>" in quote and "<b>trên 80%</b>" in quote
    assert plain_of(quote) == STANDARDS  # word for word
    assert "📖 <b>Điều 24</b>, Luật Thi đua, khen thưởng (số 06/2022/QH15)" in line
    assert "<i>Đang có hiệu lực (từ 01/01/2024).</i>" in line
    assert "<blockquote" not in of_standards("tiêu chuẩn lá cờ đầu", short=True)


def test_a_number_asked_for_is_told_by_its_sentence():
    html = of_standards("được bao nhiêu phần trăm số đơn vị trong khối suy tôn lá cờ đầu")
    told, quote = html.split("<blockquote expandable>")
    assert told.strip().split("\n")[1:] == [
        "Được trên 80% số đơn vị trong khối suy tôn tại hội nghị tổng kết cuối năm, "
        "bằng phiếu kín hoặc biểu quyết."
    ]
    assert re.findall("<b>(.*?)</b>", quote) == ["trên 80%", "Điều 24"]


def test_what_stands_out_is_escaped_too():
    asked = question("hội mẹ & bé <con>", whole="hội mẹ & bé <con>")
    answer = quoting("1 < 2: Hội mẹ & bé <con> & <cháu>").model_copy(update={"question": asked})
    assert sent(answer)[0].startswith("1 < 2: Hội mẹ & bé <con> & <cháu>")
    assert "<b>Hội mẹ &amp; bé &lt;con</b>&gt; &amp; " in reply.messages(answer)[0].html


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ((2023, 12, 31), "Chưa có hiệu lực; có hiệu lực từ 01/01/2024"),
        ((2026, 2, 28), "Đang có hiệu lực (từ 01/01/2024, hết hiệu lực từ 01/03/2026)"),
        ((2026, 3, 1), "Đã hết hiệu lực từ 01/03/2026 (có hiệu lực từ 01/01/2024)"),
    ],
)
def test_how_a_text_stands_is_told_for_the_day_that_counts(day, said):
    law = LAW.model_copy(update={"expires": datetime.date(2026, 3, 1)})
    asked = question().model_copy(update={"as_of": datetime.date(*day)})
    answer = quoting("x", document=law).model_copy(update={"question": asked})
    assert f"\n{said}." in reply.messages(answer)[0].plain


# Escaped


def test_markup_of_documents_is_shown_as_it_stands():
    text = sent(quoting("1 < 2 & <b>3</b> &lt;", document=REPORT))[0]
    assert "1 < 2 & <b>3</b> &lt;" in text
    assert "Báo cáo <b>sơ kết</b> & tổng kết" in text


def test_markup_of_a_question_is_shown_as_it_stands(ask):
    text = "Hội <i>Sách</i> & Báo năm 2023 được mấy điểm"
    shown = sent(ask(text))
    assert shown  # valid HTML, whatever of the name is repeated
    absence = Absence(lack=Lack.UNIT, about=("Hội <i>Sách</i> & Báo",))
    answer = Answer(kind=AnswerKind.NOT_FOUND, question=question(text), absence=absence)
    assert "Hội <i>Sách</i> & Báo" in sent(answer)[0]


def test_names_from_workbooks_are_escaped():
    found = Awards(awards=(award(recipient="A & <B>", title="Cờ <đỏ>", year=2023),))
    assert "A & <B>: Cờ <đỏ>" in sent(finding(found))[0]


def test_the_plain_text_of_an_answer_has_no_markup():
    answer = quoting("a < b & c", document=REPORT)
    assert "<b>sơ kết</b>" in reply.plain(answer)  # the title's own
    assert "a < b & c" in reply.plain(answer)
    assert "blockquote" not in reply.plain(answer)
    assert "<b>" not in reply.plain(quoting("x"))


@pytest.mark.parametrize(
    "message",
    [
        notices.start("<An> & Bình", ("Câu 1?", "Câu 2?")),
        notices.start(""),
        notices.help(),
        notices.not_member(123456789),
        notices.empty_question(),
        notices.too_long(1500),
        notices.fault(),
        notices.forgotten(),
        notices.thanks(),
    ],
    ids=range(9),
)
def test_fixed_messages_are_valid_for_telegram(message):
    text, _, dropped = parse_html(message.html)
    assert text == message.plain
    assert dropped == []
    assert 0 < units(text) <= LIMIT


def test_the_name_of_who_starts_is_escaped():
    assert notices.start("<An> & Bình").plain.startswith("Chào <An> & Bình!")
    assert notices.start("").plain.startswith("Chào anh/chị!")


def test_every_lack_and_every_caution_has_words():
    about = {
        Lack.ARTICLE: ("06/2022/QH15", "Luật", "Điều 97"),
        Lack.NOT_SAID: ("Báo cáo", "date"),
        Lack.CRITERION: ("IX.9", "2023"),
        Lack.PART: ("06/2022/QH15", "Luật", "Chương XX"),
        Lack.CLOSED_POINTS: ("Khối 1", "2024"),
    }
    exists = {Lack.PART: ("Chương", "I", "VIII")}
    for lack in Lack:
        absence = Absence(lack=lack, about=about.get(lack, ("A",)), exists=exists.get(lack, ()))
        answer = Answer(kind=AnswerKind.NOT_FOUND, question=question(), absence=absence)
        assert sent(answer)[0]
    particulars = {
        Caution.AMENDED: 3,
        Caution.ENDED: 3,
        Caution.FUTURE: 2,
        Caution.OCR: 2,
        Caution.READ: 2,
        Caution.PART_ENDED: 4,
        Caution.PART_FUTURE: 3,
        Caution.CHANGED: 5,
        Caution.ABOVE: 4,
        Caution.THEN: 2,
        Caution.RENAMED: 3,
        Caution.MERGED: 3,
    }
    told = list(Caution)
    for caution in told:
        caveat = Caveat(caution=caution, about=tuple("ABCDE")[: particulars.get(caution, 1)])
        assert reply.cautions(quoting("x", warnings=(caveat,))), caution


# Figures


@pytest.mark.parametrize(
    "value, text",
    [
        (Decimal("1234.5"), "1.234,5"),
        (Decimal("-2.5"), "-2,5"),
        (Decimal("100"), "100"),
        (Decimal("100.00"), "100"),
        (Decimal("105.750"), "105,75"),
        (Decimal("1E+2"), "100"),
        (Decimal("0"), "0"),
        (Decimal("0.05"), "0,05"),
        (Decimal("-0.5"), "-0,5"),
        (Decimal("2530000"), "2.530.000"),
        (Decimal("-1234567.125"), "-1.234.567,125"),
        (999, "999"),
        (1000, "1.000"),
    ],
)
def test_a_number_is_written_the_vietnamese_way(value, text):
    assert number(value) == text


def test_the_limit_of_a_question_is_told_in_whole_characters():
    assert "quá 1.500 ký tự" in notices.too_long(1500).plain


def test_a_difference_has_its_sign():
    assert signed(Decimal("2.5")) == "+2,5"
    assert signed(Decimal("-2.5")) == "-2,5"
    assert signed(Decimal("0")) == "0"


def test_days_are_written_day_first_with_zeros():
    answer = quoting("x", document=REPORT)
    assert "05/07/2023" in reply.plain(answer)
    found = Awards(
        awards=(award(year=2022, decision="1/QĐ", decided_on=datetime.date(2023, 3, 9)),)
    )
    assert "Quyết định số 1/QĐ ngày 09/03/2023" in reply.plain(finding(found))


def test_points_name_the_scorer_the_rank_and_the_cells():
    points = Points(
        unit="Hội Sách", recorded_as="Hội Báo", block="K", year=2023, period="cả năm",
        sums=((Scorer.SELF, Decimal("1107.25")), (Scorer.COUNCIL, Decimal("1105.50"))),
        final=Scorer.COUNCIL, rank=2, members=10, groups=(),
        sources=((Scorer.COUNCIL, Source(file="scores/a.xlsx", place="Năm 2023!G5:G17")),),
    )  # fmt: skip
    text = reply.plain(finding(points))
    for said in ("1.105,5 điểm", "Hội đồng thẩm định", "thứ 2/10", "tự chấm 1.107,25",
                 "Hội Báo", "scores/a.xlsx, Năm 2023!G5:G17"):  # fmt: skip
        assert said in text


def test_the_day_that_counts_is_told_when_it_was_set():
    answer = quoting("x")
    assert "Áp dụng quy định tại ngày" not in reply.plain(answer)
    dated = answer.model_copy(update={"question": question(dated=True)})
    assert "Áp dụng quy định tại ngày 23/11/2026" in reply.plain(dated)


def test_only_near_citations_are_quoted_and_the_rest_are_named():
    answer = quoting("đầu tiên", "gần bằng", "rất xa")
    near, far = 0.95, 0.5
    citations = tuple(
        c.model_copy(update={"relevance": r, "place": Place(article=a)})
        for c, r, a in zip(answer.citations, (1.0, near, far), "123", strict=True)
    )
    text = reply.plain(answer.model_copy(update={"citations": citations}))
    assert "gần bằng" in text
    assert "rất xa" not in text
    assert "Xem thêm: Điều 3" in text


def test_wanted_words_are_found_whatever_their_accents_case_and_blanks():
    assert matches("Từ 70 %\u00a0trở  lên là “Lao động”", "tu 70 % tro len")
    assert not matches("từ 60% trở lên", "70%")
