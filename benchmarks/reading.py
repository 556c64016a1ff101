"""How well meeting reports are read: precision and recall of every field against known facts.

    python -m benchmarks.reading ../shared

The folder holds ``documents/meetings`` and ``facts/meetings.jsonl``, one object a report. A value
counts as right when it names the same thing: the folded words of one are among the other's ("Sở
Nội vụ" and "Sở Nội vụ tỉnh Bắc Kạn") and at least a third of them, for people write the same unit
at different lengths. Kinds, dates, numbers, points and the status of an award must be equal.
"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.files import read_text
from corpus.meeting import Report, read_meeting
from corpus.records import Award, Status, Total
from corpus.text import fold

TEXTS = (
    "place", "block", "host", "lead_unit", "deputy_unit", "next_lead_unit", "next_deputy_unit",
)  # fmt: skip
FIELDS = ("kind", "date", *TEXTS, "members", "awards", "scores")
_STATUSES = (
    ("thông qua", Status.APPROVED),
    ("được", Status.DECIDED),
    ("suy tôn", Status.PROPOSED),
    ("đề nghị", Status.PROPOSED),
)
# The one real report has no line of its own in the facts; the project's issue says what it gives.
_REAL = {
    "file": "2023-08-10-khoi-mttq-so-ket-6-thang.txt",
    "kind": "sơ kết",
    "date": "2023-08-10",
    "place": "Hội Nông dân tỉnh",
    "host": "Hội Nông dân tỉnh",
    "block": "Khối thi đua Mặt trận Tổ quốc và các Hội, Đoàn thể tỉnh",
    "lead_unit": "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh",
}


@dataclass
class Tally:
    """Values read, values there are, values read right; and what went wrong, in words."""

    read: int = 0
    true: int = 0
    right: int = 0
    wrong: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def tallies(shared: Path) -> dict[str, Tally]:
    """Read every report of ``shared`` that has known facts and compare, field by field."""
    totals = {field: Tally() for field in FIELDS}
    for truth in _truths(shared):
        path = shared / "documents" / "meetings" / truth["file"]
        lines = read_text(path).lines
        file = f"meetings/{path.name}"
        report = read_meeting([n.text for n in lines], file, [n.page for n in lines])
        for field in FIELDS:
            _add(totals[field], truth["file"], *_compare(field, report, truth))
    return totals


def _truths(shared: Path) -> Iterator[Mapping[str, Any]]:
    with (shared / "facts" / "meetings.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
    yield _REAL


def _add(tally: Tally, file: str, read: int, true: int, right: int, note: str) -> None:
    tally.read += read
    tally.true += true
    tally.right += right
    if note:
        tally.wrong += (f"{file}: {note}",)


def _compare(field: str, report: Report, truth: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Return how many values were read, are true, are right, and what differs."""
    if field == "awards":
        return _compare_awards(report.awards, truth.get("awards") or ())
    if field == "scores":
        return _compare_scores(report.totals, truth.get("scores") or ())
    meeting, wanted = report.meeting, truth.get(field)
    if field == "kind":
        value: str | None = meeting.kind or None
    else:
        fact = meeting.fact(field)
        value = fact.value if fact else None
    if field == "members":
        right = value is not None and wanted is not None and _same_members(value, wanted)
    elif field in TEXTS:
        right = bool(value and wanted) and same_name(value or "", wanted or "")
    else:
        right = value is not None and value == wanted
    wrong = "" if right or (value is None and wanted is None) else f"{value!r}, not {wanted!r}"
    return int(value is not None), int(wanted is not None), int(right), wrong


def _same_members(value: str, wanted: int | Sequence[str]) -> bool:
    if isinstance(wanted, int):
        return value == str(wanted) or value.count(";") + 1 == wanted
    return {fold(v) for v in value.split("; ")} == {fold(w) for w in wanted}


def _compare_awards(
    awards: Sequence[Award], wanted: Sequence[Mapping[str, Any]]
) -> tuple[int, int, int, str]:
    left, missing = list(awards), []
    for truth in wanted:
        match = next((a for a in left if _same_award(a, truth)), None)
        if match:
            left.remove(match)
        else:
            missing.append(f"{truth['recipient']}: {truth['title']}")
    notes = [*(f"missing {m}" for m in missing), *(f"extra {a.recipient}: {a.title}" for a in left)]
    return len(awards), len(wanted), len(awards) - len(left), "; ".join(notes)


def _same_award(award: Award, truth: Mapping[str, Any]) -> bool:
    status = next(s for word, s in _STATUSES if truth["status"].startswith(word))
    recipient = truth["recipient"] or ""
    return (
        award.status is status
        and award.count == truth["count"]
        and bool(recipient) == bool(award.recipient)
        and same_name(award.recipient, recipient)
        and same_name(award.title, truth["title"])
    )


def _compare_scores(
    totals: Sequence[Total], facts: Sequence[Mapping[str, Any]]
) -> tuple[int, int, int, str]:
    """Points and ranks of units; shares of members and the like are no points."""
    wanted = [fact for fact in facts if fact.get("unit")]
    left, missing = list(totals), []
    for truth in wanted:
        match = next((t for t in left if _same_score(t, truth)), None)
        if match:
            left.remove(match)
        else:
            missing.append(f"{truth['unit']}: {truth['score']}")
    notes = [*(f"missing {m}" for m in missing), *(f"extra {t.unit}: {t.points}" for t in left)]
    return len(totals), len(wanted), len(totals) - len(left), "; ".join(notes)


def _same_score(total: Total, truth: Mapping[str, Any]) -> bool:
    points = None if total.points is None else f"{total.points.normalize():f}".replace(".", ",")
    return (
        same_name(total.unit, truth["unit"])
        and points == truth["score"]
        and total.rank in (None, truth["rank"])
    )


def same_name(a: str, b: str) -> bool:
    """True when the words of one name are all in the other; what stands in brackets is a remark."""
    few, many = sorted((_words(a), _words(b)), key=len)
    return few <= many and 3 * len(few) >= len(many)


def _words(name: str) -> frozenset[str]:
    plain = fold(re.sub(r"\([^()]*(?:không nêu|năm|\d)[^()]*\)", "", name))
    plain = plain.replace("mttq", "mat tran to quoc").replace("tp.hcm", "thanh pho ho chi minh")
    return frozenset(re.findall(r"\w+", plain)) - {"va", "cac", "cua"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, then every value that differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with documents/ and facts/")
    totals = tallies(parser.parse_args(arguments).shared)
    print(f"{'field':<18}{'true':>6}{'read':>6}{'right':>7}{'precision':>11}{'recall':>8}")
    for field, tally in totals.items():
        print(
            f"{field:<18}{tally.true:>6}{tally.read:>6}{tally.right:>7}"
            f"{tally.precision:>11.3f}{tally.recall:>8.3f}"
        )
    for field, tally in totals.items():
        for wrong in tally.wrong:
            print(f"  {field}: {wrong}")


if __name__ == "__main__":
    main()
