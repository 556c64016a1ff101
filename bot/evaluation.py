"""Questions with what a right answer must do → figures and failures."""

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from bot.answer import Answer, AnswerKind
from bot.bot import Assistant
from bot.reply import plain
from corpus import Place, Record, fold


class EvaluationError(Exception):
    """The file of questions cannot be used. The message is Vietnamese and names the line."""


class Case(Record):
    """One line of a file of questions."""

    question: str
    group: str = ""
    cites: tuple[tuple[str, str], ...] = ()
    says: tuple[str, ...] = ()
    refuses: bool = False
    as_of: date | None = None
    previous: tuple[str, ...] = ()


class Judged(Record):
    """One case, answered and judged. Ranks count from 1; 0 is "not cited"."""

    case: Case
    answer: Answer
    seconds: float
    article_rank: int = 0
    place_rank: int = 0
    unsaid: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return self.answer.kind is AnswerKind.NOT_FOUND

    @property
    def passed(self) -> bool:
        """Refused when it must be; otherwise the right Điều in the first five, and all said."""
        if self.case.refuses or self.refused:
            return self.case.refuses and self.refused
        cited = not self.case.cites or 1 <= self.article_rank <= 5
        return cited and not self.unsaid


class Figures(Record):
    """Shares are 0–1, None where no question of the group asks for them; times in seconds."""

    questions: int
    passed: float
    article_first: float | None = None
    article_in_five: float | None = None
    place_first: float | None = None
    place_in_five: float | None = None
    said: float | None = None
    refused_right: float | None = Field(default=None, description="of those that must be refused")
    refused_wrong: float | None = Field(default=None, description="of those that must be answered")
    p50: float = 0.0
    p95: float = 0.0


_PART = re.compile(r"(Điều|khoản|điểm)\s+([^\s,;]+)|,\s*([a-zđ\d]+)\b")
_ANNEX = re.compile(r"(?:Phụ lục|Mẫu(?: số)?|Biểu)\s+\w+")


def read_cases(path: Path) -> list[Case]:
    """The cases of a .jsonl file. Raises EvaluationError naming the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"Không đọc được tệp câu hỏi {path} ({error}).") from error
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            known = {k: v for k, v in values.items() if k in Case.model_fields}
            cases.append(Case.model_validate(known))
        except (ValueError, AttributeError) as error:
            reason = str(error).splitlines()[0]
            raise EvaluationError(f"{path}, dòng {number} không dùng được: {reason}.") from error
    if not cases:
        raise EvaluationError(f"{path} không có câu hỏi nào.")
    return cases


def judge(
    assistant: Assistant, cases: Sequence[Case], progress: Callable[[int, int], None] | None = None
) -> list[Judged]:
    """Ask every case and judge its answer."""
    judged = []
    for done, case in enumerate(cases, start=1):
        start = time.perf_counter()
        answer = assistant.ask(case.question, previous=case.previous, as_of=case.as_of)
        judged.append(_judged(case, answer, time.perf_counter() - start))
        if progress:
            progress(done, len(cases))
    return judged


def _judged(case: Case, answer: Answer, seconds: float) -> Judged:
    said = "\n".join([plain(answer), *(c.quote for c in answer.citations)])
    return Judged(
        case=case,
        answer=answer,
        seconds=seconds,
        article_rank=_rank(answer, case, _right_article),
        place_rank=_rank(answer, case, _right_place),
        unsaid=tuple(s for s in case.says if not matches(_marks(said), _marks(s))),
    )


def matches(text: str, wanted: str) -> bool:
    """True when ``wanted`` stands in ``text``, accents, case and spacing aside."""
    squeeze = re.compile(r"\s+")
    return squeeze.sub(" ", fold(wanted)) in squeeze.sub(" ", fold(text))


def _marks(text: str) -> str:
    return re.sub(r"[“”„\"]", '"', text)


def _rank(answer: Answer, case: Case, right: Callable[[Place, list[Place]], bool]) -> int:
    for rank, citation in enumerate(answer.citations, start=1):
        for number, words in case.cites:
            if fold(citation.document.number) == fold(number) and right(
                citation.place, places(words)
            ):
                return rank
    return 0


def places(words: str) -> list[Place]:
    """ "Điều 50 khoản 2 điểm a, b" → the two places that it names."""
    found: list[Place] = []
    annex = _ANNEX.match(words)
    current: dict[str, str] = {"part": annex[0]} if annex else {}
    last = ""
    for match in _PART.finditer(words):
        name = {"Điều": "article", "khoản": "clause", "điểm": "point"}.get(match[1] or "", last)
        if not name:
            continue
        if name in current:
            found.append(Place.model_validate(current))
        order = ("part", "article", "clause", "point")
        current = {k: v for k, v in current.items() if order.index(k) < order.index(name)}
        current[name] = match[2] or match[3]
        last = name
    return [*found, Place.model_validate(current)] if current else found


def _right_article(cited: Place, wanted: list[Place]) -> bool:
    return any(
        cited.article == place.article and place.part in ("", cited.part) for place in wanted
    )


def _right_place(cited: Place, wanted: list[Place]) -> bool:
    """Cited as named, or inside it; where several siblings are named, what holds them all is right."""
    inside = any(place.holds(cited) for place in wanted)
    return inside or (len(wanted) > 1 and all(cited.holds(place) for place in wanted))


def figures(judged: Sequence[Judged]) -> Figures:
    """Figures over some judged cases."""
    cited = [j for j in judged if j.case.cites]
    saying = [j for j in judged if j.case.says]
    refusing = [j for j in judged if j.case.refuses]
    answering = [j for j in judged if not j.case.refuses]
    seconds = sorted(j.seconds for j in judged)
    return Figures(
        questions=len(judged),
        passed=_share(judged, lambda j: j.passed) or 0.0,
        article_first=_share(cited, lambda j: j.article_rank == 1),
        article_in_five=_share(cited, lambda j: 1 <= j.article_rank <= 5),
        place_first=_share(cited, lambda j: j.place_rank == 1),
        place_in_five=_share(cited, lambda j: 1 <= j.place_rank <= 5),
        said=_share(saying, lambda j: not j.unsaid and not j.refused),
        refused_right=_share(refusing, lambda j: j.refused),
        refused_wrong=_share(answering, lambda j: j.refused),
        p50=seconds[len(seconds) // 2],
        p95=seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))],
    )


def _share(judged: Sequence[Judged], right: Callable[[Judged], bool]) -> float | None:
    return sum(map(right, judged)) / len(judged) if judged else None


def by_group(judged: Sequence[Judged]) -> dict[str, Figures]:
    """Figures for each group, in the file's order."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.case.group or "khác"].append(one)
    return {name: figures(members) for name, members in groups.items()}


def why(judged: Judged) -> str:
    """Why a case failed, in one line."""
    if judged.case.refuses:
        return "phải từ chối nhưng đã trả lời"
    if judged.refused:
        return "từ chối nhưng phải trả lời"
    reasons = []
    if judged.case.cites and not 1 <= judged.article_rank <= 5:
        cited = "; ".join(f"{c.document.name} {c.place}" for c in judged.answer.citations[:3])
        wanted = "; ".join(" ".join(c) for c in judged.case.cites)
        reasons.append(f"cần {wanted}, trích {cited or 'không có'}")
    if judged.unsaid:
        reasons.append("thiếu " + ", ".join(f"“{s}”" for s in judged.unsaid))
    return "; ".join(reasons)


def report(judged: Sequence[Judged], to_json: Callable[[Judged], dict[str, Any]]) -> dict[str, Any]:
    """The object that ``thidua eval --json`` prints."""
    return {
        "summary": {
            **figures(judged).model_dump(),
            "groups": {name: f.model_dump() for name, f in by_group(judged).items()},
        },
        "questions": [
            {"question": j.case.question, "passed": j.passed, "answer": to_json(j)} for j in judged
        ],
    }
