"""The regulations over time: when each applied, what ended it, and what changed it. Data and words;
``bot/chart.py`` draws it."""

import datetime
import textwrap

from bot.figures import day_of
from bot.force import is_held
from bot.history import as_row
from corpus import Effect, Kind, Record, Relation, Validity
from index import Index

_FORMS = ("Bộ luật", "Luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Thông tư", "Quyết định")
_BEYOND = 1  # years that are drawn after today


class Line(Record):
    """One regulation. ``until`` is the first day on which it no longer applies."""

    number: str
    title: str
    form: str
    issued: datetime.date | None = None  # drawn from then, where its first day is not known
    since: datetime.date | None
    until: datetime.date | None
    held: bool
    unchecked: bool
    changes: tuple[tuple[datetime.date, str], ...] = ()  # from when, by what, oldest first
    parts: tuple[tuple[datetime.date, str], ...] = ()  # repeals of parts: likewise
    ended_by: tuple[str, ...] = ()


class Timeline(Record):
    """All regulations that are known, laws first, the older before the newer."""

    lines: tuple[Line, ...]
    today: datetime.date

    @property
    def span(self) -> tuple[datetime.date, datetime.date]:
        """The days from the first to the last that are drawn."""
        days = [d for one in self.lines for d in (one.since or one.issued, one.until) if d] or [
            self.today
        ]
        last = max(*days, self.today) + datetime.timedelta(days=366 * _BEYOND)
        return min(days), last

    @property
    def title(self) -> str:
        """What stands over the picture."""
        return f"Hiệu lực của các văn bản, xem ngày {day_of(self.today)}"

    @property
    def legend(self) -> tuple[str, str, str, str, str]:
        """Held, not held, unchecked, amended, today: what the marks of the picture mean."""
        return (
            "kho có toàn văn", "kho chưa có toàn văn", "hiệu lực chưa kiểm chứng đầy đủ",
            "ngày bị sửa đổi hoặc bãi bỏ một phần", f"hôm nay, {day_of(self.today)}",
        )  # fmt: skip

    @property
    def alt(self) -> str:
        """The picture in words."""
        return "\n".join(words(one) for one in self.lines)


def timeline(index: Index, today: datetime.date) -> Timeline:
    """What the register and the held texts know of every regulation."""
    held = [
        d
        for d in index.documents.values()
        if d.kind is Kind.REGULATION and d.number and not d.parent
    ]
    numbers = {d.number for d in held}
    rows = [*map(as_row, held), *(v for v in index.lookup.validities() if v.number not in numbers)]
    known = [row for row in rows if row.effective or row.expires]
    lines = [_line(row, index) for row in known]
    return Timeline(lines=tuple(sorted(lines, key=_order)), today=today)


def _order(line: Line) -> tuple[int, datetime.date, str]:
    rank = _FORMS.index(line.form) if line.form in _FORMS else len(_FORMS)
    return rank, line.since or line.issued or line.until or datetime.date.max, line.number


def _line(row: Validity, index: Index) -> Line:
    on_it = [r for r in index.lookup.relations() if r.target == row.number]
    ended = [r.number for r in on_it if r.effect is Effect.REPLACES]
    return Line(
        number=row.number, title=row.title, form=row.form, issued=row.issued, since=row.effective, until=row.expires,
        held=is_held(row.number, index), unchecked=row.unchecked,
        changes=_days(on_it, Effect.AMENDS), parts=_days(on_it, Effect.REPEALS),
        ended_by=tuple(dict.fromkeys(ended or row.replaced_by)),
    )  # fmt: skip


def _days(relations: list[Relation], effect: Effect) -> tuple[tuple[datetime.date, str], ...]:
    return tuple(sorted({(r.since, r.number) for r in relations if r.effect is effect and r.since}))


def words(line: Line) -> str:
    """One regulation's life in a line."""
    since = f"từ {day_of(line.since)}" if line.since else "không rõ ngày bắt đầu"
    said = [f"{line.number}: {since}"]
    if line.until:
        by = f", thay bằng {', '.join(line.ended_by)}" if line.ended_by else ""
        said.append(f"đến trước {day_of(line.until)}{by}")
    said += [f"sửa đổi từ {day_of(day)} bởi {by}" for day, by in line.changes]
    said += [f"bãi bỏ một phần từ {day_of(day)} bởi {by}" for day, by in line.parts]
    if not line.held:
        said.append("kho chưa có toàn văn")
    if line.unchecked:
        said.append("chưa kiểm chứng đầy đủ")
    return "; ".join(said)


def beside(line: Line) -> str:
    """What stands at the end of a bar."""
    return (
        textwrap.shorten(f"→ {', '.join(line.ended_by)}", 30, placeholder="…")
        if line.ended_by
        else ""
    )
