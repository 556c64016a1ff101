"""Points that only a report gives: answered in its words; never where a table or a part is asked."""

import pytest

from bot import Assistant
from bot.reply import plain
from conftest import TODAY
from corpus import read
from hashing import HashEncoder
from index import build

REPORT = """Hội nghị tổng kết năm 2025 Khối thi đua các Sở tỉnh An Hải
Sở Y tế đạt 98,5 điểm, xếp thứ nhất; Sở Tư pháp đạt 97 điểm.
"""
POINTS = "Năm,Đơn vị,Tiêu chí,Điểm Hội đồng thẩm định\n2024,Sở Y tế,I.1 Việc,90\n2024,Sở Nội vụ,I.1 Việc,80\n"


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reported")
    for name, text in (("meetings/a.txt", REPORT), ("scores/a.csv", POINTS)):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    build(read(folder), folder / "index.db", HashEncoder())
    assistant = Assistant(folder / "index.db", HashEncoder(), lambda: TODAY)
    return lambda question: plain(assistant.ask(question))


@pytest.mark.parametrize("unit", ["Sở Y tế", "Sở Tư pháp"])
def test_a_year_that_only_a_report_has_is_quoted(ask, unit):
    text = ask(f"{unit} năm 2025 được bao nhiêu điểm?")
    assert "Trích báo cáo" in text and REPORT.split("\n")[1] in text


def test_the_workbook_is_asked_first(ask):
    assert "90 điểm (Hội đồng thẩm định)" in ask("Sở Y tế năm 2024 được bao nhiêu điểm?")


@pytest.mark.parametrize(
    "question",
    [
        "Sở Tư pháp năm 2023 được bao nhiêu điểm?",
        "Sở Tư pháp 6 tháng đầu năm 2025 được bao nhiêu điểm?",
        "Sở Nội vụ năm 2025 được bao nhiêu điểm?",
        "Chênh lệch điểm giữa Sở Tư pháp và Sở Nội vụ năm 2025?",
    ],
)
def test_what_the_report_does_not_say_is_not_quoted(ask, question):
    assert "98,5" not in ask(question)
