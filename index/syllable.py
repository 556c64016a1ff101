"""What a Vietnamese syllable can look like, and which keys make it.

A closed grammar (first consonants, rimes, tones), no word list: it tells "khenthuong", which nobody
can say, from "thuong", and reads what Telex and VNI keyboards leave behind when they are switched off.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from corpus import fold

_TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
_SHARP, _HEAVY = _TONES[0], _TONES[4]
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"u": "ư", "o": "ơ"}
_BREVES = {"a": "ă"}
_VOWELS = frozenset("aăâeêioôơuưy")
_FIRST = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uân uât uâng uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ
    uy uya uych uyên uyêt uynh uyt uyn uyp uyu
    ư ưa ưc ưi ưm ưn ưng ưt ươc ươi ươm ươn ương ươp ươt ươu ưu
    """.split()
)
_STOPS = ("c", "ch", "p", "t")
_FRONT = frozenset("eêiy")
_LONGEST = 7  # letters of "nghiêng"


def apart(word: str) -> tuple[str, str]:
    """A lower-case word without its tone marks, and the marks: "tiền" → "tiên", huyền."""
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in letters if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES)), tones


def _fits(first: str, rime: str) -> bool:
    """True when the spelling lets the consonant stand before the rime: "nghe", not "nge"."""
    if first in ("k", "gh", "ngh"):
        return rime[0] in _FRONT
    if first in ("c", "g", "ng"):
        return rime[0] not in _FRONT or (first == "g" and rime in ("i", "in", "iêng", "iêt"))
    if first == "qu":
        return rime[0] not in "uưo" and rime != "ôi"
    if first == "gi":
        return rime[0] not in _FRONT - {"e", "ê"}
    if first:
        return not rime.startswith("yê") and (rime != "y" or first in "hlmstv")
    return not rime.startswith("iê")


@lru_cache(maxsize=1)
def _sounds() -> tuple[frozenset[str], frozenset[str]]:
    """Every toneless syllable, and all of them folded."""
    full = {
        first + rime for first in _FIRST for rime in _RIMES if _fits(first, rime)
    } | {"quôc", "qui", "quit", "pin", "đăk", "lăk", "kan", "kon"}  # fmt: skip
    return frozenset(full), frozenset(map(fold, full))


def is_syllable(word: str) -> bool:
    """True when ``word`` (lower case) is written as a Vietnamese syllable is, tone included."""
    sounds, _ = _sounds()
    base, tones = apart(word)
    if len(word) > _LONGEST or len(tones) > 1 or base not in sounds:
        return False
    stopped = base.endswith(_STOPS)
    if stopped and tones not in (_SHARP, _HEAVY):
        return base == word == fold(word)  # without any mark it may have lost them: "viet"
    return word in (_place(base, tones), _place(base, tones, modern=True))


def could_be(bare: str) -> bool:
    """True when a syllable gives ``bare`` (folded) when its marks are left out."""
    return bare in _sounds()[1]


def placed(word: str) -> str:
    """``word`` (lower case) with its tone where it belongs ("tìên" → "tiền"); "" when no syllable."""
    base, tones = apart(word)
    made = _place(base, tones[-1:])
    return made if is_syllable(made) else ""


def _place(base: str, tone: str, modern: bool = False) -> str:
    """Put one tone mark on the vowel that carries it. ``modern`` writes "hoà", otherwise "hòa"."""
    if not tone:
        return base
    start = 2 if base.startswith(("qu", "gi")) and len(base) > 2 and base[2] in _VOWELS else 0
    vowels = [i for i in range(start, len(base)) if base[i] in _VOWELS]
    if not vowels:
        return base
    marked = [i for i in vowels if base[i] in "ăâêôơư"]
    if marked:
        at = marked[-1]
    elif len(vowels) == 1 or (vowels[-1] == len(base) - 1 and len(vowels) == 2):
        glide = base[vowels[0] : vowels[-1] + 1] in ("oa", "oe", "uy")
        at = vowels[-1] if modern and glide else vowels[0]
    else:
        at = vowels[1]  # "toán", "khoái", "quýt"
    return unicodedata.normalize("NFC", base[: at + 1] + tone + base[at + 1 :])


def from_telex(word: str) -> str:
    """What the keys of ``word`` (lower case) write in Telex: "ddieemr" → "điểm"; "" when no syllable."""
    return _keyed(word, "sfrxj", _telex_mark)


def from_vni(word: str) -> str:
    """What the keys of ``word`` (lower case) write in VNI: "d9ie63m" → "điểm"; "" when no syllable."""
    return _keyed(word, "12345", _vni_mark)


def _keyed(word: str, tone_keys: str, mark: Callable[[list[str], str], bool]) -> str:
    base, tone = apart(word)
    letters: list[str] = []
    marks = 0
    for key in base:
        voiced = any(letter in _VOWELS for letter in letters)
        if key in tone_keys and voiced:
            tone = _TONES[tone_keys.index(key)]
            marks += 1
        elif mark(letters, key):
            marks += 1
        else:
            letters.append(key)
    if not marks or len(letters) > _LONGEST:
        return ""
    # "uw" and "o" make "ươ" before a consonant, as the keyboards do it.
    made = re.sub(r"ưo(?=[^\W\d_])|uơ(?=[^\W\d_])", "ươ", "".join(letters))
    made = _place(made, tone[-1:])
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


def more_marks(typed: str, form: str) -> bool:
    """True when ``form`` is ``typed`` with marks added and none changed: "chuân" → "chuẩn"."""
    if fold(typed) != fold(form) or typed == form:
        return False
    (base, tone), (full, tones) = apart(typed), apart(form)
    kept = all(a in (b, fold(b)) for a, b in zip(base, full, strict=False))
    return kept and len(base) == len(full) and tone in ("", tones)
