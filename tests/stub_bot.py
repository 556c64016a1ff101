"""A real bot process with an assistant that needs no index: settings come from the environment.

What it answers is in the question: "chờ 300 ms" takes so long, "hỏng" raises, "không biết" finds
nothing, "hai tên" asks which, "tôi là ai" says who asks, "xếp hạng" can be drawn, "dài" fills two messages, "mật" is told to
administrators only; the quote repeats the question and the questions before it. Pages are of Điều 24.
"""

import datetime
import re
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, cast

from bot.access import EVERYTHING, Role, Viewer
from bot.answer import Answer, AnswerKind, Citation
from bot.bot import Assistant
from bot.finding import Absence, Choice, Lack, Ranking
from bot.journal import Journal
from bot.logs import write_logs
from bot.question import Question
from bot.reference import referred
from bot.settings import read_settings
from bot.telegram import run
from corpus import Document, Kind, Place, Scorer, Source
from hashing import HashEncoder
from index import Standing


def ranking() -> Ranking:
    """Four units of a block, enough to draw."""
    about = {"block": "Khối mẫu", "year": 2023, "scorer": Scorer.COUNCIL}
    standings = tuple(
        Standing(unit=f"Hội {n} <&>", period="cả năm", points=Decimal(100 - n), rank=n, **about)
        for n in (1, 2, 3, 4)
    )
    mean = Decimal("97.5")
    return Ranking(standings=standings, members=4, mean=mean, source=Source(file="a.xlsx"), **about)


LAW = Document(
    path="regulations/luat.txt",
    kind=Kind.REGULATION,
    title="Luật Thi đua, khen thưởng",
    number="06/2022/QH15",
    fingerprint="bytes of the law",
)


class StubAssistant:
    """Answers from the words of the question alone."""

    edition = "the stub's edition"
    documents: ClassVar = {LAW.path: LAW}

    def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        as_of: datetime.date | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Answer:
        if wait := re.search(r"chờ (\d+) ms", question):
            time.sleep(int(wait[1]) / 1000)
        if "tôi là ai" in question:
            question = f"{viewer.role.value}, {viewer.unit}"
        if "hỏng" in question:
            raise RuntimeError("the stub was told to fail")
        asked = Question(
            text=question,
            accented=question,
            folded=question,
            as_of=as_of or datetime.date(2026, 11, 23),
        )
        if "mật" in question and viewer.role is not Role.ADMINISTRATOR:
            absence = Absence(lack=Lack.CLOSED_POINTS, about=("Hội Một", "2023"))
            return Answer(kind=AnswerKind.NOT_FOUND, question=asked, absence=absence)
        if "hai tên" in question:
            choice = Choice(typed="Hội", options=("Hội Một", "Hội Hai"))
            return Answer(kind=AnswerKind.CHOICE, question=asked, choice=choice)
        if "xếp hạng" in question:
            return Answer(kind=AnswerKind.ANSWER, question=asked, findings=(ranking(),))
        if "không biết" in question:
            return Answer(
                kind=AnswerKind.NOT_FOUND, question=asked, absence=Absence(lack=Lack.WEAK)
            )
        quote = f"[{question}] sau [{'; '.join(previous)}]"
        if "dài" in question:
            quote += " lời dài" * 700
        citations = (
            Citation(document=LAW, place=Place(article="24", clause="1"), quote=quote),
            Citation(document=LAW, place=Place(article="25", clause="2"), quote="Điều khác."),
        )
        around = (None, Place(article="24", clause="2"))
        return Answer(kind=AnswerKind.ANSWER, question=asked, citations=citations, around=around)

    def page(self, code: str, viewer: Viewer = EVERYTHING) -> Answer | None:
        found = referred(code, [LAW], [])
        if found is None or found.place.article != "24":
            return None
        clause = found.place.clause
        quote = f"Toàn văn {found.place} <&>" + (" rất dài." * 600 if clause == "3" else "")
        after = Place(article="24", clause=str(int(clause) + 1)) if clause else None
        asked = Question(text="", accented="", folded="", as_of=datetime.date(2026, 11, 23))
        cited = Citation(document=LAW, place=found.place, quote=quote)
        return Answer(
            kind=AnswerKind.ANSWER, question=asked, citations=(cited,), around=(None, after)
        )

    def refresh(self) -> bool:
        return False

    def examples(self, viewer: Viewer = EVERYTHING) -> tuple[str, ...]:
        return ("Câu hỏi mẫu?",)

    def blocks(self, unit: str) -> frozenset[str]:
        return frozenset()

    def units(self) -> tuple[str, ...]:
        return ("Hội Một", "Hội Hai")


if __name__ == "__main__":
    settings = read_settings()
    write_logs(settings.log_level, settings.secrets, as_json=settings.log_format == "json")
    assistant = cast(Assistant, StubAssistant())
    if len(sys.argv) > 1:  # an index that ``HashEncoder`` made: all is real but the encoder
        assistant = Assistant(Path(sys.argv[1]), HashEncoder(), settings.today)
    run(assistant, settings, Journal(settings.journal))
