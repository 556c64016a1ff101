"""A meeting report → its passages, its facts, and the awards that it names.

A report is prose, so it is read sentence by sentence with the patterns that clerks use: who is
"Trưởng Khối", what is "đề nghị tặng", where people met. Every fact keeps the sentence that says it,
word for word. Each kind of fact is read in a file of its own; here they become one record.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from corpus.block import (
    block_of,
)
from corpus.commendation import (
    Commendations,
)
from corpus.leaders import (
    leaders_of,
)
from corpus.marks import marks_of
from corpus.membership import (
    members_of,
)
from corpus.occasion import (
    ANY_YEAR,
    PathDate,
    first_kind,
    kind_of,
    meeting_date,
    period_of,
)
from corpus.records import Award, Fact, Meeting, Passage, Place, Record, Total
from corpus.sentences import (
    Named,
    Sentence,
    blank_unsaid,
    head_length,
    paragraphs_of,
    sentences_of,
    source_of,
)
from corpus.venue import (
    chair_of,
    host_of,
    place_of,
)


class Report(Record):
    """One meeting report as read."""

    meeting: Meeting
    passages: tuple[Passage, ...]
    awards: tuple[Award, ...]
    totals: tuple[Total, ...] = ()


def read_meeting(lines: Sequence[str], path: str, pages: Sequence[int | None] = ()) -> Report:
    """Read one report.

    ``lines`` are its tidy paragraphs in order (a table row has its cells joined with " | "),
    ``pages`` the page of each where the file has pages, ``path`` the file's place in the documents
    folder, whose name may hold the date or the year. Paragraph 1 holds the title and what stands
    above it; the passages together are the whole text. Nothing is raised: a text that says nothing
    gives a Meeting without facts, and an empty one is called by its file's name.
    """
    pages = list(pages) or [None] * len(lines)
    kept = [(line.strip(), page) for line, page in zip(lines, pages, strict=True) if line.strip()]
    if not kept:
        meeting = Meeting(document=path, title=PurePosixPath(path).stem)
        return Report(meeting=meeting, passages=(), awards=())
    texts, numbers = [t for t, _ in kept], [p for _, p in kept]
    start, end = head_length(texts)
    title_text = re.sub(r"^#+\s*", "", " ".join(texts[start:end]))
    paragraphs = paragraphs_of(texts[end:], numbers[end:])
    # The title may be wrapped over lines; a quote must stand verbatim, so the passage unwraps it.
    head = "\n".join([*texts[:start], " ".join(texts[start:end])])
    title = Sentence(title_text, blank_unsaid(title_text), 1)
    body = sentences_of(paragraphs)
    meeting, awards = _meeting(path, title, body)
    return Report(
        meeting=meeting,
        passages=(
            Passage(document=path, order=0, place=Place(paragraph=1), text=head, page=numbers[0]),
            *(
                Passage(
                    document=path, order=i, place=Place(paragraph=i + 1), text="\n".join(p.lines),
                    headings=(title_text, p.heading) if p.heading else (title_text,), page=p.page,
                )
                for i, p in enumerate(paragraphs, start=1)
            ),
        ),
        awards=awards,
        totals=marks_of(meeting, body),
    )  # fmt: skip


def _meeting(
    path: str, title: Sentence, body: Sequence[Sentence]
) -> tuple[Meeting, tuple[Award, ...]]:
    when = PathDate.of(path)
    kind = kind_of(title.said, body)
    year = _merit_year(title, body, kind, when)
    dated = meeting_date(body, when, kind, year) or meeting_date([title], when, kind, year)
    if year is None and dated:
        closes = kind in ("tổng kết", "bình xét", "chấm điểm") and dated.date.month <= 3
        year = dated.date.year - closes
    block = block_of(title, body)
    held = leaders_of((title, *body), year, kind)
    place = place_of(title, body, dated)
    facts: dict[str, Named | None] = {
        "date": Named(dated.date.isoformat(), dated.sentence, dated.inferred) if dated else None,
        "place": place,
        "block": block,
        "host": host_of(body, place, block, bool(dated or place)),
        "chair": chair_of(body, kind),
        **held,
        "members": members_of(body, held),
    }
    meeting = Meeting(
        document=path,
        title=title.text,
        kind=kind,
        year=year,
        period=period_of(kind, (s.said for s in (title, *(body[:3] if kind == "sơ kết" else ())))),
        date=dated.date if dated else None,
        facts=tuple(
            Fact(name=name, value=n.value, source=source_of(path, n.sentence), inferred=n.inferred)
            for name, n in facts.items()
            if n
        ),
    )
    return meeting, Commendations(path, kind, year).read(body)


def _merit_year(title: Sentence, body: Sequence[Sentence], kind: str, path: PathDate) -> int | None:
    """Return the year that the meeting is about: the title's, else the first that is given it."""
    about = (s.said for s in body if first_kind(s.said) == kind)
    for text in (title.said, *about):
        if year := ANY_YEAR.search(text):
            return int(year["year"])
    # A file named by year alone is named by the year of merit; one named by a day, by that day.
    return path.year if path.month is None else None
