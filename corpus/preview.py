"""What a file would bring to the library: read by itself, and set against the file it stands in for.

It runs as a process of its own (``python -m corpus.preview BEFORE AFTER FILE``), since a file may take a
minute to read and nobody's question shall wait for it. Each folder holds the one file in its place
beside the lists of units; what is printed is the JSON of a ``Preview``.
"""

import json
import resource
import sys
from collections import defaultdict
from pathlib import Path

from corpus.corpus import EmptyCorpus, read
from corpus.deadlines import Deadline, read_deadlines
from corpus.records import Corpus, Problem, Record
from corpus.rules import Rule, read_rules

MEMORY = 3 * 2**30  # bytes of address space that the process of a preview may take
SECONDS = 240  # of computing


class Preview(Record):
    """What was read of a file, and what is new in it; Điều and rows are named as they are cited."""

    number: str = ""  # số hiệu of a regulation
    title: str = ""
    counts: tuple[tuple[str, int], ...] = ()  # kind of thing → how many were read
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def readable(self) -> bool:
        """True when anything was read."""
        return any(count for _, count in self.counts)


def preview(before: Path, after: Path, file: str) -> Preview:
    """The preview of ``file`` in the folder ``after``; ``before`` may hold what it stands in for."""
    if "/" not in file:
        return _of_own_list(before, after)
    try:
        new = read(after)
    except EmptyCorpus as error:
        return Preview(problems=tuple(p for p in error.problems if p.file == file))
    try:
        old = _pieces(read(before), None)
    except EmptyCorpus:
        old = {}
    now = _pieces(new, file)
    document = next((d for d in new.documents if d.path == file), None)
    return Preview(
        number=document.number if document else "",
        title=document.title if document else "",
        counts=_counts(new, file),
        added=tuple(name for name in now if name not in old),
        changed=tuple(name for name in now if name in old and old[name] != now[name]),
        removed=tuple(name for name in old if name not in now),
        problems=tuple(p for p in new.problems if p.file == file),
    )


def _of_own_list(before: Path, after: Path) -> Preview:
    """The same of a table that the bot reads itself: who may see what, or days not to be missed."""
    rules, wrong_rules = read_rules(after)
    days, wrong_days = read_deadlines(after)
    told = {*map(_said, read_rules(before)[0]), *map(_said, read_deadlines(before)[0])}
    now = [*map(_said, rules), *map(_said, days)]
    wrong = (*wrong_rules, *wrong_days)
    # A table that cannot be read at all closes everything: that is no reading of it.
    refused = any(not problem.place for problem in wrong)
    counts = (("dòng quyền xem", len(rules)), ("việc cần nhắc", len(days)))
    return Preview(
        counts=() if refused else tuple((name, count) for name, count in counts if count),
        added=tuple(text for text in now if text not in told),
        removed=tuple(sorted(told - set(now))),
        problems=wrong,
    )


def _said(one: Rule | Deadline) -> str:
    if isinstance(one, Deadline):
        return f"{one.what}: {one.day:%d/%m/%Y}"
    what = one.document or f"điểm {one.block or 'mọi khối'}"
    return f"{what}{f' năm {one.year}' if one.year else ''}: {one.audience.value}"


def _counts(corpus: Corpus, file: str) -> tuple[tuple[str, int], ...]:
    passages = [p for p in corpus.passages if p.document == file]
    articles = {(p.place.part, p.place.article) for p in passages if p.place.article}
    found = (
        ("điều", len(articles)),
        ("đoạn", sum(not p.place.article for p in passages)),
        ("cuộc họp", sum(m.document == file for m in corpus.meetings)),
        ("ô điểm", sum(s.source.file == file for s in corpus.scores)),
        ("tổng điểm, xếp hạng", sum(t.source.file == file for t in corpus.totals)),
        ("khen thưởng", sum(a.source.file == file for a in corpus.awards)),
        ("tên đơn vị", sum(u.source.file == file for u in corpus.units)),
    )
    return tuple((name, count) for name, count in found if count)


def _pieces(corpus: Corpus, file: str | None) -> dict[str, str]:
    """What a reader would miss, by its name: Điều with their text, rows with their values. ``file``
    None is every file but the lists of units that only stand beside."""
    texts: dict[str, list[str]] = defaultdict(list)
    for passage in corpus.passages:
        if file in (None, passage.document):
            place = passage.place
            article = f"Điều {place.article}" if place.article else str(place) or "đoạn"
            name = f"{place.part} {article}".strip() if place.article else article
            texts[name].append(passage.text)
    for score in corpus.scores:
        if file in (None, score.source.file):
            name = f"{score.unit}, {score.year}, {score.criterion} ({score.scorer.value})"
            texts[name].append(f"{score.verdict or score.points} {score.reason}")
    for award in corpus.awards:
        if file in (None, award.source.file) and award.source.file.startswith("awards/"):
            name = f"{award.person or award.recipient}: {award.title}, {award.year or ''}"
            texts[name].append(f"{award.status.value} {award.decision} {award.decided_on}")
    for unit in corpus.units:
        if file is not None and unit.source.file == file:
            texts[unit.name].append(f"{unit.aliases} {unit.block} {unit.since} {unit.until}")
    return {name: "\n".join(text) for name, text in texts.items()}


def confine() -> None:
    """Let this process take so much memory and computing time, and no more: what it reads was sent."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard < 0 else min(most, hard), hard))


if __name__ == "__main__":
    confine()
    found = preview(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    print(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
