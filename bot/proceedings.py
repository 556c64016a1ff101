"""What the reports of meetings answer: their facts, the awards that they tell, the sentence that says it."""

import re

from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation, no, yes
from bot.awards import workbooks_of
from bot.citing import CITED, verified
from bot.finding import Absence, Awards, Finding, Lack, MeetingFacts, MeetingList, Offices
from bot.meetings import about_meetings, answer_meetings, asks_overview
from bot.question import Question, Topic, content_words, in_full, titles_in
from corpus import Document, Kind, Status, fold
from index import ASKING, Index, terms


def block_named(question: Question, index: Index) -> bool:
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


def reported(question: Question, index: Index) -> tuple[Citation, ...]:
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
        for quote in standing(index.documents[total.source.file], total.source.quote, index)
    ]
    return tuple(dict.fromkeys(quotes))[:CITED]


def _is_said(unit: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(unit))}(?!\w)", folded) is not None


# Awards of units are no answer to a question about persons.
_PERSONS_GOT = re.compile(
    r"(?:bao nhieu|may|nhung|cac) (?:ca nhan|dong chi)|(?:ca nhan|dong chi) nao|nguoi nao"
)


def from_meetings(question: Question, index: Index) -> Answer:
    """What the report of the meeting asked about says, in its fields or in its words."""
    sure = about_meetings(question) or bool(question.names) or block_named(question, index)
    found = answer_meetings(question, index, sure)
    if isinstance(found, Absence):
        return no(question, found)
    finding = found[0]
    if isinstance(finding, MeetingList | Offices):
        return yes(question, found)
    assert isinstance(finding, MeetingFacts)
    document = finding.document
    if finding.lacking and not finding.awards and len(finding.lacking) == len(finding.asked):
        about = (document.title, *finding.lacking)
        return no(
            question,
            Absence(lack=Lack.NOT_SAID, about=about),
            _report_quotes(question, index, document, 1),
        )
    unnamed = not any(award.unit or award.person for award in finding.awards)
    persons = _PERSONS_GOT.search(question.folded) and not any(a.person for a in finding.awards)
    if finding.awards and (persons or (unnamed and _WHO_GOT.search(question.folded))):
        absence = Absence(lack=Lack.NOT_SAID, about=(document.title, "recipient"))
        return no(question, absence, _fact_quotes(finding, index))
    counted = any(asked.search(question.folded) for asked, _ in _NUMBER_ASKED)
    if (finding.asked or finding.awards or asks_overview(question)) and not counted:
        unique = _fact_quotes(finding, index)
        found = [*found, *_outcomes(question, finding, index)]
        kind = AnswerKind.PARTIAL if finding.lacking else AnswerKind.ANSWER
        return yes(question, found, unique, _meeting_warnings(finding), kind)
    return _said_in_report(question, index, finding)


def standing(document: Document, quote: str, index: Index) -> list[Citation]:
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
        quotes += standing(finding.document, source.quote, index)
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
        return no(question, Absence(lack=Lack.NOT_SAID, about=(document.title,)), nearest[:1])
    chosen = best[1]
    if (lines := _deciding_sentence(question, chosen.quote)) is not None:
        chosen = chosen.model_copy(update={"quote": lines})
    others = tuple(c for c in nearest if c.place != chosen.place)
    return yes(question, [finding], (chosen, *others))


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
    return verified(
        (
            Citation(document=document, place=p.place, quote=p.text, relevance=weight)
            for weight, p in weighed[:count]
            if weight
        ),
        index,
    )
