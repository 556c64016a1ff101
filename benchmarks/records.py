"""What records cost: importing a large workbook, and answering from it without the encoder.

A workbook of 50 units × 30 criteria × 10 years × 3 scorers is made up, 45,000 points in 15,000 rows,
and read three ways in one run: by this program (every value checked, with its cell), by
pandas.read_excel, and by openpyxl alone. Then record questions of every kind are asked of its index,
with an encoder that fails when it is asked for anything.

    python -m benchmarks.records

pandas is the peer, not a dependency: ``pip install pandas`` first, or its line is left out.
"""

import datetime
import importlib.util
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
from rich.console import Console
from rich.table import Table

from bot import Assistant
from bot.reply import plain
from corpus import read
from index import build

UNITS, CRITERIA, YEARS = 50, 30, range(2015, 2025)
TODAY = datetime.date(2026, 11, 23)
ROUNDS = 5
KINDS = {
    "điểm một đơn vị": "Đơn vị số {u} năm {y} được bao nhiêu điểm?",
    "thứ hạng": "don vi so {u} nam {y} xep thu may",
    "một tiêu chí": "Đơn vị số {u} năm {y} tiêu chí II.3 được mấy điểm?",
    "một nhóm": "Nhóm III của Đơn vị số {u} năm {y} được mấy điểm?",
    "xếp hạng cả khối": "Xếp hạng năm {y}",
    "cao nhất về tiêu chí": "Tiêu chí I.1 năm {y} đơn vị nào cao nhất?",
    "các năm": "Điểm Đơn vị số {u} qua các năm",
    "so với năm trước": "Đơn vị số {u} năm {y} tăng hay giảm so với năm trước?",
    "tăng nhiều nhất": "Từ 2020 sang 2021 đơn vị nào tăng điểm nhiều nhất?",
    "so hai đơn vị": "So sánh Đơn vị số {u} và Đơn vị số 7 năm {y}",
    "so trung bình": "Đơn vị số {u} năm {y} cao hơn trung bình khối mấy điểm?",
    "tự chấm và cuối cùng": "Đơn vị số {u} năm {y} tự chấm chênh bao nhiêu so với Hội đồng thẩm định?",
    "không có năm ấy": "Đơn vị số {u} năm 2009 được bao nhiêu điểm?",
}


class NoModel:
    """An encoder that makes empty vectors to build with, and fails when a question needs it."""

    name, dimension = "none", 4

    def passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
        return np.ones((len(texts), 4), dtype=np.float32) / 2

    def question(self, text: str) -> np.ndarray:
        raise AssertionError(f"the encoder was asked for: {text}")


def make(folder: Path) -> Path:
    """The made-up workbook, and its units."""
    chance = random.Random(1)
    book = openpyxl.Workbook(write_only=True)
    for year in YEARS:
        sheet = book.create_sheet(f"Năm {year}")
        sheet.append(["Đơn vị", "Tiêu chí", "Nhóm", "Điểm tối đa", "Điểm tự chấm", "Điểm khối chấm",
                      "Điểm Hội đồng thẩm định", "Lý do"])  # fmt: skip
        for unit in range(1, UNITS + 1):
            for number in range(CRITERIA):
                group = ("I", "II", "III", "IV", "V")[number // 6]
                points = chance.randint(20, 38) / 4
                sheet.append([f"Đơn vị số {unit}", f"{group}.{number % 6 + 1} Tiêu chí {number + 1}",
                              f"{group}. Nhóm việc {group}", 10, points + 0.5, points, points, None])  # fmt: skip
    (folder / "scores").mkdir()
    book.save(folder / "scores" / "diem.xlsx")
    (folder / "units").mkdir()
    names = "".join(f"Đơn vị số {n},,Khối lớn,2010-01-01,\n" for n in range(1, UNITS + 1))
    (folder / "units" / "don-vi.csv").write_text(f"unit,aliases,block,from,to\n{names}", "utf-8")
    return folder / "scores" / "diem.xlsx"


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def imported(folder: Path, workbook: Path) -> Table:
    """Reading the workbook three ways."""
    table = Table("đọc bảng tính", "giây", "ô điểm", "mỗi giá trị có ô nguồn", title="Nhập dữ liệu")
    index = folder / "index.db"
    corpus = None

    def ours() -> None:
        nonlocal corpus
        corpus = read(folder)
        build(corpus, index, NoModel())

    spent = seconds(ours)
    assert corpus is not None
    table.add_row(
        "thidua build (đọc, đối chiếu, ghi kho)", f"{spent:.1f}", str(len(corpus.scores)), "có"
    )
    if importlib.util.find_spec("pandas"):
        import pandas

        frames: dict[str, pandas.DataFrame] = {}
        spent = seconds(lambda: frames.update(pandas.read_excel(workbook, sheet_name=None)))
        cells = sum(len(frame) * 3 for frame in frames.values())
        table.add_row(
            f"pandas.read_excel {pandas.__version__}", f"{spent:.1f}", str(cells), "không"
        )

    def alone() -> None:
        for sheet in openpyxl.load_workbook(workbook, read_only=True, data_only=True):
            for _ in sheet.iter_rows(values_only=True):
                pass

    table.add_row(
        f"openpyxl {openpyxl.__version__}, chỉ đọc", f"{seconds(alone):.1f}", "–", "không"
    )
    return table


def asked(index: Path) -> Table:
    """Record questions of every kind; p50 and p95 of their times."""
    assistant = Assistant(index, NoModel(), lambda: TODAY)
    chance = random.Random(2)
    table = Table("câu hỏi", "câu", "p50 ms", "p95 ms", title="Trả lời, không dùng mô hình")
    every: list[float] = []
    for kind, form in KINDS.items():
        times = []
        for _ in range(ROUNDS * 4):
            question = form.format(u=chance.randint(8, UNITS), y=chance.choice(YEARS[1:]))
            times.append(1000 * seconds(lambda q=question: plain(assistant.ask(q))))  # type: ignore[misc]
        every += times
        table.add_row(kind, str(len(times)), *_percentiles(times))
    table.add_section()
    table.add_row("TẤT CẢ", str(len(every)), *_percentiles(every))
    return table


def _percentiles(times: list[float]) -> tuple[str, str]:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.1f}", f"{ordered[int(0.95 * len(ordered))]:.1f}"


def main() -> None:
    """Print both tables."""
    out = Console(width=110)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out.print(imported(folder, make(folder)))
        out.print(asked(folder / "index.db"))


if __name__ == "__main__":
    main()
