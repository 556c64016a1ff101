"""Texts that govern without Điều: Hướng dẫn, Kế hoạch, Chỉ thị, and nearly all of the Party's.

They count in Roman numbers, then Arabic ones, then letters. Their places are "Mục I khoản 2 đoạn 1":
a đoạn is a khoản with its điểm, cut between lines where it is long.
"""

import itertools
import re
from collections.abc import Sequence

from corpus.records import Place
from corpus.text import fold

_ROMAN = re.compile(r"^(?:(?:Phần|PHẦN|Mục|MỤC)\s+)?([IVXL]+)\s*[.)/\-–:]+\s*(?=\S)(.*)$")
_ITEM = re.compile(r"^(\d{1,2})\s*[.)/\-–]\s*(?=[^\d\s])")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_PASSAGE = 700  # letters, from which on a passage is cut at the next line
_TITLE = 120  # letters, up to which a line may be a title


class Section:
    """One passage of such a text: its lines (numbers into the text), its place, its headings."""

    def __init__(self, place: Place, headings: tuple[str, ...], lead: str = ""):
        self.place, self.headings, self.lead = place, headings, lead
        self.lines: list[int] = []


def sections(lines: Sequence[str], forms: Sequence[str]) -> list[Section]:
    """Cut a text without Điều. Every line is in one section; the first is the head.

    ``forms`` are the words that name what a text is, such as "Hướng dẫn".
    """
    found = [Section(Place(part="Phần đầu"), ())]
    start = _body(lines, forms)
    section = item = title = lead = ""
    for at, line in enumerate(lines):
        if not line:
            continue
        if at < start:
            found[-1].lines.append(at)
            continue
        if (match := _ROMAN.match(line)) and _value(match[1]) == _value(section) + 1:
            section, item, lead = match[1], "", ""
            title = f"Mục {section}. {match[2]}" if len(match[2]) < _TITLE else f"Mục {section}"
            opens = True
        elif (match := _ITEM.match(line)) and int(match[1]) == int(item or 0) + 1:
            item, lead, opens = match[1], line[:_TITLE], True
        else:
            size = sum(len(lines[i]) for i in found[-1].lines)
            opens = at == start or size + len(line) > _PASSAGE
        if opens:
            headings = tuple(filter(None, (title, lead if not line.startswith(lead) else "")))
            found.append(
                Section(_place(section, item, found), headings, lead if headings[1:] else "")
            )
        found[-1].lines.append(at)
    return found


def _place(section: str, item: str, before: Sequence[Section]) -> Place:
    part = " ".join(filter(None, (f"Mục {section}" * bool(section), f"khoản {item}" * bool(item))))
    paragraph = 1 + max((s.place.paragraph for s in before if s.place.part == part), default=0)
    return Place(part=part, paragraph=paragraph)


def _body(lines: Sequence[str], forms: Sequence[str]) -> int:
    """The line at which the text itself begins, after head and title; len(lines) for none."""
    names = {fold(form) for form in forms}
    titled = next((i for i, line in enumerate(lines) if fold(line.strip(" .:*")) in names), -1)
    for at in range(titled + 1, len(lines)):
        line = lines[at]
        if not line or line.startswith("Căn cứ"):
            continue
        counted = _ROMAN.match(line) or _ITEM.match(line)
        if counted or len(line) >= _TITLE or (titled >= 0 and line[-1] in ".;:"):
            return at
    return len(lines)


def _value(roman: str) -> int:
    total = 0
    for letter, following in itertools.zip_longest(roman, roman[1:], fillvalue=""):
        value = _VALUES[letter]
        total += -value if value < _VALUES.get(following, 0) else value
    return total
