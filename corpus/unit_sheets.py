"""Unit lists → units under each of their names, renamed ones linked."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    "successor": re.compile(r"^(?:doi (?:ten )?(?:thanh|sang)|ten moi)"),
    "merged_into": re.compile(r"^(?:sap nhap|hop nhat|nhap vao)"),
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
        successor=row.text("successor"), merged_into=row.text("merged_into"),
        block=row.text("block"), since=reader.date(row.cell("since"), f"{name}, từ ngày"),
        until=reader.date(row.cell("until"), f"{name}, đến ngày", end=True),
        source=reader.source(cell, row.joined()),
    )  # fmt: skip


def with_successors(units: Iterable[Unit]) -> list[Unit]:
    """Units with what became of them: a new name, or a unit that took them in.

    A row says it, or a later unit has an ended one's name among its aliases. Of a unit that takes the
    names of two that were there at once, or that was there before, the others were merged into it.
    """
    units = list(units)
    by_name = {plain(unit.name): unit for unit in units}
    heirs: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for alias in unit.aliases:
            heirs[plain(alias)].append(unit)
    found = {at: heir for at, unit in enumerate(units) if (heir := _heir(unit, heirs, by_name))}
    linked = []
    for at, unit in enumerate(units):
        heir = found.get(at)
        if heir and not unit.merged_into:
            others = [units[i] for i, other in found.items() if other == heir and i != at]
            merged = not unit.successor and (
                not _follows(heir, unit) or any(_together(unit, other) for other in others)
            )
            update = {"successor": "" if merged else heir.name, "merged_into": heir.name * merged}
            unit = unit.model_copy(update=update)
        linked.append(unit)
    return linked


def _heir(
    unit: Unit, heirs: Mapping[str, Sequence[Unit]], by_name: Mapping[str, Unit]
) -> Unit | None:
    """The unit that a row names as what became of another, else the next that has its name."""
    if told := unit.successor or unit.merged_into:
        return by_name.get(plain(told))
    if unit.until is None:
        return None
    named = [heir for heir in heirs[plain(unit.name)] if heir.name != unit.name]
    alive = [heir for heir in named if heir.until is None or heir.until > unit.until]
    return min(alive, key=lambda heir: heir.since or datetime.date.min, default=None)


def _follows(heir: Unit, unit: Unit) -> bool:
    return bool(unit.until and heir.since and unit.until < heir.since)


def _together(one: Unit, other: Unit) -> bool:
    """True when two units were there at the same time."""
    first, last = datetime.date.min, datetime.date.max
    return one.name != other.name and (
        (one.since or first) <= (other.until or last)
        and (other.since or first) <= (one.until or last)
    )
