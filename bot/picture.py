"""What an answer can be drawn as: every word of a picture. ``bot/chart.py`` draws it."""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.answer import Answer
from bot.figures import number
from bot.figures import period_of as _period
from bot.finding import Changes, Comparison, Points, Ranking, Series
from corpus import Record


class Picture(Record):
    """What to draw: bars, or a line over the years. ``alt`` says it in words."""

    title: str
    labels: tuple[str, ...]
    values: tuple[Decimal, ...]
    limits: tuple[Decimal, ...] = ()  # the most there was to have, beside each value
    mean: Decimal | None = None
    mean_label: str = ""
    over_time: bool = False
    alt: str

    @property
    def caption(self) -> str:
        """What stands below it in a chat, where the words of the answer stand above it."""
        return f"Biểu đồ: {self.title}"


_DRAWN = re.compile(r"\bbieu do\b|\bdo thi\b|\bve\b.*\bdiem\b")
_FEW = 3  # a picture of less says no more than the words
_ALT = 900  # Telegram shows 1024 characters below a picture


def picture(answer: Answer) -> Picture | None:
    """The picture that an answer can be drawn as; None where there is nothing to look at."""
    for finding in answer.findings:
        match finding:
            case Ranking() if len(finding.standings) >= 2:
                return _picture_of_ranking(finding)
            case Series() if len(finding.rows) >= 2:
                return _picture_of_series(finding)
            case Changes() if len(finding.changes) >= 2:
                return _picture_of_changes(finding)
            case Comparison():
                return _picture_of_comparison(finding)
            case Points() if finding.groups:
                return _picture_of_groups(finding)
            case _:
                pass
    return None


def illustrated(answer: Answer) -> Picture | None:
    """The picture to send unasked: where there is much to compare, or one was asked for."""
    wanted = bool(_DRAWN.search(answer.question.folded))
    many = any(
        (isinstance(f, Ranking) and len(f.standings) > _FEW and f.mean is not None)
        or (isinstance(f, Series) and len(f.rows) >= _FEW)
        for f in answer.findings
    )
    return picture(answer) if wanted or many else None


def _alt(title: str, labels: Sequence[str], values: Sequence[Decimal]) -> str:
    told = "; ".join(f"{label} {number(v)}" for label, v in zip(labels, values, strict=True))
    text = f"Biểu đồ: {title}. {told}."
    return text if len(text) <= _ALT else f"{text[: text.rfind(';', 0, _ALT)]}…"


def _picture_of_ranking(f: Ranking) -> Picture:
    what = f", {f.criterion}" if f.criterion else ""
    title = f"{f.block} {_period(f.period, f.year)}{what}: {f.scorer.value}"
    labels = tuple(f"{s.rank}. {s.unit}" for s in f.standings)
    values = tuple(s.points for s in f.standings)
    mean = f"Nét đứt: trung bình {number(f.mean)}" if f.mean is not None else ""
    return Picture(title=title, labels=labels, values=values, mean=f.mean, mean_label=mean,
                   alt=_alt(title, labels, values))  # fmt: skip


def _picture_of_series(f: Series) -> Picture:
    title = f"Điểm {f.rows[0].scorer.value} của {f.unit} qua các năm"
    labels = tuple(
        str(r.year) if r.period in ("", "cả năm") else _period(r.period, r.year) for r in f.rows
    )
    values = tuple(r.points for r in f.rows)
    return Picture(title=title, labels=labels, values=values, over_time=True,
                   alt=_alt(title, labels, values))  # fmt: skip


def _picture_of_changes(f: Changes) -> Picture:
    first = f.changes[0]
    title = f"Thay đổi điểm từ {first.before_year} đến {first.after_year}: {first.scorer.value}"
    labels = tuple(c.unit for c in f.changes)
    values = tuple(c.difference for c in f.changes)
    return Picture(title=title, labels=labels, values=values, alt=_alt(title, labels, values))


def _picture_of_comparison(f: Comparison) -> Picture:
    title = f"So sánh điểm {_period(f.period, f.year)}: {f.scorer.value}"
    labels = tuple(f"{s.rank}. {s.unit}" for s in f.standings)
    values = tuple(s.points for s in f.standings)
    return Picture(title=title, labels=labels, values=values, alt=_alt(title, labels, values))


def _picture_of_groups(f: Points) -> Picture:
    most = dict(f.maxima)
    title = f"{f.unit}, {_period(f.period, f.year)}: điểm từng nhóm ({f.final.value})"
    labels = tuple(name or code for code, name, _, _ in f.groups)
    values = tuple(points for *_, points in f.groups)
    limits = tuple(most.get(code, Decimal(0)) for code, *_ in f.groups) if most else ()
    return Picture(title=title, labels=labels, values=values, limits=limits,
                   alt=_alt(title, labels, values))  # fmt: skip
