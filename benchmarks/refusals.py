"""How well "chưa có trong kho" is known: right answers against right refusals.

    python -m benchmarks.refusals INDEX

asks the questions of ``answerable.jsonl`` and ``unanswerable.txt`` beside this file, which were
written for this benchmark over the statutes that INDEX must hold (see README.md), and prints what
became of them, for questions as typed and stripped of accents.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot import Assistant
from bot.evaluation import Case, Judged, judge, read_cases
from corpus import fold
from index import Encoder

_HERE = Path(__file__).parent


def main(path: Path) -> None:
    """Print the table and the failures."""
    assistant = Assistant(path, Encoder())
    answerable = read_cases(_HERE / "answerable.jsonl")
    lines = (_HERE / "unanswerable.txt").read_text(encoding="utf-8").splitlines()
    unanswerable = [Case(question=line, refuses=True) for line in lines if line]
    console = Console(width=120, highlight=False)
    table = Table(
        "typed", "right Điều first", "in five", "answered", "with caution", "refused rightly"
    )
    failures: list[Judged] = []
    for name, stripped in (("with accents", False), ("without", True)):
        good = judge(assistant, _typed(answerable, stripped))
        bad = judge(assistant, _typed(unanswerable, stripped))
        table.add_row(
            name,
            _share(j.article_rank == 1 for j in good),
            _share(1 <= j.article_rank <= 5 for j in good),
            _share(not j.refused for j in good),
            _share(j.answer.kind.value == "partial" for j in good),
            _share(j.refused for j in bad),
        )
        failures += [j for j in good if not 1 <= j.article_rank <= 5] + [
            j for j in bad if not j.refused
        ]
    console.print(table)
    for one in failures:
        cited = ", ".join(f"{c.document.name} {c.place}" for c in one.answer.citations[:2])
        console.print(f"- {one.case.question} -> {one.answer.kind.value}: {cited}", markup=False)


def _typed(cases: Sequence[Case], stripped: bool) -> list[Case]:
    if not stripped:
        return list(cases)
    return [case.model_copy(update={"question": fold(case.question)}) for case in cases]


def _share(right) -> str:  # type: ignore[no-untyped-def]
    values = list(right)
    return f"{sum(values)}/{len(values)} = {sum(values) / len(values):.3f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
