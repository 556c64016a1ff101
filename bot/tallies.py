"""Questions about the points of units, each by itself or against each other → findings."""

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from bot.finding import (
    Absence,
    Comparison,
    CriterionPoints,
    Deductions,
    Finding,
    Gap,
    Lack,
    Points,
    Series,
    YearPoints,
)
from bot.question import Question, Topic
from bot.scoreboards import (
    COMPARED,
    By,
    Found,
    Table,
    asked_criterion,
    conditions_of,
    criterion_said,
    current_units,
    final_of,
    groups_of,
    own_scores,
    source_of,
    span,
    standings_of,
    sum_of,
    tables_of,
)
from corpus import CriterionKind, Score, Scorer
from index import Lookup

_LOSSES = re.compile(
    r"mat diem|mat o dau|(?:chua|khong) (?:dat|duoc)|bi mat|thieu diem|duoi (?:diem |muc )?toi da"
)
# "Xếp thứ mấy, vì sao bị trừ điểm": the points and the rank are asked for besides.
_HOW_MANY = re.compile(
    r"\b(?:xep|dung) (?:thu|hang)|\bhang may|thu may\b|\b(?:duoc|dat) (?:bao nhieu|may) diem"
)


def gap(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """How far two scorers are apart."""
    if not question.scorers or not COMPARED.search(question.folded) or len(question.units) > 1:
        return None
    if len(years) > 1 and Topic.CHANGE in question.topics:
        return None
    found: list[Finding] = []
    for unit, year in itertools.product(current_units(question, lookup), years):
        for table in tables_of(question, lookup, year, [unit]):
            first = question.scorers[0]
            others = [
                s for s in (*question.scorers[1:], table.final, Scorer.SELF) if s is not first
            ]
            second = next((s for s in others if s in table.scorers), None)
            if second is None or first not in table.scorers:
                continue
            own = own_scores(lookup, unit, table)
            one, two = ({s.criterion: s for s in own if s.scorer is x} for x in (first, second))
            differing = [
                (one[c], two[c]) for c in one if c in two and one[c].points != two[c].points
            ]
            found.append(
                Gap(
                    unit=unit, year=year, period=table.period, first=first, second=second,
                    given=(sum_of([*one.values()]), sum_of([*two.values()])),
                    differing=tuple(differing),
                    sources=(span([*one.values()]), span([*two.values()])),
                )
            )  # fmt: skip
    return found or None


def versus(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """Units against each other in one table."""
    units = current_units(question, lookup)
    asked = COMPARED.search(question.folded) or re.search(r"(?:don vi|ai|ben) nao", question.folded)
    if len(units) < 2 or not asked:
        return None
    found: list[Finding] = []
    for year in years:
        for table in tables_of(question, lookup, year, units):
            scorer = table.scorer(question)
            standings = [s for s in standings_of(lookup, table, scorer) if s.unit in units]
            if len(standings) < 2:
                continue
            sums = [groups_of(own_scores(lookup, s.unit, table), scorer) for s in standings]
            names = {code: g[0] or code for one in sums for code, g in one.items()}
            groups = [
                (name, tuple(one[code][2] for one in sums))
                for code, name in names.items()
                if all(code in one for one in sums)
            ]
            found.append(
                Comparison(
                    block=table.block, year=year, period=table.period, scorer=scorer, final=table.final,
                    standings=tuple(standings), members=len(standings_of(lookup, table, scorer)),
                    groups=tuple(groups), source=source_of(lookup, table, scorer),
                )
            )  # fmt: skip
    if found:
        return found
    absent = next((u for u in units if not lookup.scores(lookup.names_of(u), years)), "")
    return _no_member(lookup, absent, years[-1]) if absent else None


def series(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """A unit over the years, or its best year."""
    best = bool(re.search(r"\bnam nao\b", question.folded)) * question.top
    if Topic.DEDUCTION in question.topics or criterion_said(question, lookup, years[-1]):
        return None
    if len(years) < 2 and not best:
        return None
    if best and not question.years:
        years = lookup.score_years()
    found: list[Finding] = []
    for unit in current_units(question, lookup):
        rows = []
        for year in years:
            for table in tables_of(question, lookup, year, [unit]):
                scorer = table.scorer(question)
                standings = standings_of(lookup, table, scorer)
                rows += [
                    YearPoints(
                        year=year, period=table.period, scorer=scorer, points=s.points,
                        rank=s.rank, members=len(standings), recorded_as=s.recorded_as,
                        source=lookup.cells(year, scorer, table.block, table.period, unit=unit),
                    )
                    for s in standings
                    if s.unit == unit
                ]  # fmt: skip
        if rows:
            found.append(Series(unit=unit, rows=tuple(rows), best=best))
    return found or _no_member(lookup, current_units(question, lookup)[0], years[-1])


def of_each(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """Each unit in each year by itself."""
    absences: list[Absence] = []
    findings: list[Finding] = []
    for unit, year in itertools.product(current_units(question, lookup), years):
        tables = tables_of(question, lookup, year, [unit])
        if not tables:
            absences.append(_no_member(lookup, unit, year))
        for table in tables:
            one = _one(question, lookup, unit, table)
            if isinstance(one, Deductions) and _HOW_MANY.search(question.folded):
                own = own_scores(lookup, unit, table)
                findings.append(_points(question, lookup, unit, table, own))
            (absences if isinstance(one, Absence) else findings).append(one)  # type: ignore[arg-type]
    return findings or absences[0]


def _one(question: Question, lookup: Lookup, unit: str, table: Table) -> Finding | Absence:
    scores = own_scores(lookup, unit, table)
    by = asked_criterion(question, lookup, table)
    if isinstance(by, Absence):
        return by
    if by:
        return criterion_points(unit, table, by, scores, conditions_of(lookup, unit, table))
    if Topic.DEDUCTION in question.topics:
        return deductions(question, unit, table, scores)
    return _points(question, lookup, unit, table, scores)


def _no_member(lookup: Lookup, unit: str, year: int) -> Absence:
    years = sorted({score.year for score in lookup.scores(lookup.names_of(unit))})
    if not years:
        members = {s.unit: None for t in lookup.tables() for s in lookup.standings(t[0], t[3])}
        return Absence(lack=Lack.MEMBER, about=(unit,), exists=tuple(members))
    return Absence(lack=Lack.YEAR, about=(unit, str(year)), exists=tuple(map(str, years)))


def _points(
    question: Question, lookup: Lookup, unit: str, table: Table, scores: Sequence[Score]
) -> Points:
    final = final_of(scores)
    sums = {s: sum_of([x for x in scores if x.scorer is s]) for s in Scorer
            if any(x.scorer is s for x in scores)}  # fmt: skip
    standings = standings_of(lookup, table, final)
    own = next((s for s in standings if s.unit == unit), None)
    names = lookup.names_of(unit)
    stated = [t for t in lookup.totals(names, [table.year])
              if t.scorer is final and t.period == table.period]  # fmt: skip
    return Points(
        unit=unit, recorded_as=scores[0].unit, block=table.block, year=table.year,
        period=table.period, sums=tuple(sums.items()), final=final,
        rank=own.rank if own else 0, shared=own.shared if own else False, members=len(standings),
        groups=tuple((code, *value) for code, value in groups_of(scores, final).items()),
        maxima=_maxima(scores, final), stated=tuple(stated), asked=question.scorers,
        conditions=tuple(conditions_of(lookup, unit, table)),
        sources=tuple((s, span([x for x in scores if x.scorer is s])) for s in sums),
    )  # fmt: skip


def _maxima(scores: Sequence[Score], scorer: Scorer) -> tuple[tuple[str, Decimal], ...]:
    """The most that each group can give, where every criterion of it says so; penalties give none."""
    most: dict[str, Decimal | None] = {}
    for score in scores:
        if score.scorer is scorer and score.kind is not CriterionKind.PENALTY:
            known = most.get(score.group, Decimal(0))
            limit = score.max_points
            most[score.group] = None if known is None or limit is None else known + limit
    return tuple((code, points) for code, points in most.items() if points is not None)


def deductions(question: Question, unit: str, table: Table, scores: Sequence[Score]) -> Deductions:
    """What one unit had taken off, and where it stayed below the most."""
    final = final_of(scores)
    mine = [s for s in scores if s.scorer is final]
    penalties = tuple(s for s in mine if s.kind is CriterionKind.PENALTY and s.points < 0)
    losses: tuple[Score, ...] = ()
    why = "tru" not in question.folded.split()
    if (_LOSSES.search(question.folded) or why) and "diem tru" not in question.folded:
        losses = tuple(
            s for s in mine
            if s.kind is CriterionKind.BASE and s.max_points is not None and s.points < s.max_points
        )  # fmt: skip
    looked = [s for s in mine if s.kind is CriterionKind.PENALTY] or mine
    return Deductions(
        unit=unit, year=table.year, scorer=final, penalties=penalties, losses=losses,
        source=span(looked),
    )  # fmt: skip


def criterion_points(
    unit: str, table: Table, by: By, scores: Sequence[Score], conditions: Sequence[Score]
) -> CriterionPoints:
    """The points of one unit for a criterion, or for a group with its sums."""
    if by.criterion:
        wanted = [s for s in (*scores, *conditions) if s.criterion == by.criterion]
        return CriterionPoints(unit=unit, year=table.year, period=table.period, scores=tuple(wanted),
                               final=final_of(scores))  # fmt: skip
    judged = [s for s in conditions if s.group == by.group]
    wanted = [s for s in scores if s.group == by.group]
    if not wanted:  # a group of conditions alone: there is no sum to tell
        return CriterionPoints(unit=unit, year=table.year, period=table.period,
                               scores=tuple(judged), final=final_of(scores))  # fmt: skip
    sums = {s: sum_of([x for x in wanted if x.scorer is s]) for s in Scorer
            if any(x.scorer is s for x in wanted)}  # fmt: skip
    return CriterionPoints(
        unit=unit, year=table.year, period=table.period, scores=(*wanted, *judged), group=by.label,
        sums=tuple(sums.items()), final=final_of(scores),
    )  # fmt: skip
