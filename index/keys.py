"""Which keys make a syllable: reads what Telex and VNI keyboards leave when they are switched off."""

import re
from collections.abc import Callable

from corpus import TONES, VOWELS, is_syllable, place_tone, tone_apart

_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"u": "ư", "o": "ơ"}
_BREVES = {"a": "ă"}


def from_telex(word: str) -> str:
    """What the keys of ``word`` (lower case) write in Telex: "ddieemr" → "điểm"; "" when no syllable."""
    return _keyed(word, "sfrxj", _telex_mark)


def from_vni(word: str) -> str:
    """What the keys of ``word`` (lower case) write in VNI: "d9ie63m" → "điểm"; "" when no syllable."""
    return _keyed(word, "12345", _vni_mark)


def _keyed(word: str, tone_keys: str, mark: Callable[[list[str], str], bool]) -> str:
    base, tone = tone_apart(word)
    letters: list[str] = []
    marks = 0
    for key in base:
        voiced = any(letter in VOWELS for letter in letters)
        if key in tone_keys and voiced:
            tone = TONES[tone_keys.index(key)]
            marks += 1
        elif mark(letters, key):
            marks += 1
        else:
            letters.append(key)
    if not marks:
        return ""
    # "uw" and "o" make "ươ" before a consonant, as the keyboards do it.
    made = re.sub(r"ưo(?=[^\W\d_])|uơ(?=[^\W\d_])", "ươ", "".join(letters))
    made = place_tone(made, tone[-1:])
    return made if is_syllable(made) else ""


def _telex_mark(letters: list[str], key: str) -> bool:
    if key == "w":
        return _horned(letters) or _replaced(letters, _BREVES) or _bare_w(letters)
    if key == "d":
        return bool(letters) and letters[0] == "d" and _replaced(letters[:1], {"d": "đ"}, letters)
    return key in _HATS and _replaced(letters, {key: _HATS[key]})


def _bare_w(letters: list[str]) -> bool:
    letters.append("ư")
    return True


def _vni_mark(letters: list[str], key: str) -> bool:
    if key == "9":
        return bool(letters) and letters[0] == "d" and _replaced(letters[:1], {"d": "đ"}, letters)
    tables = {"6": _HATS, "8": _BREVES}
    if key == "7":
        return _horned(letters)
    return key in tables and _replaced(letters, tables[key])


def _horned(letters: list[str]) -> bool:
    pair = "".join(letters).rfind("uo")
    if pair >= 0:
        letters[pair : pair + 2] = ["ư", "ơ"]
        return True
    return _replaced(letters, _HORNS)


def _replaced(letters: list[str], table: dict[str, str], within: list[str] | None = None) -> bool:
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in table:
            (within if within is not None else letters)[at] = table[letters[at]]
            return True
    return False
