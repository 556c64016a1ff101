"""Reads a badly typed question as what was meant, before anything else looks at it.

Telex and VNI keys that were not turned into letters, blanks left out, slips of the finger, tones on
the wrong vowel, capitals and marks. Which syllables there are, and which stand together, comes from
the indexed texts (``index.accents``); how a syllable may look, from the grammar of one (``is_syllable``).

A syllable that the texts know is never changed, nor are numbers, số hiệu and abbreviations. What
could be a name is left alone: a wrong unit would be worse than none.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from corpus import Record, could_be, fold, is_syllable, tidy, tone_apart, tone_placed
from index.accents import Accents, Taken, Way, cased, plain
from index.keys import from_telex, from_vni
from index.slip import before

_LONGEST = 2000  # letters of a question that are read; what is longer was pasted, not typed
_LONG_WORD = 40  # letters of a word that is looked at
_BLANK = 2.0  # what a blank that was left out costs
_KEPT = 15.0  # what it earns to find an abbreviation in a word
_WAYS = 12  # readings of one word that are weighed
_LONGEST_PART = 8  # letters of a syllable or an abbreviation
_LONGEST_SLIP = 9  # letters of a word that may be a syllable with one too many
_PARTS = 8  # syllables that one word is taken apart into
_LETTER = 1.5  # what each letter of a word costs that is no syllable, in nats
_DOUBT = 6.0  # what it costs to doubt a sound syllable, in nats
_PLENTY = 3  # times that two syllables stand together in the texts, to outweigh a sound one
_HEARD = 0.45  # the heaviest slip in the marks of a sound syllable: hỏi for ngã
_SMALL = 0.95  # the heaviest in the letters of a sound or a short one
_NEARLY = 0.45  # how much heavier than the lightest slip another may be that is weighed against it
_ANY = 3.0  # the heaviest in any other
_OFTEN = 20  # times that the texts hold a word which is sure to be one
_LONG = 8  # letters that no Vietnamese word has
_SLIP = 3.5  # what a slip of weight 1 costs
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"[^\W\d_]{2,}")
# Addresses, and numbers with their marks ("06/2022/QH15", "98,27"), are never touched.
_FIXED = re.compile(
    r"\S*(?:://|@|www\.)\S*|\d+(?:[.,/-][^\W_]+)+|[^\W_]+/[^\W_]*\d[^\W_]*(?:[/-][^\W_]+)*"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u20e3]+")
_WIDE = str.maketrans("？！，；：（）", "?!,;:()")
_REPEATED = re.compile(r"([?!,;])\1+")
_TIGHT = re.compile(r"(?<=[\w)\]”\"])([,;?!:])(?=[^\W\d_])")
_LOW = "".join(chr(c) for c in range(0x61, 0x1EFA) if chr(c).islower())
_STOP = re.compile(rf"(?<=[{_LOW}])\.(?=[^\W\d_{_LOW}][{_LOW}])")
_ENDS = re.compile(r"[.?!:\n]")
# Where a blank was left out, as digits and capitals show it: "năm2023", "d23k1", "HộiNông".
_BORDER = re.compile(
    r"(?<=[^\W\d_]{2})(?=\d)|(?<=\d)(?=[^\W\d_]{2})|(?<=\d)(?=[dđk]\d)", re.IGNORECASE
)
_CAMEL = re.compile(rf"(?<=[{_LOW}])(?=[^\W\d_{_LOW}][{_LOW}])")
# Clusters that no Vietnamese syllable has stand in names of the highlands and from abroad.
_FOREIGN = re.compile(r"[bcdgkmps]l|[bcdghkp]r|s[kmpt]|mn|.*k$")
# What a number usually follows: "muc5" is "mục 5", not VNI for "mức".
_NUMBERED = frozenset(
    """
    dieu khoan diem muc chuong phan nam thang ngay quy lan khoi cum nhom hang so thu top dot luat bang
    cot luc dinh tu bai phieu cap loai ky
    """.split()
)
_VOWELS = frozenset("aeiouy")


class Repaired(Record):
    """A question as it was meant. ``changes`` are the words that were read as others, in order."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def guessed(self) -> bool:
        """True when letters were changed, not only blanks and marks."""
        return any(fold(typed) != fold(meant).replace(" ", "") for typed, meant in self.changes)


class _Kind(StrEnum):
    """What is held to have happened to a word."""

    NOTHING = "nothing"
    KEYS = "keys"  # Telex left its keys
    GLUED = "glued"  # blanks were left out
    SLIP = "slip"  # one letter is wrong


class _Reading(Record):
    """One way to read a word; ``parts`` are the words that blanks were left out between."""

    kind: _Kind
    way: Way
    parts: tuple[str, ...] = ()
    sole: bool = False  # no other slip is nearly as light


class _Words(Record):
    """The words of a question that may be changed, and what they tell together."""

    typed: tuple[str, ...]
    names: tuple[bool, ...]  # a capital inside a sentence may begin a name
    strange: tuple[bool, ...]
    missing: float  # the share of accents left out
    telex: int  # words that Telex keys explain


class Spelling:
    """Repairs questions over one library. Safe to use from several threads."""

    def __init__(self, accents: Accents, keep: Collection[str] = ()):
        """``keep``: words that are right though no text may hold them (abbreviations, places), in any
        case, with accents or without."""
        self._accents = accents
        self._keep = frozenset(fold(word) for name in keep for word in _WORD.findall(name))

    def repair(self, question: str) -> Repaired:
        """``question`` as it was meant; but for blanks, marks and shouting it is as typed where
        nothing speaks for a mistake."""
        text = self._calm(_spaced(tidy(question)))
        if len(text) > _LONGEST:
            return Repaired(text=text)
        changes: list[tuple[str, str]] = []
        # Every round leaves fewer strange words, so that it ends; two rounds are the rule.
        for _ in range(len(text)):
            text, made = self._round(text)
            if not made:
                break
            changes += made
        return Repaired(text=text, changes=tuple(changes))

    def _calm(self, text: str) -> str:
        """A question all in capitals in small letters; its abbreviations stay as they are."""
        if not text.isupper() or sum(could_be(fold(w)) for w in _WORD.findall(text)) < 2:
            return text
        return _WORD.sub(
            lambda word: _LETTERS.sub(
                lambda run: run[0].lower() if self._shouted(run[0].lower()) else run[0],
                word[0].lower() if from_vni(word[0].lower()) else word[0],
            ),
            text,
        )

    def _shouted(self, low: str) -> bool:
        bare = fold(low)
        if could_be(bare):
            return len(bare) > 1
        return bare not in self._keep and bool(len(bare) > 6 or from_telex(low))

    def _round(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        fixed = [m.span() for m in _FIXED.finditer(text)]
        found = [
            match for match in _WORD.finditer(text)
            if not any(start <= match.start() < end for start, end in fixed)
        ]  # fmt: skip
        words = self._words(text, found)
        if not any(words.strange):
            return text, []
        meant = self._lossless(words) or self._shifted(words) or self._likely(words)
        pieces, end = [], 0
        for at, match in enumerate(found):
            if at in meant:
                pieces += [text[end : match.start()], meant[at]]
                end = match.end()
        return "".join([*pieces, text[end:]]), [(words.typed[at], new) for at, new in meant.items()]

    def _words(self, text: str, found: Sequence[re.Match[str]]) -> _Words:
        typed = tuple(match[0] for match in found)
        ends = [0, *(match.end() for match in found)]
        between = [text[end : match.start()] for end, match in zip(ends, found, strict=False)]
        strange = tuple(map(self._strange, typed))
        names = tuple(
            at > 0 and word[0].isupper() and not _ENDS.search(between[at])
            for at, word in enumerate(typed)
        )
        return _Words(
            typed=typed,
            names=names,
            strange=strange,
            missing=self._accents.missing([plain(word) for word in typed]),
            telex=sum(
                bool(self._accents.count(from_telex(plain(word))))
                for word, odd in zip(typed, strange, strict=True) if odd
            ),
        )  # fmt: skip

    def _strange(self, word: str) -> bool:
        """True when a word is not what the texts write, nor an abbreviation, nor short of marks only."""
        low = plain(word)
        if low == "#" or self._known(low) or len(low) > _LONG_WORD or len(low) != len(word):
            return False
        if any(c.isdigit() for c in low):
            return True
        if len(low) < 2 or word.isupper():
            return False  # an abbreviation
        if not is_syllable(low) and tone_placed(low):
            return True
        return self._accents.readings(low, 1.0) == ((low, 0.0),)

    def _known(self, low: str) -> bool:
        return bool(self._accents.count(low)) or fold(low) in self._keep

    # What keeps every key that was hit

    def _lossless(self, words: _Words) -> dict[int, str]:
        """Tones put in place, blanks that digits and capitals show, VNI keys read as letters."""
        vni = self._typed_in_vni(words.typed)
        found = {}
        for at, word in enumerate(words.typed):
            if not words.strange[at]:
                continue
            low = plain(word)
            if any(c.isdigit() for c in low):
                read = from_vni(low) if vni else ""
                meant = cased(word, read) if read else self._parted(word)
            elif tone_placed(low):
                meant = word if is_syllable(low) else cased(word, tone_placed(low))
            else:
                halves = _CAMEL.split(word)
                sound = all(could_be(fold(half)) and len(half) > 1 for half in halves)
                once = self._let_go(low)
                meant = " ".join(halves) if sound else (once and cased(word, once)) or word
            if meant != word:
                found[at] = meant
        return found

    def _let_go(self, low: str) -> str:
        """A word without the letter that a key held too long wrote twice, where that makes a known
        one; otherwise "".
        """
        if len(low) > 3 and not self._accents.count(from_telex(low)):
            for at in range(1, len(low)):
                if fold(low[at]) == fold(low[at - 1]):
                    for once in (low[:at] + low[at + 1 :], low[: at - 1] + low[at:]):
                        if self._accents.count(once) or self._accents.forms(once):
                            return once
        return ""

    def _typed_in_vni(self, typed: Sequence[str]) -> bool:
        """True when a digit stands inside a word that VNI reads so, or several words that no number
        follows end in one."""
        lows = [low for low in map(plain, typed) if any(c.isdigit() for c in low)]
        read = [low for low in lows if self._accents.count(from_vni(low))]
        inside = any(re.search(r"\d[^\W\d_]", low) for low in read)
        return inside or sum(low.rstrip("123456789") not in _NUMBERED for low in read) > 1

    def _parted(self, word: str) -> str:
        """A word with a blank between letters and digits, where the letters can be said or are kept;
        "24a", "k1" and "QH15" are one word each."""
        for run in _RUN.findall(word):
            bare = fold(run)
            sayable = could_be(bare) or (len(bare) > 4 and _spoken(bare))
            if bare not in self._keep and (run.isupper() or not sayable):
                return word
        return _BORDER.sub(" ", word)

    def _shifted(self, words: _Words) -> dict[int, str]:
        """Two words whose blank stands a letter too early or too late: "thid ua"."""
        for at, (first, second) in enumerate(itertools.pairwise(words.typed)):
            odd = words.strange[at] or words.strange[at + 1]
            if not odd or words.names[at] or words.names[at + 1] or not (first + second).isalpha():
                continue
            cuts = {
                parts: self._most_together(*map(plain, parts))
                for parts in self._divided((first + second).lower(), 2)
                if len(parts) == 2 and abs(len(parts[0]) - len(first)) == 1
            }
            best = max(cuts, key=lambda parts: cuts[parts], default=None)
            if best and cuts[best] >= _PLENTY:
                return {at: cased(first, best[0]), at + 1: best[1]}
        return {}

    def _most_together(self, first: str, second: str) -> int:
        """How often the likeliest forms of two words stand together."""
        return max(
            self._accents.together(one, other)
            for one, _ in self._accents.readings(first, 1.0)
            for other, _ in self._accents.readings(second, 1.0)
        )

    # What weighs one reading against another

    def _likely(self, words: _Words) -> dict[int, str]:
        """The strange words that are read as others by the likeliest path through the question, each
        backed by the words beside it."""
        readings = [self._readings(words, at) for at in range(len(words.typed))]
        for tried in itertools.count():
            if all(len(ways) == 1 for ways in readings):
                return {}
            best = self._accents.path([[reading.way for reading in ways] for ways in readings])
            chosen = [ways[taken.way] for ways, taken in zip(readings, best, strict=True)]
            wrong = [
                at for at, reading in enumerate(chosen)
                if reading.kind is not _Kind.NOTHING and not self._backed(words, at, reading, best)
            ]  # fmt: skip
            if not wrong:
                return {
                    at: self._written(words, at, reading, best[at])
                    for at, reading in enumerate(chosen)
                    if reading.kind is not _Kind.NOTHING
                }
            for at in wrong:
                others = [reading for reading in readings[at] if reading is not chosen[at]]
                if tried < _WAYS and chosen[at].kind is _Kind.SLIP:
                    others += _without(chosen[at], best[at].forms[0])
                readings[at] = others
        raise AssertionError("unreachable")

    def _written(self, words: _Words, at: int, reading: _Reading, taken: Taken) -> str:
        typed = words.typed[at]
        if reading.kind is _Kind.GLUED:  # its accents are given back later
            ends = [0, *itertools.accumulate(map(len, reading.parts))]
            return " ".join(typed[start:end] for start, end in itertools.pairwise(ends))
        form = taken.forms[0]
        bare = words.missing == 1.0 and reading.kind is _Kind.SLIP
        return cased(typed, fold(form) if bare else form)

    def _readings(self, words: _Words, at: int) -> list[_Reading]:
        low = plain(words.typed[at])
        odd = words.strange[at] and low.isalpha()
        as_typed = Way(
            syllables=(self._accents.readings(low, words.missing),),
            cost=_DOUBT + _LETTER * len(low) if odd and not _sound(low) else 0.0,
        )
        found = [_Reading(kind=_Kind.NOTHING, way=as_typed)]
        if odd:
            found += self._by_keys(low)
            found += self._by_blanks(low, words.missing)
            number = at + 1 < len(words.typed) and words.typed[at + 1].isdigit()
            if len(low) > 2 or (number and not _spoken(fold(low))):  # "nm 2023"
                found += self._by_slip(low, words.missing)
        return found

    def _by_keys(self, low: str) -> list[_Reading]:
        read = from_telex(low)
        if not read:
            return []
        cost = 1.0 if self._accents.count(read) else 3.0
        return [_Reading(kind=_Kind.KEYS, way=Way(syllables=(((read, 0.0),),), cost=cost))]

    def _by_blanks(self, low: str, missing: float) -> list[_Reading]:
        if could_be(fold(low)):
            return []
        return [
            _Reading(
                kind=_Kind.GLUED,
                parts=parts,
                way=Way(
                    syllables=tuple(self._accents.readings(part, missing) for part in parts),
                    cost=_BLANK * (len(parts) - 1) - _KEPT * sum(map(self._kept, parts)),
                ),
            )
            for parts in itertools.islice(self._divided(low, _PARTS), _WAYS)
        ]

    def _divided(self, low: str, most: int) -> Iterator[tuple[str, ...]]:
        """The ways to write ``low`` as up to ``most`` known words, longer words first."""
        barren: set[tuple[int, int]] = set()

        def divided(start: int, left: int) -> Iterator[tuple[str, ...]]:
            if start == len(low):
                yield ()
            if not left or (start, left) in barren:
                return
            found = False
            for end in range(min(len(low), start + _LONGEST_PART), start, -1):
                if self._part(low[start:end]):
                    for rest in divided(end, left - 1):
                        found = True
                        yield (low[start:end], *rest)
            if not found:
                barren.add((start, left))

        return divided(0, most)

    def _part(self, part: str) -> bool:
        if len(part) == 1:
            return fold(part) != part and bool(self._accents.count(plain(part)))
        if could_be(fold(part)):
            return self._known(plain(part)) or bool(self._accents.forms(part))
        return self._kept(part)

    def _kept(self, part: str) -> bool:
        """True for an abbreviation that no text need hold."""
        return len(part) > 2 and fold(part) in self._keep and not could_be(fold(part))

    def _by_slip(self, low: str, missing: float) -> list[_Reading]:
        bare = fold(low)
        if len(bare) > _LONGEST_SLIP or _FOREIGN.match(bare):
            return []
        sound = _sound(low)
        weights: dict[str, float] = {}
        for meant, weight in itertools.chain([(bare, 0.0)], before(bare)):
            most = _ANY
            if sound or len(bare) < 4:
                most = _SMALL if meant != bare else _HEARD
            for form in self._accents.forms(meant):
                cost = weight + _marks_apart(low, form, missing)
                if cost <= most and form != low and is_syllable(form):
                    weights[form] = min(cost, weights.get(form, cost))
        least = min(weights.values(), default=0.0)
        nearest = sorted((w, f) for f, w in weights.items() if w <= least + _NEARLY)[:_WAYS]
        doubt = _DOUBT if sound else 0.0
        readings = tuple((form, doubt + _SLIP * weight) for weight, form in nearest)
        way = Way(syllables=(readings,))
        sole = len(readings) == 1
        return [_Reading(kind=_Kind.SLIP, way=way, sole=sole)] if readings else []

    def _backed(self, words: _Words, at: int, reading: _Reading, best: Sequence[Taken]) -> bool:
        """True when what stands beside a word speaks for reading it so."""
        forms = best[at].forms
        left = best[at - 1].forms[-1] if at else ""
        right = best[at + 1].forms[0] if at + 1 < len(best) else None
        sides = [self._accents.together(left, forms[0])]
        if right is not None:
            sides.append(self._accents.together(forms[-1], right))
        low = plain(words.typed[at])
        if reading.kind is _Kind.KEYS:
            if not self._accents.count(forms[0]):
                return words.telex > 1
            return words.telex > 1 or len(low) - len(forms[0]) > 1 or any(sides)
        if reading.kind is _Kind.GLUED:
            return self._divides(words.names[at], reading.parts, forms, sides)
        return self._slipped(words, at, forms[0], sides, reading.sole)

    def _divides(
        self, name: bool, parts: Sequence[str], forms: Sequence[str], sides: Sequence[int]
    ) -> bool:
        """True when the parts of a word stand together, or can hardly be one word."""
        inside = [self._accents.together(a, b) for a, b in itertools.pairwise(forms)]
        plenty = [self._accents.count(form) >= _OFTEN for form in forms]
        marked = sum(fold(part) != part or not could_be(fold(part)) for part in parts)
        if sum(map(bool, inside)) + marked >= len(inside) or all(sides):
            return True
        long = len("".join(parts)) >= _LONG and any(inside)
        return long or (not name and all(plenty) and all(len(part) > 2 for part in parts))

    def _slipped(self, words: _Words, at: int, form: str, sides: Sequence[int], sole: bool) -> bool:
        """True when the words beside it speak for a slip: the more, the more a word looks like a name
        or an abbreviation, and where it may have been several words. ("Hội Nông dân huện" must not
        become "Hội Nông dân hiện".)"""
        low, name = plain(words.typed[at]), words.names[at]
        if _sound(low):
            mistaken = fold(form) == fold(low)  # hỏi and ngã, say
            both = min(sides) >= _PLENTY and max(sides) >= _OFTEN
            return not name and (max(sides) >= _PLENTY if mistaken else both)
        if name:
            marked = fold(low) != low
            return any(sides) if marked else len(sides) > 1 and min(sides) >= _PLENTY
        if all(sides):
            return True
        if not _spoken(fold(low)):
            return max(sides) >= _OFTEN
        if len(low) < 4:
            return False
        same_tone = fold(low) != low and _tone(low) in ("", _tone(form))
        return (same_tone and sole) or max(sides) >= _PLENTY


def _sound(low: str) -> bool:
    """True when somebody might have meant the word as it stands: it may be a name."""
    return is_syllable(low) or could_be(low)


def _spoken(bare: str) -> bool:
    """True when a folded word has a vowel; one without is an abbreviation, or lost it."""
    return bool(_VOWELS & set(bare))


def _without(reading: _Reading, form: str) -> list[_Reading]:
    """A reading as a slip with one form less; [] when none is left."""
    left = tuple(pair for pair in reading.way.syllables[0] if pair[0] != form)
    return [_Reading(kind=reading.kind, way=Way(syllables=(left,)))] if left else []


def _tone(word: str) -> str:
    """The mark of a word's tone; a key that was held leaves it twice."""
    return tone_apart(word)[1][-1:]


def _marks_apart(typed: str, form: str, missing: float) -> float:
    """How far the marks of two words are from each other: none typed are cheap to add."""
    (base, _), (full, _) = tone_apart(typed), tone_apart(form)
    tone, tones = _tone(typed), _tone(form)
    if typed == fold(typed):
        return 0.0 if missing == 1.0 else 0.05 * (full != fold(full)) + 0.05 * bool(tones)
    ours = Counter(c for c in base if c != fold(c))
    theirs = Counter(c for c in full if c != fold(c))
    weight = 0.5 * (ours - theirs).total() + 0.15 * (theirs - ours).total()
    if tone == tones:
        return weight
    if not tone:
        return weight + 0.15
    return weight + (0.2 if {tone, tones} == _HOOK_AND_TILDE else 0.5)


_HOOK_AND_TILDE = {"\u0309", "\u0303"}


def _spaced(text: str) -> str:
    """``text`` with a blank after its marks, each mark once, and no emoji."""
    text = _REPEATED.sub(r"\1", _EMOJI.sub(" ", text.translate(_WIDE)))
    text = _STOP.sub(". ", _TIGHT.sub(r"\1 ", text))
    return "\n".join(re.sub(" {2,}", " ", line).strip() for line in text.split("\n"))
