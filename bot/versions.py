"""Two texts side by side: what the old one said of a subject and what the new one says."""

from collections.abc import Sequence

from bot.answer import Answer, AnswerKind, Citation, no, yes
from bot.citing import cautions_of, verified
from bot.comparison import asks_old_and_new, compared, pair_of, side_by_side, subject_of
from bot.day import of_form, only_known
from bot.evidence import weigh
from bot.finding import Absence, Lack
from bot.force import in_force, is_held
from bot.provision import SEARCHED, by_the_rules, weights_for
from bot.question import Question, content_words, titles_in
from corpus import Document, Place, fold
from index import Index

_WHOLE = 3200  # characters up to which an Điều is compared whole


def compared_texts(question: Question, index: Index) -> Answer | None:
    """Two texts on one subject with what differs; None where no comparison is asked for."""
    asked = compared(question, index)
    if asked is None:
        form = asks_old_and_new(question)
        if form is None:
            return None
        held = index.by_number()
        now = question.model_copy(
            update={
                "as_of": question.today,
                "moment": None,
                "documents": tuple(
                    number
                    for number in of_form(form, index)
                    if in_force(held[number], question.today)
                ),
            }
        )
        current = by_the_rules(now, index)
        numbers = pair_of(current.citations[0].document, index) if current.citations else []
        subject = " ".join(t.name for t in question.titles)
        asked = (numbers, subject or subject_of(question)) if numbers else None
    if asked is None:
        return None
    numbers, subject = asked
    if not subject:
        return no(question, Absence(lack=Lack.SUBJECT, about=tuple(numbers)))

    def find(
        words: str, number: str, also: Sequence[str]
    ) -> list[tuple[Document, Place, str, float]]:
        return _on_subject(question, words, number, index)

    pair = side_by_side(numbers, subject, find, index)
    if pair is None:
        missing = [n for n in numbers if not is_held(n, index)]
        if missing and len(missing) == len(numbers):
            return only_known(question, missing, index)
        return no(question, Absence(lack=Lack.WEAK))
    sides = [side for side in (pair.older, pair.newer) if side]
    citations = tuple(
        Citation(
            document=s.document, place=s.place, quote="".join(t for t, _ in s.runs), relevance=1.0
        )
        for s in reversed(sides)
    )
    kind = AnswerKind.ANSWER if len(sides) == 2 else AnswerKind.PARTIAL
    shown = verified(citations, index)
    warnings = [w for c in shown for w in cautions_of((c,), question, index)]
    return yes(question, [pair], shown, tuple(dict.fromkeys(warnings)), kind)


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
    hits = index.search(words, asked.full_names, weights_for(asked), limit=SEARCHED)
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
