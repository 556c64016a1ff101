"""What the workbooks answer: points, awards, names; and workbook and report held side by side."""

import re

from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation, no, yes
from bot.awards import answer_awards, workbooks_of
from bot.finding import Absence, Agreement, Audited, Finding, Lack, Points
from bot.meetings import identify, kinds_of, points_said
from bot.proceedings import reported, standing
from bot.question import Question, Topic
from bot.scores import answer_names, answer_scores
from corpus import Severity
from index import Index

_NO_TABLE = (Lack.UNIT, Lack.MEMBER, Lack.YEAR)  # no workbook has that unit in that year


def from_scores(question: Question, index: Index) -> Answer:
    """Points, ranks, deductions and changes; what reports say where no workbook has that unit or year."""
    found = answer_scores(question, index.lookup)
    if isinstance(found, Absence):
        quotes = reported(question, index) if found.lack in _NO_TABLE else ()
        return yes(question, [], quotes) if quotes else no(question, found)
    held = index.lookup.score_years()
    warnings = _audits(found, index)
    kind = AnswerKind.ANSWER
    if missing := [year for year in question.years if year not in held]:
        warnings = (Caveat(caution=Caution.YEARS, about=tuple(map(str, missing))), *warnings)
        # "3 năm gần đây" is answered with the years there are; a year that was said is missed.
        if Topic.CHANGE in question.topics or set(missing) & set(question.years_said):
            kind = AnswerKind.PARTIAL
    return yes(question, found, (), warnings, kind)


def from_names(question: Question, index: Index) -> Answer:
    """The former and present names of a unit."""
    found = answer_names(question, index.lookup)
    return no(question, found) if isinstance(found, Absence) else yes(question, found)


def from_awards(question: Question, index: Index) -> Answer:
    """Awards and decisions of the workbooks and reports."""
    kinds = {path: document.kind for path, document in index.documents.items()}
    found = answer_awards(question, index.lookup, workbooks_of(kinds))
    if isinstance(found, Absence):
        return no(question, found)
    return yes(question, found)


def _audits(found: list[Finding], index: Index) -> tuple[Caveat, ...]:
    """What the check of the workbooks found about the units whose points are shown."""
    shown = [f for f in found if isinstance(f, Points)]
    if not shown or any(isinstance(f, Audited) for f in found):
        return ()
    messages = [
        f"{problem.message} ({problem.file}, {problem.place})"
        for problem in index.lookup.problems()
        if problem.severity is Severity.AUDIT
        and any(
            p.unit in problem.message
            and str(p.year) in f"{problem.file} {problem.place} {problem.message}"
            for p in shown
        )
    ]
    return tuple(Caveat(caution=Caution.AUDIT, about=(m,)) for m in dict.fromkeys(messages))


_BOTH = re.compile(
    r"bang (?:diem|cham|tong hop)|so (?:voi|sanh)|khop|dung khong|giong|(?:noi|ghi|neu) (?:gi|the nao|bao nhieu|may)|doi chieu"
)


def both_asked(question: Question) -> bool:
    """True when a report and a workbook are asked about the same unit's points."""
    report = bool(kinds_of(question)) or bool(
        re.search(r"\b(?:bao cao|bien ban)\b", question.folded)
    )
    return bool(question.units and report and _BOTH.search(question.folded))


def from_both(question: Question, index: Index) -> Answer:
    """What the workbook says and what the report says, each with its source, held together."""
    scores = from_scores(question, index)
    points = [f for f in scores.findings if isinstance(f, Points)]
    reports = [i.meeting for i in identify(question, index)]
    found: list[Finding] = [*points]
    quotes: list[Citation] = []
    for point in points:
        for meeting in (m for m in reports if m.year == point.year):
            for said in points_said(index.lookup.names_of(point.unit), meeting, index):
                same = next((s for s, held in reversed(point.sums) if held == said.points), None)
                found.append(
                    Agreement(
                        unit=point.unit, year=point.year, said=said.points, scorer=same,
                        held=point.sums, source=said.source,
                    )
                )  # fmt: skip
                document = index.documents[meeting.document]
                quotes += standing(document, said.source.quote, index)
    if len(found) == len(points):
        return no(
            question, Absence(lack=Lack.MEETING, about=(*question.units, *map(str, question.years)))
        )
    return yes(question, found, tuple(dict.fromkeys(quotes)), scores.warnings)
