"""Copies of the journal: made while the bot runs, verified after writing, the oldest given up."""

import contextlib
import datetime
import os
import re
from pathlib import Path

from bot.audit import Audit
from bot.journal import Journal, JournalError, flush, is_held
from corpus import Record

_NAME = re.compile(r"journal-\d{8}-\d{6}-\d{6}\.db")


class BackupError(Exception):
    """A copy cannot be made or put back. The message is Vietnamese and says the remedy."""


class Restored(Record):
    """What was put back, and where the journal that stood there before is now."""

    audited: int  # entries of the audit
    waiting: int  # updates that wait for an answer
    former: Path | None


def back_up(source: Path, folder: Path, keep: int, now: datetime.datetime) -> Path:
    """Write a copy of a journal into ``folder``, verify it, and keep the ``keep`` newest. A bot may
    go on writing meanwhile.

    Raises BackupError; copies that were there stay then.
    """
    path = folder / f"journal-{now:%Y%m%d-%H%M%S-%f}.db"
    unfinished = path.with_suffix(".tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        journal = Journal(source)  # a connection of its own: the bot's does not wait for the copy
        try:
            journal.copy_to(unfinished)
        finally:
            journal.close()
        os.chmod(unfinished, 0o600)
        _verify(unfinished)
        unfinished.replace(path)
        _flush_folder(folder)
    except (OSError, JournalError) as error:
        _remove(unfinished)
        raise BackupError(
            f"Chưa sao lưu được vào {folder} ({error}). Hãy kiểm tra thư mục cho phép ghi và ổ đĩa"
            " còn chỗ, hoặc đặt THIDUA_BACKUPS sang chỗ khác. Các bản sao cũ vẫn còn."
        ) from error
    for old in backups(folder)[keep:]:
        old.unlink(missing_ok=True)
    return path


def backups(folder: Path) -> list[Path]:
    """The copies in a folder, the newest first."""
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if _NAME.fullmatch(p.name)), reverse=True)


def restore(copy: Path, target: Path, now: datetime.datetime) -> Restored:
    """Put a copy in the place of the journal, which is kept beside it under another name.

    Raises BackupError, and changes nothing, when the copy is damaged, a newer program made it, or a
    bot runs with the journal.
    """
    if not copy.is_file():
        raise BackupError(f"Không có tệp {copy}. Xem các bản sao lưu: thidua status.")
    if is_held(target):
        raise BackupError(f"Bot đang chạy với nhật ký {target}. Hãy tắt bot rồi khôi phục.")
    fresh = target.with_name(f"{target.name}.restoring")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(fresh)
        fresh.write_bytes(copy.read_bytes())
        os.chmod(fresh, 0o600)
        restored = _verify(fresh)
        former = _put_aside(target, now)
        fresh.replace(target)
        flush(target)
        _flush_folder(target.parent)
    except (OSError, JournalError) as error:
        _remove(fresh)
        raise BackupError(
            f"Không khôi phục được từ {copy}: {error} Nhật ký đang dùng vẫn như cũ."
        ) from error
    return restored.model_copy(update={"former": former})


def _verify(path: Path) -> Restored:
    """Open a copy as the bot would, and check all that can be checked. Raises JournalError."""
    journal = Journal(path)
    try:
        journal.check()
        verdict = Audit(journal).verify()
        if not verdict.holds:
            raise JournalError(f"sổ trả lời trong bản sao sai từ dòng {verdict.broken}.")
        found = Restored(audited=verdict.entries, waiting=len(journal.waiting()), former=None)
        journal.checkpoint()
    finally:
        journal.close()
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    flush(path)
    return found


def _put_aside(target: Path, now: datetime.datetime) -> Path | None:
    if not target.exists():
        return None
    with contextlib.suppress(JournalError):  # a damaged one is put aside as it is
        journal = Journal(target)  # what still stands in its log belongs to it
        journal.checkpoint()
        journal.close()
    former = target.with_name(f"{target.name}.truoc-{now:%Y%m%d-%H%M%S}")
    target.replace(former)
    for end in ("-wal", "-shm"):
        left = target.with_name(target.name + end)
        if left.exists():
            left.replace(former.with_name(former.name + end))
    return former


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # where nothing could be written, nothing is left
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system lets a folder be opened
        flush(folder)
