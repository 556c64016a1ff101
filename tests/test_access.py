"""Who may see what: every role × every kind of data, over a small office of two blocks."""

import datetime
from pathlib import Path

import pytest

from bot import AnswerKind, Assistant
from bot.access import Role, Sight, Viewer, permitted
from bot.answer import Answer
from bot.finding import Audited, Lack
from bot.reply import plain
from corpus import Audience, Rule, read, read_rules
from corpus.rules import idle_rules
from hashing import HashEncoder
from index import build

ONE, TWO = "Khối thi đua số 1", "Khối thi đua số 2"
MINE, BESIDE, FAR = "Hội Sách tỉnh", "Hội Báo tỉnh", "Hội Phim tỉnh"

FILES = {
    "units/don-vi.csv": f"Đơn vị,Khối\n{MINE},{ONE}\n{BESIDE},{ONE}\n{FAR},{TWO}\n",
    "awards/khen.csv": (
        "Đơn vị/cá nhân,Hình thức,Trạng thái,Năm,Số quyết định,Ngày quyết định\n"
        f"{MINE},Bằng khen,đã quyết định,2022,7/QĐ-UBND,03/03/2023\n"
        f"{MINE},Cờ thi đua,đề nghị,2024,,\n{BESIDE},Cờ thi đua,đề nghị,2024,,\n"
        f"{FAR},Cờ thi đua,đề nghị,2024,,\n"
    ),
    "regulations/quy-che.txt": (
        "Số: 1/2024/QĐ-KTĐ\nQUYẾT ĐỊNH\nBan hành quy chế của khối\n"
        "Điều 1. Hồ sơ\nHồ sơ đề nghị khen thưởng gửi trước ngày 15 tháng 11 hằng năm.\n"
    ),
    "regulations/noi-bo.txt": (
        "Số: 2/2024/QĐ-KTĐ\nQUYẾT ĐỊNH\nBan hành quy tắc thẩm định nội bộ\n"
        "Điều 1. Phiếu kín\nPhiếu kín của Hội đồng thẩm định được niêm phong trong 24 giờ.\n"
    ),
    "meetings/2024-07-09-so-ket.txt": (
        f"{ONE} sơ kết công tác thi đua 6 tháng đầu năm 2024\n\n"
        f"Sáng 09/7/2024, tại hội trường {MINE}, {ONE} sơ kết 6 tháng đầu năm 2024.\n"
    ),
    "access.csv": (
        "Tài liệu,Khối,Năm,Ai được xem\n"
        f",{ONE},2023,mọi thành viên\nregulations/noi-bo.txt,{ONE},,lãnh đạo đơn vị\n"
    ),
}  # fmt: skip
for block, points in ((ONE, {MINE: 91, BESIDE: 92}), (TWO, {FAR: 93})):
    for year in (2023, 2024):
        rows = "".join(f"{unit},I.1 Chỉ tiêu,{p}\n" for unit, p in points.items())
        FILES[f"scores/diem-{block[-1]}-{year}.csv"] = (
            f"ĐIỂM THI ĐUA NĂM {year} {block},,\nĐơn vị,Tiêu chí,Điểm Hội đồng thẩm định\n{rows}"
        )

NOBODY = Viewer()
CADRE = Viewer(role=Role.CADRE, unit=MINE)
LEADER = Viewer(role=Role.LEADER, unit=MINE)
LEAD = Viewer(role=Role.BLOCK_LEAD, unit=MINE)
ADMIN = Viewer(role=Role.ADMINISTRATOR)
VIEWERS = (NOBODY, CADRE, LEADER, LEAD, ADMIN)

# What is asked; words that only who may see it reads; a mark for each of VIEWERS.
MATRIX = [
    ("Hồ sơ đề nghị khen thưởng gửi trước ngày nào?", "15 tháng 11", "xxxxx"),
    ("Sơ kết 6 tháng đầu năm 2024 họp ngày nào?", "09/07/2024", "xxxxx"),
    (f"{MINE} được khen thưởng gì năm 2022?", "7/QĐ-UBND", "xxxxx"),
    (f"{MINE} năm 2023 được bao nhiêu điểm?", "91 điểm", "xxxxx"),
    (f"{BESIDE} năm 2023 được bao nhiêu điểm?", "92 điểm", "xxxxx"),
    (f"Xếp hạng {ONE} năm 2023", "92", "xxxxx"),
    (f"{MINE} năm 2024 được bao nhiêu điểm?", "91 điểm", ".xxxx"),
    (f"{MINE} năm 2024 được bao nhiêu điểm?", "xếp thứ 2/2", "...xx"),
    (f"Điểm của {MINE} qua các năm", "91", ".xxxx"),
    (f"Điểm của {MINE} qua các năm", "2024: 91, thứ 2/2", "...xx"),
    (f"{BESIDE} năm 2024 được bao nhiêu điểm?", "92", "...xx"),
    (f"Xếp hạng {ONE} năm 2024", "92", "...xx"),
    (f"Điểm trung bình của {ONE} năm 2024", "91,5", "...xx"),
    (f"So sánh điểm {MINE} và {BESIDE} năm 2024", "92", "...xx"),
    (f"{MINE} năm 2024 tăng hay giảm so với 2023?", "91", ".xxxx"),
    (f"{BESIDE} năm 2024 tăng hay giảm so với 2023?", "92", "...xx"),
    (f"{FAR} năm 2023 được bao nhiêu điểm?", "93", "....x"),
    (f"{FAR} năm 2024 được bao nhiêu điểm?", "93", "....x"),
    (f"{MINE} năm 2024 được đề nghị khen thưởng gì?", "Cờ thi đua", "..xxx"),
    (f"{BESIDE} năm 2024 được đề nghị khen thưởng gì?", "Cờ thi đua", "...xx"),
    (f"{FAR} năm 2024 được đề nghị khen thưởng gì?", "Cờ thi đua", "....x"),
    ("Phiếu kín của Hội đồng thẩm định được niêm phong bao lâu?", "24 giờ", "..xxx"),
    ("Điều 1 quyết định 2/2024/QĐ-KTĐ", "24 giờ", "..xxx"),
]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def assistant(office) -> Assistant:
    corpus = read(office)
    assert [p for p in corpus.problems if p.file == "access.csv"] == []
    build(corpus, office / "index.db", HashEncoder())
    day = datetime.date(2026, 11, 23)
    return Assistant(office / "index.db", HashEncoder(), lambda: day, office)


@pytest.mark.parametrize(("question", "words", "marks"), MATRIX)
def test_every_role_sees_what_is_theirs_and_nothing_else(assistant, question, words, marks):
    seen = "".join(
        "x" if words in plain(assistant.ask(question, viewer=viewer)) else "." for viewer in VIEWERS
    )
    assert seen == marks


@pytest.mark.parametrize(
    ("question", "viewer", "lack", "why"),
    [
        (f"{BESIDE} năm 2024 được bao nhiêu điểm?", CADRE, Lack.CLOSED_POINTS, "chưa công bố"),
        (f"{FAR} năm 2024 được đề nghị khen thưởng gì?", LEADER, Lack.CLOSED_AWARDS, "chưa có quyết định"),
        ("Điều 1 quyết định 2/2024/QĐ-KTĐ", CADRE, Lack.CLOSED_DOCUMENT, "lãnh đạo đơn vị"),
    ],
)  # fmt: skip
def test_a_refusal_says_why(assistant, question, viewer, lack, why):
    answer = assistant.ask(question, viewer=viewer)
    assert answer.kind is AnswerKind.NOT_FOUND and answer.absence.lack is lack
    assert why in plain(answer)
    assert answer.findings == answer.citations == answer.nearest == ()


def test_who_is_listed_sees_all_points_until_the_office_divides_them(assistant, office, tmp_path):
    listed = Viewer(listed=True)
    question = f"{FAR} năm 2024 được bao nhiêu điểm?"
    assert assistant.ask(question, viewer=listed).absence.lack is Lack.CLOSED_POINTS
    day = datetime.date(2026, 11, 23)
    undivided = Assistant(office / "index.db", HashEncoder(), lambda: day, tmp_path)
    assert "93 điểm" in plain(undivided.ask(question, viewer=listed))
    assert undivided.ask(question, viewer=listed.among_others()).absence
    assert undivided.ask(question, viewer=CADRE).absence.lack is Lack.CLOSED_POINTS
    everybody = Viewer(listed=True, everybody=True)
    assert "93 điểm" in plain(undivided.ask(question, viewer=everybody.among_others()))


def test_the_terminal_sees_everything(assistant):
    for question, words, _ in MATRIX:
        assert words in plain(assistant.ask(question))


def test_an_example_is_one_that_may_be_answered(assistant):
    assert not any(FAR in q or "điểm" in q.lower() for q in assistant.examples(NOBODY))
    (own,) = (q for q in assistant.examples(CADRE) if "điểm" in q.lower())
    assert MINE in own and "2024" in own


def test_what_nobody_thought_about_is_closed(assistant):
    """A kind of finding without a rule, such as what the check of the workbooks found."""
    answer = assistant.ask(f"{MINE} năm 2023 được bao nhiêu điểm?")
    answer = answer.model_copy(update={"findings": (Audited(problems=()),)})
    for viewer in VIEWERS:
        shown: Answer = permitted(answer, Sight(viewer, (), assistant._index))
        assert bool(shown.findings) is (viewer is ADMIN)


def test_a_changed_table_counts_at_the_next_question(assistant, office):
    question = f"{FAR} năm 2024 được bao nhiêu điểm?"
    table = office / "access.csv"
    before = table.read_text(encoding="utf-8")
    try:
        table.write_text(before + f",{TWO},,mọi thành viên\n", encoding="utf-8")
        assistant.refresh()
        assert "93 điểm" in plain(assistant.ask(question, viewer=CADRE))
    finally:
        table.write_text(before, encoding="utf-8")
        assistant.refresh()
    assert "93" not in plain(assistant.ask(question, viewer=CADRE))


def rules_of(folder: Path, text: str):
    (folder / "access.csv").write_text(text, encoding="utf-8")
    return read_rules(folder)


def test_a_table_that_cannot_be_understood_opens_nothing(tmp_path):
    head = "Tài liệu,Khối,Năm,Ai được xem\n"
    rules, problems = rules_of(tmp_path, f"{head}meetings/a.txt,,,ai cũng được\n,{ONE},hai,công bố")
    assert rules == (Rule(document="meetings/a.txt", audience=Audience.ADMINISTRATORS),)
    assert [p.place for p in problems] == ["A2", "A3"] and all(p.remedy for p in problems)
    rules, problems = rules_of(tmp_path, "linh tinh\n")
    assert rules[0].covers("meetings/a.txt") and len(problems) == 1
    assert rules[0].audience is Audience.ADMINISTRATORS


def test_a_rule_that_speaks_of_nothing_is_a_problem(office, tmp_path):
    rules, _ = rules_of(
        tmp_path,
        f"Tài liệu,Khối,Năm,Ai được xem\nmeetings/sai.txt,,,quản trị viên\n,{ONE} tỉnh,,mọi thành viên\n",
    )
    found = idle_rules(rules, ["meetings/dung.txt"], [ONE, TWO])
    assert ["sai.txt" in p.message or "tỉnh" in p.message for p in found] == [True, True]
