"""Which units a question names: in full, by an alias, without accents, by an old name, mistyped.

Nothing is guessed. A name is taken only where it ends as a name ends. A slip of the keyboard is taken
only when what was typed is no word at all and one unit is near; the answer says so. What may mean
two units, or only part of a name, is a ``Doubt``: the answer asks. What looks like an organisation
and is like nothing known is a stranger.
"""

import functools
import re
from collections.abc import Callable, Sequence

from bot.vocabulary import AFTER_YEAR_WORD, FAMILIES, FOLLOWERS, ORGANISATION
from corpus import Record, Unit, fold, tidy


class Doubt(Record):
    """Words that may mean each of these units."""

    typed: str
    units: tuple[str, ...]


class Named(Record):
    """What ``units_in`` found."""

    units: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()  # organisations that no record knows
    taken: tuple[tuple[str, str], ...] = ()  # mistyped words and the unit they were taken for
    doubts: tuple[Doubt, ...] = ()
    rest: str = ""  # the question with the names of units blanked out


_TITLE_STARTS = frozenset(fold(family).split()[0] for family in FAMILIES) | {"khoi"}
# What many names begin or end with; the rest is what a cadre says when in a hurry.
_HEADS = frozenset("hoi lien hiep doan cac tinh uy ban so viet nam cua huyen xa phuong".split())
_NAME_ENDS = frozenset(
    """
    năm được có bị đã là so với tự từ trong của cho khi nào mấy bao ở tại do thì tăng giảm
    xếp đạt nhận chấm thuộc hay không dẫn họp ai gì đứng suy đề đăng hơn kém chênh lệch khác cách
    """.split()
)
# The same where they are typed small: "Hội Bảo trợ", and "sở ký tặng".
_SMALL_ENDS = frozenset(
    """
    đó này kia ấy đấy em tôi mình ta anh chị bên chúng nó cháu bác còn vừa mới đang sẽ vẫn cũng chưa chỉ đều
    phải cần nên muốn định cứ đủ rồi luôn mà nếu vì nhưng hoặc như để lên vào ra theo ký trao tặng gửi nộp trình
    lập xin nhờ làm đòi nói hỏi mất nghỉ hết
    """.split()
)
_SMALL_ENDS_TWO = frozenset(
    {"công tác", "làm việc", "tổ chức", "thành lập", "hoạt động", "liên tục", "lao vào"}
)
_MOST_OPTIONS = 6
# What makes of the words after it another name: "Huân chương Lao động" is no federation of labour.
_LONGER = re.compile(r"\b(?:huan chuong|huy chuong|anh hung|bo|luat|nguoi|chien si)\s+$")


def units_in(
    folded: str,
    in_full: str,
    units: Sequence[Unit],
    spelled: Callable[[str], str],
    known: Callable[[str], bool],
    loosely: bool = False,
) -> Named:
    """The units that a question names.

    ``folded`` and ``in_full`` are the question, letter by letter the same; ``spelled`` writes
    abbreviations out; ``known`` tells a word from a slip; ``loosely`` lets the core of a name
    ("nông dân") stand for it, where the question can only be about units.
    """
    names = _forms(tuple(units), spelled)
    rest = folded
    found: list[tuple[int, str]] = []
    doubts: list[Doubt] = []
    for name, owners in names.items():
        if name not in rest:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", rest):
            if not _ends_there(name, in_full, match.end()):
                continue
            typed = in_full[match.start() : match.end()]
            meant = _as_accented(typed, owners, units) if len(owners) > 1 else owners
            if len(meant) == 1:
                found.append((match.start(), meant[0]))
            else:
                doubts.append(Doubt(typed=typed, units=meant[:_MOST_OPTIONS]))
            rest = rest[: match.start()] + "·" * len(name) + rest[match.end() :]
    taken: list[tuple[str, str]] = []
    for start, end, unit, slip in _near(rest, in_full, names, known):
        typed = in_full[start:end]
        if slip:
            found.append((start, unit))
            taken.append((typed, unit))
        else:
            doubts.append(Doubt(typed=typed, units=(unit,)))
        rest = rest[:start] + "·" * (end - start) + rest[end:]
    left = _left(in_full, rest)
    strangers = []
    settled: list[str] = []
    for stranger in sorted(_strangers(left), key=len, reverse=True):
        if any(stranger in name for name in settled):
            continue  # "Hội Khoa học" inside "Liên hiệp các Hội Khoa học"
        partly = _partly(stranger, names)
        whole = names.get(f"{' '.join(fold(stranger).split())} tinh", ())
        if len(whole) == 1:  # a name that lacks its last word alone, and is followed by no other
            found.append((left.find(stranger), whole[0]))
            settled.append(stranger)
        elif partly and not found:
            doubts.append(Doubt(typed=stranger, units=partly))
            settled.append(stranger)
        else:
            strangers.append(stranger)
    if loosely and not (found or strangers or doubts):
        for start, end, unit in _cores(rest, in_full, names):
            found.append((start, unit))
            taken.append((in_full[start:end], unit))
    return Named(
        units=tuple(dict.fromkeys(unit for _, unit in sorted(found))),
        strangers=tuple(s for s in _strangers(left) if s in strangers), taken=tuple(dict.fromkeys(taken)), doubts=tuple(dict.fromkeys(doubts)),
        rest=left,
    )  # fmt: skip


@functools.lru_cache(maxsize=8)
def _forms(units: tuple[Unit, ...], spelled: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Every folded form of a name, the longest first, with the present names it may mean."""
    forms: dict[str, dict[str, None]] = {}
    # The name of a unit that was merged stays its own, though the other has it as an old name.
    merged = {(unit.merged_into, fold(unit.name)) for unit in units if unit.merged_into}
    for unit in units:
        for name in (unit.name, *unit.aliases):
            if (unit.name, fold(name)) in merged:
                continue
            for form in (spelled(name), name):
                owners = forms.setdefault(" ".join(fold(tidy(form)).split()), {})
                owners[unit.successor or unit.name] = None
    ordered = sorted(forms, key=len, reverse=True)
    return {form: tuple(forms[form]) for form in ordered if form}


def _as_accented(typed: str, owners: Sequence[str], units: Sequence[Unit]) -> tuple[str, ...]:
    """Of units whose names differ by accents alone, the one that was typed with its accents."""
    low = " ".join(typed.lower().split())
    exact = {
        unit.successor or unit.name
        for unit in units
        for name in (unit.name, *unit.aliases)
        if " ".join(name.lower().split()) == low
    }
    kept = tuple(owner for owner in owners if owner in exact)
    return kept if len(kept) == 1 else tuple(owners)


def _ends_there(name: str, in_full: str, end: int) -> bool:
    """True when a unit's name is over at ``end``: "Hội Nông dân" is not when "thị xã" follows."""
    after = in_full[end:]
    following = re.match(r"\s*([^\W\d_]+)", after)
    if not following or after.lstrip()[:1] in ",.?!;:()-":
        return True
    if name.endswith(" tinh") or name == "tinh doan":
        # A province after "tỉnh" makes it the unit of that province, which the answer checks.
        return True
    word = following[1]
    if word.lower() == "năm":
        return bool(AFTER_YEAR_WORD.match(after.strip().lower()))
    proper = word[0].isupper() and not in_full.isupper() and fold(word) not in _TITLE_STARTS
    return word.lower() in FOLLOWERS and not proper


def _left(in_full: str, rest: str) -> str:
    return "".join("·" if r == "·" else c for c, r in zip(in_full, rest, strict=True))


def _strangers(left: str) -> tuple[str, ...]:
    found = []
    for match in ORGANISATION.finditer(left.lower()):
        words = re.match(r"(?:[^\W\d_]+ ?){1,9}", left[match.start() :])
        if not words:
            continue
        said = words[0].split()
        head = len(match[0].split())
        kept = said[:head]
        for at in range(head, len(said)):
            two = " ".join(said[at : at + 2])
            small = said[at] in _SMALL_ENDS or two in _SMALL_ENDS_TWO
            if said[at].lower() in _NAME_ENDS or (small and two != "làm vườn"):
                break
            kept.append(said[at])
        if len(kept) > head:
            found.append(" ".join(kept))
    return tuple(dict.fromkeys(found))


# --- near a name ----------------------------------------------------------------------------------


def _near(
    rest: str, in_full: str, names: dict[str, tuple[str, ...]], known: Callable[[str], bool]
) -> list[tuple[int, int, str, bool]]:
    """Where a name stands with a slip in it: start, end, unit, and whether the slip is no word.

    Only one unit may be near, and in each differing syllable one letter at most may be wrong.
    """
    words = [(m.start(), m.end(), m[0]) for m in re.finditer(r"[^\W\d_]+", rest)]
    odd = [not known(in_full[start:end].lower()) for start, end, _ in words]
    found: list[tuple[int, int, str, bool]] = []
    over = -1
    for i, (start, _, _) in enumerate(words):
        if start < over:
            continue
        hits: dict[str, tuple[int, bool]] = {}
        for name, owners in names.items():
            parts = name.split()
            window = words[i : i + len(parts)]
            if len(window) < len(parts) or len(name) < 8 or len(parts) < 2:
                continue
            wrong = [k for k, part in enumerate(parts) if part != window[k][2]]
            if not wrong or len(wrong) > max(1, len(parts) // 3):
                continue
            slip = all(odd[i + k] for k in wrong)
            if not slip and not ORGANISATION.match(in_full[start:].lower()):
                continue
            if not all(_one_letter(parts[k], window[k][2]) for k in wrong):
                continue
            end = window[-1][1]
            if not _ends_there(name, in_full, end):
                continue
            for owner in owners:
                hits.setdefault(owner, (end, slip))
        if len(hits) == 1:
            ((unit, (end, slip)),) = hits.items()
            found.append((start, end, unit, slip))
            over = end
    return found


def _one_letter(name: str, typed: str) -> bool:
    """True when one letter was missed, added, changed or two were swapped. Short words and numbers
    must be right: "xã 1" is not "xã 2"."""
    if min(len(name), len(typed)) < 3 or abs(len(name) - len(typed)) > 1:
        return False
    if len(name) == len(typed):
        wrong = [i for i, (a, b) in enumerate(zip(name, typed, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return len(wrong) == 1 or (
            swapped and name[wrong[0]] == typed[wrong[1]] and name[wrong[1]] == typed[wrong[0]]
        )
    short, long = sorted((name, typed), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _partly(stranger: str, names: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The units whose name begins with, or holds, all that was said; none when they are many."""
    said = fold(stranger).split()
    while said and said[-1] == "tinh":
        said.pop()
    if len(said) < 2:
        return ()
    inside = re.compile(rf"(?<!\w){re.escape(' '.join(said))}(?!\w)")
    found = dict.fromkeys(
        owner for name, owners in names.items() if inside.search(name) for owner in owners
    )
    return tuple(found) if len(found) <= _MOST_OPTIONS else ()


def _cores(
    rest: str, in_full: str, names: dict[str, tuple[str, ...]]
) -> list[tuple[int, int, str]]:
    """Names said without their head ("phụ nữ"), where one unit alone can be meant."""
    cores: dict[str, set[str]] = {}
    for name, owners in names.items():
        parts = name.split()
        run = [word for word in parts if word not in _HEADS]
        whole = " ".join(run)
        if len(run) >= 2 and whole in name:
            cores.setdefault(whole, set()).update(owners)
    found: list[tuple[int, int, str]] = []
    for core in sorted(cores, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(core)}(?!\w)", rest):
            if _LONGER.search(rest[: match.start()]):
                continue
            inside = any(s <= match.start() < e for s, e, _ in found)
            if len(cores[core]) == 1 and not inside and _ends_there(core, in_full, match.end()):
                found.append((match.start(), match.end(), next(iter(cores[core]))))
    return found
