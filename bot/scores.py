"""Questions about points → findings. Every figure is summed in Decimal from cells."""

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from bot.finding import (
    Absence,
    Audited,
    Change,
    Changes,
    CriterionPoints,
    Deductions,
    Finding,
    Lack,
    Names,
    Points,
    Ranking,
)
from bot.question import Question, Topic
from corpus import CriterionKind, Score, Scorer, Severity, Source, fold
from index import Lookup, terms

_ABOUT = frozenset({Topic.POINTS, Topic.RANKING, Topic.CHANGE, Topic.DEDUCTION, Topic.AUDIT})
_LOSSES = re.compile(r"mat diem|mat o dau|chua dat|bi mat|thieu diem|duoi toi da")
_OWN_RANK = re.compile(r"\b(?:thu|hang) may\b")  # "xếp thứ mấy" asks of one unit, not of all
# A block that a question names: by a number, or by whom it unites.
_BLOCK = re.compile(
    r"\b(?:khoi|cum)(?: thi dua(?: so)?| so) (\d{1,2}|[ivx]+)\b|\b(?:khoi|cum)(?: thi dua)? cac (?!don vi)(\w+)(?: \w+)?"
)
_ALL_YEARS = re.compile(r"cac nam|qua cac nam|tung nam|hang nam|moi nam")


def answer_scores(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    """Findings for a question about points, or why there are none."""
    if Topic.AUDIT in question.topics:
        return _audited(question, lookup)
    if not lookup.score_years():
        return Absence(lack=Lack.YEAR)
    if absence := _foreign(question, lookup):
        return absence
    years = _years(question, lookup)
    if isinstance(years, Absence):
        return years
    if Topic.CHANGE in question.topics and (found := _changes(question, lookup, years)):
        return found
    if not question.units:
        if question.strangers and (
            Topic.RANKING not in question.topics or _OWN_RANK.search(question.folded)
        ):
            return _unknown(question, lookup)
        if Topic.DEDUCTION in question.topics and Topic.RANKING not in question.topics:
            return _all_deductions(question, lookup, years)
        return _rankings(question, lookup, years)
    absences: list[Absence] = []
    findings: list[Finding] = []
    for unit in question.units:
        for year in years:
            one = _one(question, lookup, unit, year)
            (absences if isinstance(one, Absence) else findings).append(one)  # type: ignore[arg-type]
    return findings or absences[0]


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
        return (
            list(held)
            if _ALL_YEARS.search(question.folded)
            or (Topic.CHANGE in question.topics and question.units)
            else [held[-1]]
        )
    wanted = [year for year in question.years if year in held]
    if not wanted:
        return Absence(
            lack=Lack.YEAR,
            about=tuple(map(str, question.years)),
            exists=tuple(map(str, held)),
        )
    return wanted


def _final(scores: Sequence[Score]) -> Scorer:
    """The scorer whose points count: the council where it scored, else the block, else the unit."""
    given = {score.scorer for score in scores}
    return next(s for s in (Scorer.COUNCIL, Scorer.BLOCK, Scorer.SELF) if s in given)


def _one(question: Question, lookup: Lookup, unit: str, year: int) -> Finding | Absence:
    scores = lookup.scores(lookup.names_of(unit), [year])
    if question.period:
        scores = [s for s in scores if s.period == question.period]
    if not scores:
        held = sorted({s.year for s in lookup.scores(lookup.names_of(unit))})
        when = f"{question.period} {year}" if question.period else str(year)
        return Absence(lack=Lack.YEAR, about=(unit, when), exists=tuple(map(str, held)))
    if Topic.DEDUCTION in question.topics:
        return _deductions(question, unit, year, scores)
    if wanted := _criteria(question, scores):
        return CriterionPoints(unit=unit, year=year, scores=tuple(wanted))
    if question.criterion:
        return Absence(
            lack=Lack.CRITERION,
            about=(question.criterion, str(year)),
            exists=tuple(dict.fromkeys(f"{s.criterion} {s.criterion_name}" for s in scores)),
        )
    return _points(question, lookup, unit, year, scores)


def _criteria(question: Question, scores: Sequence[Score]) -> list[Score]:
    """The criterion or group that is named: by its code, or by most of the words of its name."""
    if question.criterion:
        return [s for s in scores if question.criterion in (s.criterion.upper(), s.group.upper())]
    asked = set(terms(question.folded))
    best: tuple[float, str] = (0.0, "")
    for score in scores:
        name = [t for t in terms(score.criterion_name) if "_" in t]
        if name:
            share = sum(t in asked for t in name) / len(name)
            best = max(best, (share, score.criterion))
    return [s for s in scores if s.criterion == best[1]] if best[0] >= 0.5 else []


def _points(
    question: Question, lookup: Lookup, unit: str, year: int, scores: Sequence[Score]
) -> Points:
    final = _final(scores)
    sums: dict[Scorer, Decimal] = {}
    groups: dict[str, tuple[str, CriterionKind, Decimal]] = {}
    for score in scores:
        sums[score.scorer] = sums.get(score.scorer, Decimal(0)) + score.points
        if score.scorer is final:
            name, kind, points = groups.get(score.group, (score.group_name, score.kind, Decimal(0)))
            groups[score.group] = (name, kind, points + score.points)
    block = scores[0].block
    standings = lookup.standings(year, final, block, scores[0].period)
    recorded = scores[0].unit
    names = lookup.names_of(unit)
    return Points(
        unit=unit, recorded_as=recorded, block=block, year=year, period=scores[0].period,
        sums=tuple((s, sums[s]) for s in Scorer if s in sums), final=final,
        rank=next((s.rank for s in standings if s.unit == recorded), 0), members=len(standings),
        groups=tuple((code, *value) for code, value in groups.items()),
        stated=tuple(t for t in lookup.totals(names, [year]) if t.scorer is final),
        asked=question.scorers,
        sources=tuple((s, span([x for x in scores if x.scorer is s])) for s in sums),
    )  # fmt: skip


def span(scores: Sequence[Score]) -> Source:
    """One source for several cells: "Năm 2021!G2:G13"."""
    first, last = scores[0].source, scores[-1].source
    if first.place == last.place or first.file != last.file or "!" not in last.place:
        return first
    return Source(file=first.file, place=f"{first.place}:{last.place.split('!')[1]}")


def _deductions(question: Question, unit: str, year: int, scores: Sequence[Score]) -> Deductions:
    final = _final(scores)
    mine = [s for s in scores if s.scorer is final]
    penalties = tuple(s for s in mine if s.kind is CriterionKind.PENALTY and s.points < 0)
    losses: tuple[Score, ...] = ()
    if _LOSSES.search(question.folded) and "diem tru" not in question.folded:
        losses = tuple(
            s for s in mine
            if s.kind is CriterionKind.BASE and s.max_points is not None and s.points < s.max_points
        )  # fmt: skip
    looked = [s for s in mine if s.kind is CriterionKind.PENALTY] or mine
    return Deductions(
        unit=unit, year=year, scorer=final, penalties=penalties, losses=losses, source=span(looked)
    )


def _all_deductions(
    question: Question, lookup: Lookup, years: Sequence[int]
) -> list[Finding] | Absence:
    """Every unit that had points taken off in the years asked for."""
    found = [
        deductions
        for year in years
        for unit in dict.fromkeys(score.unit for score in lookup.scores(years=[year]))
        if (
            deductions := _deductions(question, unit, year, lookup.scores([unit], [year]))
        ).penalties
    ]
    return list(found) or _rankings(question, lookup, years)


def _rankings(question: Question, lookup: Lookup, years: Sequence[int]) -> list[Finding] | Absence:
    found: list[Finding] = []
    for year in years:
        scores = lookup.scores(years=[year])
        scorer = next(
            (s for s in question.scorers if any(x.scorer is s for x in scores)), _final(scores)
        )
        for block in _blocks(question, lookup):
            standings = lookup.standings(year, scorer, block, question.period or "cả năm")
            if not standings:
                continue
            shown = standings
            if question.top > 0:
                shown = [s for s in standings if s.rank <= question.top]
            elif question.top < 0:
                worst = sorted({s.rank for s in standings}, reverse=True)
                shown = [s for s in reversed(standings) if s.rank in worst[: -question.top]]
            one = [s for s in scores if s.scorer is scorer and s.block == block]
            found.append(
                Ranking(
                    block=block,
                    year=year,
                    scorer=scorer,
                    standings=tuple(shown),
                    members=len(standings),
                    wanted=question.top,
                    source=span(one),
                )
            )
    return found or Absence(
        lack=Lack.YEAR,
        about=tuple(map(str, years)),
        exists=tuple(map(str, lookup.score_years())),
    )


def _blocks(question: Question, lookup: Lookup) -> Sequence[str]:
    """The blocks a question may mean: those whose name it speaks, else all."""
    blocks = lookup.score_blocks()
    asked = set(terms(question.folded))
    if len(blocks) < 2:
        return blocks
    share = {b: sum(t in asked for t in terms(b) if "_" in t) for b in blocks}
    best = max(share.values())
    return [b for b in blocks if share[b] == best]


def _changes(question: Question, lookup: Lookup, years: Sequence[int]) -> list[Finding]:
    held = lookup.score_years()
    if len(years) == 1 and years[0] - 1 in held:
        years = [years[0] - 1, years[0]]
    if len(years) < 2:
        return []
    first, last = years[0], years[-1]
    if question.units:
        pairs = [(a, b) for a, b in itertools.pairwise(years)]
        found = [
            change
            for unit in question.units
            for a, b in (pairs if len(years) <= 2 else [*pairs])
            if (change := _change(lookup, unit, a, b))
        ]
        return list(found)
    units = dict.fromkeys(
        lookup.current_name(s.unit)
        for s in lookup.standings(last) or lookup.standings(last, Scorer.BLOCK)
    )
    changes = [c for unit in units if (c := _change(lookup, unit, first, last))]
    rising = not re.search(r"giam", question.folded) or bool(re.search(r"tang", question.folded))
    changes.sort(key=lambda c: c.difference, reverse=rising)
    return [Changes(changes=tuple(changes), rising=rising)] if changes else []


def _change(lookup: Lookup, unit: str, before: int, after: int) -> Change | None:
    names = lookup.names_of(unit)
    old, new = lookup.scores(names, [before]), lookup.scores(names, [after])
    if not old or not new:
        return None
    scorer = _final(new)
    old, new = ([s for s in scores if s.scorer is scorer] for scores in (old, new))
    if not old:
        return None
    return Change(
        unit=unit, before_year=before, after_year=after, scorer=scorer,
        before=sum((s.points for s in old), Decimal(0)),
        after=sum((s.points for s in new), Decimal(0)),
        sources=(span(old), span(new)),
    )  # fmt: skip


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


def about_scores(question: Question) -> bool:
    """True when the words of a question point at points."""
    return bool(question.topics & _ABOUT)
