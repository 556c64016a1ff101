"""Annexes and forms: where they begin in a text, what they are called, documents of their own.

An annex ("Phụ lục I") and a form ("Mẫu số 02") stand behind the signature. Each becomes a document
under the one that issues it and is cited so: "Mẫu số 02, Phụ lục I, Nghị định số …". It has no number
and no validity of its own, so it carries those of its parent.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus.records import Document, Passage

_UPPER = "[A-ZĐ" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper()) + "]"
_NUMBER = r"((?:[IVXLC]+|\d{1,3})[a-zđ]?(?:\.\d{1,2})?)"
_ANNEX = re.compile(rf"^(?:PHỤ LỤC|Phụ lục)(?:\s+(?:số|SỐ)?\s*:?\s*{_NUMBER})?\s*[.:]?$")
_ANNEX_SHOUTED = re.compile(
    rf"^PHỤ LỤC(?:\s+(?:SỐ\s+|số\s+)?{_NUMBER})?\s*[.:\-–]?\s+((?:{_UPPER}|[ ,])+)$"
)
# "Phụ lục I. Danh mục biểu mẫu": only behind the signature, for an Điều may list annexes so.
_ANNEX_TITLED = re.compile(
    rf"^(?:PHỤ LỤC|Phụ lục)\s+(?:(?:số|SỐ)\s+)?{_NUMBER}\s*[.:–-]\s*(?={_UPPER})([^.;]+)\.?$"
)
_FORM_NUMBER = r"(\d{1,3}[a-zđA-ZĐ]?(?:\.\d{1,2})?(?:\s?[-/]\s?[A-ZĐ][\wĐ]*)?)[¹²³*]?"
_FORM_WORD = r"(?i:(mẫu|biểu mẫu|biểu)(?:\s+số)?)"
_FORM = re.compile(rf"^{_FORM_WORD}\s*:?\s*{_FORM_NUMBER}\s*[.:]?$")
_FORM_TITLED = re.compile(rf"^{_FORM_WORD}\s*:?\s*{_FORM_NUMBER}\s*[.:–|-]\s*(?={_UPPER})([^;]+)$")
_LONGEST_HEAD = 160  # letters; what is longer is a sentence about the annex
_LIST_GAP = 3  # lines from one entry of a list of forms to the next
_MOTTO = re.compile(r"^(?:cộng h[oò][àa] xã hội|đảng cộng sản|độc lập\s*[-–])", re.I)
_BRACKETED = re.compile(r"^\(([^().]{10,})\)$")
_ISSUED_WITH = re.compile(r"kèm theo", re.I)
_WORDS = re.compile(
    r"[^\W\d_]{2,}[^\n]*\s[^\n]*[^\W\d_]{2,}"
)  # two words, no "TT" of a table's head
_COUNTED = re.compile(r"^(?:[IVX]+|\d+|[A-Z])[.)]")
_BLANK = re.compile(r"\.{3}|…|^SỐ\b")  # to be filled in by hand
_TITLE_LINES = 12  # lines below its name in which an annex says its title


class Head(NamedTuple):
    """The line that opens an annex or a form: what it is cited as, and with its title."""

    part: str  # "Phụ lục I", "Mẫu số 02, Phụ lục I"
    heading: str  # "Phụ lục I. Danh mục biểu mẫu"


class _Candidate(NamedTuple):
    at: int
    name: str
    form: bool
    title: str = ""
    part: str = ""


def annex_name(line: str) -> str:
    """What a line calls the annex that it opens, told without what stands around it; else ""."""
    match = _ANNEX.match(line) or (_ANNEX_SHOUTED.match(line) if len(line) < 120 else None)
    return _numbered("Phụ lục", match[1]) if match else ""


def heads(lines: Sequence[str], start: int, unfinished: re.Pattern[str]) -> dict[int, Head]:
    """The lines from ``start`` on that open an annex or a form, by number.

    A list of forms names them too, close together, before they come; and the line after one that is
    ``unfinished`` goes on from it.
    """
    found: list[_Candidate] = []
    annex = ""
    for at in range(start, len(lines)):
        candidate = _candidate(lines[at], at)
        if candidate is None or (at and unfinished.search(lines[at - 1])):
            continue
        if not candidate.form:
            annex = candidate.name
        part = f"{candidate.name}, {annex}" if candidate.form and annex else candidate.name
        found.append(candidate._replace(part=part))
    listed = _listed(found)
    opened: dict[int, Head] = {}
    last = ""
    for candidate, following in _followed(found):
        if candidate.at in listed or candidate.part == last:
            continue  # an entry of a list, or a name repeated on the next page
        last = candidate.part
        end = min(candidate.at + _TITLE_LINES, following.at if following else len(lines))
        title = candidate.title or _title(lines[candidate.at + 1 : end])
        heading = f"{candidate.name}. {title}" if title else candidate.name
        opened[candidate.at] = Head(last, heading)
    return opened


def _followed(found: Sequence[_Candidate]) -> Iterator[tuple[_Candidate, _Candidate | None]]:
    return zip(found, (*found[1:], None), strict=False)


def _candidate(line: str, at: int) -> _Candidate | None:
    if len(line) > _LONGEST_HEAD:
        return None
    if match := _ANNEX.match(line):
        return _Candidate(at, _numbered("Phụ lục", match[1]), False)
    if match := _ANNEX_SHOUTED.match(line) or _ANNEX_TITLED.match(line):
        return _Candidate(at, _numbered("Phụ lục", match[1]), False, match[2].strip())
    if match := _FORM.match(line):
        return _Candidate(at, _form(match), True)
    if match := _FORM_TITLED.match(line):
        return _Candidate(at, _form(match), True, match[3].strip())
    return None


def _numbered(word: str, number: str | None) -> str:
    return f"{word} {number}" if number else word


def _form(match: re.Match[str]) -> str:
    return f"{match[1].capitalize()} số {''.join(match[2].split())}"


def _listed(found: Sequence[_Candidate]) -> set[int]:
    """The lines that only list what comes later, each close to the next of the list."""
    listed: set[int] = set()
    later = {c.part: c.at for c in found}  # the last line of each
    previous: _Candidate | None = None
    for here, following in _followed(found):
        comes = later[here.part] > here.at
        close = following and following.at - here.at <= _LIST_GAP and following.name != here.name
        after = previous and previous.at in listed and here.at - previous.at <= _LIST_GAP
        if comes and (close or after):
            listed.add(here.at)
        previous = here
    return listed


def _title(below: Sequence[str]) -> str:
    """The title below the name of an annex, past the letterhead of a form; "" for none.

    It stands in brackets ("(Mẫu Biên bản họp xét)") or in capitals.
    """
    for line in below[:3]:
        if (match := _BRACKETED.match(line)) and not _ISSUED_WITH.search(line):
            return match[1]
    after = next((i + 1 for i, line in enumerate(below) if _MOTTO.match(line)), 0)
    words: list[str] = []
    for line in below[after:]:
        shouted = line.upper() == line and _WORDS.search(line) and not _COUNTED.match(line)
        if shouted and not _BLANK.search(line):
            words.append(line)
        elif words or not (after or line.startswith("(")):
            break
    return " ".join(words)


def divided(
    document: Document, passages: Sequence[Passage], annexes: Iterable[Head]
) -> tuple[tuple[Document, ...], tuple[Passage, ...]]:
    """A text as its own document and one for each of its ``annexes``; passages counted in each."""
    headings = {head.part: head.heading for head in reversed(tuple(annexes))}
    documents = {"": document}
    counts: dict[str, int] = {}
    own: list[Passage] = []
    for passage in passages:
        part = passage.place.part if passage.place.part in headings else ""
        if part not in documents:
            documents[part] = document.model_copy(
                update={
                    "path": f"{document.path}#{part}",
                    "parent": document.path,
                    "annex": headings[part],
                }
            )
        order = counts[part] = counts.get(part, -1) + 1
        own.append(passage.model_copy(update={"document": documents[part].path, "order": order}))
    return tuple(documents.values()), tuple(own)


def under_parents(documents: Iterable[Document], parents: Iterable[Document]) -> list[Document]:
    """``documents`` in their order, each as ``parents`` now has it, annexes with what theirs says."""
    known = {parent.path: parent for parent in parents}
    return [
        known[document.parent].model_copy(
            update={"path": document.path, "parent": document.parent, "annex": document.annex}
        )
        if document.parent
        else known[document.path]
        for document in documents
    ]
