"""Questions about awards → findings. Proposed, approved, decided and cancelled are never mixed."""

import re
from collections.abc import Sequence

from bot.finding import Absence, Awards, Finding, Lack, Run
from bot.periods import number_word
from bot.question import Question, Topic
from bot.vocabulary import LEVELS, Title
from corpus import Award, Kind, Status, fold
from index import Lookup

_COUNT = re.compile(
    r"may lan|bao nhieu lan|may luot|bao nhieu luot|bao nhieu (?:bang|co|giay|danh)|may (?:bang|co|giay|danh)|tong cong"
    r"|(?:bao nhieu|may) (?:don vi|tap the|ca nhan|nguoi) (?:duoc|dat|bi|co|nhan)"
)
_RUN = re.compile(r"nam (?:lien|lien tiep|lien tuc)|lien tiep|lien tuc|giu .*lien")
_IN_A_ROW = re.compile(r"\b(\d{1,2}|hai|ba|bon|nam|sau|bay|tam|chin|muoi) nam lien")
_ASKED_IF = re.compile(r"chua\b|da duoc .*(?:khong|chua)|co duoc .* khong")
_ALL_OF = re.compile(r"\bca\b(?! nhan).*\b(?:va|lan)\b|\bvua\b.*\bvua\b|dong thoi")
_MOST = re.compile(r"nhieu\b.{0,60}\bnhat\b(?! day)")
_NEWEST = re.compile(r"moi nhat|gan (?:day )?nhat|gan nhat day|lan cuoi|moi day")
# "Đơn vị nào được …" asks for names; "ai được …" without a year may ask what a rule says.
_WHICH = re.compile(
    r"\b(?:don vi|tap the(?! lao dong)|ca nhan|hoi) nao\b|khen thuong nao|truong hop nao|bang khen thuong"
)
_WHO = re.compile(
    r"\b(?:don vi|tap the(?! lao dong)|ca nhan|hoi|nguoi|ai) (?:nao )?(?:da |vua )?(?:duoc|nhan|dat|co)\b(?! xet| the\b| quyen| phai)"
    r"|tang (?:cho )?ai|khen (?:nhung )?ai"
)
_RECORD = re.compile(
    rf"{_NEWEST.pattern}|da (?:duoc|co|nhan|dat)|(?:nhung|cac) (?:khen|danh hieu|hinh thuc)|khen thuong (?:gi|nao)|duoc khen"
    r"|may lan|bao nhieu lan|lien tiep|lien tuc|nam lien|quyet dinh (?:so )?(?:may|nao)|so quyet dinh|duoc .* (?:khong|chua)\b"
)
# "Nhà ông B hiến đất, có xin bằng khen được không?" asks for the rule.
_MAY = re.compile(r"\b(?:xin|de nghi|xet|lam ho so)\b.*\bkhong\b")
# Somebody's name, which the records may not have.
_SOMEBODY = re.compile(
    r"(?<!\w)(?:[Cc]á nhân|[Đđ]ồng chí|[Ôô]ng|[Bb]à)\s+([A-ZÀ-ỸĐ]\w*(?:\s+[A-ZÀ-ỸĐ]\w*)*)"
)
# "Trường hợp nào mới đề nghị", "đã thông qua mà chưa có quyết định": a stage is asked for.
_STAGE = re.compile(
    r"(?:moi|con|dang|chi)\b.{0,20}(?:de nghi|thong qua)|thong qua.*chua|de nghi.*chua (?:duoc|co)|(?:nao|nhung) .*thong qua"
)
_COLLECTIVE = re.compile(r"tap the(?! lao dong)")


def answer_awards(
    question: Question, lookup: Lookup, workbooks: frozenset[str]
) -> list[Finding] | Absence:
    """Findings for a question about awards, or why there are none.

    ``workbooks`` are the files whose rows count: what a meeting report says of awards is answered
    with the report.
    """
    if question.decision:
        awards = [
            a
            for a in lookup.awards_by_decision(_as_held(question.decision, lookup))
            if a.source.file in workbooks
        ]
        if awards:
            return [Awards(awards=tuple(awards), decision=awards[0].decision)]
        return Absence(lack=Lack.AWARD, about=(f"Quyết định {question.decision}",))
    held = [a for a in lookup.awards() if a.source.file in workbooks]
    if not held:
        return Absence(lack=Lack.AWARD)
    if absence := _foreign(question, lookup):
        return absence
    names = [name for unit in question.units for name in lookup.names_of(unit)]
    person = _person(question, held)
    if not person and (somebody := _SOMEBODY.search(question.accented)):
        return Absence(lack=Lack.AWARD, about=(somebody[0],), exists=_held_years(held))
    if (
        not names
        and not person
        and question.strangers
        and not re.search(r"don vi nao|nhung don vi|ai duoc", question.folded)
    ):
        known = dict.fromkeys(lookup.current_name(u.name) for u in lookup.units())
        return Absence(lack=Lack.UNIT, about=question.strangers, exists=tuple(known))
    found = [
        a for a in held
        if (not names or a.unit in names)
        and (not person or a.person == person)
        and (not question.titles or any(matches(title, a.title) for title in question.titles))
    ]  # fmt: skip
    in_years = [a for a in found if not question.years or a.year in question.years]
    if question.years and not in_years and Topic.DECISION in question.topics:
        in_years = [a for a in found if a.decided_on and a.decided_on.year in question.years]
    chosen = _by_status(question, in_years)
    if not chosen:
        return _absence(question, found or held)
    if len(question.titles) > 1 and not names and _ALL_OF.search(question.folded):
        chosen = _with_all(question.titles, chosen)
        if not chosen:
            about = " và ".join(f"“{title.name}”" for title in question.titles)
            years = tuple(map(str, question.years))
            return Absence(lack=Lack.AWARD, about=(f"đơn vị được cả {about}", *years))
    if _NEWEST.search(question.folded):
        chosen = _newest(chosen)
    return [_awards(question, chosen, person, names, lookup)]


def about_awards(question: Question) -> bool:
    """True when a question asks what the records of awards hold, not what a rule says of awards."""
    if not question.topics & {Topic.AWARD, Topic.DECISION}:
        return False
    if Topic.MONEY in question.topics:
        return False
    if names_somebody(question):
        return not _MAY.search(question.folded)
    if question.units:
        return bool(_RECORD.search(question.folded))
    dated = bool(question.years and _WHO.search(question.folded))
    return dated or bool(_WHICH.search(question.folded))


def names_somebody(question: Question) -> bool:
    """True when a person is named, known or not."""
    return bool(_SOMEBODY.search(question.accented))


def _with_all(titles: Sequence[Title], awards: list[Award]) -> list[Award]:
    """The decided awards of those who were given each of the titles."""
    decided = [a for a in awards if a.status is Status.DECIDED]
    given = [{a.recipient for a in decided if matches(t, a.title)} for t in titles]
    both = set.intersection(*given)
    return [a for a in decided if a.recipient in both]


def _newest(awards: list[Award]) -> list[Award]:
    """The last that were decided; what is only proposed is not an award yet."""
    decided = [a for a in awards if a.status is Status.DECIDED] or awards

    def when(award: Award) -> tuple[int, str]:
        return (award.year or 0, str(award.decided_on or ""))

    last = max(map(when, decided))
    return [a for a in decided if when(a) == last]


def _as_held(decision: str, lookup: Lookup) -> str:
    """The decision as the records write it: a question may lack accents and capitals, or give no
    more than the number, where one decision has it."""
    held = {fold(a.decision).replace(" ", ""): a.decision for a in lookup.awards() if a.decision}
    begun = {name for number, name in held.items() if number.startswith(f"{decision}/")}
    return held.get(fold(decision), next(iter(begun)) if len(begun) == 1 else decision)


def _foreign(question: Question, lookup: Lookup) -> Absence | None:
    known = fold(" ".join(f"{u.name} {u.block}" for u in lookup.units()))
    foreign = tuple(p for p in question.provinces if fold(p) not in known)
    blocks = tuple(dict.fromkeys(u.block for u in lookup.units() if u.block))
    return Absence(lack=Lack.PROVINCE, about=foreign, exists=blocks) if foreign else None


def _person(question: Question, awards: Sequence[Award]) -> str:
    people = {a.person for a in awards if a.person}
    return next(
        (
            p
            for p in sorted(people, key=len, reverse=True)
            if re.search(rf"\b{re.escape(fold(p))}\b", question.folded)
        ),
        "",
    )


def matches(asked: Title, title: str) -> bool:
    """True when a record's title is of the family and the levels that a question names."""
    words = fold(title)
    family = fold(asked.family)
    if not re.search(rf"\b{re.escape(family)}\b", words):
        return False
    if family == "lao dong tien tien" and "tap the" in words:
        return False
    return all(any(level in words for level in LEVELS[name]) for name in asked.levels)


def _by_status(question: Question, awards: list[Award]) -> list[Award]:
    """What was asked for by status. "Đề nghị" in a question does not hide what was decided since."""
    asked = set(question.statuses)
    if Status.CANCELLED in asked:
        return [a for a in awards if a.status is Status.CANCELLED]
    if _RUN.search(question.folded) or asked == {Status.DECIDED}:
        kept = [a for a in awards if a.status is Status.DECIDED]
        return kept or awards
    if _STAGE.search(question.folded) and not question.units:
        return [a for a in awards if a.status in asked - {Status.DECIDED}]
    return awards


def _awards(
    question: Question, chosen: list[Award], person: str, names: Sequence[str], lookup: Lookup
) -> Awards:
    collective = [a for a in chosen if not a.person]
    people = [a for a in chosen if a.person]
    if question.person and _COLLECTIVE.search(question.folded):
        collective, people = [*collective, *people], []
    elif person or question.person or (not collective and not _COLLECTIVE.search(question.folded)):
        collective, people = people, []
    elif not names:
        collective, people = [*collective, *people], []
    order = sorted(collective, key=lambda a: (a.year or 0, a.title, a.recipient))
    runs = (
        _runs([a for a in order if a.status is Status.DECIDED], lookup)
        if _RUN.search(question.folded)
        else ()
    )
    most = bool(_MOST.search(question.folded)) and not names and not person
    return Awards(
        unit=person or (question.units[0] if len(question.units) == 1 else ""),
        titles=tuple(dict.fromkeys(a.title for a in order)), years=question.years,
        leaders=_leaders(order, lookup) if most else (),
        awards=tuple(order), of_people=tuple(people) if names else (),
        counted=bool(_COUNT.search(question.folded)), runs=runs,
        wanted=number_word(m[1]) if (m := _IN_A_ROW.search(question.folded)) else 0,
        asked_if=bool(_ASKED_IF.search(question.folded)),
    )  # fmt: skip


def _leaders(awards: Sequence[Award], lookup: Lookup) -> tuple[tuple[str, int], ...]:
    """Units by how many of the awards they were given themselves, the most first."""
    counts: dict[str, int] = {}
    for award in awards:
        if award.status is Status.DECIDED and award.unit and not award.person:
            unit = lookup.current_name(award.unit)
            counts[unit] = counts.get(unit, 0) + award.count
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _runs(awards: Sequence[Award], lookup: Lookup) -> tuple[Run, ...]:
    """Years in a row of each recipient: what three units got in three years is no run."""
    years: dict[str, set[int]] = {}
    for award in awards:
        if award.year:
            whom = award.person or lookup.current_name(award.unit or award.recipient)
            years.setdefault(whom, set()).add(award.year)
    runs: list[Run] = []
    for whom, held in years.items():
        for year in sorted(held):
            if runs and (runs[-1].whom, runs[-1].last) == (whom, year - 1):
                runs[-1] = Run(whom=whom, first=runs[-1].first, last=year)
            else:
                runs.append(Run(whom=whom, first=year, last=year))
    return tuple(sorted(runs, key=lambda r: (-r.length, r.first, r.whom)))


def _absence(question: Question, held: Sequence[Award]) -> Absence:
    about = (*question.units, *(t.name for t in question.titles), *map(str, question.years))
    if question.statuses and not about:
        about = tuple(status.value for status in question.statuses)
    return Absence(lack=Lack.AWARD, about=about, exists=_held_years(held))


def _held_years(held: Sequence[Award]) -> tuple[str, ...]:
    return tuple(str(year) for year in sorted({a.year for a in held if a.year}))


def workbooks_of(kinds: dict[str, Kind]) -> frozenset[str]:
    """The files, of all read, that are award workbooks."""
    return frozenset(path for path, kind in kinds.items() if kind is Kind.AWARDS)
