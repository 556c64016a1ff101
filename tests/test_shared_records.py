"""Record questions over the real-shaped workbooks beside the project; skipped where these are missing.

Every unit in every year, every title of every unit, every decision: what must be said is computed
here with openpyxl alone. At least 97 of 100 must be said; all but those that a note explains are.
"""

import csv
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bot import AnswerKind, Assistant
from conftest import TODAY
from corpus import fold, read
from hashing import HashEncoder
from index import build
from test_records import at, figure, told

SHARED = Path(__file__).parents[2] / "shared" / "documents"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/documents")
LEAST = 0.97


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    for kind in ("scores", "awards", "units"):
        shutil.copytree(SHARED / kind, folder / kind)
    build(read(folder), folder / "index.db", HashEncoder())
    return Assistant(folder / "index.db", HashEncoder(), lambda: TODAY)


def decimal(value):
    return Decimal(str(value).replace(",", ".")) if value not in (None, "") else Decimal(0)


@pytest.fixture(scope="module")
def points():
    """(unit as written, year) → points by self, block and council."""
    found = defaultdict(lambda: [Decimal(0)] * 3)
    (workbook,) = [p for p in (SHARED / "scores").glob("*.xlsx") if "tong-hop" not in p.name]
    for sheet in openpyxl.load_workbook(workbook, data_only=True):
        year = int(sheet.title.split()[-1])
        for unit, _, _, _, *given in sheet.iter_rows(min_row=2, max_col=7, values_only=True):
            if unit:
                key = (unit, year)
                found[key] = [a + decimal(b) for a, b in zip(found[key], given, strict=True)]
    return dict(found)


@pytest.fixture(scope="module")
def awards():
    (workbook,) = (SHARED / "awards").glob("*.xlsx")
    rows = openpyxl.load_workbook(workbook).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [row for row in rows if row[1]]


def share_of(asked, door):
    """The share of questions whose words are all said, and those that are not."""
    missed = []
    for question, words in asked:
        answer = door.ask(question)
        text = told(answer).casefold()
        right = answer.kind is AnswerKind.ANSWER
        if not right or any(at(text, word.casefold()) < 0 for word in words):
            missed.append((question, words, text[:200]))
    return 1 - len(missed) / len(asked), missed


def test_points_ranks_and_changes(door, points):
    asked = []
    for (unit, year), (own, block, council) in points.items():
        rank = 1 + sum(p[2] > council for (_, y), p in points.items() if y == year)
        members = sum(y == year for _, y in points)
        asked += [
            (f"{unit} năm {year} được bao nhiêu điểm?", [f"{figure(council)} điểm"]),
            (fold(f"{unit} năm {year} xếp thứ mấy"), [f"thứ {rank}/{members}"]),
            (f"Năm {year} {unit} tự chấm bao nhiêu điểm?", [f"tự chấm {figure(own)} điểm"]),
            (fold(f"khối chấm {unit} năm {year} mấy điểm"), [f"khối chấm {figure(block)} điểm"]),
        ]
        if before := points.get((unit, year - 1)):
            moved = council - before[2]
            word = "tăng" if moved > 0 else "giảm" if moved < 0 else "không thay đổi"
            said = f"{word} {figure(moved)} điểm" if moved else word
            asked.append((f"{unit} năm {year} so với năm trước tăng hay giảm?", [said]))
    share, missed = share_of(asked, door)
    assert len(asked) > 150
    assert share >= LEAST, missed


def test_rankings(door, points):
    asked = []
    for year in sorted({y for _, y in points}):
        order = sorted((-p[2], u) for (u, y), p in points.items() if y == year)
        best = [u for p, u in order if p == order[0][0]]
        worst = [u for p, u in order if p == order[-1][0]]
        mean = -sum(p for p, _ in order) / len(order)
        asked += [
            (f"Năm {year} đơn vị nào dẫn đầu?", [*best, figure(order[0][0])]),
            (f"don vi nao thap diem nhat nam {year}", [*worst, figure(order[-1][0])]),
            (f"top 3 năm {year}", [w for p, u in order[:3] for w in (u, figure(p))]),
            (f"Điểm trung bình của khối năm {year}?", [figure(mean)]),
        ]
    share, missed = share_of(asked, door)
    assert share >= LEAST, missed


def test_awards_and_decisions(door, awards):
    with (SHARED / "units" / "don-vi.csv").open(encoding="utf-8-sig") as file:
        units = list(csv.DictReader(file))
    now = {a: u["unit"] for u in units for a in (u["aliases"] or "").split(";") if a}
    given, papers = defaultdict(int), defaultdict(set)
    for _, who, title, _, status, decision, _ in awards:
        if not who.startswith("Cá nhân"):
            given[now.get(who, who), title] += status == "đã quyết định"
        if decision:
            papers[decision].add(who.split(",")[0])
    asked = [
        (f"{unit} được mấy lần {title} (đã quyết định)?", [f"{count} lần"])
        for (unit, title), count in given.items()
        if count
    ]
    asked += [(f"Quyết định {paper} khen những ai?", sorted(who)) for paper, who in papers.items()]
    share, missed = share_of(asked, door)
    assert len(asked) > 20
    assert share >= LEAST, missed
