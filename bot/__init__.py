"""Answers: the public surface of the room is ``Assistant`` and what it returns."""

from bot.answer import Answer, AnswerKind, Citation
from bot.bot import Assistant

__all__ = ["Answer", "AnswerKind", "Assistant", "Citation"]
