"""Question + index → ``Answer``: decides what is known and what is not. No wording.

The order is fixed: an Điều that is named is fetched; records answer what is a record; passages
answer the rest; and what the evidence does not carry is not said. Every quote is checked against
the stored passages before it leaves this file.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum

from bot.awards import about_awards, answer_awards, names_somebody, workbooks_of
from bot.comparison import asks_old_and_new, compared, pair_of, side_by_side, subject_of
from bot.evidence import Evidence, definitions, weigh
from bot.finding import (
    Absence,
    Agreement,
    Audited,
    Awards,
    Choice,
    Finding,
    Half,
    Halves,
    InForce,
    Known,
    Lack,
    Lifespan,
    MeetingFacts,
    MeetingList,
    Offices,
    Points,
    Reward,
    Salary,
    SideBySide,
    Together,
)
from bot.force import (
    amended,
    done_to,
    gone,
    guided,
    in_force,
    is_held,
    keeps,
    of_that_day,
    text_of,
)
from bot.halves import Span, cuts, half
from bot.history import as_row, called, clauses, in_force_then, life_of, lifespans, own_clauses
from bot.meetings import (
    about_meetings,
    answer_meetings,
    asks_fact,
    asks_of_records,
    asks_overview,
    identify,
    kinds_of,
    points_said,
)
from bot.money import asks_base, asks_which, base_salary, rewards, together
from bot.question import Question, Topic, content_words, in_full, timeless, titles_in
from bot.residue import unexplained
from bot.scores import about_scores, answer_names, answer_scores
from bot.sureness import Signs
from corpus import (
    Document,
    Effect,
    Kind,
    Passage,
    Place,
    Record,
    Relation,
    Severity,
    Status,
    fold,
    in_doubt,
)
from index import ASKING, Hit, Index, terms

# Below the lower sureness nothing is said; between the two the answer names what it is unsure of.
# Measured by benchmarks/refusals.py.
_UNSURE = 0.75
_REFUSED = 0.5
_INSTEAD, _WHOLLY = (
    0.6,
    0.95,
)  # sureness and coverage that another clause must reach to answer instead
_FOREIGN = 0.5  # a question without a word of the field must be surer than this
_SEARCHED = 60
_CITED = 5


class AnswerKind(StrEnum):
    """What an answer is worth: the whole, a part or with caution, or an honest no."""

    ANSWER = "answer"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    CHOICE = "choice"  # the question may mean several things: the reader is asked which


class Caution(StrEnum):
    """What a reader must know beside the answer."""

    DIGEST = "digest"  # the document is a digest, not the official wording
    AMENDED = "amended"  # a newer text amends it and is not held: number, first day
    ENDED = "ended"  # it no longer applies: number, last day, what replaced it
    FUTURE = "future"  # it does not apply yet: number, first day
    PART_ENDED = "part_ended"  # parts of the quote were repealed: number, parts, by, day
    PART_FUTURE = "part_future"  # parts of the quote do not apply yet: number, parts, day
    CHANGED = "changed"  # a held text amends what is quoted: number, parts, by, its clause, day
    ABOVE = "above"  # the law that it details was amended: number, law, by, day
    THEN = "then"  # another text applied on that day and is not held: number, day
    NO_BASE = "no_base"  # no base salary of that day is known: the day
    UNCHECKED = "unchecked"  # the register's row is not fully checked: number
    UNSURE = "unsure"  # these words of the question are not in what is quoted
    AUDIT = "audit"  # the workbook contradicts itself: the message
    INFERRED = "inferred"  # the year of a date stands elsewhere in the report
    PROPOSED = "proposed"  # a proposal is not a decision
    YEARS = "years"  # no points are held of these years
    OCR = "ocr"  # the quote was read from a picture: the document, how sure of 100
    READ = "read"  # mistyped words, and the unit they were taken for
    WITHHELD = "withheld"  # awards that are not decided are left out for who may not see them
    RENAMED = "renamed"  # an old name in the question: it, the present one, its first day
    MERGED = "merged"  # a unit that is no more: it, what it became a part of, its last day


class Caveat(Record):
    """A caution with its particulars."""

    caution: Caution
    about: tuple[str, ...] = ()


class Citation(Record):
    """A quote with its place. ``quote`` stands word for word in the stored passages of ``place``."""

    document: Document
    place: Place
    quote: str
    around: tuple[str, ...] = ()  # heading of the Điều and what opens the clause, for reading it
    relevance: float = 0.0
    span: tuple[datetime.date, datetime.date] | None = None  # the days for which it is given


class Answer(Record):
    """What is known in answer to one question. ``findings`` speak before ``citations``."""

    kind: AnswerKind
    question: Question
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    absence: Absence | None = None
    choice: Choice | None = None
    nearest: tuple[Citation, ...] = ()  # what is held and came near, when nothing answers
    warnings: tuple[Caveat, ...] = ()
    signs: Signs | None = None  # why a clause of a regulation was given, or was not
    around: tuple[Place | None, Place | None] = (None, None)  # before and after the first citation

    @property
    def as_of(self) -> datetime.date:
        """The day whose rules were applied."""
        return self.question.as_of


# Findings that speak of regulations, beside their clauses.
OF_REGULATIONS = (Known, Reward, Salary, Together, Halves, Lifespan, InForce, SideBySide)

_REGULATORY = re.compile(
    r"tieu chuan|dieu kien|ho so|tham quyen|quy dinh|muc thuong|tien thuong|thoi han|may tien|bao nhieu tien|"
    r"nguyen tac|(?<!nam )(?<!khi )do (?:ai(?! chu tri)|(?:co quan|noi|cap) nao (?:dat|quy|ban|quyet|xet))|ai (?:duoc )?(?:quyet|quy|thanh|co quyen|ky)|can (?:gi|nhung gi|may|bao nhieu)|phai (?:dat|co)|luat(?! gia| su)|nghi dinh|thong tu|"
    r"the nao la|la gi\b|hieu the nao|cum tu|(?:nhieu nhat|toi da|it nhat|toi thieu)(?: duoc| la)? (?:may|bao nhieu) (?!diem|don vi)|ty le phieu|phan tram|cong khai|luong co so|duoc xet|co xet|xet theo|hieu luc|thu tuc|dinh nghia|trach nhiem (?:gi|nhu|ra sao|the nao|cua ai)"
)


def answer(question: Question, index: Index) -> Answer:
    """Answer one understood question from one index."""
    found = _answered(question, index)
    more = (*_pictures(found.citations, index), *_histories(found.question, index))
    return found.model_copy(update={"warnings": (*found.warnings, *more)}) if more else found


def _histories(question: Question, index: Index) -> tuple[Caveat, ...]:
    """What became of the units that a question names by what they were once called."""
    found = []
    units = index.lookup.units()
    for unit in units:
        if unit.merged_into and unit.name in question.units:
            day = f"{unit.until:%d/%m/%Y}" if unit.until else ""
            about = (unit.name, unit.merged_into, day)
            found.append(Caveat(caution=Caution.MERGED, about=about))
        elif unit.successor in question.units and fold(unit.name) in question.folded.replace(
            fold(unit.successor), ""
        ):
            now = index.lookup.current_name(unit.name)
            since = next((u.since for u in units if u.name == unit.successor), None)
            day = f"{since:%d/%m/%Y}" if since else ""
            found.append(Caveat(caution=Caution.RENAMED, about=(unit.name, now, day)))
    return tuple(found)


def _pictures(citations: tuple[Citation, ...], index: Index) -> tuple[Caveat, ...]:
    """Which quotes were read from pictures, each document with its least sure one."""
    least: dict[str, int] = {}
    for citation in citations:
        for passage in index.within(citation.document.path, citation.place):
            if passage.sure is not None:
                name = citation.document.name
                least[name] = min(passage.sure, least.get(name, 100))
    return tuple(Caveat(caution=Caution.OCR, about=(n, str(s))) for n, s in least.items())


def _answered(question: Question, index: Index) -> Answer:
    if not question.text.strip() or not re.search(r"\w{2}", question.text):
        return _no(question, Absence(lack=Lack.EMPTY))
    if _ORDER.match(question.folded):
        return _no(question, Absence(lack=Lack.OUTSIDE))
    if _GREETING.match(question.folded):
        return _no(question, Absence(lack=Lack.GREETING))
    if found := _compared(question, index):
        return found
    if found := _history(question, index):
        return found
    if question.place.article and (found := _named_article(question, index)):
        return _as_amended(found, index)
    if found := _named_part(question, index):
        return found
    routes = _routes(question, index)
    if question.doubts and routes[0] in (_from_scores, _from_awards, _from_names, _from_both):
        return _ask_which(question)
    absence: Absence | None = None
    for route in routes:
        found = _explained(route(question, index), index)
        if found.kind is not AnswerKind.NOT_FOUND:
            return _with_readings(found)
        # The first "no" is the most particular one: it comes from the route that the words point at.
        if absence is None or absence.lack in (Lack.WEAK, Lack.RECORD, Lack.MEETING):
            absence, nearest, signs = found.absence, found.nearest, found.signs
    assert absence is not None
    if _from_regulations not in routes and _may_be_a_rule(question, absence):
        found = _from_regulations(question, index)
        if found.kind is AnswerKind.ANSWER and (not question.topics or _speaks_of_strangers(found)):
            return found
    return _no(question, absence, nearest).model_copy(update={"signs": signs})


def _may_be_a_rule(question: Question, absence: Absence) -> bool:
    """True when what sounds like a record ("họp hội đồng có phải bỏ phiếu không?") may be a rule."""
    if question.units or question.decision or question.provinces:
        return False
    if question.topics & {Topic.POINTS, Topic.DEDUCTION}:
        return False
    if question.years and question.topics & {Topic.MEETING, Topic.AWARD, Topic.RANKING}:
        return False
    if _WHICH_DECISION.search(question.folded):
        return False
    if absence.lack is Lack.UNIT:
        return not _WHAT_IT_GOT.search(question.folded)
    return absence.lack in _OPEN


def _speaks_of_strangers(found: Answer) -> bool:
    """True when the first clause has the words of every organisation that the question names."""
    text = content_words(in_full("\n".join([found.citations[0].quote, *found.citations[0].around])))
    return all(content_words(name) <= text for name in found.question.strangers)


def _explained(found: Answer, index: Index) -> Answer:
    """``found`` as it is, or an honest no where its records leave words of the question over."""
    records = [f for f in found.findings if not isinstance(f, OF_REGULATIONS)]
    if not records:
        return found
    question = found.question
    quotes = [text for c in found.citations for text in (c.quote, c.document.title)]
    left = unexplained(question, records, quotes, index.lookup)
    if not left:
        return found
    titles = dict.fromkeys(f.document.title for f in records if isinstance(f, MeetingFacts))
    of = (*question.units, *(f"báo cáo “{title}”" for title in titles))
    return _no(question, Absence(lack=Lack.RECORD, about=left, exists=of), found.citations[:1])


# Reasons of a "no" that leave it open whether a regulation answers.
_OPEN = (Lack.WEAK, Lack.RECORD, Lack.MEETING, Lack.NOT_SAID, Lack.YEAR)
# What somebody was given is never in a regulation.
_WHAT_IT_GOT = re.compile(
    r"\b(?:duoc|da|co|dat|nhan)\b.*\b(?:khen|tang|danh hieu|giay khen|co thi dua|huan chuong|cong nhan)\b"
)
_ORDER = re.compile(
    r"^(?:hay |nho |xin )?(?:viet|soan|dich|ve(?! bieu do| do thi)|lam tho|ke chuyen|hat)\b"
)
_GREETING = re.compile(
    r"^(?:xin )?(?:chao|cam on|cam ta|hello|hi|alo|tam biet|ok|oke|vang|da)\b(?:\W*\w+){0,4}\W*$"
)


def _ask_which(question: Question) -> Answer:
    """The words that may mean several units, and the units."""
    doubt = question.doubts[0]
    choice = Choice(typed=doubt.typed, options=doubt.units)
    return Answer(kind=AnswerKind.CHOICE, question=question, choice=choice)


def _with_readings(found: Answer) -> Answer:
    """Mistyped names are answered, and the reader is told what they were taken for."""
    read = tuple(Caveat(caution=Caution.READ, about=pair) for pair in found.question.taken)
    return found.model_copy(update={"warnings": (*read, *found.warnings)}) if read else found


Route = Callable[[Question, Index], Answer]


def _routes(question: Question, index: Index) -> list[Route]:
    """Where to look, in order. What the words point at comes first; passages of regulations come
    last, and not at all where a unit or a place is named that only records could know."""
    if question.unheld and not question.documents:
        return [_unheld]
    if question.decision and not question.documents:
        return [_from_awards]
    named = bool(question.units or question.strangers or question.provinces or question.names)
    named = named or bool(question.doubts)
    scores, meetings = about_scores(question), about_meetings(question)
    awards = about_awards(question)
    regulatory = bool(_REGULATORY.search(question.folded)) or bool(question.documents)
    renamed = Topic.NAME in question.topics and bool(question.units)
    in_report = bool(question.names or question.provinces) or _block_named(question, index)
    of_records = (scores or awards) and bool(question.units or question.doubts)
    if regulatory and not renamed and not of_records:
        return [_from_meetings, _from_regulations] if in_report else [_from_regulations]
    if scores and _both_asked(question):
        return [_from_both, _from_scores]
    routes: list[Route] = []
    of_a_table = bool(question.years) or bool(question.topics & {Topic.RANKING, Topic.AUDIT})
    of_a_table = of_a_table or "." in question.criterion  # "tiêu chí I.1" is of a table of points
    if scores and (named or of_a_table):
        routes.append(_from_scores)
    elif renamed:
        routes.append(_from_names)
    cancelled = Status.CANCELLED in question.statuses and bool(_CASES.search(question.folded))
    held = question.topics & {Topic.AWARD, Topic.DECISION} and (
        named or question.years or question.decision or _person_named(question, index)
    )
    decided = bool(_WHICH_DECISION.search(question.folded))
    if cancelled or held or awards or decided:
        routes.append(_from_awards)
    if in_report:
        # A report named by its place or block goes before the workbooks of another block.
        routes.insert(0, _from_meetings)
    elif meetings and (named or question.years or question.period or asks_of_records(question)):
        # What a meeting proposed, and when it was, stand in its report before any workbook.
        first = Status.PROPOSED in question.statuses or asks_fact(question) or bool(question.day)
        routes.insert(0 if first else len(routes), _from_meetings)
    elif question.strangers:
        routes.append(_from_meetings)
    of_a_meeting = meetings and bool(
        question.years or question.period or asks_fact(question) or asks_of_records(question)
    )
    of_a_record = scores or awards or decided
    told = of_a_table or decided or (awards and names_somebody(question))
    if not named and not (of_a_record and told) and not of_a_meeting:
        routes.append(_from_regulations)
    if meetings and _from_meetings not in routes:
        routes.append(_from_meetings)
    if not routes:
        # Something about a unit that is no record (its chairman, its size): a report may say it,
        # a regulation never does.
        routes = [_from_meetings, _unknown_of_unit] if named else [_from_regulations]
    return routes


_CASES = re.compile(
    r"(?:truong hop|khen thuong|danh hieu|bang khen|co|don vi|ca nhan) (?:\w+ )?nao\b.*huy|danh sach.*huy|bao nhieu (?:truong hop|bang|co).*huy|nhung .*huy"
)


# Which decision gave an award to somebody stands in the records of awards, never in a regulation.
_WHICH_DECISION = re.compile(
    r"\b(?:nhan|duoc (?:tang|khen)|khen)\b.*\bquyet dinh (?:so )?(?:may|nao|bao nhieu)\b"
)


def _person_named(question: Question, index: Index) -> bool:
    """True when somebody is named who stands in the records of awards."""
    if not question.person:
        return False
    people = {fold(award.person) for award in index.lookup.awards() if award.person}
    return any(re.search(rf"\b{re.escape(name)}\b", question.folded) for name in people)


def _block_named(question: Question, index: Index) -> bool:
    """True when the question names a block that a report is of, and no workbook is."""
    blocks = fold(" ".join(index.lookup.score_blocks()))
    named = re.findall(
        r"\b(?:khoi|cum(?! tu (?!phap)))(?: thi dua)?(?: so)? (\w+(?: \w+){0,3})", question.folded
    )
    return any(
        not all(word in blocks for word in name.split()[:2])
        and name.split()[0] not in ASKING | {"nam", "thi", "cham", "dang", "minh", "ta"}
        for name in named
    )


def _unknown_of_unit(question: Question, index: Index) -> Answer:
    of = question.units or question.strangers or question.provinces or question.names
    return _no(question, Absence(lack=Lack.RECORD, exists=of))


_NO_TABLE = (Lack.UNIT, Lack.MEMBER, Lack.YEAR)  # no workbook has that unit in that year


def _from_scores(question: Question, index: Index) -> Answer:
    found = answer_scores(question, index.lookup)
    if isinstance(found, Absence):
        quotes = _reported(question, index) if found.lack in _NO_TABLE else ()
        return _yes(question, [], quotes) if quotes else _no(question, found)
    held = index.lookup.score_years()
    warnings = _audits(found, index)
    kind = AnswerKind.ANSWER
    if missing := [year for year in question.years if year not in held]:
        warnings = (Caveat(caution=Caution.YEARS, about=tuple(map(str, missing))), *warnings)
        # "3 năm gần đây" is answered with the years there are; a year that was said is missed.
        if Topic.CHANGE in question.topics or set(missing) & set(question.years_said):
            kind = AnswerKind.PARTIAL
    return _yes(question, found, (), warnings, kind)


def _reported(question: Question, index: Index) -> tuple[Citation, ...]:
    """What reports say of the points or the rank of a unit that no workbook has, in their words."""
    if not question.topics & {Topic.POINTS, Topic.RANKING}:
        return ()
    if len({*question.units, *question.strangers}) > 1:
        return ()  # a comparison is not answered by what is said of one
    names = {fold(n) for unit in question.units for n in index.lookup.names_of(unit)}
    said = [
        total
        for total in index.lookup.totals()
        if total.source.file in index.documents
        and index.documents[total.source.file].kind is Kind.MEETING
        and (fold(total.unit) in names or (not names and _is_said(total.unit, question.folded)))
        and (not question.years or total.year in question.years)
        and total.period == (question.period or total.period)
        and all(
            fold(province) in fold(f"{total.block} {index.documents[total.source.file].title}")
            for province in question.provinces
        )
    ]
    newest = max((total.year for total in said), default=0)
    wanted = question.years or (newest,)
    quotes = [
        quote
        for total in said
        if total.year in wanted
        for quote in _standing(index.documents[total.source.file], total.source.quote, index)
    ]
    return tuple(dict.fromkeys(quotes))[:_CITED]


def _is_said(unit: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(unit))}(?!\w)", folded) is not None


def _from_names(question: Question, index: Index) -> Answer:
    found = answer_names(question, index.lookup)
    return _no(question, found) if isinstance(found, Absence) else _yes(question, found)


def _from_awards(question: Question, index: Index) -> Answer:
    kinds = {path: document.kind for path, document in index.documents.items()}
    found = answer_awards(question, index.lookup, workbooks_of(kinds))
    if isinstance(found, Absence):
        return _no(question, found)
    return _yes(question, found)


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


# Awards of units are no answer to a question about persons.
_PERSONS_GOT = re.compile(
    r"(?:bao nhieu|may|nhung|cac) (?:ca nhan|dong chi)|(?:ca nhan|dong chi) nao|nguoi nao"
)


def _from_meetings(question: Question, index: Index) -> Answer:
    sure = about_meetings(question) or bool(question.names) or _block_named(question, index)
    found = answer_meetings(question, index, sure)
    if isinstance(found, Absence):
        return _no(question, found)
    finding = found[0]
    if isinstance(finding, MeetingList | Offices):
        return _yes(question, found)
    assert isinstance(finding, MeetingFacts)
    document = finding.document
    if finding.lacking and not finding.awards and len(finding.lacking) == len(finding.asked):
        about = (document.title, *finding.lacking)
        return _no(
            question,
            Absence(lack=Lack.NOT_SAID, about=about),
            _report_quotes(question, index, document, 1),
        )
    unnamed = not any(award.unit or award.person for award in finding.awards)
    persons = _PERSONS_GOT.search(question.folded) and not any(a.person for a in finding.awards)
    if finding.awards and (persons or (unnamed and _WHO_GOT.search(question.folded))):
        absence = Absence(lack=Lack.NOT_SAID, about=(document.title, "recipient"))
        return _no(question, absence, _fact_quotes(finding, index))
    counted = any(asked.search(question.folded) for asked, _ in _NUMBER_ASKED)
    if (finding.asked or finding.awards or asks_overview(question)) and not counted:
        unique = _fact_quotes(finding, index)
        found = [*found, *_outcomes(question, finding, index)]
        kind = AnswerKind.PARTIAL if finding.lacking else AnswerKind.ANSWER
        return _yes(question, found, unique, _meeting_warnings(finding), kind)
    return _said_in_report(question, index, finding)


_BOTH = re.compile(
    r"bang (?:diem|cham|tong hop)|so (?:voi|sanh)|khop|dung khong|giong|(?:noi|ghi|neu) (?:gi|the nao|bao nhieu|may)|doi chieu"
)


def _both_asked(question: Question) -> bool:
    """True when a report and a workbook are asked about the same unit's points."""
    report = bool(kinds_of(question)) or bool(
        re.search(r"\b(?:bao cao|bien ban)\b", question.folded)
    )
    return bool(question.units and report and _BOTH.search(question.folded))


def _from_both(question: Question, index: Index) -> Answer:
    """What the workbook says and what the report says, each with its source, held together."""
    scores = _from_scores(question, index)
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
                quotes += _standing(document, said.source.quote, index)
    if len(found) == len(points):
        return _no(
            question, Absence(lack=Lack.MEETING, about=(*question.units, *map(str, question.years)))
        )
    return _yes(question, found, tuple(dict.fromkeys(quotes)), scores.warnings)


def _standing(document: Document, quote: str, index: Index) -> list[Citation]:
    """A sentence of a report as a citation of the paragraph that holds it."""
    held = index.within_document(document.path)
    passage = next((p for p in held if quote and quote in p.text), None)
    if passage is None:
        return []
    return [Citation(document=document, place=passage.place, quote=quote, relevance=1.0)]


def _meeting_warnings(finding: MeetingFacts) -> tuple[Caveat, ...]:
    date = finding.meeting.fact("date")
    warnings = []
    if date and date.inferred and "date" in finding.asked:
        warnings.append(Caveat(caution=Caution.INFERRED, about=(finding.meeting.title,)))
    if any(a.status is Status.PROPOSED for a in finding.awards):
        warnings.append(Caveat(caution=Caution.PROPOSED))
    return tuple(warnings)


_OUTCOME = re.compile(r"quyet dinh|ket qua|co duoc|da duoc|thuc te|cuoi cung")


def _outcomes(question: Question, finding: MeetingFacts, index: Index) -> list[Finding]:
    """What came of the proposals of a meeting, by the workbooks, where that is asked too."""
    proposed = [a for a in finding.awards if a.status is Status.PROPOSED]
    if not proposed or not _OUTCOME.search(question.folded):
        return []
    kinds = {path: document.kind for path, document in index.documents.items()}
    workbooks = workbooks_of(kinds)
    wanted = {(a.unit, fold(a.title), a.year) for a in proposed}
    later = [
        a for a in index.lookup.awards()
        if a.source.file in workbooks and not a.person and (a.unit, fold(a.title), a.year) in wanted
    ]  # fmt: skip
    return [Awards(awards=tuple(later), years=question.years)] if later else []


def _fact_quotes(finding: MeetingFacts, index: Index) -> tuple[Citation, ...]:
    names = finding.asked or (() if finding.awards else ("date",))
    sources = [f.source for name in names if (f := finding.meeting.fact(name))]
    sources += [award.source for award in finding.awards]
    quotes = []
    for source in sources:
        quotes += _standing(finding.document, source.quote, index)
    return tuple(dict.fromkeys(quotes))


_SENTENCE = re.compile(r"(?<=[.;?!])\s+(?=[A-ZĐÀ-Ỹ“\"])|\n")
_NUMBER_ASKED = (
    (re.compile(r"phieu"), re.compile(r"\d+(?:[.,/]\d+)* ?(?:/\d+ )?phieu|phieu.{0,30}\d")),
    (
        re.compile(r"bao nhieu diem|may diem|duoc .*diem|diem thi dua"),
        re.compile(r"\d+(?:[.,]\d+)? ?diem|diem.{0,25}\d"),
    ),
    (re.compile(r"ty le|phan tram"), re.compile(r"\d ?%")),
    (re.compile(r"bao nhieu tien|may ty|trieu|so tien"), re.compile(r"\d.{0,12}(?:dong|trieu|ty)")),
    (
        re.compile(r"(?:thu|hang) (?:may|bao nhieu)"),
        re.compile(r"(?:thu|hang) (?:\d|nhat|nhi|hai|ba|tu)|(?:dung|dan) dau|dung cuoi"),
    ),
)
# "Bao nhiêu đại biểu": what is counted stands beside a number where a report says how many.
_THINGS = re.compile(
    r"\b(?:bao nhieu|may) (?!gio|ngay|nam|thang|lan|diem|phieu|tien|phan)([a-z]{2,})"
)
_NUMBER = r"(?:\d+|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)"
_WHO_GOT = re.compile(
    r"\b(?:ke ten|neu ten|danh sach|nhung ai)\b|\bten (?:la )?gi\b"
    r"|\b(?:don vi|tap the|ca nhan|co so|to chuc)\b.*\bnao\b|\bnhung (?:don vi|tap the|ca nhan) nao\b"
)


def _said_in_report(question: Question, index: Index, finding: MeetingFacts) -> Answer:
    """A question about what a report says that is no field: the paragraph that says it, or no."""
    document = finding.document
    identity = content_words(
        f"{document.title} {' '.join(f.value for f in finding.meeting.facts if f.name == 'block')}"
    )
    # The words that ask for a number are answered by the number itself.
    counted = " ".join(m[0] for asked, _ in _NUMBER_ASKED if (m := asked.search(question.folded)))
    focus = (
        content_words(question.folded) - {str(y) for y in question.years} - content_words(counted)
    )
    distinct = focus - identity
    best: tuple[float, Citation | None] = (0.0, None)
    rarity = index.words.rarity
    total = sum(rarity(t) for t in focus) or 1.0
    pairs = {t for t in terms(question.folded) if "_" in t}
    families = {title.family for title in question.titles}
    for passage in index.within_document(document.path):
        if passage.place.paragraph == 0 and not passage.text:
            continue
        if families and not families & {t.family for t in titles_in(in_full(passage.text))}:
            continue  # who speaks at a meeting was not given what is asked about
        held = content_words(passage.text)
        text = fold(passage.text)
        if not _quantified(question, text, fold(document.title)):
            continue
        own = sum(rarity(t) for t in distinct & held) / (sum(rarity(t) for t in distinct) or 1.0)
        whole = sum(rarity(t) for t in focus & (held | identity)) / total
        near = len(pairs & set(terms(passage.text))) / (len(pairs) or 1)
        score = own + 0.3 * whole + 0.5 * near
        if score > best[0]:
            best = (
                score,
                Citation(
                    document=document, place=passage.place, quote=passage.text, relevance=score
                ),
            )
            coverage = own if distinct else whole
    nearest = _report_quotes(question, index, document, 2)
    if best[1] is None or coverage < 0.5:
        return _no(question, Absence(lack=Lack.NOT_SAID, about=(document.title,)), nearest[:1])
    chosen = best[1]
    if (lines := _deciding_sentence(question, chosen.quote)) is not None:
        chosen = chosen.model_copy(update={"quote": lines})
    others = tuple(c for c in nearest if c.place != chosen.place)
    return _yes(question, [finding], (chosen, *others))


def _quantified(question: Question, text: str, title: str) -> bool:
    """A question for a number is answered only by a paragraph that has one of that sort, for that unit."""
    for thing in _THINGS.findall(question.folded):
        beside = rf"\b{_NUMBER}(?: \S+){{0,3}} {thing}\b|\b{thing}(?: \S+){{0,4}} {_NUMBER}\b"
        if not re.search(beside, text):
            return False
    for asked, held in _NUMBER_ASKED:
        if asked.search(question.folded):
            if not held.search(text):
                return False
            for name in map(fold, question.strangers or question.names or question.units):
                own = _OFFICE.sub("", name).strip() or name
                if own in title:
                    continue
                sentences = [x for x in re.split(r"(?<=[.;])\s+", text) if held.search(x)]
                if not any(re.search(rf"\b{re.escape(own)}\b", x) for x in sentences):
                    return False
    return True


# What many names begin with; the rest is what tells one unit from another in a report.
_OFFICE = re.compile(
    r"^(?:(?:hoi|lien doan|lien hiep(?: cac hoi)?|nong dan|cuu chien binh|phu nu|lao dong|uy ban|mat tran to quoc"
    r"|viet nam|tinh|huyen|thi xa|thanh pho|phuong|xa|thi tran|quan|so|ban)\b\s*)+"
)


def _deciding_sentence(question: Question, text: str) -> str | None:
    """The whole paragraph is quoted unless it is long; then the sentences around the best one."""
    if len(text) <= 700:
        return None
    sentences = _SENTENCE.split(text)
    wanted = content_words(question.folded)
    best = max(range(len(sentences)), key=lambda i: len(wanted & content_words(sentences[i])))
    start = text.find(sentences[best])
    return text[start : start + len(sentences[best])]


def _report_quotes(
    question: Question, index: Index, document: Document, count: int
) -> tuple[Citation, ...]:
    """The paragraphs of one report that hold most of the question's rare words."""
    wanted = set(terms(question.folded)) - ASKING
    rarity = index.words.rarity
    weighed = [
        (sum(rarity(t) for t in wanted & set(terms(p.text))), p)
        for p in index.within_document(document.path)
        if p.place.paragraph
    ]
    weighed.sort(key=lambda pair: -pair[0])
    return _verified(
        (
            Citation(document=document, place=p.place, quote=p.text, relevance=weight)
            for weight, p in weighed[:count]
            if weight
        ),
        index,
    )


def _unheld(question: Question, index: Index) -> Answer:
    """A regulation asked for by a number that is not held: what the register knows of it."""
    known = [v for name in question.unheld for v in called(name, index)]
    if known:
        findings = [Known(validity=v, held=False) for v in known]
        newer = {n for v in known for n in v.replaced_by}
        instead = question.model_copy(
            update={"documents": tuple(n for n in newer if n in index.by_number()), "unheld": ()}
        )
        quotes = _from_regulations(instead, index).citations if instead.documents else ()
        return Answer(
            kind=AnswerKind.PARTIAL, question=question, findings=tuple(findings), citations=quotes,
            warnings=cautions_of(quotes, question, index),
        )  # fmt: skip
    return _no(
        question,
        Absence(lack=Lack.DOCUMENT, about=question.unheld, exists=tuple(index.by_number())),
    )


def _named_article(question: Question, index: Index) -> Answer | None:
    """An Điều asked for by its number goes straight there; one that does not exist is said so."""
    documents = [index.by_number()[n] for n in question.documents]
    if not documents:
        if question.unheld:
            return None
        documents = _by_name(question, index)
    if not documents:
        return None
    wanted = question.place
    article = Place(article=wanted.article)
    held = [(d, part) for d in documents for part in _parts_with(wanted.article, d, index)]
    if not held:
        document = documents[0]
        about = (document.number, document.title, str(article))
        known = [p.place.article for p in index.within_document(document.path)]
        distinct = list(dict.fromkeys(number for number in known if number))
        digest = "tóm lược" if document.digest else ""
        exists = (distinct[0], distinct[-1], str(len(distinct)), digest) if distinct else ()
        return _no(question, Absence(lack=Lack.ARTICLE, about=about, exists=exists))
    quoted = [
        citation
        for document, part in held
        for citation in _quoted(document, wanted.model_copy(update={"part": part}), index)
    ]
    if not quoted:
        document, part = held[0]
        about = (document.number, document.title, str(wanted))
        whole = article.model_copy(update={"part": part})
        nearest = _quoted(document, whole, index)
        return _no(question, Absence(lack=Lack.ARTICLE, about=about), nearest)
    citations = tuple(quoted[:_CITED])
    return _yes(question, [], citations, cautions_of(citations, question, index))


_PART_NAMED = re.compile(
    r"\b(phu luc|chuong|(?:bieu )?mau|bieu)\s+(?:so\s+)?(\d{1,3}[a-z]?|[ivxl]+)\b"
)
_WHAT_IS = re.compile(
    r"(?:la|noi|ghi|quy dinh|ve|mau) (?:gi|ve gi|nhu the nao|ra sao)|noi dung|cho xem"
)
_PARTS = {"phu luc": "Phụ lục", "chuong": "Chương"}
_FORM = "Mẫu số"


def _named_part(question: Question, index: Index) -> Answer | None:
    """An annex or a form asked for by its number goes straight there; a chapter, an annex or a form
    that the document named does not have is said so, with those it has."""
    asked = sorted(_PART_NAMED.findall(question.folded), key=lambda found: found[0] in _PARTS)
    if not asked or not question.documents:
        return None
    (form, number), *around = [(_PARTS.get(word, _FORM), number) for word, number in asked]
    document = index.by_number()[question.documents[0]]
    parts = [document, *index.annexes(document.path)]
    if form == _FORM and around:
        inside = rf", {around[0][0]} 0*{re.escape(around[0][1].lstrip('0'))}$"
        parts = [d for d in parts if re.search(inside, d.path, re.I)] or parts
    word = r"(?:Mẫu|Biểu|Biểu mẫu) số" if form == _FORM else form
    named = re.compile(rf"^{word} (\w+)")
    passages = [(d, p) for d in parts for p in index.within_document(d.path)]
    heads = (head for _, p in passages for head in (p.place.part, *p.headings))
    held = list(dict.fromkeys(m[1] for head in heads if (m := named.match(head))))
    if not held:
        return None
    wanted = number.lstrip("0")
    if wanted in (name.lower().lstrip("0") for name in held):
        citations = tuple(
            Citation(document=d, place=p.place, quote=p.text, relevance=1.0)
            for d, p in passages
            if (m := named.match(p.place.part)) and m[1].lower().lstrip("0") == wanted
        )[:2]
        if not citations or not _WHAT_IS.search(question.folded):
            return None
        return _yes(question, [], citations, cautions_of(citations, question, index))
    about = (document.number, document.title, f"{form} {number.upper()}")
    return _no(question, Absence(lack=Lack.PART, about=about, exists=(form, *held)))


def _parts_with(article: str, document: Document, index: Index) -> list[str]:
    """The parts of a document that have an Điều of that number: itself (""), and what it issues."""
    places = (p.place for p in index.within_document(document.path))
    return list(dict.fromkeys(place.part for place in places if place.article == article))


def _by_name(question: Question, index: Index) -> list[Document]:
    """The regulations that an Điều without a document may be of: those in force, the law first."""
    order = {"Bộ luật": 0, "Luật": 0, "Nghị định": 1, "Thông tư": 2}
    asked = [
        form
        for form in ("luat", "nghi dinh", "thong tu")
        if re.search(rf"\b{form}\b", question.folded)
    ]
    held = [
        d for d in index.by_number().values()
        if d.kind is Kind.REGULATION and in_force(d, question.as_of) and (not asked or fold(d.form) in asked)
    ]  # fmt: skip
    return sorted(held, key=lambda d: (order.get(d.form, 3), d.number))


def _quoted(document: Document, place: Place, index: Index) -> list[Citation]:
    passages = index.within(document.path, place)
    quote = "\n".join(p.text for p in passages)
    return (
        [Citation(document=document, place=place, quote=quote, relevance=1.0)] if passages else []
    )


def _from_regulations(question: Question, index: Index) -> Answer:
    """What the regulations of the day say, in the wording of that day."""
    return _as_amended(_with_guides(_by_the_day(question, index), index), index)


def _with_guides(found: Answer, index: Index) -> Answer:
    """A law is read with what details it: what did so at another time and is not held is named."""
    question, moment = found.question, found.question.moment
    if not found.citations or not question.dated or found.kind is AnswerKind.NOT_FOUND:
        return found
    law = found.citations[0].document.number
    days = [question.as_of]
    if moment and moment.since and moment.until and not question.fixed:
        days = [max(moment.since, min(question.as_of, moment.until)), moment.since, moment.until]
    told = {
        n for f in found.findings if isinstance(f, Halves) for n in (h.number for h in f.halves)
    }
    told |= {w.about[0] for w in found.warnings if w.caution is Caution.THEN}
    more = []
    for guide in (
        r.number for r in index.lookup.relations() if r.effect is Effect.GUIDES and r.target == law
    ):
        held = index.by_number().get(guide)
        for day in days:
            then = of_that_day(guide, day, index) if held and not in_force(held, day) else None
            if then and not is_held(then.number, index) and then.number not in told:
                told.add(then.number)
                more.append(Caveat(caution=Caution.THEN, about=(then.number, _date(day))))
    return found.model_copy(update={"warnings": (*found.warnings, *more)}) if more else found


def _as_amended(found: Answer, index: Index) -> Answer:
    """What a held text put in the place of a clause is quoted before it; what changed a part of it,
    behind it."""
    if not found.citations or any(isinstance(f, Lifespan | SideBySide) for f in found.findings):
        return found
    first, *rest = found.citations
    day = first.span[1] if first.span else found.as_of
    before: list[Citation] = []
    behind: list[Citation] = []
    for r in amended(first.document, first.place, day, index):
        if r.places and is_held(r.number, index) and r.place.article:
            now = _quoted(index.by_number()[r.number], r.place, index)
            told = [c.model_copy(update={"span": first.span}) for c in _verified(now, index)]
            (before if r.covers(first.place) else behind).extend(told)
    if not before and not behind:
        return found
    if before and first.span:
        first = first.model_copy(update={"span": _earlier(found, first)})
    # The latest amendment is what applies.
    citations = _distinct([*reversed(before), first, *behind, *rest])[: _CITED + len(before)]
    return found.model_copy(update={"citations": citations})


def _earlier(found: Answer, citation: Citation) -> tuple[datetime.date, datetime.date] | None:
    """The part of the time asked about in which a clause still read as it is quoted."""
    parts = [h for f in found.findings if isinstance(f, Halves) for h in f.halves]
    unchanged = [h for h in parts if h.number == citation.document.number and not h.amended]
    return (unchanged[0].since, unchanged[-1].until) if unchanged else None


def _by_the_day(question: Question, index: Index) -> Answer:
    if found := _transitional(question, index):
        return found
    if question.moment and question.moment.meeting and not question.fixed:
        question = _on_the_day_of_the_meeting(question, index)
    if question.moment and question.moment.older and not question.fixed:
        return _older(question, index)
    if texts := in_force_then(question, index):
        return _yes(question, [texts])
    found = _at(question, index)
    if question.documents or not question.dated:
        return found
    if not question.fixed and (parted := _parted(found, question, index)):
        return parted
    return _of_that_day(found, question, index)


def _at(question: Question, index: Index) -> Answer:
    """The answer by the rules of the question's day."""
    asked = timeless(question)
    weight = _weights(asked)
    hits = index.search(asked.accented, asked.full_names, weight, limit=_SEARCHED)
    found = {(hit.passage.document, hit.passage.order) for hit in hits}
    defining = definitions(asked, index, weight)
    hits += [h for h in defining if (h.passage.document, h.passage.order) not in found]
    dropped: list[Hit] = []
    if not question.documents:
        dropped = [h for h in hits if not _applies(question)(index.documents[h.passage.document], h.passage.place, index)]  # fmt: skip
        hits = [h for h in hits if _applies(question)(index.documents[h.passage.document], h.passage.place, index)]  # fmt: skip
    evidence = _answering_first(weigh(asked, hits, index, _CITED))
    if money := _money(question, evidence, index):
        return money
    if not evidence:
        return _repealed(question, dropped, index) or _no(question, Absence(lack=Lack.WEAK))
    citations = _verified((_citation(e) for e in evidence), index)
    decided = _decided(question, evidence, citations, index)
    if decided.kind is AnswerKind.NOT_FOUND and (over := _repealed(question, dropped, index)):
        return over
    return decided.model_copy(update={"signs": evidence[0].signs})


def _repealed(question: Question, dropped: Sequence[Hit], index: Index) -> Answer | None:
    """Where the one clause that would answer was repealed, what repealed it."""
    found = weigh(timeless(question), dropped, index, 1) if dropped else []
    if not found or found[0].signs.sureness < _UNSURE:
        return None
    document, place = found[0].document, found[0].place
    by = gone(document, place, question.as_of, index)
    if by is None or by.effect is not Effect.REPEALS:
        return None
    about = (document.number, str(place), by.number, str(by.place), _date(by.since))
    return _no(question, Absence(lack=Lack.REPEALED, about=about))


def _applies(question: Question) -> Callable[[Document, Place, Index], bool]:
    """Whether a place of a document applies on the day that counts."""

    def applies(document: Document, place: Place, index: Index) -> bool:
        day = question.as_of
        return in_force(document, day) and not gone(document, place, day, index)

    return applies


# --- the day that counts --------------------------------------------------------------------------


def _on_the_day_of_the_meeting(question: Question, index: Index) -> Question:
    """ "Khi sơ kết năm 2023" is the day of that meeting where a report tells it, else that year."""
    held = [i.meeting for i in identify(question, index) if i.meeting.date]
    if not held or not question.moment:
        return question
    day = held[0].date
    moment = question.moment.model_copy(update={"since": day, "until": day})
    return question.model_copy(update={"as_of": day, "moment": moment})


def _older(question: Question, index: Index) -> Answer:
    """ "Theo luật cũ": the text before the one that answers now, on its last day."""
    form = question.moment.form if question.moment else ""
    if not content_words(timeless(question).folded):
        return _older_itself(form, question, index)
    now = question.model_copy(update={"as_of": question.today, "documents": _of_form(form, index)})
    current = _at(now, index)
    if not current.citations:
        return _no(question, current.absence or Absence(lack=Lack.WEAK), current.nearest)
    newer = current.citations[0].document
    before = _last_of(newer, index)
    if before is None:
        return _no(
            question, Absence(lack=Lack.VERSION, about=(newer.number, _date(newer.effective)))
        )
    validity, day = before
    if validity.number in index.by_number():
        named = (validity.number,)
        dated = {"as_of": day, "dated": True, "documents": named}
        return _at(question.model_copy(update=dated), index)
    return _only_known(
        question.model_copy(update={"as_of": day, "dated": True}), [validity.number], index
    )


def _older_itself(form: str, question: Question, index: Index) -> Answer:
    """ "Luật cũ" by itself: which text that was, and how long it applied."""
    held = [d for d in index.by_number().values() if in_force(d, question.today)]
    olds = [_last_of(d, index) for d in held if not form or fold(d.form) == form]
    numbers = list(dict.fromkeys(old[0].number for old in olds if old))
    lives = [life for n in numbers if (life := life_of(n, question, index))]
    return _lives(lives, question, index) if lives else _no(question, Absence(lack=Lack.WEAK))


def _of_form(form: str, index: Index) -> tuple[str, ...]:
    return tuple(d.number for d in index.by_number().values() if form and fold(d.form) == form)


def _last_of(newer: Document, index: Index):  # type: ignore[no-untyped-def]
    """The text before one, and the last day on which it applied."""
    if newer.effective is None:
        return None
    day = newer.effective - datetime.timedelta(days=1)
    text = of_that_day(newer.number, day, index)
    return (text, day) if text else None


def _only_known(question: Question, numbers: Collection[str], index: Index) -> Answer:
    """What the register knows of the texts that counted, none of which is held."""
    known = [v for n in numbers if (v := text_of(n, index))]
    rows = [as_row(v) if isinstance(v, Document) else v for v in known]
    findings: list[Finding] = [Known(validity=row, held=False) for row in rows]
    doubts = [Caveat(caution=Caution.UNCHECKED, about=(v.number,)) for v in rows if v.unchecked]
    return _yes(question, findings, (), tuple(doubts), AnswerKind.PARTIAL)


def _of_that_day(found: Answer, question: Question, index: Index) -> Answer:
    """An answer for another day than today: where what answers today was not there yet, or is over by
    then, the text of that day is named, and where it is not held, that is said."""
    by_day = any(isinstance(f, Reward | Salary) for f in found.findings)
    if question.as_of == question.today or not question.dated or by_day:
        return found
    now = _at(question.model_copy(update={"as_of": question.today, "dated": False}), index)
    if now.kind is AnswerKind.NOT_FOUND or not now.citations:
        return found
    newer = now.citations[0].document
    if in_force(newer, question.as_of):
        return found
    then = of_that_day(newer.number, question.as_of, index)
    if then and is_held(then.number, index):
        return found
    surer = found.signs and now.signs and found.signs.sureness >= now.signs.sureness
    same = found.citations and found.citations[0].document.form == newer.form
    if (
        found.kind is AnswerKind.ANSWER
        and (surer or same)
        and not (now.findings and not found.findings)
    ):
        if then is None and not same:
            return _version(question, newer)
        if then is None:
            return found
        more = Caveat(caution=Caution.THEN, about=(then.number, _date(question.as_of)))
        return found.model_copy(update={"warnings": (*found.warnings, more)})
    if then:
        return _only_known(question, [then.number], index)
    return _version(question, newer)


def _version(question: Question, newer: Document) -> Answer:
    """No text of that day is known: what speaks of the matter is of another time."""
    about = (newer.number, _date(newer.effective), _date(newer.expires))
    return _no(question, Absence(lack=Lack.VERSION, about=about))


def _parted(found: Answer, question: Question, index: Index) -> Answer | None:
    """The answer for each part of the time asked about, where the rule changed inside it."""
    moment = question.moment
    if not moment or not moment.since or not moment.until or moment.since >= moment.until:
        return None

    def on(day: datetime.date) -> Answer:
        return (
            found
            if day == question.as_of
            else _at(question.model_copy(update={"as_of": day}), index)
        )

    first = on(moment.since)
    answers = [a for a in (found, first) if _told(a)]
    cited = [(a.citations[0].document, a.citations[0].place) for a in answers if a.citations]
    if not cited:
        return None
    money = any(isinstance(f, Reward | Salary) for a in answers for f in a.findings)
    spans = cuts(question, cited, index, money)
    if len(spans) < 2:
        return None
    told = [on(min(max(question.as_of, since), until)) for since, until in spans]
    known = [a if _told(a) else None for a in told]
    parts = [_half(span, a, known, index) for span, a in zip(spans, known, strict=True)]
    shown = [a if a and _is_of(a, p) else None for a, p in zip(known, parts, strict=True)]
    alike = {
        (p.number, p.amended, tuple(map(_paid, a.findings)) if a else ())
        for p, a in zip(parts, shown, strict=True)
    }
    if len(alike) < 2 or not any(a and a.citations for a in shown):
        return None
    main = next(i for i in _nearest(spans, question.as_of) if (a := shown[i]) and a.citations)
    return _joined(question, main, parts, spans, shown)


def _told(answer: Answer) -> bool:
    of_day = any(isinstance(f, Reward | Salary) for f in answer.findings)
    return answer.kind is not AnswerKind.NOT_FOUND and bool(answer.citations or of_day)


def _is_of(answer: Answer, part: Half) -> bool:
    """True when an answer is from the text of its part of the time."""
    if not answer.citations:
        return True
    return part.held and part.number == answer.citations[0].document.number


def _paid(finding: Finding) -> str:
    if isinstance(finding, Salary):
        return str(finding.amount)
    return f"{finding.recipient} {finding.paid}" if isinstance(finding, Reward) else ""


def _half(span: Span, answer: Answer | None, known: Sequence[Answer | None], index: Index) -> Half:
    first = answer.citations[0] if answer and answer.citations else None
    cited = (first.document, first.place) if first else None
    others = (a.citations[0] for a in known if a and a.citations)
    beside = next((c for c in others if not in_force(c.document, span[1])), None)
    return half(span, cited, (beside.document, beside.place) if beside else None, index)


def _nearest(spans: Sequence[Span], day: datetime.date) -> list[int]:
    """The parts, that of ``day`` first, then the later before the earlier."""
    order = sorted(range(len(spans)), reverse=True)
    return sorted(order, key=lambda i: not spans[i][0] <= day <= spans[i][1])


def _joined(
    question: Question,
    main: int,
    parts: Sequence[Half],
    spans: Sequence[Span],
    shown: Sequence[Answer | None],
) -> Answer:
    """One answer out of the answers for the parts: the main one first, nothing quoted twice."""
    first = shown[main]
    assert first is not None
    findings: list[Finding] = [Halves(halves=tuple(parts))]
    citations: list[Citation] = []
    warnings = list(first.warnings)
    for i in [main, *(i for i in range(len(shown)) if i != main)]:
        answer = shown[i]
        if answer is None:
            continue
        findings += [f for f in answer.findings if f not in findings]
        wanted = answer.citations if i == main else answer.citations[:1]
        for citation in wanted:
            if not any(
                (c.document, c.place) == (citation.document, citation.place) for c in citations
            ):
                span = spans[i] if citation is answer.citations[0] else None
                citations.append(citation.model_copy(update={"span": span}))
        warnings += [w for w in answer.warnings if w not in warnings]
    others = [c for c in citations if c.span and c is not citations[0]]
    rest = [c for c in citations[1:] if c not in others]
    return first.model_copy(
        update={
            "question": question, "findings": tuple(findings),
            "citations": (citations[0], *others, *rest)[: _CITED + len(others)], "warnings": tuple(warnings),
        }
    )  # fmt: skip


def _transitional(question: Question, index: Index) -> Answer | None:
    """A file handed in, or an award given, before the rules changed: the clause that says by which it
    goes, with what the register knows of the older text."""
    moment = question.moment
    if not moment or not moment.filed or question.fixed:
        return None
    before = moment.day(question.today)
    later = [r for r in keeps(index) if r.since and before < r.since and is_held(r.number, index)
             and (not moment.before or moment.before <= r.since)]  # fmt: skip
    if moment.before:
        later = [r for r in later if r.since == moment.before] or later
    clause = _deciding(question, [r for r in later if _was_there(r, before, index)], index)
    if clause is None:
        return _noted(question, before, index)
    document = index.by_number()[clause.number]
    asked = question.model_copy(update={"as_of": clause.since, "dated": True})
    ground = _quoted(document, clause.place, index)
    targets = [r.target for r in later if r.number == clause.number and r.place == clause.place]
    olds = tuple(n for n in targets if n and is_held(n, index))
    by_old = {"as_of": before, "documents": olds} if olds else {}
    found = _at(asked.model_copy(update=by_old), index)
    near = found.citations if found.kind is not AnswerKind.NOT_FOUND else ()
    rest = [c for c in near if (c.document, c.place) != (document, clause.place)]
    known = [v for n in targets if n and not is_held(n, index) and (v := text_of(n, index))]
    findings: list[Finding] = [
        Known(validity=v, held=False) for v in known if not isinstance(v, Document)
    ]
    citations = (*_verified(ground, index), *rest)[:_CITED]
    told = _yes(asked, findings, citations, cautions_of(citations[:2], asked, index))
    return told.model_copy(update={"signs": found.signs})


def _was_there(relation: Relation, day: datetime.date, index: Index) -> bool:
    text = text_of(relation.target, index) if relation.target else None
    return text is None or in_force(text, day)


def _deciding(question: Question, relations: Sequence[Relation], index: Index) -> Relation | None:
    """Of the transitional clauses, the one that speaks of what is asked; None where none does."""
    asked = content_words(timeless(question).folded)
    weighed = []
    for relation in relations:
        passages = index.within(index.by_number()[relation.number].path, relation.place)
        held = content_words(
            " ".join([p.text for p in passages] + [x for p in passages for x in p.headings[-1:]])
        )
        weight = sum(index.words.rarity(w) for w in asked & held)
        if len(asked & held) >= 2:
            weighed.append((weight, relation))
    soonest = min((r.since for _, r in weighed if r.since), default=None)
    weighed = [(w, r) for w, r in weighed if r.since == soonest]
    return max(weighed, key=lambda pair: pair[0])[1] if weighed else None


def _noted(question: Question, before: datetime.date, index: Index) -> Answer | None:
    """The same where only the register notes what becomes of files that are under way."""
    day = question.moment.before if question.moment else None
    rows = [
        v for v in index.lookup.validities()
        if day and v.effective == day and "trước" in v.note and not is_held(v.number, index)
    ]  # fmt: skip
    if not rows:
        return None
    found = _at(question, index)
    known: list[Finding] = [Known(validity=v, held=False) for v in rows]
    doubts = tuple(
        Caveat(caution=Caution.UNCHECKED, about=(v.number,)) for v in rows if v.unchecked
    )
    citations = found.citations if found.kind is AnswerKind.ANSWER else ()
    return _yes(question, known, citations, (*found.warnings, *doubts), AnswerKind.PARTIAL)


def _date(day: datetime.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


# --- what became of a text ------------------------------------------------------------------------


def _history(question: Question, index: Index) -> Answer | None:
    """Whether a text named still applies, what replaced it, and since when."""
    lives = lifespans(question, index)
    return _lives(lives, question, index) if lives else None


def _lives(lives: Sequence[Lifespan], question: Question, index: Index) -> Answer:
    said = [
        c for life in lives for d, r in clauses(life, index) for c in _quoted(d, r.place, index)
    ]
    found: tuple[Citation, ...] = ()
    signs: Signs | None = None
    if question.documents:
        at = _at(question.model_copy(update={"dated": True}), index)
        found = at.citations if at.kind is not AnswerKind.NOT_FOUND else ()
        signs = at.signs
    own = [
        c
        for life in lives
        for document, place in own_clauses(life, question, index)
        for c in _quoted(document, place, index)
    ]
    over = any(v.expires and v.expires <= question.as_of for v in (x.validity for x in lives))
    repealed = any(life.repealed and life.place.article for life in lives)
    ordered = [*said, *own, *found[:1]] if (over or repealed) and said else [*own, *found, *said]
    citations = _distinct(ordered)[:_CITED]
    doubts = [
        Caveat(caution=Caution.UNCHECKED, about=(life.validity.number,))
        for life in lives if life.validity.unchecked
    ] + [c for life in lives for r in life.amended for c in _doubt(r.number, index)]  # fmt: skip
    warnings = (*cautions_of(citations[:1], question, index), *doubts)
    told = _yes(question, list(lives), citations, tuple(dict.fromkeys(warnings)))
    return told.model_copy(update={"signs": signs})


def _distinct(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    kept: dict[tuple[str, Place], Citation] = {}
    for citation in citations:
        kept.setdefault((citation.document.path, citation.place), citation)
    return tuple(kept.values())


# --- two texts side by side -----------------------------------------------------------------------

_WHOLE = 3200  # characters up to which an Điều is compared whole


def _compared(question: Question, index: Index) -> Answer | None:
    asked = compared(question, index)
    if asked is None:
        form = asks_old_and_new(question)
        if form is None:
            return None
        now = question.model_copy(
            update={
                "as_of": question.today,
                "moment": None,
                "documents": _of_form_now(form, question, index),
            }
        )
        current = _at(now, index)
        numbers = pair_of(current.citations[0].document, index) if current.citations else []
        subject = " ".join(t.name for t in question.titles)
        asked = (numbers, subject or subject_of(question)) if numbers else None
    if asked is None:
        return None
    numbers, subject = asked
    if not subject:
        return _no(question, Absence(lack=Lack.SUBJECT, about=tuple(numbers)))

    def find(
        words: str, number: str, also: Sequence[str]
    ) -> list[tuple[Document, Place, str, float]]:
        return _on_subject(question, words, number, index)

    pair = side_by_side(numbers, subject, find, index)
    if pair is None:
        missing = [n for n in numbers if not is_held(n, index)]
        if missing and len(missing) == len(numbers):
            return _only_known(question, missing, index)
        return _no(question, Absence(lack=Lack.WEAK))
    sides = [side for side in (pair.older, pair.newer) if side]
    citations = tuple(
        Citation(
            document=s.document, place=s.place, quote="".join(t for t, _ in s.runs), relevance=1.0
        )
        for s in reversed(sides)
    )
    kind = AnswerKind.ANSWER if len(sides) == 2 else AnswerKind.PARTIAL
    shown = _verified(citations, index)
    warnings = [w for c in shown for w in cautions_of((c,), question, index)]
    return _yes(question, [pair], shown, tuple(dict.fromkeys(warnings)), kind)


def _of_form_now(form: str, question: Question, index: Index) -> tuple[str, ...]:
    return tuple(
        d.number for d in index.by_number().values()
        if form and fold(d.form) == form and in_force(d, question.today)
    )  # fmt: skip


def _on_subject(
    question: Question, words: str, number: str, index: Index
) -> list[tuple[Document, Place, str, float]]:
    """The Điều of one text that speak of a subject, best first, whole where they are not too long."""
    titles = titles_in(words)
    if titles and not content_words(words) - content_words(" ".join(t.name for t in titles)):
        words = f"tiêu chuẩn {words}"  # of a title, its standards are compared
    asked = question.model_copy(
        update={
            "accented": words, "whole": words.lower(), "folded": fold(words), "documents": (number,),
            "titles": titles, "moment": None, "topics": frozenset(),
        }
    )  # fmt: skip
    hits = index.search(words, asked.full_names, _weights(asked), limit=_SEARCHED)
    found = []
    for evidence in weigh(asked, hits, index, 3):
        opening = titles_in(evidence.quote[:160])
        families = {t.family for t in titles}
        other = families and opening and not families & {t.family for t in opening}
        if evidence.signs.coverage < _ON_IT or other:
            continue
        article = Place(part=evidence.place.part, article=evidence.place.article)
        whole = "\n".join(p.text for p in index.within(evidence.document.path, article))
        place = article if article.article and len(whole) <= _WHOLE else evidence.place
        text = whole if place == article else evidence.quote
        found.append((evidence.document, place, text, max(evidence.relevance, 0.01)))
    return found


_ON_IT = 0.5  # share of a subject that an Điều must speak of to be compared on it


def _answering_first(evidence: list[Evidence]) -> list[Evidence]:
    """A clause that would be refused gives way to one of those below it that answers."""
    if evidence and evidence[0].signs.sureness < _REFUSED:
        surest = max(evidence, key=lambda e: e.signs.sureness)
        if surest.signs.sureness >= _INSTEAD and surest.signs.coverage >= _WHOLLY:
            return [surest, *(e for e in evidence if e is not surest)]
    return evidence


def _decided(
    question: Question, evidence: list[Evidence], citations: tuple[Citation, ...], index: Index
) -> Answer:
    """To answer, to answer with caution, or to say that it is not held."""
    best = evidence[0].signs
    if not best.field and (best.sureness < _FOREIGN or not _says_pairs(question, evidence[0])):
        return _no(question, Absence(lack=Lack.OUTSIDE), citations[:1])
    if best.sureness < _REFUSED:
        return _no(question, Absence(lack=Lack.WEAK, about=best.missing), citations[:1])
    kept = tuple(c for c in citations if c.relevance >= 0.55 * citations[0].relevance)
    warnings = cautions_of(kept[:2], question, index)
    if best.sureness < _UNSURE:
        warnings = (*warnings, Caveat(caution=Caution.UNSURE, about=best.missing))
        return _yes(question, [], kept, warnings, AnswerKind.PARTIAL)
    return _yes(question, [], kept, warnings)


def _money(question: Question, evidence: Sequence[Evidence], index: Index) -> Answer | None:
    """The sums themselves, with the clauses that they rest on; None where no clause gives one."""
    of_day = _applies(question)

    def applies(document: Document, place: Place) -> bool:
        return of_day(document, place, index)

    if asks_base(question):
        return _base(question, base_salary(question.as_of, index, applies), index)
    sums, rates = rewards(question, index, applies)
    if not rates:
        return None
    grounds: list[Citation] = []
    for rate in rates:
        grounds += _clause(rate.document, rate.passage, index)
    for one in sums:
        if one.personal:
            grounds += _clause(one.document, one.personal, index)
    rules = [(f.base_document, f.base_passage) for f in sums[:1]]
    rules += [(f.document, f.rounding) for f in sums[:1]]
    both = together(sums, index)
    if both:
        rules.insert(0, (both.document, both.passage))
    for document, passage in rules:
        if document and passage:
            grounds += _clause(document, passage, index)
    if both and asks_which(question):
        grounds = [*_clause(both.document, both.passage, index), *grounds]
    kept = _verified(_distinct(grounds), index)
    more = [c for c in _verified((_citation(e) for e in evidence), index) if not any(k.place.holds(c.place) and k.document == c.document for k in kept)]  # fmt: skip
    citations = (*kept, *more)[: max(_CITED, len(kept))]
    warnings = [*cautions_of(kept, question, index)]
    if not sums:
        warnings.append(Caveat(caution=Caution.NO_BASE, about=(_date(question.as_of),)))
    for row in {s.base_row.number: s.base_row for s in sums if s.base_row}.values():
        warnings.append(Caveat(caution=Caution.UNCHECKED, about=(row.number,)))
    findings: list[Finding] = [*sums, *([both] if both else [])]
    made = _yes(question, findings, citations, tuple(dict.fromkeys(warnings)))
    return made.model_copy(update={"signs": evidence[0].signs if evidence else None})


def _base(question: Question, base: Salary | None, index: Index) -> Answer | None:
    """The base salary of the day, where a text or the register tells it."""
    if base is None:
        return None
    if base.document and base.passage:
        kept = _verified(_clause(base.document, base.passage, index), index)
        return _yes(question, [base], kept, cautions_of(kept, question, index))
    doubt = Caveat(caution=Caution.UNCHECKED, about=(base.row.number if base.row else "",))
    return _yes(question, [base], (), (doubt,), AnswerKind.PARTIAL)


def _clause(document: Document, passage: Passage, index: Index) -> list[Citation]:
    """One clause of a rate, with the words that open the list it is a part of."""
    around = (*passage.headings[-1:], *passage.lead.split("\n")) if passage.lead else ()
    return [
        c.model_copy(update={"around": tuple(text for text in around if text)})
        for c in _quoted(document, passage.place, index)
    ]


def _says_pairs(question: Question, evidence: Evidence) -> bool:
    """For a question without a word of the field: some two neighbouring words of it are in the clause."""
    asked = {t for t in terms(question.folded) if "_" in t and not set(t.split("_")) & ASKING}
    return bool(asked & set(terms(evidence.quote)))


def _weights(question: Question) -> Callable[[Document], float]:
    """Which documents count for a question, and how much: those in force, the general before the
    sectoral, and none but the named ones when some are named."""

    def weight(document: Document) -> float:
        if document.kind is not Kind.REGULATION:
            return 0.0
        if question.documents:
            return float(document.number in question.documents)
        if not in_force(document, question.as_of):
            return 0.0
        if sector := _sector(document):
            return 1.2 if any(name in question.folded for name in sector) else 0.65
        return 1.0

    return weight


def _sector(document: Document) -> tuple[str, ...]:
    """What a ministry's or a province's text is called in a question; () for the general ones."""
    issuer = fold(document.issuer)
    if document.form in ("Luật", "Bộ luật", "Nghị định", "Pháp lệnh") or issuer in (
        "",
        "bo noi vu",
        "chinh phu",
        "quoc hoi",
    ):
        return ()
    name = re.sub(r"^(?:bo|(?:ubnd|uy ban nhan dan)(?: tinh| thanh pho)?)\s+", "", issuer)
    words = re.findall(r"\w+", name)
    if not issuer.startswith("bo "):
        return (name,)
    # "Bộ Lao động" is how people say "Bộ Lao động - Thương binh và Xã hội".
    return (name, "".join(word[0] for word in words), f"bo {' '.join(words[:2])}")


def _citation(evidence: Evidence) -> Citation:
    return Citation(
        document=evidence.document,
        place=evidence.place,
        quote=evidence.quote,
        around=evidence.around,
        relevance=evidence.relevance,
    )


def _verified(citations, index: Index) -> tuple[Citation, ...]:  # type: ignore[no-untyped-def]
    """Only quotes that stand, word for word, in the stored passages of the place they cite."""
    return tuple(c for c in citations if stands(c, index))


def stands(citation: Citation, index: Index) -> bool:
    """True when the quote is in the stored text of its place."""
    stored = "\n".join(p.text for p in index.within(citation.document.path, citation.place))
    return bool(citation.quote.strip()) and citation.quote in stored


def cautions_of(
    citations: Sequence[Citation], question: Question, index: Index
) -> tuple[Caveat, ...]:
    """What a reader must know of what is quoted, on the day that counts: all of the first document,
    and of those beside it whether they applied and were changed."""
    warnings: list[Caveat] = []
    first = citations[0].document if citations else None
    for citation in citations:
        document = citation.document
        warnings += _standing_of(document, question)
        warnings += _changes_of(citation, question, index)
        if document == first:
            if in_doubt(document.checked):
                warnings.append(Caveat(caution=Caution.UNCHECKED, about=(document.number,)))
            if document.digest:
                warnings.append(Caveat(caution=Caution.DIGEST, about=(document.number,)))
    return tuple(dict.fromkeys(warnings))


def _standing_of(document: Document, question: Question) -> list[Caveat]:
    """Whether a document was over, or had not begun; what is over today is marked for any day."""
    day = max(question.as_of, question.today)
    if document.expires and document.expires <= day:
        about = (document.number, _date(document.expires), ", ".join(document.replaced_by))
        return [Caveat(caution=Caution.ENDED, about=about)]
    if document.effective and document.effective > question.as_of:
        begun = (document.number, _date(document.effective))
        return [Caveat(caution=Caution.FUTURE, about=begun)]
    return []


def _changes_of(citation: Citation, question: Question, index: Index) -> list[Caveat]:
    """What repealed, postponed or amended what is quoted, or the law that it details."""
    document, place, day = citation.document, citation.place, question.as_of
    warnings = []
    for effect, caution in (
        (Effect.REPEALS, Caution.PART_ENDED),
        (Effect.BEGINS, Caution.PART_FUTURE),
    ):
        for r in done_to(document, place, effect, index):
            begun = r.since is not None and r.since <= day
            if r.since and begun == (effect is Effect.REPEALS):
                by = (r.number,) if effect is Effect.REPEALS else ()
                about = (document.number, _parts(r, place), *by, _date(r.since))
                warnings.append(Caveat(caution=caution, about=about))
    for r in amended(document, place, day, index):
        if is_held(r.number, index):
            by_clause = (r.number, str(r.place), _date(r.since))
            about = (document.number, _parts(r, place), *by_clause)
            warnings.append(Caveat(caution=Caution.CHANGED, about=about))
        else:
            told = (document.number, r.number, _date(r.since))
            warnings.append(Caveat(caution=Caution.AMENDED, about=told))
            warnings += _doubt(r.number, index)
    for law in guided(document.number, index):
        text = text_of(law, index)
        if not isinstance(text, Document) or not in_force(text, day):
            continue
        for r in amended(text, Place(), day, index):
            if (
                not is_held(r.number, index)
                and document.issued
                and r.since
                and r.since > document.issued
            ):
                above = (document.number, law, r.number, _date(r.since))
                warnings.append(Caveat(caution=Caution.ABOVE, about=above))
                warnings += _doubt(r.number, index)
    return warnings


def _doubt(number: str, index: Index) -> list[Caveat]:
    text = text_of(number, index)
    return (
        [Caveat(caution=Caution.UNCHECKED, about=(number,))]
        if text and in_doubt(text.checked)
        else []
    )


def _parts(relation: Relation, place: Place) -> str:
    """The parts of a quoted place that a relation is about."""
    touched = [p for p in relation.places if p.holds(place) or place.holds(p)]
    return ", ".join(map(str, touched))


def _yes(
    question: Question,
    findings: list[Finding],
    citations: tuple[Citation, ...] = (),
    warnings: tuple[Caveat, ...] = (),
    kind: AnswerKind = AnswerKind.ANSWER,
) -> Answer:
    return Answer(
        kind=kind,
        question=question,
        findings=tuple(findings),
        citations=citations,
        warnings=warnings,
    )


def _no(
    question: Question, absence: Absence, nearest: tuple[Citation, ...] | list[Citation] = ()
) -> Answer:
    return Answer(
        kind=AnswerKind.NOT_FOUND, question=question, absence=absence, nearest=tuple(nearest)
    )
