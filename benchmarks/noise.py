"""Questions as cadres type them: without accents, with half of them, with typos, abbreviated.

Chance is seeded by the question, so that every ranking is asked the same.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from bot.vocabulary import ABBREVIATIONS
from corpus import respell

_WORDS_A_TYPO = 8
_WORD = re.compile(r"[^\W\d_]{2,}")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: "".join(
        keys[at]
        for keys in _KEYS[max(0, row - 1) : row + 2]
        for at in range(max(0, column - 1), min(len(keys), column + 2))
        if keys[at] != key
    )
    for row, line in enumerate(_KEYS)
    for column, key in enumerate(line)
}
# What else an office abbreviates, chosen for common use and before anything was measured.
_LEGAL = {
    "NSDLĐ": "người sử dụng lao động",
    "NLĐ": "người lao động",
    "HĐLĐ": "hợp đồng lao động",
    "BHXH": "bảo hiểm xã hội",
    "BHYT": "bảo hiểm y tế",
    "DN": "doanh nghiệp",
    "HTX": "hợp tác xã",
    "TNHH": "trách nhiệm hữu hạn",
    "CBCC": "cán bộ, công chức",
    "CCVC": "công chức, viên chức",
    "VPHC": "vi phạm hành chính",
    "TNHS": "trách nhiệm hình sự",
    "BLHS": "bộ luật hình sự",
    "BLDS": "bộ luật dân sự",
    "VBQPPL": "văn bản quy phạm pháp luật",
    "QSDĐ": "quyền sử dụng đất",
    "GCN": "giấy chứng nhận",
    "NSNN": "ngân sách nhà nước",
    "TAND": "tòa án nhân dân",
    "VKSND": "viện kiểm sát nhân dân",
    "CAND": "công an nhân dân",
    "PCCC": "phòng cháy, chữa cháy",
    "QH": "Quốc hội",
    "CP": "Chính phủ",
    "TW": "trung ương",
    "TP": "thành phố",
    "TT": "thông tư",
    "NQ": "nghị quyết",
}
_SHORT: dict[str, str] = {}
for _short, _full in [*ABBREVIATIONS.items(), *_LEGAL.items()]:
    _SHORT.setdefault(_full.lower(), _short)
_FULL = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_SHORT, key=len, reverse=True)))})(?!\w)", re.I
)


def stripped(question: str) -> str:
    """Without any accents."""
    bare = unicodedata.normalize("NFD", question).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def half_stripped(question: str) -> str:
    """Every syllable loses its accents or keeps them, one as likely as the other."""
    chance = random.Random(f"half {question}")
    return re.sub(r"\w+", lambda m: stripped(m[0]) if chance.random() < 0.5 else m[0], question)


def mistyped(question: str) -> str:
    """One word of eight, and one at least, has a letter missed, doubled, swapped with the next or
    with its neighbour on the keyboard. Numbers are left alone: who mistypes one asks another thing."""
    chance = random.Random(f"typo {question}")
    words = list(_WORD.finditer(question))
    count = max(1, round(len(question.split()) / _WORDS_A_TYPO))
    chosen = chance.sample(words, min(count, len(words)))
    for word in sorted(chosen, key=lambda match: -match.start()):
        wrong = _typo(word[0], chance)
        question = question[: word.start()] + wrong + question[word.end() :]
    return question


def _typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    letter, following = word[at], word[at + 1 : at + 2]
    near = _NEIGHBOURS.get(stripped(letter).lower(), "")
    wrongs = ["", letter * 2]
    if near:
        wrongs.append(chance.choice(near))
    if following and following != letter:
        wrongs.append(following + letter)
    wrong = chance.choice(wrongs)
    return word[:at] + wrong + word[at + (2 if len(wrong) == 2 and wrong[0] != letter else 1) :]


def abbreviated(question: str) -> str:
    """Every name of the field and of common legal use in short, "điều 23" as "đ 23", "khoản 1" as
    "k1". Questions that hold none stay as they are."""
    full = respell(question)
    short = _FULL.sub(lambda match: _SHORT[match[0].lower()], full)
    short = re.sub(r"(?<!\w)điều (?=\d)", "đ ", short, flags=re.I)
    short = re.sub(r"(?<!\w)khoản (?=\d)", "k", short, flags=re.I)
    return question if short == full else short


WAYS: Mapping[str, Callable[[str], str]] = {
    "as typed": str,
    "stripped": stripped,
    "half stripped": half_stripped,
    "typos": mistyped,
    "abbreviated": abbreviated,
}
