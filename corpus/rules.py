"""Who may see what: the rules that an office lays down in ``access.csv`` of its documents folder.

A row with a document says who may see it; a row without one says to whom the points of a block in a
year are open beyond those whom they are about. What no row speaks of keeps to the default, which
``bot/access.py`` knows.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from corpus.files import FileError
from corpus.headed import HeadedRow, find_table, headed_rows
from corpus.records import Problem, Record
from corpus.text import fold

STEM = "access"
_TOLD = "Tài liệu, Khối, Năm, Ai được xem"


class Audience(StrEnum):
    """To whom something is open, the widest first; the values are what the table says."""

    MEMBERS = "mọi thành viên"
    BLOCK = "cùng khối"
    LEADERS = "lãnh đạo đơn vị"
    BLOCK_LEADS = "phụ trách khối"
    ADMINISTRATORS = "quản trị viên"


class Rule(Record):
    """One row. ``document`` is a path in the folder, * for any part of it, "" for points;
    ``block`` "" is every block and ``year`` None every year."""

    document: str = ""
    block: str = ""
    year: int | None = None
    audience: Audience

    def covers(self, path: str) -> bool:
        """True when this is a rule of that document: its path, its folder, or a pattern of it."""
        if not self.document:
            return False
        wanted, path = fold(self.document), fold(path)
        return fnmatchcase(path, wanted) or path.startswith(f"{wanted}/")

    def opens(self, block: str, year: int) -> bool:
        """True when this is a rule of the points of that block in that year."""
        return (
            not self.document
            and (not self.block or plain_block(self.block) == plain_block(block))
            and self.year in (None, year)
        )


def plain_block(name: str) -> str:
    """A block's name as it is compared: without accents, and without remarks between brackets."""
    return " ".join(re.sub(r"\([^)]*\)", " ", fold(name)).split())


_COLUMNS = {
    "document": re.compile(r"^(?:tai lieu|tep|document)"),
    "block": re.compile(r"^(?:khoi|cum|block)"),
    "year": re.compile(r"^(?:nam|year)"),
    "audience": re.compile(r"^(?:ai duoc xem|nguoi (?:duoc )?xem|doi tuong|audience)"),
}
# An unreadable table must not open what it closed.
_CLOSED = (Rule(document="*", audience=Audience.ADMINISTRATORS),)


def read_rules(folder: Path) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The rules of a documents folder, and what is wrong with them; none where there is no table.

    Columns: Tài liệu, Khối, Năm, Ai được xem. A row that cannot be understood opens nothing: of a
    document it leaves it to administrators, of points it leaves the default. A table that cannot be
    read at all leaves every document to administrators.
    """
    path = find_table(folder, STEM)
    if path is None:
        return (), ()
    rules: list[Rule] = []
    problems: list[Problem] = []
    try:
        for row in headed_rows(path, _COLUMNS, {"audience"}, _TOLD):
            rule, problem = _rule(row, path.name)
            rules += [rule] if rule else []
            problems += [problem] if problem else []
    except FileError as error:
        told = "Chưa đọc được quyền xem nên chỉ quản trị viên xem được tài liệu."
        return _CLOSED, (
            Problem(file=path.name, message=f"{error.message} {told}", remedy=error.remedy),
        )
    return tuple(rules), tuple(problems)


def _rule(row: HeadedRow, file: str) -> tuple[Rule | None, Problem | None]:
    document, block = row.text("document").replace("\\", "/").strip("/"), row.text("block")
    place = next(iter(row.cells.values())).place
    audience = next((a for a in Audience if fold(a.value) == fold(row.text("audience"))), None)
    year = row.text("year")
    wrong = ""
    if audience is None:
        told = "; ".join(a.value for a in Audience)
        wrong, remedy = f"Không hiểu “{row.text('audience')}” ở cột Ai được xem.", f"Ghi: {told}."
    elif year and not re.fullmatch(r"(?:19|20)\d\d", year):
        wrong, remedy = f"“{year}” không phải năm.", "Ghi bốn chữ số, ví dụ 2026, hoặc để trống."
    if not wrong and audience:
        number = int(year) if year else None
        return Rule(document=document, block=block, year=number, audience=audience), None
    closed = Rule(document=document, audience=Audience.ADMINISTRATORS) if document else None
    return closed, Problem(file=file, place=place, message=wrong, remedy=remedy)


def idle_rules(
    rules: Iterable[Rule], documents: Iterable[str], blocks: Iterable[str]
) -> Iterator[Problem]:
    """A problem for each rule that speaks of nothing there is: a slip of the keyboard would leave
    open what it was to close."""
    paths, names = list(documents), {plain_block(block) for block in blocks}
    for rule in rules:
        if rule.document and rule.document != "*" and not any(map(rule.covers, paths)):
            said, remedy = f"Không có tài liệu nào là “{rule.document}”.", "Ghi đúng đường dẫn tệp."
        elif rule.block and not rule.document and plain_block(rule.block) not in names:
            said, remedy = f"Không có bảng điểm nào của “{rule.block}”.", "Ghi đúng tên khối."
        else:
            continue
        yield Problem(file=f"{STEM}.csv", message=said, remedy=remedy)
