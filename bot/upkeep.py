"""What a bot that is left alone for months does once a day: forget what is old, make a copy."""

import datetime
import logging

from bot.audit import Audit
from bot.backup import BackupError, back_up
from bot.journal import Journal
from bot.settings import Settings

EVERY = datetime.timedelta(days=1)

_log = logging.getLogger(__name__)


def keep_up(journal: Journal, settings: Settings, now: datetime.datetime) -> None:
    """Trim the journal by age, then copy it. Raises JournalError; a copy that fails is logged, what
    is kept too long must go all the same."""
    updates = journal.prune(now - datetime.timedelta(days=settings.questions_kept))
    entries = Audit(journal).trim(now - datetime.timedelta(days=settings.audit_kept))
    _log.info("Upkeep: %d updates and %d entries of the audit were old", updates, entries)
    try:
        path = back_up(journal.path, settings.backups, settings.backups_kept, now)
        _log.info("Upkeep: the journal was copied to %s", path)
    except BackupError as error:
        _log.error("Upkeep: the journal was not copied: %s", error)
