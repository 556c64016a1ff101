"""Whose meeting it is: the block, the council or the unit."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.naming import (
    A_UNIT,
    AREA,
    LEVEL,
    PROPER,
    STOP,
    UNIT,
    UPPER,
    WORD,
)
from corpus.occasion import (
    COUNCIL,
    COUNCIL_MEETS,
)
from corpus.sentences import (
    Named,
    Sentence,
)
from corpus.text import fold

_BLOCK = re.compile(
    r"(?<![\w/])(?:Khối|Cụm)(?P<emulation> [Tt]hi đua)?(?P<number>(?: [Ss]ố)? (?:\d+|[IVX]+)"
    r"(?!\w))?"
    rf"(?P<alias> \((?:[{UPPER}][^()]*)\))?(?P<aside> \([^()]*\))?"
    # "các trường đại học, cao đẳng tỉnh": a comma, a few small words, and where they are.
    rf"(?P<name>(?:,(?= (?![{UPPER}]))(?=(?: (?!(?:{STOP})(?!\w)){WORD}){{1,4}} {AREA})"
    rf"| đóng trên địa bàn| trên địa bàn|,? (?:đoàn thể|Đoàn thể|hiệp hội|giúp việc|các đơn vị)"
    rf"(?!\w)| các {AREA}(?:(?:,| và) {AREA})*(?!\w)"
    rf"| (?:- )?(?!(?:{STOP}|{AREA})(?!\w)){WORD}){{0,18}})"
    rf"(?P<area>{LEVEL}|, {AREA} {PROPER})?"
)
_PLACES = re.compile(rf"\b{AREA} ({PROPER})")
_NOT_THE_BLOCK = re.compile(r"(?:[Hh]ội trường|[Tt]rụ sở|Đảng ủy|Đoàn|mỗi|từng|các) $")
_DATELINE = re.compile(rf"^({PROPER}|TP\.? ?HCM)(?: \([^)]*\))?\s*:")
_COUNCIL_NAME = re.compile(
    rf"Hội đồng (?:[Xx]ét )?(?:TĐKT|[Tt]hi đua(?:,? (?:- )?[Kk]hen thưởng)?)(?: \([^()]*\))?"
    rf"(?P<area>{LEVEL})?"
)


def block_of(title: Sentence, body: Sequence[Sentence]) -> Named | None:
    """Return whose meeting it is: the block in its fullest form, else the council or the unit."""
    if COUNCIL.search(title.text) and COUNCIL_MEETS.search(title.text):
        councils = [
            (len((m["area"] or "").split()), -i, m, s)
            for i, s in enumerate((title, *body))
            for m in _COUNCIL_NAME.finditer(s.said)
        ]
        if councils:
            _, _, m, s = max(councils, key=lambda c: c[:2])
            return Named(re.sub(r" \([^()]*\)", "", m[0]), s)
    if title.said.isupper():
        title = replace(title, said=_spoken(title.said, body))
    named = [(m, s) for s in (title, *body) for m in _BLOCK.finditer(s.said) if _is_block(m)]
    in_title = [(m, s) for m, s in named if s is title]
    own = A_UNIT.search(title.text) if not in_title else None
    several = re.search(r"\bcác (?:khối|cụm)\b", title.text, re.I)
    if own and (several or not any(m["emulation"] for m, _ in named)):
        return Named(own[0], title)
    if not named:
        return None
    first = next(((m, s) for m, s in in_title or named if m["emulation"]), (in_title or named)[0])
    same = [first, *((m, s) for m, s in named if _same_block(m, first[0]))]
    if title.text.isupper():
        same.sort(key=lambda pair: pair[1] is title)  # as the text writes it, where it does
    match, sentence = max(same, key=lambda pair: _fullness(pair[0]))
    value = match[0].replace(match["aside"] or "", "", 1)
    if not match["emulation"]:
        value = re.sub(r"^\w+", r"\g<0> thi đua", value)
    if sentence is title and not match["name"] and not match["area"]:
        owner = re.match(rf", ({UNIT})", title.text[match.end() :])
        value += f" {owner[1]}" if owner else ""
    text = " ".join(s.said for s in body)
    areas = [m["area"] for m, _ in same if m["area"] and re.search(rf" {PROPER}$", m["area"])]
    full = _with_province(value, areas[0] if areas else "", title.text, text)
    return Named(full, sentence, inferred=full != value)


def _spoken(shouted: str, body: Sequence[Sentence]) -> str:
    """A title in capitals as a sentence: small letters but for "Khối", and for the names of places
    that the text itself writes."""
    spoken = re.sub(r"\b(?:khối|cụm)\b", lambda m: m[0].capitalize(), shouted.lower())
    text = " ".join(s.said for s in body)
    for place in sorted({m[1] for m in _PLACES.finditer(text)}, key=len):
        spoken = re.sub(rf"\b{re.escape(place.lower())}\b", place, spoken)
    return spoken


def _is_block(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return bool(match["number"] or match["name"] or match["area"]) and not _NOT_THE_BLOCK.search(
        before
    )


def _fullness(match: re.Match[str]) -> tuple[bool, bool, int]:
    """More is better: a province named, the block's own name, then length as far as names go."""
    area = bool(match["area"] and re.search(rf" {PROPER}$", match["area"]))
    name = bool(match["name"] or match["alias"])
    return area and name, name, min(len(match[0]), 110)


def _same_block(a: re.Match[str], b: re.Match[str]) -> bool:
    if a["number"] and b["number"]:
        return a["number"].split()[-1] == b["number"].split()[-1]
    x, y = (_name_words(m["name"] or m["alias"] or "") for m in (a, b))
    return bool(x and y) and (x <= y or y <= x)


def _name_words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(name).replace("mttq", "mat tran to quoc"))) - {
        "va",
        "cac",
    }


def _with_province(block: str, area: str, title: str, text: str) -> str:
    """Complete the block's name with where it is, as another sentence or the dateline says it.

    ``area`` is where another mention of the block places it; the dateline is "Bắc Ninh: …".
    """
    if re.search(rf"{AREA} {PROPER}$", block):
        return block
    bare = re.search(rf" {AREA}$", block)
    if area and (not bare or area.strip(" ,").startswith(bare[0].strip())):
        return f"{block[: bare.start()] if bare else block} {area.strip(' ,')}"
    dateline = _DATELINE.match(title)
    if not dateline or dateline[1] in block:
        return block
    if bare:
        return f"{block} {dateline[1]}" if bare[0].strip() in ("tỉnh", "thành phố") else block
    named = re.search(rf"\b(?:tỉnh|thành phố|huyện|thị xã) {re.escape(dateline[1])}\b", text)
    return f"{block} {named[0]}" if named else block
