"""Units that were renamed or merged: found by their old names for old years, and the answer says so."""

import datetime

import pytest

from bot import Assistant
from bot.reply import plain
from conftest import TODAY
from corpus import Corpus
from hashing import HashEncoder
from index import build
from small import score, unit

UNITS = (
    unit("Sở Nội vụ"),
    unit("Sở Lao động", until=datetime.date(2025, 2, 28), merged_into="Sở Nội vụ"),
    unit("Sở Thông tin", until=datetime.date(2023, 12, 31), successor="Sở Số hóa"),
    unit("Sở Số hóa", since=datetime.date(2024, 1, 1), aliases=("Sở Thông tin",)),
)


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "index.db"
    scores = (
        score("Sở Nội vụ", "90", 2023), score("Sở Lao động", "88", 2023),
        score("Sở Thông tin", "80", 2023), score("Sở Nội vụ", "91", 2025),
        score("Sở Số hóa", "85", 2025),
    )  # fmt: skip
    build(Corpus(units=UNITS, scores=scores), path, HashEncoder())
    assistant = Assistant(path, HashEncoder(), lambda: TODAY)
    return lambda question: plain(assistant.ask(question))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Sở Lao động năm 2023 được bao nhiêu điểm?", ["88 điểm", "đã sáp nhập vào Sở Nội vụ", "28/02/2025"]),
        ("Sở Lao động được bao nhiêu điểm?", ["năm 2023: 88 điểm"]),
        ("Sở Lao động năm 2025 được bao nhiêu điểm?", ["Không có dữ liệu", "đã sáp nhập vào Sở Nội vụ"]),
        ("Sở Thông tin năm 2023 được bao nhiêu điểm?", ["80 điểm", "Sở Thông tin nay là Sở Số hóa (từ 01/01/2024)"]),
        ("Sở Số hóa năm 2023 được bao nhiêu điểm?", ["80 điểm", "ghi tên “Sở Thông tin”"]),
    ],
)  # fmt: skip
def test_an_old_name_finds_the_points_of_its_day(door, question, said):
    text = door(question)
    assert [part for part in said if part not in text] == []


def test_points_of_merged_units_are_never_added(door):
    assert "90 điểm" in door("Sở Nội vụ năm 2023 được bao nhiêu điểm?")
    ranking = door("Xếp hạng năm 2023?")
    assert "2. Sở Lao động: 88" in ranking and "3. Sở Số hóa (khi đó: Sở Thông tin): 80" in ranking
    assert "nay là" not in door("Sở Số hóa năm 2025 được bao nhiêu điểm?")
