"""Award workbooks → awards, one a row."""

import datetime
import re
from pathlib import Path

from corpus.records import (
    Award,
    Status,
)
from corpus.tables import (
    SUMMARY,
    UNIT_HEADING,
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
    "title": re.compile(r"^(?:hinh thuc|danh hieu|noi dung khen)"),
    "level": re.compile(r"^cap\b"),
    "status": re.compile(r"^(?:trang thai|tinh trang|ket qua)"),
    "decided_on": re.compile(r"^ngay\b"),
    "decision": re.compile(r"^(?:so )?(?:quyet dinh|qd)"),
}
_ORGANISATION = re.compile(
    r"(?:Sở|Ban|Hội|Liên (?:hiệp|đoàn|minh)|Phòng|Ủy ban|Uỷ ban|UB(?:ND|MTTQ|KT)|Trường|Khối|Cụm|Tổ"
    r"|Công (?:ty|đoàn|an)|Tập thể|Trung tâm|Chi (?:cục|hội|bộ)|Cục|Viện|Báo|Đài|Tỉnh|Huyện|Xã"
    r"|Phường|Thị (?:xã|trấn)|Thành phố|Văn phòng|Tổng|Ngân hàng|Bệnh viện|Bộ|Mặt trận|Kho bạc|Tòa"
    r"|Thanh tra|Đảng|Đoàn (?:thanh|TN|đại|khối)|Nhân dân|Cán bộ|Nhà|Quỹ|Câu lạc bộ)\b",
    re.I,
)
_PERSON = re.compile(r"(?:Cá nhân|Ông|Bà|Đồng chí|Đ/c|Anh|Chị)\s", re.I)
# One family alone decides; "chờ quyết định" belongs to two, so a person has to say which.
_STATUSES = (
    (Status.PROPOSED, re.compile(r"\b(?:de nghi|trinh|suy ton|cho|dang ky|de xuat)\b")),
    (Status.APPROVED, re.compile(r"\b(?:thong qua|dong y|nhat tri|chap thuan)\b")),
    (Status.DECIDED, re.compile(r"\b(?:quyet dinh|(?:da|duoc) (?:tang|khen)|ban hanh)\b")),
)  # fmt: skip


def read_awards(path: Path, file: str) -> Tables:
    """Return the awards of a workbook, one per row. Raises ``FileError``; see ``read_scores``."""
    reader = Reader(file)
    for sheet in reader.sheets(path):
        header = header_of(sheet, _AWARD_COLUMNS, {"title"}, {"recipient", "person", "unit"})
        if header is None:
            reader.unknown(sheet, "khen thưởng", "Đơn vị/cá nhân, Hình thức, Năm, Trạng thái")
            continue
        for row in sheet.rows[header.end :]:
            if award := _award(reader, Row(row, header.columns)):
                reader.awards.append(award)
    return reader.tables()


def _award(reader: Reader, row: Row) -> Award | None:
    title = row.text("title")
    recipient, person, unit = _recipient(row)
    if not title or not recipient or SUMMARY.match(plain(recipient)):
        return None
    year_cell = row.cell("year")
    year = reader.number(year_cell, f"{recipient}, năm") if year_cell else None
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


def _recipient(row: Row) -> tuple[str, str, str]:
    """(recipient as written, person, unit) from one column or from two."""
    whole, person, unit = row.text("recipient"), row.text("person"), row.text("unit")
    if not whole and person:
        return (f"{person}, {unit}" if unit else person), person, unit
    whole = whole or unit
    head, comma, tail = whole.partition(",")
    if comma and not _ORGANISATION.match(head):
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
