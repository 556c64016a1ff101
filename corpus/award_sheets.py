"""Award workbooks → awards, one a row."""

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from corpus.files import Sheet
from corpus.records import (
    Award,
    Status,
)
from corpus.tables import (
    ORGANISATION,
    SUMMARY,
    UNIT_HEADING,
    Header,
    Reader,
    Row,
    Tables,
    header_of,
)
from corpus.values import (
    date_in,
    is_blank,
    plain,
)

_BOTH = r"(?:don vi|tap the|co quan|ca nhan) ?(?:/|,|-|va|hoac) ?(?:don vi|tap the|co quan|ca nhan)"
_AWARD_COLUMNS = {
    "year": re.compile(r"^nam$|^nam (?:thanh tich|khen|xet|duoc|thi dua)"),
    "recipient": re.compile(rf"^(?:ten )?{_BOTH}|^doi tuong|^nguoi nhan"),
    "person": re.compile(r"^ho (?:va )?ten|^(?:ten )?ca nhan$"),
    "unit": UNIT_HEADING,
    "post": re.compile(r"^chuc (?:vu|danh)|^(?:don vi|noi) cong tac"),
    "title": re.compile(r"^(?:hinh thuc|danh hieu|noi dung khen)"),
    "level": re.compile(r"^cap\b"),
    "status": re.compile(r"^(?:trang thai|tinh trang|ket qua)"),
    "decided_on": re.compile(r"^ngay\b"),
    "decision": re.compile(r"^(?:so )?(?:quyet dinh|qd)"),
}
_DAY = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2} tháng \d{1,2} năm \d{4})"
_DAYS = re.compile(rf"ngày\s+{_DAY}", re.I)
_ATTACHED = re.compile(rf"theo Quyết định số\s*:?\s*(\S+)\s*,?\s*(ngày\s+{_DAY})", re.I)
_PERSON = re.compile(r"(?:Cá nhân|Ông|Bà|Đồng chí|Đ/c|Anh|Chị)\s", re.I)
# One family alone decides; "chờ quyết định" belongs to two, so a person has to say which.
_STATUSES = (
    (Status.PROPOSED, re.compile(r"\b(?:de nghi|trinh|suy ton|cho|dang ky|de xuat)\b")),
    (Status.APPROVED, re.compile(r"\b(?:thong qua|dong y|nhat tri|chap thuan)\b")),
    (Status.DECIDED, re.compile(r"\b(?:quyet dinh|(?:da|duoc) (?:tang|khen)|ban hanh|qd)\b")),
)  # fmt: skip


def read_awards(path: Path, file: str) -> Tables:
    """Return the awards of a workbook, one per row. Raises ``FileError``; see ``read_scores``."""
    reader = Reader(file)
    for sheet in reader.sheets(path):
        header = header_of(sheet, _AWARD_COLUMNS, {"title"}, {"recipient", "person", "unit"})
        if header is None:
            reader.unknown(sheet, "khen thưởng", "Đơn vị/cá nhân, Hình thức, Năm, Trạng thái")
            continue
        whole = _whole(sheet, header)
        persons = False  # under "CÁ NHÂN", until "TẬP THỂ"
        for cells in sheet.rows[header.end :]:
            row = Row(cells, header.columns)
            if (section := _section(row)) is not None:
                persons = section
            elif award := _award(reader, row, whole, persons):
                reader.awards.append(award)
    return reader.tables()


def _section(row: Row) -> bool | None:
    """Whether a row is the heading of persons (True) or of collectives (False); None for neither."""
    name = plain(row.text("recipient") or row.text("person") or row.text("unit"))
    if row.text("title") or not (
        match := re.match(r"(?:[ivx\d]+[.)]? )?(ca nhan|tap the)\b", name)
    ):
        return None
    return match[1] == "ca nhan"


class _Whole(NamedTuple):
    """What the title rows say of every award of a list: "Kèm theo Quyết định số 88/QĐ-UBND"."""

    year: int | None
    status: Status | None
    decision: str
    decided_on: datetime.date | None


def _whole(sheet: Sheet, header: Header) -> _Whole:
    title = " ; ".join(
        dict.fromkeys(
            str(cell.value)
            for row in sheet.rows[: header.start]
            for cell in row
            if isinstance(cell.value, str)
        )
    )
    decided = _ATTACHED.search(title)
    day = date_in(decided[2]) if decided else None
    proposed = bool(re.search(r"\b(?:de nghi|trinh|de xuat)\b", plain(title)))
    years = {int(y) for y in re.findall(r"năm\s+((?:19|20)\d\d)\b", _DAYS.sub("", title), re.I)}
    # A list put forward names its decision too: that of the block, or of who may put it forward.
    if decided and day and not proposed:
        return _Whole(years.pop() if len(years) == 1 else None, Status.DECIDED, decided[1], day)
    status = Status.PROPOSED if proposed and not decided else None
    return _Whole(years.pop() if len(years) == 1 else None, status, "", None)


def _award(reader: Reader, row: Row, whole: _Whole, persons: bool) -> Award | None:
    title = row.text("title")
    recipient, person, unit = _recipient(row, persons)
    if not title or not recipient or SUMMARY.match(plain(recipient)):
        return None
    year_cell = row.cell("year")
    year: Decimal | int | None = (
        reader.number(year_cell, f"{recipient}, năm") if year_cell else None
    )
    if year_cell and year is None and not is_blank(year_cell.value):
        return None
    decision, decided_on = row.text("decision"), reader.date(row.cell("decided_on"), recipient)
    if match := re.search(r",?\s*(?:ký\s+)?ngày\s+(.+)$", decision):
        decided_on = decided_on or date_in(match[0])
        decision = decision[: match.start()].strip()
    decision = "" if is_blank(decision) else decision
    place = row.cell("recipient") or row.cell("person") or row.cell("unit")
    assert place
    status = _status(row.text("status"), decision, decided_on)
    if not row.text("status") and not decision and not decided_on:
        status, decision, decided_on = whole.status, whole.decision, whole.decided_on
    year = year if year_cell else whole.year
    if status is None:
        where = row.cell("status") or place
        reader.problem(
            where.place, f"{recipient}, {title}: chưa rõ trạng thái “{row.text('status')}”.",
            f"Ghi một trong: {', '.join(Status)}.",
        )  # fmt: skip
        return None
    return Award(
        recipient=recipient, unit=unit, person=person, title=title, level=row.text("level"),
        year=int(year) if year is not None else None, status=status, decision=decision,
        decided_on=decided_on, source=reader.source(place, row.joined()),
    )  # fmt: skip


def _recipient(row: Row, persons: bool) -> tuple[str, str, str]:
    """(recipient as written, person, unit) from one column or from two."""
    post = row.text("post")
    name = row.text("recipient") or row.text("person")
    if name and (persons or post) and not row.text("unit") and not ORGANISATION.match(name):
        of = next(
            (m for m in ORGANISATION.finditer(post) if post[: m.start()][-1:] in ("", " ")), None
        )
        return name, name, post[of.start() :] if of else ""
    whole, person, unit = row.text("recipient"), row.text("person"), row.text("unit")
    if not whole and person:
        return (f"{person}, {unit}" if unit else person), person, unit
    whole = whole or unit
    head, comma, tail = whole.partition(",")
    if comma and not ORGANISATION.match(head):
        return whole, head.strip(), tail.strip()
    return (whole, whole, "") if _PERSON.match(whole) else (whole, "", whole)


def _status(text: str, decision: str, decided_on: datetime.date | None) -> Status | None:
    folded = plain(text)
    if not folded:
        # Without a word on it, a number and a date are what makes a decision.
        return Status.DECIDED if decision and decided_on else None
    if re.search(r"\b(?:chua|khong)\b", folded):
        return None
    if re.search(r"\b(?:huy|thu hoi)\b", folded):
        return Status.CANCELLED
    found = [status for status, pattern in _STATUSES if pattern.search(folded)]
    return found[0] if len(found) == 1 else None
