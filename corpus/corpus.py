"""The front door of the room: a documents folder becomes one ``Corpus``.

The sub-folder is the kind: ``regulations/``, ``meetings/``, ``scores/``, ``awards/``, ``units/``.
A file that cannot be read is a problem of its own and never stops the rest.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from corpus.annex import divided, under_parents
from corpus.award_sheets import read_awards
from corpus.changes import Ground, grounds, read_changes
from corpus.contradictions import audit
from corpus.deadlines import STEM as DEADLINES
from corpus.deadlines import read_deadlines
from corpus.files import TABLE_SUFFIXES, TEXT_SUFFIXES, FileError, Line
from corpus.meeting import read_meeting
from corpus.readings import Readings
from corpus.records import (
    Award,
    Corpus,
    Document,
    Effect,
    Kind,
    Meeting,
    Passage,
    Problem,
    Reading,
    Relation,
    Severity,
)
from corpus.register import FILE as REGISTER
from corpus.register import apply, read_register, related
from corpus.regulation import read_regulation
from corpus.rules import STEM as RULES
from corpus.rules import idle_rules, read_rules
from corpus.score_sheets import read_scores
from corpus.tables import Tables
from corpus.unit_sheets import read_units

_log = logging.getLogger(__name__)

FOLDERS = {
    "regulations": Kind.REGULATION,
    "meetings": Kind.MEETING,
    "scores": Kind.SCORES,
    "awards": Kind.AWARDS,
    "units": Kind.UNITS,
}
_TABLES = {Kind.SCORES: read_scores, Kind.AWARDS: read_awards, Kind.UNITS: read_units}
_NOTES = {"readme", "ghi-chu"}  # files about the folder, of any suffix


class EmptyCorpus(Exception):
    """Nothing in the folder could be read. The message is Vietnamese and says the remedy."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()):
        super().__init__(message)
        self.problems = problems


class _Shelf:
    """What has been read so far."""

    def __init__(self, known: Iterable[Reading] = ()) -> None:
        self.readings = Readings(known)
        self.documents: list[Document] = []
        self.passages: list[Passage] = []
        self.meetings: list[Meeting] = []
        self.awards: list[Award] = []
        self.tables: list[Tables] = []
        self.problems: list[Problem] = []
        self.relations: list[Relation] = []
        self.grounds: dict[str, tuple[Ground, ...]] = {}  # number → what it rests on
        self.amends: dict[str, tuple[str, ...]] = {}  # number → numbers
        self.read: dict[str, str] = {}  # fingerprint → the file that was read first


def read(
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    known: Iterable[Reading] = (),
) -> Corpus:
    """Read every file of a documents folder.

    ``progress(done, total)`` counts files; ``known`` are readings of an earlier run, which save
    reading unchanged texts again. Raises EmptyCorpus when the folder is missing or nothing
    in it could be read.
    """
    if not folder.is_dir():
        raise EmptyCorpus(
            f"Không có thư mục {folder}. Hãy kiểm tra lại đường dẫn thư mục tài liệu."
        )
    shelf = _Shelf(known)
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _ignored(p, folder))
    for done, path in enumerate(files, start=1):
        _read_file(shelf, path, path.relative_to(folder).as_posix())
        if progress:
            progress(done, len(files))
    if not shelf.documents:
        raise EmptyCorpus(
            f"Không đọc được tài liệu nào trong {folder}. "
            f"Hãy đặt tài liệu vào các thư mục con {', '.join(FOLDERS)}.",
            tuple(shelf.problems),
        )
    return _corpus(shelf, folder)


def _ignored(path: Path, folder: Path) -> bool:
    """True for the office's own lists, notes on the folder, hidden files, and Office's lock files."""
    parts = path.relative_to(folder).parts
    return (
        parts == (REGISTER,)
        or (len(parts) == 1 and path.stem in (RULES, DEADLINES) and path.suffix in TABLE_SUFFIXES)
        or path.stem.lower() in _NOTES
        or path.name.startswith("~$")
        or any(part.startswith(".") for part in parts)
    )


def _corpus(shelf: _Shelf, folder: Path) -> Corpus:
    validities, register_problems = read_register(folder)
    parents = [document for document in shelf.documents if not document.parent]
    replaces: dict[str, tuple[str, ...]] = {}
    for relation in shelf.relations:
        if relation.effect is Effect.REPLACES:
            replaces[relation.number] = (*replaces.get(relation.number, ()), relation.target)
    completed, contradictions = apply(parents, replaces, validities, shelf.amends)
    tables = audit(shelf.tables)
    rules, wrong = read_rules(folder)
    idle = idle_rules(rules, (d.path for d in completed), {s.block for s in tables.scores})
    own_lists = (*wrong, *idle, *read_deadlines(folder)[1])
    return Corpus(
        documents=tuple(under_parents(shelf.documents, completed)),
        passages=tuple(shelf.passages),
        units=tables.units,
        scores=tables.scores,
        totals=tables.totals,
        awards=(*tables.awards, *shelf.awards),
        meetings=tuple(shelf.meetings),
        validities=validities,
        relations=related(completed, validities, shelf.relations, shelf.grounds),
        problems=(
            *shelf.problems,
            *register_problems,
            *own_lists,
            *contradictions,
            *tables.problems,
        ),
        readings=shelf.readings.used(),
    )


def _read_file(shelf: _Shelf, path: Path, file: str) -> None:
    if (shown := os.fsencode(file).decode("utf-8", "replace")) != file:
        shelf.problems.append(
            Problem(
                file=shown,
                message="Tên tệp dùng bảng mã cũ nên không đọc được.",
                remedy="Đổi tên tệp, chẳng hạn thành chữ không dấu.",
            )
        )
        return
    kind = FOLDERS.get(file.split("/")[0]) if "/" in file else None
    if kind is None:
        shelf.problems.append(
            Problem(
                file=file,
                message="Tệp nằm ngoài các thư mục con đã định nên không được đọc.",
                remedy=f"Chuyển tệp vào một trong các thư mục {', '.join(FOLDERS)}.",
                severity=Severity.WARNING,
            )
        )
        return
    try:
        fingerprint = _fingerprint(path)
        if fingerprint in shelf.read:
            shelf.problems.append(
                Problem(
                    file=file,
                    message=f"Nội dung trùng với tệp {shelf.read[fingerprint]}, chỉ đọc một lần.",
                    remedy="Xóa một trong hai tệp.",
                    severity=Severity.WARNING,
                )
            )
            return
        if kind in _TABLES:
            _read_tables(shelf, path, file, kind, fingerprint)
        else:
            _read_text(shelf, path, file, kind, fingerprint)
        shelf.read[fingerprint] = file
    except FileError as error:
        shelf.problems.append(Problem(file=file, message=error.message, remedy=error.remedy))
    except OSError as error:
        shelf.problems.append(
            Problem(
                file=file,
                message=f"Không mở được tệp ({error.strerror}).",
                remedy="Kiểm tra quyền đọc của tệp.",
            )
        )
    except Exception as error:
        # Whatever is wrong with one file never stops the rest; the trace is in the log.
        _log.exception("%s could not be read", file)
        shelf.problems.append(
            Problem(
                file=file,
                message=f"Không đọc được tệp do lỗi chương trình ({type(error).__name__}).",
                remedy="Gửi tệp này cho người phụ trách phần mềm; các tệp khác vẫn được đọc.",
            )
        )


def _fingerprint(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _read_text(shelf: _Shelf, path: Path, file: str, kind: Kind, fingerprint: str) -> None:
    if path.suffix.lower() not in TEXT_SUFFIXES:
        raise FileError(
            path,
            f"Định dạng {path.suffix or 'không có đuôi'} chưa đọc được cho loại tài liệu này.",
            f"Lưu lại thành một trong các dạng {', '.join(sorted(TEXT_SUFFIXES))}.",
        )
    text = shelf.readings.text(path, fingerprint)
    lines = text.lines
    shelf.problems += [
        Problem(
            file=file, place=loss.place, message=loss.message, remedy=loss.remedy,
            severity=Severity.WARNING,
        )
        for loss in text.losses
    ]  # fmt: skip
    sure = _sure(lines)
    if kind is Kind.REGULATION:
        regulation = read_regulation([n.text for n in lines], file, [n.page for n in lines])
        if not any(p.place.article for p in regulation.passages):
            shelf.problems.append(
                Problem(
                    file=file,
                    message="Không thấy Điều nào trong văn bản, nên chỉ trích dẫn được theo đoạn.",
                    remedy="Kiểm tra tệp có phải toàn văn một văn bản quy định hay không.",
                    severity=Severity.WARNING,
                )
            )
        document = regulation.document.model_copy(update={"fingerprint": fingerprint})
        twin = next((d for d in shelf.documents if d.number and d.number == document.number), None)
        if twin:
            raise FileError(
                path,
                f"Số hiệu {document.number} đã đọc từ tệp {twin.path}.",
                "Chỉ giữ một tệp cho mỗi văn bản.",
            )
        if document.number:
            shelf.relations += read_changes(document, regulation.passages)
            shelf.grounds[document.number] = grounds(regulation.passages)
            shelf.amends[document.number] = regulation.amends
        documents, passages = divided(document, regulation.passages, regulation.annexes)
        shelf.passages += _marked(passages, sure)
        shelf.documents += documents
    else:
        report = read_meeting([n.text for n in lines], file, [n.page for n in lines])
        document = Document(
            path=file, kind=kind, title=report.meeting.title, issued=report.meeting.date,
            fingerprint=fingerprint,
        )  # fmt: skip
        shelf.passages += _marked(report.passages, sure)
        shelf.meetings.append(report.meeting)
        shelf.awards += report.awards
        shelf.tables.append(Tables(reported=report.totals))
        shelf.documents.append(document)


def _sure(lines: Sequence[Line]) -> dict[int | str, int]:
    """How sure OCR was of each page that it read, by number; and of each paragraph by its words,
    where a picture stood inside a text that has no pages."""
    sure: dict[int | str, int] = {}
    for line in lines:
        if line.sure is not None:
            key = line.text if line.page is None else line.page
            sure[key] = line.sure if line.page else min(line.sure, sure.get(key, line.sure))
    return sure


def _marked(passages: Iterable[Passage], sure: Mapping[int | str, int]) -> Iterator[Passage]:
    """The passages, those that OCR read, or read a part of, with how sure it was."""
    for passage in passages:
        keys = passage.text.split("\n") if passage.page is None else [passage.page]
        found = [sure[key] for key in keys if key in sure]
        yield passage.model_copy(update={"sure": min(found)}) if found else passage


def _read_tables(shelf: _Shelf, path: Path, file: str, kind: Kind, fingerprint: str) -> None:
    if path.suffix.lower() not in TABLE_SUFFIXES:
        raise FileError(
            path,
            f"Định dạng {path.suffix or 'không có đuôi'} không phải bảng tính.",
            f"Lưu lại thành một trong các dạng {', '.join(sorted(TABLE_SUFFIXES))}.",
        )
    shelf.tables.append(_TABLES[kind](path, file))
    title = path.stem.replace("-", " ").replace("_", " ")
    shelf.documents.append(Document(path=file, kind=kind, title=title, fingerprint=fingerprint))
