"""What a syllable may have been before a finger slipped: one letter too many, too few, beside its key,
in the wrong order, or one sound written as another. Folded letters only; weights are 0–2.
"""

from collections.abc import Collection, Iterator

from corpus import could_be

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = "abcdeghiklmnopqrstuvxy"
_PLACE = {key: (3 * x + y, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
_BESIDE = {
    key: frozenset(k for k, (i, j) in _PLACE.items() if abs(i - x) <= 3 and abs(j - y) <= 1)
    for key, (x, y) in _PLACE.items()
}
# Consonants that are said alike somewhere in the country, and spellings of one sound.
_FIRST = (
    ("l", "n"), ("s", "x"), ("ch", "tr"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("d", "v"), ("c", "k"),
    ("c", "q"), ("k", "q"), ("ng", "ngh"), ("g", "gh"), ("f", "ph"), ("j", "gi"), ("z", "d"),
)  # fmt: skip
_LAST = (("n", "ng"), ("n", "nh"), ("c", "t"), ("ch", "t"), ("i", "y"))
_LONGEST = 8  # letters of "nghiêng" with one too many
_ALIKE = 0.4
_TWICE = 0.5  # a key that was hit twice
_ORDER = 0.6
_NEAR = 0.7  # the key beside
_MISSED = 0.8
_ANY = 1.3


def before(typed: str) -> Iterator[tuple[str, float]]:
    """What ``typed`` may have been, each with the weight of the slip. A form may come more than once."""
    yield from _alike(typed)
    for at, key in enumerate(typed):
        without = typed[:at] + typed[at + 1 :]
        sides = typed[at - 1 : at] + typed[at + 1 : at + 2]
        if key in sides:
            yield without, _TWICE
        else:
            yield without, _NEAR if any(side in _BESIDE.get(key, ()) for side in sides) else _ANY
        for meant in _LETTERS:
            if meant != key:
                weight = _NEAR if meant in _BESIDE.get(key, ()) else _ANY
                yield typed[:at] + meant + typed[at + 1 :], weight
    for at in range(len(typed) + 1):
        for meant in _LETTERS:
            yield typed[:at] + meant + typed[at:], _MISSED
    for at in range(len(typed) - 1):
        yield typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :], _ORDER


def slipped(typed: str, held: Collection[str]) -> bool:
    """True when nobody can say the word ``typed``, and one slip before it was one of ``held``."""
    if not 2 < len(typed) <= _LONGEST or could_be(typed):
        return False
    return any(word in held for word, _ in before(typed))


def _alike(typed: str) -> Iterator[tuple[str, float]]:
    for one, other in _FIRST:
        for wrong, right in ((one, other), (other, one)):
            if typed.startswith(wrong):
                yield right + typed[len(wrong) :], _ALIKE
    for one, other in _LAST:
        for wrong, right in ((one, other), (other, one)):
            if typed.endswith(wrong):
                yield typed[: len(typed) - len(wrong)] + right, _ALIKE
