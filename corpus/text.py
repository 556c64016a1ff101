"""Vietnamese text made comparable.

``tidy`` is applied once, when a file is read: what is stored and quoted is tidy text. It never
changes how a word is spelt, so that a quote stays word for word. ``respell``, ``fold`` and
``syllables`` are for comparing and searching only, and are never shown.
"""

import re
import unicodedata

# Letters of other alphabets that look like ours. They come from keyboards, fonts and OCR
# ("NĐ-CР" with a Cyrillic Р) and make a number unfindable.
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТХУІЈЅаеорсухіјѕΑΒΕΗΙΚΜΝΟΡΤΥΧΖοÐƉð",
    "ABEKMHOPCTXYIJSaeopcyxijsABEHIKMNOPTYXZoĐĐđ",
)
# Blanks that are not a plain blank; zero-width and directional marks that nobody can see.
_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v\f]")
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    r"\x00-\x08\x0e-\x1f\x7f]"
)
_RUNS = re.compile(r" {2,}")
_MARKS = re.compile(r"[\u0300-\u036f]")
_SYLLABLES = re.compile(r"[^\W_]+(?:[.,/-][^\W_]+)*")

# Tone placement: "hoà" and "hòa", "thuý" and "thúy" are one syllable each. In "quý" the u belongs to
# the consonant, so there is nothing to move.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# The syllable must end there: the breve of a decomposed "hoặc" comes after its tone.
_OPEN = r"(?![\w\u0300-\u036f])"
_LATE_TONE = re.compile(
    rf"([oO])([aAeE])([{_TONES}]){_OPEN}|(?<![qQ])([uU])([yY])([{_TONES}]){_OPEN}"
)


def tidy(text: str) -> str:
    """Return ``text`` in the one form that is stored: NFC, plain blanks, our own letters.

    Line breaks are kept (they carry the structure of a law); runs of blanks become one; invisible
    and control characters go; look-alike letters of other alphabets become Latin.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    text = _INVISIBLE.sub("", _BLANKS.sub(" ", text)).translate(_LOOK_ALIKES)
    text = unicodedata.normalize("NFC", text)
    return "\n".join(_RUNS.sub(" ", line).strip() for line in text.split("\n"))


def respell(text: str) -> str:
    """Return ``text`` with the tone of an open "oa", "oe", "uy" on the first vowel (hoà → hòa)."""
    decomposed = unicodedata.normalize("NFD", text)
    moved = _LATE_TONE.sub(
        lambda m: f"{m[1]}{m[3]}{m[2]}" if m[1] else f"{m[4]}{m[6]}{m[5]}", decomposed
    )
    return unicodedata.normalize("NFC", moved)


def fold(text: str) -> str:
    """Return ``text`` lower-case and without accents (đ becomes d), for comparing only.

    SQLite's ``remove_diacritics 2`` never finds "đảng" by "dang"; this does.
    """
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return _MARKS.sub("", text).replace("đ", "d")


def syllables(text: str) -> list[str]:
    """Return the syllables and numbers of ``text``, as written, in order.

    A number with its marks stays whole ("06/2022/QH15", "98,27", "20-1"): cadres search by it.
    """
    return _SYLLABLES.findall(text)
