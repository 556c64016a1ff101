"""Which day counts: rules of the past, a time in which they changed, clauses on what had begun before."""

import datetime
from collections.abc import Collection, Sequence

from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation, no, yes
from bot.citing import CITED, cautions_of, distinct, quoted, verified
from bot.figures import day_of
from bot.finding import (
    Absence,
    Finding,
    Half,
    Halves,
    Known,
    Lack,
    Lifespan,
    Reward,
    Salary,
    SideBySide,
)
from bot.force import amended, in_force, is_held, keeps, of_that_day, text_of
from bot.halves import Span, cuts, half
from bot.history import as_row, in_force_then, life_of
from bot.lives import told_lives
from bot.meetings import identify
from bot.provision import by_the_rules
from bot.question import Question, content_words, timeless
from corpus import Document, Effect, Relation, fold
from index import Index


def from_regulations(question: Question, index: Index) -> Answer:
    """What the regulations of the day say, in the wording of that day."""
    return as_amended(_with_guides(_by_the_day(question, index), index), index)


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
                more.append(Caveat(caution=Caution.THEN, about=(then.number, day_of(day))))
    return found.model_copy(update={"warnings": (*found.warnings, *more)}) if more else found


def as_amended(found: Answer, index: Index) -> Answer:
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
            now = quoted(index.by_number()[r.number], r.place, index)
            told = [c.model_copy(update={"span": first.span}) for c in verified(now, index)]
            (before if r.covers(first.place) else behind).extend(told)
    if not before and not behind:
        return found
    if before and first.span:
        first = first.model_copy(update={"span": _earlier(found, first)})
    # The latest amendment is what applies.
    citations = distinct([*reversed(before), first, *behind, *rest])[: CITED + len(before)]
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
        return yes(question, [texts])
    found = by_the_rules(question, index)
    if question.documents or not question.dated:
        return found
    if not question.fixed and (parted := _parted(found, question, index)):
        return parted
    return _of_that_day(found, question, index)


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
    now = question.model_copy(update={"as_of": question.today, "documents": of_form(form, index)})
    current = by_the_rules(now, index)
    if not current.citations:
        return no(question, current.absence or Absence(lack=Lack.WEAK), current.nearest)
    newer = current.citations[0].document
    before = _last_of(newer, index)
    if before is None:
        return no(
            question, Absence(lack=Lack.VERSION, about=(newer.number, day_of(newer.effective)))
        )
    validity, day = before
    if validity.number in index.by_number():
        named = (validity.number,)
        dated = {"as_of": day, "dated": True, "documents": named}
        return by_the_rules(question.model_copy(update=dated), index)
    return only_known(
        question.model_copy(update={"as_of": day, "dated": True}), [validity.number], index
    )


def _older_itself(form: str, question: Question, index: Index) -> Answer:
    """ "Luật cũ" by itself: which text that was, and how long it applied."""
    held = [d for d in index.by_number().values() if in_force(d, question.today)]
    olds = [_last_of(d, index) for d in held if not form or fold(d.form) == form]
    numbers = list(dict.fromkeys(old[0].number for old in olds if old))
    lives = [life for n in numbers if (life := life_of(n, question, index))]
    return told_lives(lives, question, index) if lives else no(question, Absence(lack=Lack.WEAK))


def of_form(form: str, index: Index) -> tuple[str, ...]:
    """The numbers of the held documents of one form, folded: "nghi dinh"; none for ""."""
    return tuple(d.number for d in index.by_number().values() if form and fold(d.form) == form)


def _last_of(newer: Document, index: Index):  # type: ignore[no-untyped-def]
    """The text before one, and the last day on which it applied."""
    if newer.effective is None:
        return None
    day = newer.effective - datetime.timedelta(days=1)
    text = of_that_day(newer.number, day, index)
    return (text, day) if text else None


def only_known(question: Question, numbers: Collection[str], index: Index) -> Answer:
    """What the register knows of the texts that counted, none of which is held."""
    known = [v for n in numbers if (v := text_of(n, index))]
    rows = [as_row(v) if isinstance(v, Document) else v for v in known]
    findings: list[Finding] = [Known(validity=row, held=False) for row in rows]
    doubts = [Caveat(caution=Caution.UNCHECKED, about=(v.number,)) for v in rows if v.unchecked]
    return yes(question, findings, (), tuple(doubts), AnswerKind.PARTIAL)


def _of_that_day(found: Answer, question: Question, index: Index) -> Answer:
    """An answer for another day than today: where what answers today was not there yet, or is over by
    then, the text of that day is named, and where it is not held, that is said."""
    by_day = any(isinstance(f, Reward | Salary) for f in found.findings)
    if question.as_of == question.today or not question.dated or by_day:
        return found
    now = by_the_rules(question.model_copy(update={"as_of": question.today, "dated": False}), index)
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
        more = Caveat(caution=Caution.THEN, about=(then.number, day_of(question.as_of)))
        return found.model_copy(update={"warnings": (*found.warnings, more)})
    if then:
        return only_known(question, [then.number], index)
    return _version(question, newer)


def _version(question: Question, newer: Document) -> Answer:
    """No text of that day is known: what speaks of the matter is of another time."""
    about = (newer.number, day_of(newer.effective), day_of(newer.expires))
    return no(question, Absence(lack=Lack.VERSION, about=about))


def _parted(found: Answer, question: Question, index: Index) -> Answer | None:
    """The answer for each part of the time asked about, where the rule changed inside it."""
    moment = question.moment
    if not moment or not moment.since or not moment.until or moment.since >= moment.until:
        return None

    def on(day: datetime.date) -> Answer:
        return (
            found
            if day == question.as_of
            else by_the_rules(question.model_copy(update={"as_of": day}), index)
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
            "citations": (citations[0], *others, *rest)[: CITED + len(others)], "warnings": tuple(warnings),
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
    ground = quoted(document, clause.place, index)
    targets = [r.target for r in later if r.number == clause.number and r.place == clause.place]
    olds = tuple(n for n in targets if n and is_held(n, index))
    by_old = {"as_of": before, "documents": olds} if olds else {}
    found = by_the_rules(asked.model_copy(update=by_old), index)
    near = found.citations if found.kind is not AnswerKind.NOT_FOUND else ()
    rest = [c for c in near if (c.document, c.place) != (document, clause.place)]
    known = [v for n in targets if n and not is_held(n, index) and (v := text_of(n, index))]
    findings: list[Finding] = [
        Known(validity=v, held=False) for v in known if not isinstance(v, Document)
    ]
    citations = (*verified(ground, index), *rest)[:CITED]
    told = yes(asked, findings, citations, cautions_of(citations[:2], asked, index))
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
    found = by_the_rules(question, index)
    known: list[Finding] = [Known(validity=v, held=False) for v in rows]
    doubts = tuple(
        Caveat(caution=Caution.UNCHECKED, about=(v.number,)) for v in rows if v.unchecked
    )
    citations = found.citations if found.kind is AnswerKind.ANSWER else ()
    return yes(question, known, citations, (*found.warnings, *doubts), AnswerKind.PARTIAL)
