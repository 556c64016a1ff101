"""Which text applied when: the register of regulations.

The program carries a register of the field's national texts. A ``register.csv`` in the documents
folder adds to it and overrides it, row by row. Both complete what the texts themselves say; where
text and register contradict each other, the register wins and the contradiction is reported.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from corpus.changes import Ground
from corpus.records import Document, Effect, Problem, Relation, Severity, Source, Validity
from corpus.text import fold, tidy

FILE = "register.csv"
_CARRIED = Path(__file__).with_name(FILE)
_COLUMNS = {
    "so_hieu",
    "ten",
    "loai",
    "co_quan",
    "ngay_ban_hanh",
    "ngay_hieu_luc",
    "ngay_het_hieu_luc",
}
_DATE = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})")
_LIST = re.compile(r"[;,]\s*")
_NOTE = re.compile(r"\s*\([^)]*\)")
_NUMBER = re.compile(r"\d+/(?:\d{4}/)?[A-ZĐ][A-ZĐ0-9-]*|\d+-[A-ZĐ]{2,5}/[A-ZĐ]{2,}")


def read_register(folder: Path) -> tuple[tuple[Validity, ...], tuple[Problem, ...]]:
    """The carried register, with the rows of ``folder``/register.csv over it.

    Columns: so_hieu, ten, loai, co_quan, ngay_ban_hanh, ngay_hieu_luc, ngay_het_hieu_luc (ISO
    dates), thay_the_boi, sua_doi_boi (numbers divided by ";"), ghi_chu, muc_xac_minh. A row without
    a number is reported and left out, a date that is none is reported and left empty.
    """
    rows, problems = _rows(_CARRIED, FILE)
    own = folder / FILE
    if own.is_file():
        own_rows, problems = _rows(own, FILE)
        rows = {**rows, **own_rows}
    return tuple(rows.values()), tuple(problems)


def _rows(path: Path, name: str) -> tuple[dict[str, Validity], list[Problem]]:
    try:
        reader = csv.DictReader(io.StringIO(tidy(path.read_text(encoding="utf-8-sig"))))
        table = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}, [
            Problem(
                file=name,
                message="Không đọc được sổ hiệu lực văn bản.",
                remedy="Lưu lại tệp dạng CSV, mã UTF-8.",
            )
        ]
    missing = _COLUMNS - set(reader.fieldnames or ())
    if missing:
        return {}, [
            Problem(
                file=name,
                message=f"Sổ hiệu lực thiếu cột {', '.join(sorted(missing))}.",
                remedy="Thêm các cột đó vào dòng đầu của tệp.",
            )
        ]
    rows: dict[str, Validity] = {}
    problems: list[Problem] = []
    for line, row in enumerate(table, start=2):
        number = (row["so_hieu"] or "").split(" (")[0].strip()
        if not number:
            problems.append(
                Problem(
                    file=name,
                    place=f"dòng {line}",
                    message="Dòng không có số hiệu, đã bỏ qua.",
                    remedy="Điền số hiệu văn bản vào cột so_hieu.",
                    severity=Severity.WARNING,
                )
            )
            continue
        problems += _bad_dates(name, line, row)
        rows[number] = _validity(number, row)
    return rows, problems


def _bad_dates(name: str, line: int, row: Mapping[str, str | None]) -> Iterator[Problem]:
    for column in ("ngay_ban_hanh", "ngay_hieu_luc", "ngay_het_hieu_luc"):
        if (cell := (row[column] or "").strip()) and _day(cell) is None:
            yield Problem(
                file=name, place=f"dòng {line}",
                message=f"Cột {column} ghi “{cell}”, không phải ngày dạng năm-tháng-ngày.",
                remedy="Ghi lại, ví dụ 2025-07-01; để trống nếu chưa biết.",
                severity=Severity.WARNING,
            )  # fmt: skip


def _validity(number: str, row: Mapping[str, str | None]) -> Validity:
    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    replaced, amended = _numbers(cell("thay_the_boi")), _numbers(cell("sua_doi_boi"))
    if "sửa đổi" in cell("thay_the_boi"):
        # Some registers note an amending text in the column of the replacing one.
        replaced, amended = (), amended + replaced
    doubts = [
        word for word in ("nhớ lại", "chưa kiểm chứng") if word in " ".join(map(str, row.values()))
    ]
    checked = cell("muc_xac_minh")
    if doubts and "chưa kiểm chứng" not in checked:
        checked = f"{checked}; có mục chưa kiểm chứng".strip("; ")
    return Validity(
        number=number, title=cell("ten"), form=cell("loai"), issuer=cell("co_quan"),
        issued=_day(cell("ngay_ban_hanh")), effective=_day(cell("ngay_hieu_luc")),
        expires=_day(cell("ngay_het_hieu_luc")), replaced_by=replaced, amended_by=amended,
        note=cell("ghi_chu"), checked=checked,
    )  # fmt: skip


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(_NUMBER.findall(text))


def _day(text: str) -> datetime.date | None:
    match = _DATE.match(text)
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def apply(
    documents: Iterable[Document],
    replaces: Mapping[str, tuple[str, ...]],
    register: Iterable[Validity],
    amends: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Complete documents with the register, and with what the held texts say of one another.

    ``replaces`` maps a document's number to the numbers that its own text lets lapse, ``amends`` to
    those that it changes in part. What text and register say differently is reported, both ways.
    """
    rows = {row.number: row for row in register}
    held = {document.number: document for document in documents if document.number}
    problems: list[Problem] = []
    completed: list[Document] = []
    for document in documents:
        if row := rows.get(document.number):
            problems += _contradictions(document, row)
            document = _completed(document, row)
        completed.append(document)
    problems += _unsaid_by_the_register(held, replaces, rows)
    problems += _unsaid_by_the_text(held, replaces, rows)
    by_number = {document.number: document for document in completed if document.number}
    ended = {
        old: by_number[number]
        for number, lapsed in replaces.items()
        for old in lapsed
        if number in by_number
    }
    changed: dict[str, tuple[str, ...]] = {}
    for number, parts in (amends or {}).items():
        for old in parts:
            changed[old] = (*changed.get(old, ()), number)
    done = (_amended(_ended(d, ended.get(d.number)), changed.get(d.number, ())) for d in completed)
    return tuple(done), tuple(problems)


def related(
    documents: Iterable[Document],
    register: Iterable[Validity],
    read: Iterable[Relation],
    grounds: Mapping[str, tuple[Ground, ...]],
) -> tuple[Relation, ...]:
    """All relations: those that the held texts state, those that only the register knows, and which
    text each one guides. Where a text begins on another day by the register, so does what it does."""
    held = {d.number: d for d in documents if d.number}
    rows = {row.number: row for row in register}
    stated = list(read)
    found = [_begun(_dated(relation, rows), stated) for relation in stated]
    said = {(r.effect, r.number, r.target) for r in found}
    # What a text ends or changes of another, it says itself more closely than the register.
    said |= {(Effect.AMENDS, r.number, r.target) for r in found if r.effect is Effect.REPEALS}
    for row in rows.values():
        for effect, numbers in (
            (Effect.REPLACES, row.replaced_by),
            (Effect.AMENDS, row.amended_by),
        ):
            for number in numbers:
                if (effect, number, row.number) in said:
                    continue
                newer = rows.get(number)
                since = newer.effective if newer else None
                since = since or (row.expires if effect is Effect.REPLACES else None)
                source = Source(file=FILE, place=row.number)
                found.append(
                    Relation(
                        effect=effect, number=number, target=row.number, since=since, source=source
                    )
                )
    return (*found, *_guiding(held, rows, grounds))


def _dated(relation: Relation, rows: Mapping[str, Validity]) -> Relation:
    """Where the register dates a text otherwise than the text itself, the register wins."""
    row = rows.get(relation.number)
    if not row or not row.effective or relation.effect in (Effect.BEGINS, Effect.REPEALS):
        return relation
    return relation.model_copy(update={"since": row.effective})


def _begun(relation: Relation, stated: Iterable[Relation]) -> Relation:
    """A clause that begins later than its text does what it does from then on."""
    for later in stated:
        own = later.effect is Effect.BEGINS and later.number == relation.number
        if own and relation.effect is not Effect.BEGINS and later.covers(relation.place):
            return relation.model_copy(update={"since": later.since})
    return relation


def _guiding(
    held: Mapping[str, Document],
    rows: Mapping[str, Validity],
    grounds: Mapping[str, tuple[Ground, ...]],
) -> Iterator[Relation]:
    """Which text each held one details: named by its title, and by its grounds where it has them."""
    known: dict[str, Document | Validity] = {**rows, **held}
    for number, document in held.items():
        title = fold(document.title)
        others = [k for n, k in known.items() if n != number]
        named = [
            g
            for g in grounds.get(number, ())
            if _bare(g.name) in title or (g.number and g.number in document.title)
        ]
        targets = [next((k.number for k in others if _is_ground(k, g)), "") for g in named]
        if not any(targets):
            day = document.effective or document.issued
            targets = [
                k.number for k in others
                if k.form == "Luật" and _full(k) in title and day
                and (not k.effective or k.effective <= day) and (not k.expires or day < k.expires)
            ]  # fmt: skip
        for target in dict.fromkeys(targets):
            if target:
                source = Source(file=document.path, place="Phần đầu")
                yield Relation(effect=Effect.GUIDES, number=number, target=target,
                               since=document.effective, source=source)  # fmt: skip


def _full(text: Document | Validity) -> str:
    """A text's name with its form in front, folded: "luat thi dua, khen thuong"."""
    form, title = fold(text.form), fold(text.title)
    return title if title.startswith(form) else f"{form} {title}"


def _bare(name: str) -> str:
    """A folded name without its form, which titles of what details it may leave out."""
    return re.sub(r"^(?:bo luat|luat|phap lenh|nghi quyet|nghi dinh|thong tu)\s+", "", name)


def _is_ground(text: Document | Validity, ground: Ground) -> bool:
    if ground.number:
        return text.number == ground.number
    if not text.issued or ground.name != _full(text):
        return False
    return text.issued == ground.issued if ground.issued else text.issued.year == ground.year


def _unsaid_by_the_register(
    held: Mapping[str, Document],
    replaces: Mapping[str, tuple[str, ...]],
    rows: Mapping[str, Validity],
) -> Iterator[Problem]:
    """A held text ends another, and the register's row of that one says otherwise."""
    for number, lapsed in replaces.items():
        for old in lapsed:
            row = rows.get(old)
            if number in held and row and row.replaced_by and number not in row.replaced_by:
                yield _contradiction(
                    held[number].path,
                    f"Văn bản ghi thay thế {old}, sổ hiệu lực ghi {old} do "
                    f"{', '.join(row.replaced_by)} thay thế; đang theo sổ.",
                    old,
                )


def _unsaid_by_the_text(
    held: Mapping[str, Document],
    replaces: Mapping[str, tuple[str, ...]],
    rows: Mapping[str, Validity],
) -> Iterator[Problem]:
    """The register says that a held text ends another, and that text, which lists some, does not.

    A text that lists none may be an extract without its last Điều.
    """
    for row in rows.values():
        for number in row.replaced_by:
            listed = replaces.get(number, ())
            if number in held and listed and row.number not in listed:
                yield _contradiction(
                    held[number].path,
                    f"Sổ hiệu lực ghi {row.number} do {number} thay thế, văn bản {number} chỉ ghi "
                    f"thay thế {', '.join(listed)}; đang theo sổ.",
                    row.number,
                )


def _contradiction(file: str, message: str, number: str) -> Problem:
    return Problem(
        file=file, message=message, remedy=f"Đối chiếu và sửa dòng {number} trong {FILE}.",
        severity=Severity.AUDIT,
    )  # fmt: skip


def _amended(document: Document, by: tuple[str, ...]) -> Document:
    if document.amended_by or not by:
        return document
    return document.model_copy(update={"amended_by": by})


def _ended(document: Document, newer: Document | None) -> Document:
    if newer is None:
        return document
    return document.model_copy(
        update={
            "replaced_by": document.replaced_by or (newer.number,),
            "expires": document.expires or newer.effective,
        }
    )


def _completed(document: Document, row: Validity) -> Document:
    return document.model_copy(
        update={
            "title": row.title or document.title,
            "form": row.form or document.form,
            "issuer": row.issuer or document.issuer,
            "issued": row.issued or document.issued,
            "effective": row.effective or document.effective,
            "expires": row.expires or document.expires,
            "replaced_by": row.replaced_by or document.replaced_by,
            "amended_by": row.amended_by or document.amended_by,
            "checked": row.checked,
        }
    )


def _contradictions(document: Document, row: Validity) -> list[Problem]:
    found = []
    if document.form and row.form and fold(document.form) not in fold(row.form):
        found.append(
            _contradiction(
                document.path,
                f"Văn bản là {document.form}, sổ hiệu lực ghi {row.form}; đang theo sổ.",
                document.number,
            )
        )
    for name, words in (
        ("issued", "ngày ký"),
        ("effective", "ngày có hiệu lực"),
        ("expires", "ngày hết hiệu lực"),
    ):
        text, register = getattr(document, name), getattr(row, name)
        if text and register and text != register:
            found.append(
                _contradiction(
                    document.path,
                    f"Văn bản ghi {words} {text:%d/%m/%Y}, sổ hiệu lực ghi "
                    f"{register:%d/%m/%Y}; đang theo sổ.",
                    document.number,
                )
            )
    return found
