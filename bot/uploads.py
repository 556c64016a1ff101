"""Files that administrators send: kept aside, read for a preview, put into the library, taken back.

A file waits in a folder beside the journal until it is confirmed. Then what it stands in for is kept
there, and it moves into the documents folder in one step. Every step can be done again after a crash,
and the journal knows which was the last.
"""

import datetime
import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath

from bot.journal import Journal, moment, stamp
from bot.settings import SAMPLE
from corpus import FOLDERS, TABLE_SUFFIXES, TEXT_SUFFIXES, Document, Record

LARGEST = 20 * 2**20  # bytes; Telegram gives bots no larger file
OWN_LISTS = ("access", "deadlines")  # tables at the top of the documents folder
_TABLES = ("scores", "awards", "units")
_LONGEST = 180  # bytes of a file's name, without its ending; most systems store 255
_COLUMNS = "place, name, target, replaces, state, by, at"


class Step(StrEnum):
    """How far a file has come."""

    OFFERED = "offered"
    BUILDING = "building"
    SERVED = "served"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class Upload(Record):
    """One file that was sent."""

    place: int  # its number
    name: str
    target: str = ""  # its path in the documents folder, "" until it is chosen
    replaces: str = ""  # the path of the file that it stands in for, "" for none
    state: Step
    by: int
    at: datetime.datetime

    @property
    def is_own_list(self) -> bool:
        """True for a table that is read by the bot itself: nothing is built for it."""
        return self.target != "" and "/" not in self.target


class RefusedFile(Exception):
    """A file that is not taken. The message is Vietnamese and says why."""


class Uploads:
    """The files that were sent to one bot. Safe to use from several threads."""

    def __init__(self, journal: Journal, aside: Path, documents: Path):
        """``aside`` is where files wait; ``documents`` the folder that they go to."""
        self._journal, self._aside, self._documents = journal, aside, documents

    def keep(self, name: str, data: bytes, by: int, now: datetime.datetime) -> Upload:
        """Keep a file aside. Raises RefusedFile for what could not be read anyway."""
        name = self.acceptable(name, len(data))
        with self._journal.write() as db:
            (place,) = db.execute(
                "INSERT INTO upload (name, state, by, at) VALUES (?, ?, ?, ?) RETURNING place",
                (name, Step.OFFERED, by, stamp(now)),
            ).fetchone()
        folder = self._folder(place)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "new", data)
        return self.find(place)

    def acceptable(self, name: str, size: int) -> str:
        """The name made safe. Raises RefusedFile, before anything is fetched, when the file is too
        large, of a format that is not read, or the library is the sample."""
        if self._documents.resolve() == SAMPLE.resolve():
            raise RefusedFile(
                "Kho đang dùng thư viện mẫu nên không nhận tệp. Hãy đặt THIDUA_DOCUMENTS là thư mục"
                " tài liệu của cơ quan."
            )
        safe = safe_name(name)
        suffix = Path(safe).suffix.lower()
        if suffix not in {*TEXT_SUFFIXES, *TABLE_SUFFIXES}:
            told = ", ".join(sorted({*TEXT_SUFFIXES, *TABLE_SUFFIXES}))
            raise RefusedFile(f"Không đọc được định dạng “{suffix or safe}”. Nhận: {told}.")
        if size > LARGEST:
            raise RefusedFile(f"Tệp quá lớn; mỗi tệp tối đa {LARGEST // 2**20} MB.")
        return safe

    def places(self, upload: Upload) -> tuple[str, ...]:
        """Where a file may go, as folders ("" is the top): one where its name says it."""
        path = PurePosixPath(upload.name)
        if path.stem in OWN_LISTS and path.suffix.lower() in TABLE_SUFFIXES:
            return ("",)
        wanted = _TABLES if path.suffix.lower() in TABLE_SUFFIXES else ("regulations", "meetings")
        held = [folder for folder in wanted if (self._documents / folder / upload.name).exists()]
        return tuple(held) if len(held) == 1 else wanted

    def aim(self, place: int, folder: str, replaces: str = "") -> Upload:
        """Decide where a file goes, and what it stands in for. Raises RefusedFile."""
        upload = self.find(place)
        if folder not in (*FOLDERS, ""):
            raise RefusedFile("Không có thư mục này.")
        target = f"{folder}/{upload.name}".lstrip("/")
        inside = self._inside(target)
        if not replaces and inside.is_file():
            replaces = target
        if not replaces and folder == "":
            replaces = next(
                (p.name for p in self._documents.glob(f"{inside.stem}.*") if p.is_file()), ""
            )
        with self._journal.write() as db:
            db.execute(
                "UPDATE upload SET target = ?, replaces = ? WHERE place = ? AND state = ?",
                (target, replaces, place, Step.OFFERED),
            )
        return self.find(place)

    def lay_out(self, upload: Upload) -> tuple[Path, Path]:
        """Two small folders for a preview: the file that is replaced, and the new one, each beside
        the lists of units, without which no table can be understood."""
        folders = (self._folder(upload.place) / "before", self._folder(upload.place) / "after")
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            units = self._documents / "units"
            if units.is_dir():
                shutil.copytree(units, folder / "units")
        before, after = folders
        (after / upload.target).parent.mkdir(exist_ok=True)
        shutil.copyfile(self._folder(upload.place) / "new", after / upload.target)
        if upload.replaces:
            (before / upload.replaces).parent.mkdir(exist_ok=True)
            shutil.copyfile(self._inside(upload.replaces), before / upload.replaces)
        return before, after

    def twin(self, number: str, upload: Upload, documents: Mapping[str, Document]) -> str:
        """The path of another file that holds the regulation of that number, "" when none does."""
        same = (p for p, d in documents.items() if number and d.number == number)
        return next((p for p in same if p != upload.target and self._inside(p).is_file()), "")

    # --- the steps; each may be begun again

    def move(self, place: int, old: Step, new: Step) -> bool:
        """Take a step; False when the file does not stand where the step begins."""
        with self._journal.write() as db:
            return bool(
                db.execute(
                    "UPDATE upload SET state = ? WHERE place = ? AND state = ?", (new, place, old)
                ).rowcount
            )

    def put(self, upload: Upload) -> None:
        """Put a confirmed file into the library, and keep what it stands in for."""
        folder = self._folder(upload.place)
        new, former = folder / "new", folder / "former"
        if not new.exists():
            return  # it was put there before a crash
        if upload.replaces and not former.exists():
            _write(former, self._inside(upload.replaces).read_bytes())
        target = self._inside(upload.target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, new.read_bytes())
        if upload.replaces and upload.replaces != upload.target:
            self._inside(upload.replaces).unlink(missing_ok=True)
        new.unlink()

    def take_back(self, upload: Upload) -> None:
        """Put the library back to what it was before the file."""
        former = self._folder(upload.place) / "former"
        if upload.replaces != upload.target:
            self._inside(upload.target).unlink(missing_ok=True)
        if upload.replaces and former.exists():
            _write(self._inside(upload.replaces), former.read_bytes())

    def drop(self, upload: Upload) -> None:
        """Forget the bytes that wait."""
        shutil.rmtree(self._folder(upload.place), ignore_errors=True)

    # --- reading

    def find(self, place: int) -> Upload:
        """The file of that number. Raises RefusedFile when there is none."""
        rows = self._journal.read(f"SELECT {_COLUMNS} FROM upload WHERE place = ?", (place,))
        if not rows:
            raise RefusedFile("Không còn tệp này; anh/chị vui lòng gửi lại.")
        return _upload(rows[0])

    def unfinished(self) -> tuple[Upload, ...]:
        """The files that a crash left between two steps, in order."""
        rows = self._journal.read(
            f"SELECT {_COLUMNS} FROM upload WHERE state IN (?, ?) ORDER BY place",
            (Step.BUILDING, Step.UNDOING),
        )
        return tuple(map(_upload, rows))

    def last(self) -> Upload | None:
        """The newest file that is served: the one that can be taken back."""
        rows = self._journal.read(
            f"SELECT {_COLUMNS} FROM upload WHERE state = ? ORDER BY place DESC LIMIT 1",
            (Step.SERVED,),
        )
        return _upload(rows[0]) if rows else None

    def _folder(self, place: int) -> Path:
        return self._aside / str(place)

    def _inside(self, path: str) -> Path:
        """A path in the documents folder. Raises RefusedFile for one that leads out of it."""
        found = (self._documents / path).resolve()
        if not found.is_relative_to(self._documents.resolve()):
            raise RefusedFile("Tên tệp không dùng được.")
        return found


def safe_name(name: str) -> str:
    """A file's name without folders, control characters and what some system cannot store; never
    empty, never hidden."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem, dot, suffix = kept.strip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    stem = stem.strip(" .~$").encode()[:_LONGEST].decode(errors="ignore").strip() or "tai-lieu"
    return f"{stem}.{suffix[:10]}" if suffix else stem


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(temporary, path)


def _upload(row: tuple) -> Upload:
    place, name, target, replaces, state, by, at = row
    return Upload(
        place=place, name=name, target=target, replaces=replaces, state=Step(state), by=by,
        at=moment(at),
    )  # fmt: skip
