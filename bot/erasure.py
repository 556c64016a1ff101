"""Erasing what one person wrote, everywhere in the journal."""

from bot import audit
from bot.journal import Journal, forget_person


def erase_person(journal: Journal, person: int) -> int:
    """Erase somebody's questions, votes and updates; the audit keeps that something was answered,
    from which sources, and stays checkable. Returns how many records went or were emptied.

    Copies made earlier still hold it, until they are rotated out.
    """
    with journal.write() as db:
        erased = forget_person(db, person) + audit.erase(db, person)
    journal.checkpoint()
    return erased
