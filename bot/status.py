"""How things stand, told from outside the bot's process: its files, its disk, its copies."""

import datetime
from pathlib import Path

from bot.audit import Audit
from bot.backup import backups
from bot.journal import Journal, JournalError, is_held
from bot.settings import Settings
from bot.vitals import LEFT, free_at, size_of
from corpus import Record

STALE = datetime.timedelta(days=3)  # a copy that is older is worth a word
WAITED = datetime.timedelta(minutes=15)  # so is a question that has waited longer


class Status(Record):
    """What there is to know, and ``ills``: what somebody should see to, in Vietnamese."""

    running: bool
    waiting: int = 0
    failed: int = 0
    answers: int = 0
    last: datetime.datetime | None = None  # when the last question was answered
    journal_bytes: int = 0
    free_bytes: int = 0
    copied: datetime.datetime | None = None
    built: datetime.datetime | None = None
    ills: tuple[str, ...] = ()


def look(settings: Settings, index: Path, now: datetime.datetime) -> Status:
    """Look at everything once; reads only, and works whether the bot runs or not."""
    ills: list[str] = []
    found = Status(
        running=is_held(settings.journal),
        journal_bytes=size_of(settings.journal),
        free_bytes=free_at(settings.journal),
    )
    if not found.running:
        ills.append("Bot không chạy: khởi động bằng thidua run hoặc systemctl start thidua.")
    if found.free_bytes < LEFT:
        ills.append(f"Ổ đĩa chứa nhật ký còn {found.free_bytes // 2**20} MB: hãy dọn bớt.")
    found = found.model_copy(update=_of_journal(settings, now, ills))
    copies = backups(settings.backups)
    copied = moment_of(copies[0]) if copies else None
    if found.answers and (copied is None or now - copied > STALE):
        ills.append("Chưa có bản sao lưu mới: chạy thidua backup và xem nhật ký hoạt động của bot.")
    built = moment_of(index) if index.is_file() else None
    if built is None:
        ills.append(f"Chưa có kho tra cứu tại {index}: chạy thidua build THƯ_MỤC.")
    return found.model_copy(update={"copied": copied, "built": built, "ills": tuple(ills)})


def _of_journal(settings: Settings, now: datetime.datetime, ills: list[str]) -> dict[str, object]:
    if not settings.journal.is_file():
        return {}
    try:
        journal = Journal(settings.journal)
        try:
            journal.check()
            waiting, failed = journal.waiting(), journal.failed()
            (newest,) = Audit(journal).entries(1) or (None,)
            answers = journal.read("SELECT count(*) FROM audit")[0][0]
        finally:
            journal.close()
    except JournalError as error:
        ills.append(str(error))
        return {}
    if waiting and now - waiting[0].taken_at > WAITED:
        ills.append(f"{len(waiting)} tin đang chờ, tin cũ nhất từ {waiting[0].taken_at.astimezone():%d/%m/%Y %H:%M}.")  # fmt: skip
    return {
        "waiting": len(waiting), "failed": len(failed), "answers": answers,
        "last": newest.at if newest else None,
    }  # fmt: skip


def moment_of(file: Path) -> datetime.datetime:
    """When a file was written."""
    return datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC)
