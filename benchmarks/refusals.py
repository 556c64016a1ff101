"""How well "chưa có trong kho" is known: right answers against right refusals.

    python -m benchmarks.refusals INDEX [--curve FILE.png]

asks ``answerable.jsonl`` and ``unanswerable.jsonl`` beside this file, which were written for this
benchmark over the shared documents that INDEX must hold. Each question belongs to a half: "tune" was
used to choose weights, thresholds and rules (as was "train", which benchmarks/adapter.py learns from and
which is not asked here), "held" was not used for any of them. The peer in the table is the rule that
most programs use: refuse below one cosine of the nearest passage, with the threshold that the tune half
likes best. ``--curve`` draws what other thresholds would give.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from bot import Assistant
from bot.evaluation import Case, judge
from bot.finding import Known
from bot.sureness import Signs
from corpus import fold
from index import Encoder

_HERE = Path(__file__).parent
_GRID = np.linspace(0, 1, 101)


class Asked(NamedTuple):
    """One question and what became of it."""

    question: str
    half: str
    group: str
    answerable: bool
    right: bool  # the right Điều was cited among the first five, or came nearest
    first: bool
    refused: bool
    cautious: bool
    signs: Signs | None
    cited: str


def main(path: Path, curve: Path | None) -> None:
    """Print the table and the failures."""
    assistant = Assistant(path, Encoder())
    console = Console(width=120, highlight=False)
    typed, folded = (_asked(assistant, stripped) for stripped in (False, True))
    table = Table(
        "half", "typed", "asked", "right Điều first", "in five", "with caution", "refused rightly"
    )
    for half in ("tune", "held"):
        for name, everyone in (("with accents", typed), ("without", folded)):
            table.add_row(half, name, *_cells([a for a in everyone if a.half == half]))
        table.add_row(half, "peer: one cosine", *_peer(typed, half))
    console.print(table)
    groups = Table("unanswerable, with accents", "refused rightly")
    for group in dict.fromkeys(a.group for a in typed if not a.answerable):
        of = [a.refused for a in typed if a.group == group and not a.answerable]
        groups.add_row(group, _share(of))
    console.print(groups)
    for one in typed:
        if one.answerable != (one.right and not one.refused) and one.half == "tune":
            said = "refused" if one.refused else one.cited
            console.print(f"- {one.question} -> {said}", markup=False)
    if curve:
        _draw(curve, typed, folded)


def _asked(assistant: Assistant, stripped: bool) -> list[Asked]:
    found = []
    for name in ("answerable", "unanswerable"):
        text = (_HERE / f"{name}.jsonl").read_text(encoding="utf-8")
        for line in map(json.loads, text.splitlines()):
            if line["half"] == "train":
                continue
            question = fold(line["question"]) if stripped else line["question"]
            answerable = name == "answerable"
            case = Case(question=question, cites=line.get("cites", ()), refuses=not answerable)
            (judged,) = judge(assistant, [case])
            answer = judged.answer
            near = judged.article_rank
            if not near and answer.nearest and case.cites:
                shown = answer.model_copy(update={"citations": answer.nearest})
                near = _rank_of(case, shown)
            # A text that the register knows and the library lacks is told so: that is no answer.
            unheld = any(isinstance(f, Known) and not f.held for f in answer.findings)
            found.append(
                Asked(
                    question=question,
                    half=line["half"],
                    group=line.get("group", ""),
                    answerable=answerable,
                    right=1 <= near <= 5 if case.cites else not judged.refused,
                    first=judged.article_rank == 1 or (not case.cites and not judged.refused),
                    refused=judged.refused or unheld,
                    cautious=answer.kind.value == "partial",
                    signs=answer.signs,
                    cited=", ".join(f"{c.document.name} {c.place}" for c in answer.citations[:2]),
                )
            )
    return found


def _rank_of(case: Case, answer) -> int:  # type: ignore[no-untyped-def]
    from bot.evaluation import _rank, _right_article

    return _rank(answer, case, _right_article)


def _cells(asked: Sequence[Asked]) -> list[str]:
    good = [a for a in asked if a.answerable]
    bad = [a for a in asked if not a.answerable]
    return [
        f"{len(good)} + {len(bad)}",
        _share(a.first and not a.refused for a in good),
        _share(a.right and not a.refused for a in good),
        _share(a.cautious for a in good),
        _share(a.refused for a in bad),
    ]


def _peer(asked: Sequence[Asked], half: str) -> list[str]:
    """One cosine: nothing else is looked at, and what our records refuse is not refused by it."""
    near = {a.question: a.signs.nearness if a.signs else -1.0 for a in asked}

    def figures(of: str, bar: float) -> tuple[float, float]:
        mine = [a for a in asked if a.half == of]
        good = [a.right and near[a.question] >= bar for a in mine if a.answerable]
        bad = [near[a.question] < bar for a in mine if not a.answerable]
        return sum(good) / len(good), sum(bad) / len(bad)

    bars = np.linspace(-1, 1, 201)
    bar = max(bars, key=lambda b: sum(figures("tune", b)))
    right, refused = figures(half, bar)
    return ["", "", f"{right:.3f}", "", f"{refused:.3f}"]


def _trade(asked: Sequence[Asked]) -> tuple[list[float], list[float]]:
    """Right answers and right refusals at every threshold on sureness."""
    good = [a for a in asked if a.answerable]
    bad = [a for a in asked if not a.answerable]

    def silent(a: Asked, bar: float) -> bool:
        return a.signs.sureness < bar if a.signs else a.refused

    right = [sum(a.right and not silent(a, bar) for a in good) / len(good) for bar in _GRID]
    refused = [sum(silent(a, bar) for a in bad) / len(bad) for bar in _GRID]
    return right, refused


def _draw(path: Path, typed: Sequence[Asked], folded: Sequence[Asked]) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 5))
    for half, style in (("tune", "--"), ("held", "-")):
        for name, asked, colour in (("accents", typed, "C0"), ("none", folded, "C1")):
            right, refused = _trade([a for a in asked if a.half == half])
            axes.plot(refused, right, style, color=colour, label=f"{half}, typed with {name}")
    for half, marker in (("tune", "x"), ("held", "o")):
        mine = [a for a in typed if a.half == half]
        good, bad = [a for a in mine if a.answerable], [a for a in mine if not a.answerable]
        right = sum(a.right and not a.refused for a in good) / len(good)
        refused = sum(a.refused for a in bad) / len(bad)
        axes.plot([refused], [right], marker, color="black", label=f"{half}, as it is set")
    axes.set(
        xlabel="refused rightly", ylabel="right Điều in five", xlim=(0.4, 1.0), ylim=(0.4, 1.0)
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def _share(right) -> str:  # type: ignore[no-untyped-def]
    values = list(right)
    return f"{sum(values)}/{len(values)} = {sum(values) / len(values):.3f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refusals", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--curve", type=Path)
    options = parser.parse_args()
    main(options.index, options.curve)
