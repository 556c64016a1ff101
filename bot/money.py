"""Reward money: the clause's coefficient × the base salary in force, rounded as the decree says.

It is arithmetic on quoted clauses, never a lookup in our own table. A clause gives a multiple of the
base salary, or a multiple of what a person gets ("gấp hai lần mức … đối với cá nhân"); which order
multiplying and rounding have, a decree may leave open, and then both sums are told. Where no clause
names what is asked, or no base salary of that day is known, nothing is computed.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from bot.finding import Reward, Salary, Together
from bot.question import Question, Topic, recipient_of, recipients_in, timeless
from bot.vocabulary import FAMILIES
from corpus import Document, Kind, Passage, Place, Record, fold
from index import Index

_BASE_NAME = r"mức\s+(?:tiền\s+)?lương\s+(?:cơ\s+sở|tối\s+thiểu(?:\s+chung)?)"
_COEFFICIENT = re.compile(rf"(\d+(?:,\d+)?)\s+lần(?=\s+{_BASE_NAME}|,\s[^.;]*\d\s+lần\s+{_BASE_NAME})", re.I)  # fmt: skip
_MULTIPLE = re.compile(
    r"(?:gấp|bằng)\s+(đôi|hai\s+lần|ba\s+lần|\d+(?:,\d+)?\s+lần)(?!\s+mức\s+(?:tiền\s+)?lương)"
    r"[^.;\d]{0,100}?\bcá\s+nhân",
    re.I,
)
_MULTIPLES = {"đôi": Decimal(2), "hai": Decimal(2), "ba": Decimal(3)}
_THAT_IS = re.compile(r"\(tức[^)]*\)")
_AMOUNT = re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)\s*đồng", re.I)
_BASE = re.compile(_AMOUNT.pattern + r"\s*(?:/|một|mỗi)\s*tháng", re.I)
_ROUNDED = re.compile(
    r"làm\s+tròn\s+(?:số\s+)?(?:(lên|xuống)\s+)?(?:đến\s+)?(?:hàng\s+)?(chục\s+nghìn|trăm\s+nghìn|nghìn)", re.I
)  # fmt: skip
_UNITS = {"chục": Decimal(10_000), "trăm": Decimal(100_000), "nghìn": Decimal(1_000)}
_AT_MOST = re.compile(r"(?:không\s+(?:vượt\s+)?quá|nhiều\s+nhất|tối\s+đa)\s*$", re.I)
_QUOTED = re.compile(r"[“\"]([^”\"]{3,60})[”\"]")
_CLASS = r"hạng\s+(nhất|nhì|ba)"
# Who grants an award, by the words that follow its name; the first that fits.
_GRANTERS = (
    ("state", r"thu tuong|(?<!yeu )chinh phu"),
    ("assembly", r"uy ban thuong vu"),
    ("army", r"quan khu|quan doan|quan chung|binh chung|tong cuc|dai hoc quoc gia|co yeu"),
    ("nation", r"toan quoc"),
    ("base", r"\bco so\b"),
    ("other", r"(?<!quoc )(?<!xa )\bhoi\b(?! dong)|lien doan|lien hiep|mat tran|(?<!quan )(?<!binh )\bdoan\b(?! the)|cong doan|(?<!co )\bso\b|cong ty|\btruong\b|to chuc (?:chinh tri|xa hoi)"),
    ("province", r"\btinh\b|\bbo\b(?! quoc phong)|(?<!uy )\bban\b(?! co yeu)|\bnganh\b|\bubnd\b(?! xa| phuong| huyen)|doan the|thanh pho"),
    ("commune", r"\bxa\b(?! hoi)|\bphuong\b|\bhuyen\b|dac khu"),
)  # fmt: skip
_ASKED = re.compile(
    r"bao nhieu|may tien|may lan|muc (?:tien )?thuong|tien thuong(?: cua| cho| doi voi)? .*(?:la gi|the nao|ra sao)|thuong (?:the nao|ra sao|gi|may)|tinh (?:the nao|sao|ra sao|nhu the nao)"
)
_NOT_THE_SUM = re.compile(
    r"\bdo ai|(?:\bai|nào) (?:chi|quyết|quy|trả|cấp)|\bquỹ\b|nguồn|lấy từ|lấy ở|thu hồi|nộp lại|phần trăm|công khai|trích|nguyên tắc|thời điểm|bao giờ|khi nào|làm tròn"
)
_IDLE = frozenset(
    """duoc tang thuong tien muc bao nhieu may la thi cho cua co danh hieu hinh thuc khen theo luong so lan
    va hoac tap the ca nhan ho gia dinh nay nhan tinh the nao quyet dinh ngay nam tinh ra truy dong khi nguoi
    mot vay gi ai doi voi lam tron cong nhan xet ky nhung cac trong""".split()
)


class Rate(Record):
    """What one clause gives for the awards it names: ``coefficient`` times the base salary, or
    ``multiple`` times what a person gets."""

    document: Document
    passage: Passage
    names: tuple[tuple[str, str], ...] = ()  # folded name, class ("nhất" or "")
    families: tuple[tuple[str, str], ...] = ()  # family of awards, who grants it ("" for any)
    label: str = ""  # the words that name what is rewarded
    marks: tuple[str, ...] = ()  # words of which one must be said: “ưu tú”
    recipient: str = ""
    coefficient: Decimal | None = None
    multiple: Decimal = Decimal(1)
    at_most: bool = False
    of: tuple[Place, ...] = ()  # the clauses whose sums are multiplied; () where it does not say


# "Thưởng Huân chương … là bao nhiêu?", and a question that is no more than "tiền thưởng …".
_OF_MONEY = re.compile(
    r"(?<!khen )\bthuong\b.*\b(?:bao nhieu|may)\b(?! nam| lan\b| phieu| phan| nguoi| don vi| tap the| ca nhan)"
)
_BARE = re.compile(r"(?:muc )?(?:tien )?thuong\b(?!.*\b(?:ai|nao|gi|sao|khong)\b)")


def _asks_sums(question: Question) -> bool:
    """True where the money that goes with an award is asked for."""
    if _NOT_THE_SUM.search(question.whole):
        return False
    folded = timeless(question).folded
    bare = _BARE.match(folded) is not None and len(folded.split()) <= _BRIEF
    of_money = Topic.MONEY in question.topics and bool(_ASKED.search(question.folded))
    return of_money or bare or bool(_OF_MONEY.search(folded))


_WHICH_OF_THEM = re.compile(r"\bnhan (?:duoc )?(?:may|ca hai|ca|muc nao|tat ca)\b")


def asks_which(question: Question) -> bool:
    """True where it is asked which of several rewards somebody gets."""
    return bool(_WHICH_OF_THEM.search(question.folded)) and not _asks_sums(question)


_BRIEF = 14  # words of a question that is no more than a name


def rewards(
    question: Question, index: Index, applies: Callable[[Document, Place], bool]
) -> tuple[list[Reward], list[Rate]]:
    """The sums that the clauses in force give for what is asked, and the clauses themselves, also
    where no base salary of that day is known. Both are [] where none names it.

    ``applies`` tells whether a place of a document is in force on the day that counts. In đồng.
    """
    which = asks_which(question)
    if not which and not _asks_sums(question):
        return [], []
    named = [index.by_number()[n] for n in question.documents if n in index.by_number()]
    if named and not any(applies(document, Place()) for document in named):
        return [], []  # an older text is asked for: what it gave is quoted, not today's sums
    rates = list(_rates(index, applies))
    chosen = _chosen(question, rates)
    if not chosen or (which and len({name for name, _, _ in chosen}) < 2):
        return [], []
    base = base_salary(question.as_of, index, applies)
    if base is None:
        return [], [rate for _, rate, _ in chosen]
    sums = [
        _sum(question, _title(name, person or rate), rate, person, base, index)
        for name, rate, person in chosen
    ]
    return sums, [rate for _, rate, _ in chosen]


_SALARY = re.compile(
    r"luong co so.{0,60}(?:bao nhieu|may|muc nao|the nao|la gi)|(?:bao nhieu|may).{0,30}luong co so"
)


def asks_base(question: Question) -> bool:
    """True where the base salary itself is asked for."""
    other = question.titles or re.search(r"\blan\b|thuong|phan tram|nguon", question.folded)
    return bool(_SALARY.search(question.folded)) and not other


def base_salary(
    day: datetime.date, index: Index, applies: Callable[[Document, Place], bool]
) -> Salary | None:
    """The base salary of a day; None where no text, or several, tell it."""
    held = [
        Salary(amount=_number(match[1]), document=document, passage=passage, as_of=day)
        for document in _regulations(index)
        for passage in index.within_document(document.path)
        if passage.place.article and applies(document, passage.place)
        and "lương cơ sở" in "\n".join([*passage.headings[-1:], passage.text]).lower()
        and (match := _BASE.search(passage.text))
    ]  # fmt: skip
    if held:
        return held[0] if len({base.amount for base in held}) == 1 else None
    rows = [
        Salary(amount=_number(match[1]), row=row, as_of=day)
        for row in index.lookup.validities()
        if "lương cơ sở" in row.note.lower() and (match := _AMOUNT.search(row.note))
        and row.number not in index.by_number()
        and row.effective and row.effective <= day and (not row.expires or day < row.expires)
    ]  # fmt: skip
    return rows[0] if len(rows) == 1 else None


def together(found: Sequence[Reward], index: Index) -> Together | None:
    """What the decree says of several rewards at once; None where there is one, or it says nothing."""
    if len({reward.title for reward in found}) < 2 or len({r.document.path for r in found}) != 1:
        return None
    document = found[0].document
    titles = [r for r in found if _of_titles(r.passage)]
    clauses = [p for p in index.within_document(document.path) if p.place.article]
    if len(titles) == len(found):
        rule = next((p for p in clauses if _says(p, "nhiều danh hiệu", "cao nhất")), None)
        return Together(document=document, passage=rule, sums=()) if rule else None
    if len(found) == 2 and len(titles) == 1:
        rule = next((p for p in clauses if _says(p, "vừa", "danh hiệu", "hình thức", "nhận")), None)
        sums = tuple(r.paid for r in found)
        return Together(document=document, passage=rule, sums=sums) if rule else None
    rule = next((p for p in clauses if _says(p, "nhiều hình thức", "khác nhau")), None)
    return Together(document=document, passage=rule, sums=()) if rule else None


def _says(passage: Passage, *words: str) -> bool:
    low = passage.text.lower()
    return all(word in low for word in words)


def _of_titles(passage: Passage) -> bool:
    return bool(passage.headings) and "danh hiệu thi đua" in passage.headings[-1].lower()


def _regulations(index: Index) -> Iterator[Document]:
    return (d for d in index.documents.values() if d.kind is Kind.REGULATION)


# --- the clauses ----------------------------------------------------------------------------------


def _rates(index: Index, applies: Callable[[Document, Place], bool]) -> Iterator[Rate]:
    for document in _regulations(index):
        for passage in index.within_document(document.path):
            if (
                re.search("lần|gấp", passage.text)
                and passage.place.article
                and applies(document, passage.place)
            ):
                yield from _of_passage(document, passage)


def _of_passage(document: Document, passage: Passage) -> Iterator[Rate]:
    text = _THAT_IS.sub("", passage.text)
    found = sorted(
        [*_COEFFICIENT.finditer(text), *_MULTIPLE.finditer(text)], key=lambda match: match.start()
    )
    whom = recipient_of(passage)
    labels = [
        text[before.end() if before else 0 : match.start()]
        for before, match in zip([None, *found], found, strict=False)
    ]
    many = sum(match.re is _COEFFICIENT for match in found) > 1
    marks = [_mark(label) if many else "" for label in labels]
    for match, label, mark in zip(found, labels, marks, strict=True):
        of_person = match.re is _MULTIPLE
        named = _named_part(labels[0] if mark or not _names_something(label) else label)
        own = recipients_in(label) or whom
        if of_person and not recipients_in(label):
            own = whom - {"cá nhân"} or whom
        yield Rate(
            document=document, passage=passage, label=named if not mark else labels[0],
            names=tuple(n for n in _names(named) if n[0] not in marks),
            families=_families(_named_part(label) if of_person else named, every=True),
            marks=(mark,) if mark else (),
            recipient=next(iter(own)) if len(own) == 1 else "",
            coefficient=None if of_person else _number(match[1]),
            multiple=_multiple(match[1]) if of_person else Decimal(1),
            at_most=bool(_AT_MOST.search(label)),
            of=_multiplied(label + text[match.start() :].split(".")[0], passage.place, label is not labels[0]) if of_person else (),
        )  # fmt: skip


_REFERS = re.compile(
    r"(?:điểm\s+([a-zđ](?:\s*(?:,|và)\s*(?:các\s+)?(?:điểm\s+)?[a-zđ](?![\w)]))*)\s+)?khoản\s+(\d+)",
    re.I,
)


def _multiplied(words: str, place: Place, beside: bool) -> tuple[Place, ...]:
    """The clauses that a multiple is of: "quy định tại các điểm a và b khoản 1 Điều này"; its own,
    where a coefficient stands in it before."""
    found: list[Place] = []
    for match in _REFERS.finditer(words):
        clause = Place(part=place.part, article=place.article, clause=match[2])
        points = re.findall(r"(?<!\w)[a-zđ](?!\w)", re.sub("điểm|các|và", " ", match[1] or ""))
        found += [clause.model_copy(update={"point": p}) for p in points] or [clause]
    return tuple(found) or ((place,) if beside else ())


def _names_something(label: str) -> bool:
    return bool(_names(label) or _families(label))


_GIVEN = re.compile(r":|\b(?:được\s+(?:tặng|thưởng|cấp|nhận)|nhận|kèm)\b", re.I)


def _named_part(label: str) -> str:
    """What of a label names the award, without what comes with it: “…” được tặng Bằng khen, khung …"""
    for match in _GIVEN.finditer(label):
        if _names_something(label[: match.start()]):
            return label[: match.start()]
    return label


def _mark(label: str) -> str:
    """The last quoted word before one of several coefficients: “ưu tú”."""
    quoted = _QUOTED.findall(label)
    return fold(quoted[-1]) if quoted and len(quoted[-1].split()) <= 2 else ""


def _names(label: str) -> tuple[tuple[str, str], ...]:
    """The names that a label quotes, each with its class: “Huân chương Lao động” hạng Nhất."""
    before = re.match(rf"\W*(?:\w\)\s*)?{_CLASS}\s+(?:của|các)", label, re.I)
    found = []
    for match in _QUOTED.finditer(label):
        inside = re.search(_CLASS, match[1], re.I)
        after = re.match(rf"\s*{_CLASS}", label[match.end() :], re.I)
        rank = inside or after or before
        name = re.sub(rf"\s*{_CLASS}", "", match[1], flags=re.I)
        found.append((fold(name), fold(rank[1]) if rank else ""))
    return tuple(found)


def _families(text: str, every: bool = False) -> tuple[tuple[str, str], ...]:
    """The families of awards that a text names, each with who grants it: ``every`` one that is named
    behind it, or the first that fits."""
    rest = text.lower()
    found = []
    for family in (f for f in FAMILIES if f != "cờ"):
        for match in re.finditer(rf"(?<!\w){family}(?!\w)", rest):
            after = fold(
                re.split(
                    r"[;:.?]|\bđược\b|\bthì\b|\bthưởng\b",
                    rest[match.end() : match.end() + (250 if every else 70)],
                )[0]
            )
            granters = _granters(after)
            found += [(match.start(), family, g) for g in (granters if every else granters[:1])]
        rest = re.sub(rf"(?<!\w){family}(?!\w)", lambda m: "·" * len(m[0]), rest)
    return tuple(dict.fromkeys((family, granter) for _, family, granter in sorted(found)))


def _granters(folded: str) -> list[str]:
    return [name for name, said in _GRANTERS if re.search(said, folded)] or [""]


# --- what is asked --------------------------------------------------------------------------------


_Chosen = tuple[str, Rate, Rate | None]


def _chosen(question: Question, rates: Sequence[Rate]) -> list[_Chosen]:
    """The rates of every award that the question names, for whom it names; with each that goes by
    what a person gets, the person's."""
    asked = recipients_in(question.whole)
    found: list[_Chosen] = []
    direct = [rate for rate in rates if rate.coefficient is not None]
    for name, fits in _awards(question, direct):
        persons = [rate for rate in direct if fits(rate)]
        for rate in persons:
            if not asked or not rate.recipient or rate.recipient in asked:
                found.append((name, rate, None))
        for rate in (r for r in rates if r.coefficient is None):
            for person in persons:
                if rate.recipient in (asked or {rate.recipient}) and _goes_by(rate, person, fits):
                    found.append((name, rate, person))
    if not asked:
        found = _alike(found)
    kept: dict[tuple[str, Place, str, str], _Chosen] = {}
    for one in found:
        _, rate, of_person = one
        key = (
            rate.document.path,
            rate.passage.place,
            str(rate.coefficient or (of_person and of_person.coefficient)),
            rate.recipient,
        )
        kept.setdefault(key, one)
    return list(kept.values())


def _alike(found: list[_Chosen]) -> list[_Chosen]:
    """Of several awards at once, the sums for those who can have them all."""
    receivers: dict[str, set[str]] = {}
    for name, rate, _ in found:
        receivers.setdefault(name, set()).add(rate.recipient)
    common = set.intersection(*receivers.values()) if len(receivers) > 1 else set()
    return [one for one in found if one[1].recipient in common] if common else found


def _title(name: str, rate: Rate) -> str:
    """The award as the clause writes it: “Huân chương Lao động” hạng Nhất, Bằng khen của bộ, …"""
    ranks = {n: rank for n, rank in rate.names if rank}
    for match in _QUOTED.finditer(rate.label):
        said = fold(re.sub(rf"\s*{_CLASS}", "", match[1], flags=re.I))
        if said and (name == said or name.startswith(f"{said} ") or said in name):
            rank = ranks.get(said, "")
            more = f" hạng {_RANKS[rank]}" if rank and not re.search(_CLASS, match[1], re.I) else ""
            return f"“{match[1]}”{more}"
    family = next((f for f, _ in rate.families if name.startswith(f)), "")
    named = re.search(rf"{family}[^:;“”\"(\n]{{0,60}}", rate.label, re.I) if family else None
    if named is None:
        return ""
    words = re.split(r"\s+(?:được|kèm|quy định|thuộc)\b|,\s*(?:tiền|khung)", named[0])[0]
    return words[:1].upper() + words[1:].strip(" ,")


_RANKS = {"nhat": "Nhất", "nhi": "Nhì", "ba": "Ba"}


def _goes_by(rate: Rate, person: Rate, fits: Callable[[Rate], bool]) -> bool:
    """True when a clause multiplies what another gives a person: one that it refers to, or one of the
    same Điều, and for the same award where it names one."""
    if rate.document != person.document or person.recipient not in ("", "cá nhân"):
        return False
    own, other = rate.passage.place, person.passage.place
    near = any(p.holds(other) for p in rate.of) if rate.of else own.article == other.article
    if not near or person.at_most:
        return False
    named = rate.names or any(
        f for f in rate.families if f[1] or f[0] not in ("huân chương", "huy chương")
    )
    return fits(rate) if named and not (rate.of and not rate.names) else True


def _awards(
    question: Question, rates: Sequence[Rate]
) -> Iterator[tuple[str, Callable[[Rate], bool]]]:
    """What is asked about, each with the test that tells whether a rate is of it."""
    rest = f" {question.folded} "
    low = question.whole
    ranks = [(m.start(), fold(m[1])) for m in re.finditer(_CLASS, low)]
    names = sorted({name for rate in rates for name, _ in rate.names}, key=len, reverse=True)
    hits: list[tuple[int, str, Callable[[Rate], bool]]] = []
    for name in names:
        for match in list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", rest)):
            at = match.start() - 1
            rest = rest[: match.start()] + "·" * len(name) + rest[match.end() :]
            rank = next((r for place, r in ranks if 0 <= place - at - len(name) <= 3), "")
            hits.append((at, f"{name} {rank}", _of_name(name, rank, question.folded)))
    left = "".join(low[i] if c != "·" else "·" for i, c in enumerate(rest[1:-1]))
    for family, granter in _families(left):
        if family in ("huân chương", "huy chương") and _has_a_name(family, left):
            continue  # one that no clause names
        hits.append((left.find(family), f"{family} {granter}", _of_family(family, granter)))
    if not hits and (fits := _by_words(question, rates)):
        hits.append((0, question.folded, fits))
    hits += _by_marks(question, rates) if not hits else []
    for _, name, fits in sorted(hits, key=lambda hit: hit[0]):
        yield name.strip(), fits


def _has_a_name(family: str, words: str) -> bool:
    """True where a name stands behind "huy chương": of that one alone is asked."""
    after = re.split(r"[,;?.]|\bhạng\b", words[words.find(family) + len(family) :])[0]
    first = re.findall(r"\w+", fold(after))[:1]
    return bool(first) and first[0] not in _IDLE


def _of_name(name: str, rank: str, folded: str) -> Callable[[Rate], bool]:
    def fits(rate: Rate) -> bool:
        if rate.marks and not any(mark in folded for mark in rate.marks):
            return False
        return any(n == name and (not rank or not own or own == rank) for n, own in rate.names)

    return fits


def _of_family(family: str, granter: str) -> Callable[[Rate], bool]:
    def fits(rate: Rate) -> bool:
        return any(
            f == family and (own == granter or (granter != "other" and not (granter and own)))
            for f, own in rate.families
        )

    return fits


def _by_words(question: Question, rates: Sequence[Rate]) -> Callable[[Rate], bool] | None:
    """For awards without a quoted name ("xã, phường, đặc khu tiêu biểu"): all that is asked about
    stands in the label, and in the labels of one coefficient only."""
    asked = {w for w in re.findall(r"\w+", question.folded) if w not in _IDLE and not w.isdigit()}
    fitting = [
        r for r in rates if len(asked) > 1 and asked <= set(re.findall(r"\w+", fold(r.label)))
    ]
    if len({rate.coefficient for rate in fitting}) != 1:
        return None
    return lambda rate: rate in fitting


def _by_marks(
    question: Question, rates: Sequence[Rate]
) -> list[tuple[int, str, Callable[[Rate], bool]]]:
    """ "Nghệ sĩ ưu tú" where the clause says "Nghệ sĩ …: … “ưu tú” được 9,0 lần"."""

    def fits(rate: Rate) -> bool:
        heads = [part.strip() for part in re.split(r"[,;:.]", fold(rate.label).split(")")[-1])]
        said = [h for h in heads if len(h.split()) >= 2 and h in question.folded]
        return bool(rate.marks and said and all(m in question.folded for m in rate.marks))

    return [(0, question.folded, fits)] if any(map(fits, rates)) else []


# --- the sum --------------------------------------------------------------------------------------


def _sum(
    question: Question, name: str, rate: Rate, person: Rate | None, base: Salary, index: Index
) -> Reward:
    coefficient = (person or rate).coefficient
    assert coefficient is not None
    exact = coefficient * rate.multiple * base.amount
    clauses = index.within_document(rate.document.path)
    rounding = next((p for p in clauses if p.place.article and _ROUNDED.search(p.text)), None)
    paid = _rounded(exact, rounding)
    # Rounding what a person gets first, and multiplying then, may give another sum.
    other = _rounded(rate.multiple * _rounded(coefficient * base.amount, rounding), rounding)
    return Reward(
        title=name, recipient=rate.recipient, coefficient=coefficient, multiple=rate.multiple,
        at_most=rate.at_most, base=base.amount, exact=exact, paid=paid,
        other=other if person and other != paid else None,
        document=rate.document, passage=rate.passage,
        personal=person.passage if person and person.passage != rate.passage else None,
        base_document=base.document, base_passage=base.passage, base_row=base.row,
        rounding=rounding, as_of=question.as_of,
    )  # fmt: skip


def _rounded(amount: Decimal, clause: Passage | None) -> Decimal:
    match = _ROUNDED.search(clause.text) if clause else None
    if match is None:
        return amount
    unit = _UNITS[match[2].split()[0].lower()]
    ways = {"lên": ROUND_CEILING, "xuống": ROUND_FLOOR}
    return (amount / unit).to_integral_value(
        ways.get((match[1] or "").lower(), ROUND_HALF_UP)
    ) * unit


def _multiple(words: str) -> Decimal:
    first = words.split()[0].lower()
    return _MULTIPLES[first] if first in _MULTIPLES else _number(first)


def _number(words: str) -> Decimal:
    return Decimal(words.replace(".", "").replace(",", "."))
