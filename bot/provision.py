"""What the rules of one day say: search, evidence, and the decision to answer, to be careful or to say no."""

import re
from collections.abc import Callable, Sequence

from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation, no, yes
from bot.citing import CITED, cautions_of, citation_of, clause_of, distinct, verified
from bot.evidence import Evidence, definitions, weigh
from bot.figures import day_of
from bot.finding import Absence, Finding, Lack, Salary
from bot.force import gone, in_force
from bot.money import asks_base, asks_which, base_salary, rewards, together
from bot.question import Question, timeless
from corpus import Document, Effect, Kind, Place, fold
from index import ASKING, Hit, Index, terms

# Below the lower sureness nothing is said; between the two the answer names what it is unsure of.
# Measured by benchmarks/refusals.py.
_UNSURE = 0.75
_REFUSED = 0.55
_INSTEAD, _WHOLLY = 0.6, 0.95  # sureness and coverage of a clause that answers instead of the first
_FOREIGN = 0.5  # a question without a word of the field must be surer than this
SEARCHED = 60  # passages


def by_the_rules(question: Question, index: Index) -> Answer:
    """The answer by the rules of the question's day."""
    asked = timeless(question)
    weight = weights_for(asked)
    hits = index.search(asked.accented, asked.full_names, weight, limit=SEARCHED)
    found = {(hit.passage.document, hit.passage.order) for hit in hits}
    defining = definitions(asked, index, weight)
    hits += [h for h in defining if (h.passage.document, h.passage.order) not in found]
    kept: list[Hit] = []
    dropped: list[Hit] = []
    applies = applies_on(question)
    for hit in hits:
        of = index.documents[hit.passage.document]
        named = bool(question.documents)
        (kept if named or applies(of, hit.passage.place, index) else dropped).append(hit)
    evidence = _answering_first(weigh(asked, kept, index, CITED))
    if money := _money(question, evidence, index):
        return money
    if not evidence:
        return _repealed(question, dropped, index) or no(question, Absence(lack=Lack.WEAK))
    citations = verified((citation_of(e) for e in evidence), index)
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
    about = (document.number, str(place), by.number, str(by.place), day_of(by.since))
    return no(question, Absence(lack=Lack.REPEALED, about=about))


def applies_on(question: Question) -> Callable[[Document, Place, Index], bool]:
    """Whether a place of a document applies on the day that counts."""

    def applies(document: Document, place: Place, index: Index) -> bool:
        day = question.as_of
        return in_force(document, day) and not gone(document, place, day, index)

    return applies


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
        return no(question, Absence(lack=Lack.OUTSIDE), citations[:1])
    if best.sureness < _REFUSED:
        return no(question, Absence(lack=Lack.WEAK, about=best.missing), citations[:1])
    kept = tuple(c for c in citations if c.relevance >= 0.55 * citations[0].relevance)
    warnings = cautions_of(kept[:2], question, index)
    if best.sureness < _UNSURE or (best.unmeasured and not best.plain):
        warnings = (*warnings, Caveat(caution=Caution.UNSURE, about=best.missing))
        return yes(question, [], kept, warnings, AnswerKind.PARTIAL)
    return yes(question, [], kept, warnings)


def _money(question: Question, evidence: Sequence[Evidence], index: Index) -> Answer | None:
    """The sums themselves, with the clauses that they rest on; None where no clause gives one."""
    of_day = applies_on(question)

    def applies(document: Document, place: Place) -> bool:
        return of_day(document, place, index)

    if asks_base(question):
        return _base(question, base_salary(question.as_of, index, applies), index)
    sums, rates = rewards(question, index, applies)
    if not rates:
        return None
    grounds: list[Citation] = []
    for rate in rates:
        grounds += clause_of(rate.document, rate.passage, index)
    for one in sums:
        if one.personal:
            grounds += clause_of(one.document, one.personal, index)
    rules = [(f.base_document, f.base_passage) for f in sums[:1]]
    rules += [(f.document, f.rounding) for f in sums[:1]]
    both = together(sums, index)
    if both:
        rules.insert(0, (both.document, both.passage))
    for document, passage in rules:
        if document and passage:
            grounds += clause_of(document, passage, index)
    if both and asks_which(question):
        grounds = [*clause_of(both.document, both.passage, index), *grounds]
    kept = verified(distinct(grounds), index)
    more = [c for c in verified((citation_of(e) for e in evidence), index) if not any(k.place.holds(c.place) and k.document == c.document for k in kept)]  # fmt: skip
    citations = (*kept, *more)[: max(CITED, len(kept))]
    warnings = [*cautions_of(kept, question, index)]
    if not sums:
        warnings.append(Caveat(caution=Caution.NO_BASE, about=(day_of(question.as_of),)))
    for row in {s.base_row.number: s.base_row for s in sums if s.base_row}.values():
        warnings.append(Caveat(caution=Caution.UNCHECKED, about=(row.number,)))
    findings: list[Finding] = [*sums, *([both] if both else [])]
    made = yes(question, findings, citations, tuple(dict.fromkeys(warnings)))
    return made.model_copy(update={"signs": evidence[0].signs if evidence else None})


def _base(question: Question, base: Salary | None, index: Index) -> Answer | None:
    """The base salary of the day, where a text or the register tells it."""
    if base is None:
        return None
    if base.document and base.passage:
        kept = verified(clause_of(base.document, base.passage, index), index)
        return yes(question, [base], kept, cautions_of(kept, question, index))
    doubt = Caveat(caution=Caution.UNCHECKED, about=(base.row.number if base.row else "",))
    return yes(question, [base], (), (doubt,), AnswerKind.PARTIAL)


def _says_pairs(question: Question, evidence: Evidence) -> bool:
    """For a question without a word of the field: some two neighbouring words of it are in the clause."""
    asked = {t for t in terms(question.folded) if "_" in t and not set(t.split("_")) & ASKING}
    return bool(asked & set(terms(evidence.quote)))


def weights_for(question: Question) -> Callable[[Document], float]:
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
