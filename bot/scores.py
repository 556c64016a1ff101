"""Questions about points → findings: which years are held, who answers, what changed in between.

What is asked of units is answered in ``bot/tallies.py``, of a block in ``bot/placings.py``, from the
tables that ``bot/scoreboards.py`` picks. Every figure is summed in Decimal from cells.
"""

import itertools
import re
from collections.abc import Callable, Sequence

from bot import placings, tallies
from bot.finding import Absence, Audited, Change, Changes, Finality, Finding, Lack, Mean, Names
from bot.question import Question, Topic
from bot.scoreboards import (
    ABOUT,
    COMPARED,
    Found,
    current_units,
    groups_of,
    mean_of,
    own_scores,
    source_of,
    span,
    standings_of,
    sum_of,
    tables_of,
)
from corpus import Scorer, Severity, fold
from index import Lookup

_OWN_RANK = re.compile(r"\b(?:thu|hang) may\b")  # "xếp thứ mấy" asks of one unit, not of all
# A block that a question names: by a number, or by whom it unites.
_BLOCK = re.compile(
    r"\b(?:khoi|cum)(?: thi dua(?: so)?| so) (\d{1,2}|[ivx]+)\b|\b(?:khoi|cum)(?: thi dua)? cac (?!don vi)(\w+)(?: \w+)?"
)
_ALL_YEARS = re.compile(
    r"cac nam|qua (?:cac|tung) nam|tung nam|hang nam|moi nam|theo nam|nam nao|nhiem ky"
    r"|(?:nhung|may|cac) lan|lan nao|tu truoc den nay"
)
_MEAN = re.compile(r"trung binh|binh quan")
_FINAL = re.compile(
    r"(?:da |la |co )?(?:diem |ket qua )?(?:chot|chinh thuc|cuoi cung|tam tinh|du kien)\b.*(?:chua|hay|khong|phai)"
)


def answer_scores(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    """Findings for a question about points, or why there are none."""
    if Topic.AUDIT in question.topics:
        return _audited(question, lookup)
    if not lookup.score_years():
        return Absence(lack=Lack.YEAR)
    if absence := _foreign(question, lookup):
        return absence
    if _unknown_named(question):
        return _unknown(question, lookup)
    years = _years(question, lookup)
    if isinstance(years, Absence):
        return years
    if absence := _no_period(question, lookup, years):
        return absence
    for want in _OF_UNITS if question.units else _OF_BLOCKS:
        if found := want(question, lookup, years):
            return found
    raise AssertionError("the last of each list always answers")


def answer_names(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    """The former and present names of a unit."""
    if not question.units:
        return _unknown(question, lookup)
    found: list[Finding] = []
    for unit in question.units:
        names = set(lookup.names_of(unit))
        records = [u for u in lookup.units() if u.name in names]
        found.append(Names(units=tuple(sorted(records, key=lambda u: str(u.since or "")))))
    return found


def about_scores(question: Question) -> bool:
    """True when the words of a question point at points."""
    if question.topics & ABOUT or placings.asks_members(question):
        return True
    if question.years and placings.asks_criteria(question):
        return True
    beside = len(question.units) > 1 and COMPARED.search(question.folded)
    return bool(beside or (question.units and _MEAN.search(question.folded)))


# --- what there is not ----------------------------------------------------------------------------


def _unknown_named(question: Question) -> bool:
    """True when what is asked hangs on an organisation that no record knows."""
    if not question.strangers:
        return False
    if question.units:
        return bool(COMPARED.search(question.folded))
    return Topic.RANKING not in question.topics or bool(_OWN_RANK.search(question.folded))


def _unknown(question: Question, lookup: Lookup) -> Absence:
    known = dict.fromkeys(lookup.current_name(unit.name) for unit in lookup.units())
    return Absence(lack=Lack.UNIT, about=question.strangers, exists=tuple(known))


def _foreign(question: Question, lookup: Lookup) -> Absence | None:
    """A province that the records do not name makes it another unit, however alike the names."""
    blocks = " ".join((*lookup.score_blocks(), *(u.name for u in lookup.units())))
    foreign = [p for p in question.provinces if fold(p) not in fold(blocks)]
    if foreign:
        return Absence(lack=Lack.PROVINCE, about=tuple(foreign), exists=lookup.score_blocks())
    words = set(re.findall(r"\w+", fold(blocks)))
    other = [
        question.whole[m.start() : m.end()]
        for m in _BLOCK.finditer(question.folded)
        if (m[1] or m[2]) not in words
    ]
    if other and not question.units:
        return Absence(lack=Lack.PROVINCE, about=tuple(other), exists=lookup.score_blocks())
    return None


def _years(question: Question, lookup: Lookup) -> list[int] | Absence:
    held = lookup.score_years()
    if not question.years:
        every = _ALL_YEARS.search(question.folded) or (
            Topic.CHANGE in question.topics and question.units
        )
        return list(held) if every else [_newest(question, lookup, held)]
    wanted = [year for year in question.years if year in held]
    if not wanted:
        return Absence(
            lack=Lack.YEAR,
            about=tuple(map(str, question.years)),
            exists=tuple(map(str, held)),
        )
    return wanted


def _newest(question: Question, lookup: Lookup, held: Sequence[int]) -> int:
    """The last year with points; of units that were merged into others, the last of theirs."""
    gone = {unit.name for unit in lookup.units() if unit.merged_into}
    if question.units and gone.issuperset(question.units):
        own = [score.year for score in lookup.scores(question.units)]
        return max(own, default=held[-1])
    return held[-1]


def _no_period(question: Question, lookup: Lookup, years: Sequence[int]) -> Absence | None:
    """A part of the year that no table is of."""
    if not question.period:
        return None
    held = [table for table in lookup.tables() if table[0] in years]
    if any(period == question.period for _, _, period, _ in held):
        return None
    exists = dict.fromkeys(f"{period} {year}" for year, _, period, _ in held)
    about = (question.period, *map(str, years))
    return Absence(lack=Lack.PERIOD, about=about, exists=tuple(exists))


# --- of a whole table -----------------------------------------------------------------------------


def _finality(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    if not _FINAL.search(question.folded):
        return None
    found: list[Finding] = []
    for year in years:
        for table in tables_of(question, lookup, year, current_units(question, lookup)):
            scored = [
                (s, len(standings_of(lookup, table, s))) for s in Scorer if s in table.scorers
            ]
            found.append(
                Finality(
                    block=table.block, year=year, period=table.period, scored=tuple(scored),
                    members=max(n for _, n in scored), final=table.final,
                    source=source_of(lookup, table, table.final),
                )
            )  # fmt: skip
    return found or None


def _against_mean(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    if not _MEAN.search(question.folded):
        return None
    units = current_units(question, lookup)
    found: list[Finding] = []
    for year in years:
        for table in tables_of(question, lookup, year, units):
            scorer = table.scorer(question)
            standings = standings_of(lookup, table, scorer)
            found.append(
                Mean(
                    block=table.block, year=year, period=table.period, scorer=scorer, final=table.final,
                    mean=mean_of(standings), members=len(standings),
                    rounded=mean_of(standings) * len(standings) != sum(s.points for s in standings),
                    highest=standings[0], lowest=standings[-1],
                    units=tuple(s for s in standings if s.unit in units),
                    source=source_of(lookup, table, scorer),
                )
            )  # fmt: skip
    return found or None


def _audited(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    problems = [p for p in lookup.problems() if p.severity is Severity.AUDIT and p.place]
    for year in question.years:
        problems = [p for p in problems if str(year) in f"{p.file} {p.place} {p.message}"]
    if re.search(r"vuot", question.folded):
        narrowed = [p for p in problems if "vuot" in fold(p.message)]
        problems = narrowed or problems
    elif re.search(r"cong sai|sai tong|cong khong|tinh sai", question.folded):
        narrowed = [p for p in problems if re.search(r"cong|tong", fold(p.message))]
        problems = narrowed or problems
    return [Audited(problems=tuple(problems))]


# --- between years --------------------------------------------------------------------------------


def _changes(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    differs = len(question.units) == 1 and len(years) == 2 and COMPARED.search(question.folded)
    if Topic.CHANGE not in question.topics and not differs:
        return None
    held = lookup.score_years()
    if len(years) == 1 and years[0] - 1 in held:
        years = [years[0] - 1, years[0]]
    if len(years) < 2:
        return None
    first, last = years[0], years[-1]
    if question.units:
        steps = [*itertools.pairwise(years)]
        if len(steps) > 1 and question.years:
            steps.insert(0, (first, last))
        found: list[Finding] = [
            change
            for unit in current_units(question, lookup)
            for a, b in steps
            if (change := _change(question, lookup, unit, a, b))
        ]
        # Where the whole way is told, its steps are told in short.
        return [
            f.model_copy(update={"groups": ()}) if n and len(steps) > 2 else f
            for n, f in enumerate(found)
        ] or None
    changes = _all_changes(question, lookup, first, last)
    rising = not re.search(r"giam", question.folded) or bool(re.search(r"tang", question.folded))
    changes.sort(key=lambda c: c.difference, reverse=rising)
    return [Changes(changes=tuple(changes), rising=rising)] if changes else None


def _all_changes(question: Question, lookup: Lookup, before: int, after: int) -> list[Change]:
    """The change of every unit that both years rank, by the scorer whose points count."""
    found = []
    for new in tables_of(question, lookup, after):
        scorer = new.scorer(question)
        olds = [t for t in tables_of(question, lookup, before) if scorer in t.scorers]
        for old in (t for t in olds if t.period == new.period):
            was = {s.unit: s.points for s in standings_of(lookup, old, scorer)}
            sources = (source_of(lookup, old, scorer), source_of(lookup, new, scorer))
            found += [
                Change(
                    unit=s.unit, before_year=before, after_year=after, scorer=scorer,
                    before=was[s.unit], after=s.points, sources=sources,
                )
                for s in standings_of(lookup, new, scorer)
                if s.unit in was
            ]  # fmt: skip
    return found


def _change(
    question: Question, lookup: Lookup, unit: str, before: int, after: int
) -> Change | None:
    tables = [tables_of(question, lookup, year, [unit]) for year in (before, after)]
    if not all(len(found) == 1 for found in tables):
        return None
    (old_table,), (new_table,) = tables
    scorer = new_table.scorer(question)
    old, new = (
        [s for s in own_scores(lookup, unit, table) if s.scorer is scorer]
        for table in (old_table, new_table)
    )
    if not old or not new:
        return None
    was, now = groups_of(old, scorer), groups_of(new, scorer)
    groups = [
        (now[code][0] or code, was[code][2], now[code][2])
        for code in now
        if code in was and was[code][2] != now[code][2]
    ]
    return Change(
        unit=unit, before_year=before, after_year=after, scorer=scorer, before=sum_of(old),
        after=sum_of(new), groups=tuple(groups), sources=(span(old), span(new)),
    )  # fmt: skip


# --- who answers ----------------------------------------------------------------------------------

_Want = Callable[[Question, Lookup, Sequence[int]], Found]
# The first that answers, answers: from the most particular wish to the plainest.
_OF_UNITS: tuple[_Want, ...] = (
    tallies.gap, _finality, _against_mean, tallies.versus, _changes, tallies.series, tallies.of_each,
)  # fmt: skip
_OF_BLOCKS: tuple[_Want, ...] = (
    placings.members_of,
    placings.criteria_of,
    placings.all_gaps,
    _finality,
    _changes,
    placings.all_deductions,
    _against_mean,
    placings.rankings,
)
