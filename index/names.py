"""Proper names that meeting reports hold."""

import re

from corpus import Corpus, Kind, fold

_WORDS = re.compile(r"[^\W\d_]+|[^\s\w]|\n")
_OFFICES = (
    "hoi ", "so ", "ban ", "khoi ", "cum ", "truong ", "pho ", "uy ", "chu tich", "viet nam", "tinh ",
    "dang ", "nha nuoc", "to quoc", "mat tran", "lien ", "doan ", "trung uong", "cong an", "quoc hoi",
    "chinh phu", "van phong", "huyen ", "xa ", "phuong ", "thanh pho", "bao cao", "bien ban",
)  # fmt: skip


def report_names(corpus: Corpus) -> frozenset[str]:
    """Proper names of two or more syllables in meeting reports ("Điện Bàn"), folded.

    A question that says one of them is about that report, however it is put. What begins like an
    office or a block is left out: those are matched as units and blocks.
    """
    known = fold(" | ".join(f"{u.name} {u.block}" for u in corpus.units))
    kinds = {document.path: document.kind for document in corpus.documents}
    found: set[str] = set()
    for passage in corpus.passages:
        if kinds[passage.document] is Kind.MEETING:
            for name in map(fold, proper_names(passage.text)):
                if name not in known and not f"{name} ".startswith(_OFFICES):
                    found.add(name)
    # "Luật Thi đua" looks like a name; what regulations say too is a word of the field.
    for passage in corpus.passages:
        if found and kinds[passage.document] is Kind.REGULATION:
            law = fold(passage.text)
            found = {name for name in found if name not in law}
    return frozenset(found)


def proper_names(text: str) -> list[str]:
    """Runs of two or more capitalised syllables. The first word of a sentence is capital anyway, so
    it belongs to a name only when two more follow; lines in capitals tell nothing."""
    names: list[str] = []
    run: list[str] = []
    opening = starts = True
    for word in [*_WORDS.findall(text), "\n"]:
        if word.isalpha() and word[0].isupper() and not (len(word) > 1 and word.isupper()):
            if not run:
                starts = opening
            run.append(word)
        else:
            if len(run) > (2 if starts else 1):
                names.append(" ".join(run))
            run = []
        opening = not word.isalpha() and word not in ',()"“”'
    return names
