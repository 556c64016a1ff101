"""Numbers, days and years as Vietnamese offices write them."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal


def number(value: Decimal | int) -> str:
    """A number the Vietnamese way: decimal comma, no idle zeros, dots between thousands."""
    text = format(Decimal(value).normalize(), "f")
    whole, _, part = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ".", whole)
    return f"{sign}{grouped},{part}" if part else f"{sign}{grouped}"


def signed(value: Decimal) -> str:
    """A difference with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)


def day_of(day: datetime.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def period_of(period: str, year: int) -> str:
    return (
        f"năm {year}" if period in ("", "cả năm") else f"{period.removesuffix(' năm')} năm {year}"
    )


def years_of(years: Sequence[int]) -> str:
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"giai đoạn {years[0]}–{years[-1]}"
    return f"năm {', '.join(map(str, years))}"
