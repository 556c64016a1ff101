"""The numbers that Word generates: "Điều 5.", "a)" and "1." are often nowhere in a .docx as text.

They are counted here as Word counts them, from ``word/numbering.xml`` and the styles, because they
are what a citation names.
"""

from collections import defaultdict
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_DEEPEST = 9
_LARGEST = 100_000


class _Level:
    """How one level of a list is written."""

    def __init__(self, element: Any):
        self.format = _value(element, "numFmt") or "decimal"
        self.text = _value(element, "lvlText")
        self.start = _number(_value(element, "start"), 1)
        self.legal = element.find(f"{W}isLgl") is not None
        restart = _value(element, "lvlRestart")
        self.restart = _number(restart, 0) if restart else None  # 0: never starts again
        self.style = _value(element, "pStyle")


class Numbering:
    """The lists of one document, counting as its paragraphs are read in order."""

    def __init__(self, numbering: Any | None, styles: Any | None):
        """``numbering`` and ``styles`` are the roots of those parts; None where there is none."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._list_of: dict[str, str] = {}  # w:num → w:abstractNum
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * _DEEPEST)
        self._begun: set[tuple[str, int]] = set()
        self._of_style: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read_lists(self, root: Any) -> None:
        for element in root.iter(f"{W}abstractNum"):
            levels = {_level(level): _Level(level) for level in element.findall(f"{W}lvl")}
            self._levels[element.get(f"{W}abstractNumId", "")] = levels
        for element in root.iter(f"{W}num"):
            name = element.get(f"{W}numId", "")
            self._list_of[name] = _value(element, "abstractNumId")
            for override in element.findall(f"{W}lvlOverride"):
                if start := _value(override, "startOverride"):
                    self._starts[name][_level(override)] = _number(start, 1)

    def _read_styles(self, root: Any) -> None:
        parents = {}
        for style in root.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            parents[name] = _value(style, "basedOn")
            if (found := style.find(f"{W}pPr/{W}numPr")) is not None:
                self._of_style[name] = (_value(found, "numId"), _number(_value(found, "ilvl"), -1))
        for name in parents:
            parent, seen = parents[name], {name}
            while name not in self._of_style and parent and parent not in seen:
                seen.add(parent)
                if parent in self._of_style:
                    self._of_style[name] = self._of_style[parent]
                parent = parents.get(parent, "")

    def label(self, paragraph: Any) -> str:
        """What Word writes before this paragraph; "" for none. Paragraphs must come in order."""
        name, at = self._list_and_level(paragraph)
        levels = self._levels.get(self._list_of.get(name, ""), {})
        if at not in levels:
            return ""
        counts = self._count(name, at, levels)
        level = levels[at]
        if level.format == "bullet":
            return "-"
        if level.format == "none" and "%" not in level.text:
            return level.text.strip()
        text = level.text
        for i in range(_DEEPEST - 1, -1, -1):
            if f"%{i + 1}" in text and i in levels:
                count = counts[i] if counts[i] is not None else levels[i].start
                form = "decimal" if level.legal else levels[i].format
                text = text.replace(f"%{i + 1}", _written(count or 0, form))
        return text.strip()

    def _list_and_level(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self._of_style.get("Normal", ("", 0))
        style = _value(properties, "pStyle") or "Normal"
        name, at = self._of_style.get(style, ("", -1))
        own = properties.find(f"{W}numPr")
        if own is not None:
            name = _value(own, "numId") or name
            at = _number(_value(own, "ilvl"), at)
        if at < 0:
            levels = self._levels.get(self._list_of.get(name, ""), {})
            at = next((i for i, level in levels.items() if level.style == style), 0)
        return name, at

    def _count(self, name: str, at: int, levels: dict[int, _Level]) -> list[int | None]:
        counts = self._counts[self._list_of[name]]
        own = self._starts.get(name, {})
        if at in own and (name, at) not in self._begun:
            counts[at] = own[at]
        else:
            now = counts[at]
            counts[at] = levels[at].start if now is None else now + 1
        self._begun.add((name, at))
        for i in range(at + 1, _DEEPEST):
            restart = levels[i].restart if i in levels else None
            if restart is None or at < restart:
                counts[i] = None
        return counts


def _level(element: Any) -> int:
    return min(_number(element.get(f"{W}ilvl"), 0), _DEEPEST - 1)


def _value(element: Any, name: str) -> str:
    found = element.find(f"{W}{name}")
    return (found.get(f"{W}val") or "") if found is not None else ""


def _number(text: str | None, otherwise: int) -> int:
    return min(int(text), _LARGEST) if text and text.isdecimal() else otherwise


def _written(count: int, form: str) -> str:
    """A number as Word writes it in that format."""
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    if form in ("upperLetter", "lowerLetter"):
        # After z Word doubles the letter: aa, bb.
        letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9) if count else ""
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{count:02d}"
    return "" if form == "none" else str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text
