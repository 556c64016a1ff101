"""Small records made by hand, for the tests of the index room."""

import datetime
from decimal import Decimal

from corpus import (
    Award,
    Corpus,
    Document,
    Fact,
    Kind,
    Meeting,
    Passage,
    Place,
    Problem,
    Score,
    Scorer,
    Severity,
    Source,
    Status,
    Total,
    Unit,
    Validity,
)

CELL = Source(file="scores/a.xlsx", place="Năm 2023!F12", quote="9,25")


def document(path: str, number: str = "", **fields) -> Document:
    fields.setdefault("title", f"Văn bản {path}")
    fields.setdefault("kind", Kind(path.split("/")[0].rstrip("s")))
    fields.setdefault("fingerprint", f"byte của {path}")
    return Document(path=path, number=number, **fields)


def passages(path: str, **texts: str) -> list[Passage]:
    """``d5="…"`` is Điều 5, ``d5_2`` its khoản 2, ``d5_2_a`` điểm a; anything else is a part."""
    found = []
    for order, (name, text) in enumerate(texts.items()):
        words = name[1:].split("_") if name[0] == "d" and name[1].isdigit() else []
        place = Place(**dict(zip(("article", "clause", "point"), words, strict=False)))
        if not words:
            place = Place(part=name.replace("_", " "))
        headings = (f"Điều {words[0]}. Tên",) if words else ()
        found.append(Passage(document=path, order=order, place=place, text=text, headings=headings))
    return found


def score(unit: str, points: str, year: int = 2023, **fields) -> Score:
    fields.setdefault("criterion", "I.1")
    fields.setdefault("scorer", Scorer.COUNCIL)
    fields.setdefault("block", "Khối 1")
    fields.setdefault("source", CELL)
    return Score(unit=unit, year=year, points=Decimal(points), **fields)


def award(unit: str, title: str, year: int | None, status: Status = Status.DECIDED, **fields):
    fields.setdefault("recipient", unit)
    return Award(unit=unit, title=title, year=year, status=status, source=CELL, **fields)


def unit(name: str, **fields) -> Unit:
    return Unit(name=name, source=CELL, **fields)


def meeting(path: str, date: datetime.date | None = None, **fields) -> Meeting:
    return Meeting(document=path, title=f"Họp {path}", date=date, **fields)


def everything() -> Corpus:
    """A corpus that holds a record of every kind, with the values that are easily lost."""
    day = datetime.date(2023, 7, 10)
    law = document(
        "regulations/a.txt", "5/2020/NĐ-CP", issued=day, effective=day, digest=True,
        replaced_by=("9/2024/NĐ-CP", "10/2024/NĐ-CP"), title='{"a": [1]}',
    )  # fmt: skip
    report = document("meetings/b.txt")
    said = Fact(name="date", value="10/7/2023", source=CELL, inferred=True)
    return Corpus(
        documents=(law, report),
        passages=(
            *passages(law.path, Phần_đầu="NGHỊ ĐỊNH", d1="Điều 1. Sách", d1_1="1. Một cuốn sách.",
                      d1_1_a="a) Mới;", d2="Điều 2. Cờ thi đua của xã"),
            Passage(document=report.path, order=0, place=Place(paragraph=1), text="Họp khối.",
                    page=3, lead="[1]"),
        ),
        units=(unit("Hội Sách", aliases=("HS", "Hội S"), since=day), unit("Hội Báo")),
        scores=(
            score("Hội Sách", "9.25", max_points=Decimal("10.00"), reason="[không]"),
            score("Hội Báo", "-0.10", group="V"),
        ),
        totals=(Total(unit="Hội Sách", year=2023, scorer=Scorer.COUNCIL, points=Decimal("98.270"),
                      rank=1, source=CELL),),
        awards=(award("Hội Sách", "Giấy khen", 2022, decision="7/QĐ", decided_on=day),
                award("Hội Báo", "Cờ", None, Status.PROPOSED)),
        meetings=(meeting(report.path, day, year=2023, facts=(said,)),),
        validities=(Validity(number="5/2020/NĐ-CP", effective=day),),
        problems=(Problem(file="a", message="Tệp {lạ}", severity=Severity.AUDIT),),
    )  # fmt: skip
