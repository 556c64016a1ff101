"""Which answers leave a gap, and which gaps are one."""

import datetime
import json

import pytest

from bot.cli import main
from bot.gaps import OUTSIDE, gap_of, most_asked
from bot.journal import Gap
from hashing import HashEncoder

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("question", "kind", "missing"),
    [
        ("Hội Nông dân tỉnh năm 2019 được bao nhiêu điểm?", "not_found", "bảng điểm: 2019"),
        (
            "Sở Tư pháp năm 2023 được bao nhiêu điểm?",
            "not_found",
            "dữ liệu của đơn vị “Sở Tư pháp”",
        ),
        ("Nghị định 999/2024/NĐ-CP quy định gì?", "not_found", "văn bản 999/2024/NĐ-CP"),
        ("Ai ký Quyết định 388/QĐ-UBND?", "not_found", "bảng hoặc báo cáo có ghi “ký quyết”"),
        ("Giá vàng hôm nay bao nhiêu?", OUTSIDE, ""),
    ],
)
def test_a_gap_says_what_would_fill_it(ask, question, kind, missing):
    gap = gap_of(ask(question), NOON)
    assert (gap.kind, gap.missing, gap.question) == (kind, missing, question)


@pytest.mark.parametrize("question", ["Tiêu chuẩn Chiến sĩ thi đua cơ sở?", "Xin chào", "?"])
def test_what_is_answered_or_asks_nothing_is_no_gap(ask, question):
    assert gap_of(ask(question), NOON) is None


def test_gaps_in_other_words_are_one_and_the_most_asked_comes_first():
    gaps = [
        Gap("Điểm của Sở Y?", "not_found", NOON, "x"),
        Gap("Huy hiệu Đảng xét thế nào?", "not_found", NOON + datetime.timedelta(hours=1), "y"),
        Gap("xét huy hiệu đảng", "not_found", NOON + datetime.timedelta(hours=2)),
        Gap("Mẫu số 9?", "not_found", NOON + datetime.timedelta(hours=3)),
    ]
    first, second, third = most_asked(gaps)
    assert (first.question, first.times, first.missing) == ("xét huy hiệu đảng", 2, "y")
    assert first.last == gaps[2].at
    assert (second.question, third.question) == ("Mẫu số 9?", "Điểm của Sở Y?")


def test_the_terminal_keeps_gaps_and_lists_them(no_settings, sample_index, capsys):
    def thidua(*arguments):
        assert main(arguments, HashEncoder()) == 0
        return capsys.readouterr().out

    assert "Chưa có câu hỏi nào" in thidua("gaps")
    for question in ("Điểm Sở Tư pháp năm 2023?", "điểm sở tư pháp năm 2023", "Giá vàng hôm nay?"):
        thidua("ask", question, "--index", str(sample_index))
    listed = thidua("gaps")
    assert "Cần bổ sung" in listed and "Giá" not in listed and "--all" in listed
    (only,) = json.loads(thidua("gaps", "--json"))
    assert (only["times"], only["missing"]) == (2, "dữ liệu của đơn vị “sở tư pháp”")
    assert len(json.loads(thidua("gaps", "--json", "--all"))) == 2
