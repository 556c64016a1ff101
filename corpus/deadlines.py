"""What an office must not miss: meetings and days of submission, from ``deadlines`` of its folder.

The table is .csv, .xlsx or .xls: a row per day. It is read by the bot itself, not put in the index,
so that a changed day counts at once.
"""

import datetime
import re
from pathlib import Path

from corpus.files import FileError
from corpus.headed import HeadedRow, day_of, find_table, headed_rows
from corpus.records import Problem, Record, Severity, Source

STEM = "deadlines"
_TOLD = "Nội dung, Ngày, Giờ, Địa điểm, Khối, Nhắc trước"
_BEFORE = (7, 1)  # days, where the table does not say
_COLUMNS = {
    "what": re.compile(r"^(?:noi dung|cong viec|viec|what)"),
    "day": re.compile(r"^(?:ngay|han|thoi han|day)"),
    "time": re.compile(r"^(?:gio|time)"),
    "place": re.compile(r"^(?:dia diem|noi|place)"),
    "block": re.compile(r"^(?:khoi|cum|block)"),
    "before": re.compile(r"^(?:nhac truoc|so ngay|before)"),
}


class Deadline(Record):
    """A day that counts: a meeting or the last day of a submission. ``before``: how many days
    earlier it is called to mind; ``block`` "" concerns everybody."""

    what: str
    day: datetime.date
    time: datetime.time | None = None
    place: str = ""
    block: str = ""
    before: tuple[int, ...] = _BEFORE
    source: Source


def read_deadlines(folder: Path) -> tuple[tuple[Deadline, ...], tuple[Problem, ...]]:
    """The deadlines of a documents folder, and what is wrong with them; a bad row is left out."""
    path = find_table(folder, STEM)
    if path is None:
        return (), ()
    found: list[Deadline] = []
    problems: list[Problem] = []
    try:
        for row in headed_rows(path, _COLUMNS, {"what", "day"}, _TOLD):
            one = _deadline(row, path.name)
            if isinstance(one, Deadline):
                found.append(one)
            else:
                problems.append(one)
    except FileError as error:
        return (), (Problem(file=path.name, message=error.message, remedy=error.remedy),)
    return tuple(found), tuple(problems)


def _deadline(row: HeadedRow, file: str) -> Deadline | Problem:
    cell = row.cells["day"]
    day, time = day_of(cell.value), time_of(row.text("time"))
    before = [int(n) for n in re.findall(r"\d+", row.text("before"))]
    wrong = ""
    if not row.text("what"):
        wrong, remedy = "Dòng không ghi nội dung.", "Ghi việc cần nhắc vào cột Nội dung."
    elif day is None:
        wrong, remedy = f"“{row.text('day')}” không phải ngày.", "Ghi lại, ví dụ 15/01/2027."
    elif row.text("time") and time is None:
        wrong, remedy = f"“{row.text('time')}” không phải giờ.", "Ghi lại, ví dụ 08:00."
    if wrong or day is None:
        return Problem(
            file=file, place=cell.place, message=wrong, remedy=remedy, severity=Severity.WARNING
        )
    return Deadline(
        what=row.text("what"), day=day, time=time, place=row.text("place"), block=row.text("block"),
        before=tuple(sorted({n for n in before if n <= 60}, reverse=True)) or _BEFORE,
        source=Source(file=file, place=cell.place, quote=row.quote()),
    )  # fmt: skip


def time_of(text: str) -> datetime.time | None:
    """A time of day as people write it: 08:00, 8h30, 8 giờ; None for anything else."""
    match = re.fullmatch(r"(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?(?::00)?\s*(?:phút)?", text.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return datetime.time(int(match[1]), int(match[2] or 0))
