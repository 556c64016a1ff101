"""A deadline as a calendar file (RFC 5545), which every phone and desktop can take in."""

import datetime
from zoneinfo import ZoneInfo

from corpus import Deadline

_HOUR = datetime.timedelta(hours=1)
_LINE = 73  # bytes of a line; a longer one goes on in the next


def calendar_of(deadline: Deadline, mark: str, now: datetime.datetime, zone: str) -> bytes:
    """The file. ``mark`` tells one deadline from another; one without a time is a whole day."""
    if deadline.time:
        local = datetime.datetime.combine(deadline.day, deadline.time, ZoneInfo(zone))
        when = [f"DTSTART:{_utc(local)}", f"DTEND:{_utc(local + _HOUR)}"]
    else:
        after = deadline.day + datetime.timedelta(days=1)
        when = [f"DTSTART;VALUE=DATE:{deadline.day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    alarms = [
        line
        for days in deadline.before
        for line in (
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(deadline.what)}",
            f"TRIGGER:-P{days}D", "END:VALARM",
        )
    ]  # fmt: skip
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//thidua//vi", "BEGIN:VEVENT",
        f"UID:{mark}@thidua", f"DTSTAMP:{_utc(now)}", *when, f"SUMMARY:{_text(deadline.what)}",
        *([f"LOCATION:{_text(deadline.place)}"] if deadline.place else []),
        *alarms, "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(at: datetime.datetime) -> str:
    return f"{at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A value in which no character ends it."""
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """A line cut where it is too long, never inside a character."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > _LINE:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
