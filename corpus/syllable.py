"""What a Vietnamese syllable can look like: an onset, a rhyme and a tone that go together.

A closed grammar, no word list. It tells a lost font, raw bytes or bad OCR from writing, "khenthuong",
which nobody can say, from "thuong", and says where a tone belongs.
"""

import unicodedata
from functools import lru_cache

from corpus.text import fold, respell

TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
VOWELS = frozenset("aăâeêioôơuưy")
_LONGEST = 7  # letters of "nghiêng"
_SHARP, _HEAVY = TONES[0], TONES[4]
_FIRST = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    y ych ynh yt yêm yên yêng yêt yêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uân uât uâng uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ
    uy uya uych uyên uyêt uynh uyt uyn uyp uyu
    ư ưa ưc ưi ưm ưn ưng ưt ươc ươi ươm ươn ương ươp ươt ươu ưu
    """.split()
)
_STOPS = ("c", "ch", "p", "t")
_FRONT = frozenset("eêiy")


def tone_apart(word: str) -> tuple[str, str]:
    """A lower-case word without its tone marks, and the marks: "tiền" → "tiên", huyền."""
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in letters if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in TONES)), tones


def _fits(first: str, rime: str) -> bool:
    """True when the spelling lets the consonant stand before the rime: "nghe", not "nge"."""
    if rime[0] == "y" and rime != "y":
        return first == "qu" or (not first and rime.startswith("yê"))
    if first in ("k", "gh", "ngh"):
        return rime[0] in _FRONT
    if first in ("c", "g", "ng"):
        return rime[0] not in _FRONT or (first == "g" and rime in ("i", "in", "iêng", "iêt"))
    if first == "qu":
        return rime[0] not in "uưo" and rime != "ôi"
    if first == "gi":
        return rime[0] not in _FRONT - {"e", "ê"}
    if first:
        return rime != "y" or first in "hlmstv"
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
    base, tones = tone_apart(word)
    if len(word) > _LONGEST or len(tones) > 1 or base not in sounds:
        return False
    stopped = base.endswith(_STOPS)
    if stopped and tones not in (_SHARP, _HEAVY):
        return base == word == fold(word)  # without any mark it may have lost them: "viet"
    return word in (place_tone(base, tones), place_tone(base, tones, modern=True))


def could_be(bare: str) -> bool:
    """True when a syllable gives ``bare`` (folded) when its marks are left out."""
    return bare in _sounds()[1]


def tone_placed(word: str) -> str:
    """``word`` (lower case) with its tone where it belongs ("tìên" → "tiền"); "" when no syllable."""
    base, tones = tone_apart(word)
    made = place_tone(base, tones[-1:])
    return made if is_syllable(made) else ""


def place_tone(base: str, tone: str, modern: bool = False) -> str:
    """Put one tone mark on the vowel that carries it. ``modern`` writes "hoà", otherwise "hòa"."""
    if not tone:
        return base
    start = 2 if base.startswith(("qu", "gi")) and len(base) > 2 and base[2] in VOWELS else 0
    vowels = [i for i in range(start, len(base)) if base[i] in VOWELS]
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


def looks_vietnamese(word: str) -> bool:
    """True when ``word`` could be one Vietnamese syllable, in capitals or not, its tone on either
    vowel, or typed without any mark."""
    word = word.lower()
    return could_be(word) if word.isascii() else is_syllable(word) or is_syllable(respell(word))
