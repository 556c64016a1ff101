"""Tells Vietnamese from noise by the shape of its syllables, and mends words that were torn apart."""

import itertools
import re
from collections.abc import Sequence

from corpus.syllable import looks_vietnamese
from corpus.text import fold

_WORD = re.compile(r"[^\W_]+")


def good_share(text: str, enough: int = 20) -> float | None:
    """The share of the words of ``text`` that can be Vietnamese: 0–1, None when fewer than ``enough``.

    Numbers, single letters and abbreviations in capitals tell nothing and are not counted.
    """
    words = [w for w in _WORD.findall(text) if not _says_nothing(w)]
    if len(words) < max(1, enough):
        return None
    return sum(map(looks_vietnamese, words)) / len(words)


def _says_nothing(word: str) -> bool:
    if len(word) == 1 or not any(map(str.isalpha, word)):
        return True
    plain = word.replace("Đ", "D")
    return plain.isascii() and ((word.isupper() and len(word) < 8) or not word.isalpha())


# Torn words

_PIECE = re.compile(r"([^\w]*)([^\W\d_]+)([^\w]*)")
_ALONE = frozenset("ở ý à ạ ô ổ ơ ừ ủ".split())  # accented words of one letter
_POINT = re.compile(r"(?:^|\W)điểm$", re.I)
_NO_WORD = 4  # the doubt from which on a piece is no word of its own
_MOST = 5  # pieces that one syllable falls into


def mend(lines: Sequence[str]) -> list[str]:
    """Put words together that were torn apart at their accents ("ĐIỀ U KI Ệ N" → "ĐIỀU KIỆN").

    Only blanks go, only beside an accented letter, and only where a piece that is no word becomes
    part of one that can be. In a text with many such words, pieces that could be words ("c ủ a")
    are doubted too.
    """
    sure = [_mended(line, surely=True) for line in lines]
    blanks = sum(line.count(" ") for line in lines)
    gone = blanks - sum(line.count(" ") for line in sure)
    if gone < 3 or gone * 100 < blanks:
        return sure
    return [_mended(line, surely=False) for line in lines]


def _mended(line: str, surely: bool) -> str:
    pieces = line.split(" ")
    doubts: list[int | None] = [_doubt(piece, surely) for piece in pieces]
    for i, piece in enumerate(pieces):
        if (i == 0 and piece[-1:] in ").") or (i and _POINT.search(pieces[i - 1])):
            doubts[i] = None  # the letter of a điểm, never a part of a word
    if not any(doubts):
        return line
    # best[i]: least cost of the first i pieces, and where the last word of them begins.
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(pieces) + 1):
        choices = [(best[end - 1][0] + (doubts[end - 1] or 0), end - 1)]
        for start in range(max(0, end - _MOST), end - 1):
            held = [doubt for doubt in doubts[start:end] if doubt is not None]
            if len(held) == end - start and max(held) >= _NO_WORD:
                before = pieces[start - 1] if start and not doubts[start - 1] else ""
                if (cost := _joined_cost(pieces[start:end], before)) is not None:
                    choices.append((best[start][0] + cost, start))
        best.append(min(choices))
    words: list[str] = []
    end = len(pieces)
    while end:
        start = best[end][1]
        words.append("".join(pieces[start:end]))
        end = start
    return " ".join(reversed(words))


def _doubt(piece: str, surely: bool) -> int:
    """How unlikely a piece is as a word of its own: 0 for a word and for what is no word at all."""
    match = _PIECE.fullmatch(piece)
    if not match:
        return 0
    word = match[2]
    if len(word) == 1:
        if word.lower() in _ALONE:
            return 0 if surely else 1
        if word.isascii() or word in "đĐ":
            label = match[1] or match[3][:1] in (")", "/", "-", ".")
            return 0 if label and (surely or match[3] != ".") else 2 if surely else _NO_WORD
        return _NO_WORD
    if looks_vietnamese(word) or (word.isascii() and word.isupper() and len(word) > 2):
        return 0
    return 0 if surely and word.isascii() and not word.islower() else 6


def _joined_cost(pieces: Sequence[str], before: str) -> int | None:
    """What it costs to read these pieces as one syllable after the word ``before``; None when they
    can't be one."""
    parts = [part for piece in pieces if (part := _PIECE.fullmatch(piece))]
    if len(parts) < len(pieces) or any(p[3] for p in parts[:-1]) or any(p[1] for p in parts[1:]):
        return None
    if any(a[2][-1].isascii() and b[2][0].isascii() for a, b in itertools.pairwise(parts)):
        return None  # two plain letters were never torn apart: that blank was written
    word = "".join(part[2] for part in parts)
    if not (word.isupper() or word.islower() or word.istitle()) or not looks_vietnamese(word):
        return None
    # "KI ỆN", "ởn ước": a syllable without a consonant in front is rare, and rarer after a word
    # that could still go on.
    rare = 2 if fold(word[0]) in "aeiouy" else 0
    goes_on = before[-1:].isalpha() and looks_vietnamese(before + word)
    return len(parts) - 1 + rare + (3 if goes_on else 0)
