"""Questions about all units of a block → findings: who is first, who lost points, who belongs to it."""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.finding import (
    Absence,
    Bound,
    Criteria,
    CriterionPoints,
    Deductions,
    Finding,
    Gap,
    Gaps,
    Lack,
    Members,
    Ranking,
)
from bot.periods import number_word
from bot.question import Question, Topic
from bot.scoreboards import (
    ABOUT,
    COMPARED,
    By,
    Found,
    Table,
    asked_criterion,
    conditions_of,
    mean_of,
    own_scores,
    source_of,
    standings_of,
    sum_of,
    tables_of,
)
from bot.tallies import criterion_points, deductions
from corpus import Scorer
from index import Lookup, Standing

_SPARED = re.compile(r"khong (?:he )?(?:bi tru|co diem tru|mat diem)")
_MEMBERS = re.compile(
    r"\b(?:khoi|cum|bang diem)\b.{0,30}(?:bao nhieu|may|nhung|cac) (?:don vi|thanh vien)|(?:bao nhieu|may|nhung|danh sach)(?: cac)? (?:don vi|thanh vien) (?:trong|thuoc|cua) (?:khoi|cum|bang)"
)
_CRITERIA = re.compile(
    r"(?:nhung|cac|bao nhieu|may|gom|danh sach) (?:nhom )?tieu chi(?! xet| de |.{0,30}(?:cao nhat|don vi nao))"
)
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_BOUNDS = (  # above, including
    (True, True, rf"(?:tu|dat|it nhat) {_NUMBER} diem tro len|khong (?:duoi|kem|it hon) {_NUMBER}"),
    (False, True, rf"{_NUMBER} diem tro xuong|khong (?:qua|tren|vuot|hon) {_NUMBER}"),
    (True, False, rf"(?:tren|hon|vuot|qua) {_NUMBER}(?: diem)?\b(?! don vi)"),
    (False, False, rf"(?:duoi|chua den|chua dat|chua toi|it hon|kem) {_NUMBER}(?: diem)?\b"),
)
_PLACE = re.compile(
    r"\b(?:thu|hang)(?: hang)? (\d{1,2}|nhi|hai|ba|tu|bon|nam(?! \d)|sau|bay|tam|chin|muoi)\b"
)
_ORDINALS = {"nhi": 2, "tu": 4}


def members_of(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """The units of a block."""
    if not asks_members(question) or question.topics & ABOUT:
        return None
    return [
        Members(
            block=table.block, year=year,
            units=tuple(sorted(s.unit for s in standings_of(lookup, table))),
            source=source_of(lookup, table, table.final),
        )
        for year in years
        for table in tables_of(question, lookup, year)
    ] or None  # fmt: skip


def asks_members(question: Question) -> bool:
    """True when it is asked which units a block has."""
    return Topic.MEETING not in question.topics and bool(_MEMBERS.search(question.folded))


def criteria_of(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """The criteria of a table."""
    if not asks_criteria(question):
        return None
    return [
        Criteria(
            block=table.block, year=year,
            criteria=tuple(c for c in lookup.criteria(year) if c.block == table.block),
            source=source_of(lookup, table, table.final),
        )
        for year in years
        for table in tables_of(question, lookup, year)
    ] or None  # fmt: skip


def asks_criteria(question: Question) -> bool:
    """True when the list of criteria is asked for."""
    return bool(_CRITERIA.search(question.folded)) and not (question.titles or question.criterion)


def all_deductions(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """Every unit that had points taken off in the years asked for, who lost most first."""
    if Topic.DEDUCTION not in question.topics:
        return None
    found: list[Finding] = []
    for year in years:
        for table in tables_of(question, lookup, year):
            every = [
                deductions(question, s.unit, table, own_scores(lookup, s.unit, table))
                for s in standings_of(lookup, table)
            ]
            if _SPARED.search(question.folded):
                spared = tuple(d.unit for d in every if not d.penalties)
                found.append(
                    Deductions(unit="", year=year, scorer=table.final, penalties=(), spared=spared,
                               members=len(every), source=source_of(lookup, table, table.final))
                )  # fmt: skip
                continue
            lost = sorted((d for d in every if d.penalties), key=lambda d: sum_of(d.penalties))
            found += lost or [
                Deductions(unit="", year=year, scorer=table.final, penalties=(),
                           source=source_of(lookup, table, table.final))
            ]  # fmt: skip
    return found or None


def all_gaps(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """How far two scorers are apart for every unit, the farthest first."""
    if not question.scorers or not COMPARED.search(question.folded):
        return None
    found: list[Finding] = []
    for year in years:
        for table in tables_of(question, lookup, year):
            pair = list(dict.fromkeys((*question.scorers, table.final, Scorer.SELF)))[:2]
            if not set(pair) <= set(table.scorers):
                continue
            first, second = pair
            theirs = {s.unit: s.points for s in standings_of(lookup, table, second)}
            gaps = [
                Gap(
                    unit=s.unit, year=year, period=table.period, first=first, second=second,
                    given=(s.points, theirs[s.unit]), differing=(),
                    sources=tuple(source_of(lookup, table, scorer) for scorer in pair),
                )
                for s in standings_of(lookup, table, first)
                if s.unit in theirs
            ]  # fmt: skip
            least = bool(re.search(r"it nhat|nho nhat|thap nhat", question.folded))
            gaps.sort(key=lambda g: abs(g.given[0] - g.given[1]), reverse=not least)
            found.append(Gaps(gaps=tuple(gaps), least=least))
    return found or None


def rankings(question: Question, lookup: Lookup, years: Sequence[int]) -> Found:
    """The ranking of a block, or the part of it that is asked for: always answers."""
    found: list[Finding] = []
    for year in years:
        for table in tables_of(question, lookup, year):
            by = asked_criterion(question, lookup, table)
            if isinstance(by, Absence):
                return by
            scorer = table.scorer(question)
            standings = standings_of(lookup, table, scorer, by)
            if by and not standings and (judged := _judged(lookup, table, by)):
                found += judged
                continue
            members = {
                s.unit for given in table.scorers for s in standings_of(lookup, table, given)
            }
            shown = _shown(question, standings)
            whole = len(shown) == len(standings) and not by
            found.append(
                Ranking(
                    block=table.block, year=year, period=table.period, scorer=scorer, final=table.final,
                    standings=tuple(shown), members=len(standings), wanted=question.top,
                    place=_place(question), bound=_bound(question), criterion=by.label if by else "",
                    max_points=by.most if by else None,
                    mean=mean_of(standings) if whole else None,
                    unscored=tuple(sorted(members - {s.unit for s in standings})),
                    source=lookup.cells(year, scorer, table.block, table.period,
                                        by.criterion if by else ""),
                )
            )  # fmt: skip
    return found or Absence(
        lack=Lack.YEAR,
        about=tuple(map(str, years)),
        exists=tuple(map(str, lookup.score_years())),
    )


def _judged(lookup: Lookup, table: Table, by: By) -> list[CriterionPoints]:
    """What is said of every unit where the criterion is a condition, which ranks nobody."""
    units = sorted({s.unit for given in table.scorers for s in standings_of(lookup, table, given)})
    every = [
        criterion_points(
            u, table, by, own_scores(lookup, u, table), conditions_of(lookup, u, table)
        )
        for u in units
    ]
    return [one for one in every if one.scores]


def _shown(question: Question, standings: list[Standing]) -> list[Standing]:
    """The units of a ranking that a question wants to see, in the order to show them."""
    if bound := _bound(question):
        return [s for s in standings if _within(s.points, bound)]
    if place := _place(question):
        # After a tie there is no such rank: then those that share the one before it.
        rank = max((s.rank for s in standings if s.rank <= place), default=0)
        return [s for s in standings if s.rank == rank] if place <= len(standings) else []
    if question.top > 0:
        return [s for s in standings if s.rank <= question.top]
    if question.top < 0:
        worst = sorted({s.rank for s in standings}, reverse=True)
        last: list[Standing] = []
        for rank in worst:
            if len(last) >= -question.top:
                break
            last += [s for s in reversed(standings) if s.rank == rank]
        return last
    return standings


def _place(question: Question) -> int:
    match = _PLACE.search(question.folded)
    if not match or question.top or question.units or question.titles:
        return 0
    return _ORDINALS.get(match[1]) or number_word(match[1])


def _bound(question: Question) -> Bound | None:
    for above, including, pattern in _BOUNDS:
        if match := re.search(pattern, question.folded):
            value = next(group for group in match.groups() if group)
            points = Decimal(value.replace(",", "."))
            if not 1900 <= points <= 2100:
                return Bound(points=points, above=above, including=including)
    return None


def _within(points: Decimal, bound: Bound) -> bool:
    if points == bound.points:
        return bound.including
    return (points > bound.points) is bound.above
