"""Unit lists → units under each of their names, renamed ones linked."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from corpus.records import (
    Unit,
)
from corpus.tables import (
    UNIT_HEADING,
    Reader,
    Row,
    Tables,
    header_of,
)
from corpus.text import tidy
from corpus.values import (
    plain,
)

_UNIT_COLUMNS = {
    "unit": UNIT_HEADING,
    "aliases": re.compile(r"^(?:aliases|(?:ten )?(?:goi )?(?:khac|viet tat)|bi danh)"),
    "block": re.compile(r"^(?:block|khoi|cum)"),
    "since": re.compile(r"^(?:from|tu(?: ngay| nam)?)$"),
    "until": re.compile(r"^(?:to|den(?: het)?(?: ngay| nam)?)$"),
}


def read_units(path: Path, file: str) -> Tables:
    """Return the units of a .csv or workbook, renamed ones linked. Raises ``FileError``."""
    reader = Reader(file)
    for sheet in reader.sheets(path):
        header = header_of(sheet, _UNIT_COLUMNS, {"unit"}, {"aliases", "block", "since", "until"})
        if header is None:
            reader.unknown(sheet, "đơn vị", "Đơn vị, Tên khác, Khối, Từ, Đến")
            continue
        for row in sheet.rows[header.end :]:
            if unit := _unit(reader, Row(row, header.columns)):
                reader.units.append(unit)
    reader.units = with_successors(reader.units)
    return reader.tables()


def _unit(reader: Reader, row: Row) -> Unit | None:
    name, cell = row.text("unit"), row.cell("unit")
    if not name or cell is None:
        return None
    aliases = (tidy(alias) for alias in re.split(r"[;\n]", row.text("aliases")))
    return Unit(
        name=name, aliases=tuple(dict.fromkeys(a for a in aliases if a and a != name)),
        block=row.text("block"), since=reader.date(row.cell("since"), f"{name}, từ ngày"),
        until=reader.date(row.cell("until"), f"{name}, đến ngày", end=True),
        source=reader.source(cell, row.joined()),
    )  # fmt: skip


def with_successors(units: Iterable[Unit]) -> list[Unit]:
    """Units with ``successor``: the later unit that lists an ended one's name among its aliases."""
    units = list(units)
    heirs: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for alias in unit.aliases:
            heirs[plain(alias)].append(unit)
    linked = []
    for unit in units:
        later = [
            heir
            for heir in heirs[plain(unit.name)]
            if unit.until and heir.since and unit.until < heir.since
        ]
        first = min(later, key=lambda u: u.since or datetime.date.max, default=None)
        linked.append(unit.model_copy(update={"successor": first.name}) if first else unit)
    return linked
