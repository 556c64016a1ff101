"""Question + index → ``Answer``: where to look, in which order, and what is known and what is not.

The order is fixed: an Điều that is named is fetched; records answer what is a record; passages
answer the rest; and what the evidence does not carry is not said.
"""

import re
from collections.abc import Callable

from bot.answer import OF_REGULATIONS, Answer, AnswerKind, Caution, Caveat, Citation, no
from bot.awards import about_awards, names_somebody
from bot.day import as_amended, from_regulations
from bot.finding import Absence, Choice, Lack, MeetingFacts
from bot.lives import history
from bot.meetings import about_meetings, asks_fact, asks_of_records
from bot.named import named_article, named_part, not_held
from bot.placings import asks_members
from bot.proceedings import block_named, from_meetings
from bot.question import Question, Topic, content_words, in_full
from bot.residue import unexplained
from bot.scores import about_scores
from bot.versions import compared_texts
from bot.workbooks import both_asked, from_awards, from_both, from_names, from_scores
from corpus import Status, fold
from index import Index

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
        return no(question, Absence(lack=Lack.EMPTY))
    if _ORDER.match(question.folded):
        return no(question, Absence(lack=Lack.OUTSIDE))
    if _GREETING.match(question.folded):
        return no(question, Absence(lack=Lack.GREETING))
    if found := compared_texts(question, index):
        return found
    if found := history(question, index):
        return found
    if question.place.article and (found := named_article(question, index)):
        return as_amended(found, index)
    if found := named_part(question, index):
        return found
    routes = _routes(question, index)
    if question.doubts and routes[0] in (from_scores, from_awards, from_names, from_both):
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
    if from_regulations not in routes and _may_be_a_rule(question, absence):
        found = from_regulations(question, index)
        if found.kind is AnswerKind.ANSWER and (
            not question.topics or _speaks_of_strangers(found) or _is_sure(found)
        ):
            return found
    return no(question, absence, nearest).model_copy(update={"signs": signs})


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
    if absence.lack is Lack.AWARD and question.years:
        return False
    return absence.lack in _OPEN and not _WHAT_IT_GOT.search(question.folded)


def _is_sure(found: Answer) -> bool:
    """True when a rule says so plainly what was asked that the question is hardly about a record."""
    return found.signs is not None and found.signs.sureness >= _SURELY_A_RULE


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
    return no(question, Absence(lack=Lack.RECORD, about=left, exists=of), found.citations[:1])


# Reasons of a "no" that leave it open whether a regulation answers.
_OPEN = (
    Lack.WEAK,
    Lack.RECORD,
    Lack.MEETING,
    Lack.NOT_SAID,
    Lack.YEAR,
    Lack.UNIT,
    Lack.AWARD,
)
_SURELY_A_RULE = 0.8
# What somebody was given, and when, is never in a regulation.
_WHAT_IT_GOT = re.compile(
    r"\b(?:khen|tang|nhan|trao|dat)\b.{0,40}\b(?:gi|nhung gi|hinh thuc nao|danh hieu nao|may lan|bao nhieu lan|bao gio|chua)\b"
    r"|\b(?:nam|ngay|khi) nao\b|\bdanh sach\b|\b(?:duoc|co|da) .{0,60}\bchua$"
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
        return [not_held]
    if question.decision and not question.documents:
        return [from_awards]
    named = bool(question.units or question.strangers or question.provinces or question.names)
    named = named or bool(question.doubts)
    scores, meetings = about_scores(question), about_meetings(question)
    awards = about_awards(question)
    regulatory = bool(_REGULATORY.search(question.folded)) or bool(question.documents)
    renamed = Topic.NAME in question.topics and bool(question.units)
    in_report = bool(question.names or question.provinces) or block_named(question, index)
    of_records = (scores or awards) and bool(question.units or question.doubts)
    if regulatory and not renamed and not of_records:
        return [from_meetings, from_regulations] if in_report else [from_regulations]
    if scores and both_asked(question):
        return [from_both, from_scores]
    routes: list[Route] = []
    of_a_table = bool(question.years) or bool(question.topics & {Topic.RANKING, Topic.AUDIT})
    # "Tiêu chí I.1" is of a table of points, and so are the members of a block.
    of_a_table = of_a_table or "." in question.criterion or asks_members(question)
    if scores and (named or of_a_table):
        routes.append(from_scores)
    elif renamed:
        routes.append(from_names)
    cancelled = Status.CANCELLED in question.statuses and bool(_CASES.search(question.folded))
    held = question.topics & {Topic.AWARD, Topic.DECISION} and (
        named or question.years or question.decision or _person_named(question, index)
    )
    decided = bool(_WHICH_DECISION.search(question.folded))
    if cancelled or held or awards or decided:
        routes.append(from_awards)
    if in_report:
        # A report named by its place or block goes before the workbooks of another block.
        routes.insert(0, from_meetings)
    elif meetings and (named or question.years or question.period or asks_of_records(question)):
        # What a meeting proposed, and when it was, stand in its report before any workbook.
        first = Status.PROPOSED in question.statuses or asks_fact(question) or bool(question.day)
        routes.insert(0 if first else len(routes), from_meetings)
    elif question.strangers:
        routes.append(from_meetings)
    of_a_meeting = meetings and bool(
        question.years or question.period or asks_fact(question) or asks_of_records(question)
    )
    of_a_record = scores or awards or decided
    told = of_a_table or decided or (awards and names_somebody(question))
    if not named and not (of_a_record and told) and not of_a_meeting:
        routes.append(from_regulations)
    if meetings and from_meetings not in routes:
        routes.append(from_meetings)
    if not routes:
        # Something about a unit that is no record (its chairman, its size): a report may say it,
        # a regulation never does.
        routes = [from_meetings, _unknown_of_unit] if named else [from_regulations]
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


def _unknown_of_unit(question: Question, index: Index) -> Answer:
    of = question.units or question.strangers or question.provinces or question.names
    return no(question, Absence(lack=Lack.RECORD, exists=of))
