"""Markdown: .md."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.letters import decoded, restored
from corpus.paragraphs import Row, unwrapped
from corpus.pieces import Line, Loss
from corpus.text import tidy

_MD_RULE = re.compile(
    r"(?:[-*_]\s*){3,}|\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?|\|\s*:?-+:?\s*\||```.*|~~~.*"
)
_MD_DEFINITION = re.compile(r"\[[^\]^]+\]:\s*\S+")
_MD_HEADING = re.compile(r"(#{1,6})\s+(.*?)[\s#]*")
_MD_SPANS = (
    (re.compile(r"!?\[([^\]\[]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"\[([^\]\[]+)\]\[[^\]\[]*\]"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"<br\s*/?>", re.I), "\n"),
    (re.compile(r"</?[a-zA-Z][^<>\n]*>"), ""),
    (re.compile(r"`+([^`]+)`+"), r"\1"),
    (re.compile(r"\*{2,}"), ""),
    (re.compile(r"(?<!\*)\*(?=[^\s*)])(.{1,999}?)\*(?!\*)", re.S), r"\1"),
    (re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])(.{1,999}?)(?<=[^\s_])\1(?!\w)", re.S), r"\2"),
    (re.compile(r"~~(?=\S)(.{1,999}?)~~", re.S), r"\1"),
)
_SHELTER = 0xE000  # private-use letters stand in for escaped signs while the markup is removed


def markdown_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The paragraphs of a .md, without its markup."""
    text = decoded(path, data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    written, losses = restored(text.split("\n"))
    yield from losses
    text = "\n".join(written)
    text = re.sub(r"<!--(?:(?!<!--).)*?-->", "", text, flags=re.S)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda m: chr(_SHELTER + ord(m[1])), text)
    rows = [row for block in re.split(r"\n[ \t]*\n", text) for row in _markdown_rows(block)]
    yield from unwrapped(rows)


def _markdown_rows(block: str) -> Iterator[Row]:
    """The lines of one block, without markup. What one line opens ("**") another may close."""
    raw: list[Row] = []
    gap = True
    for line in block.split("\n"):
        bare = re.sub(r"^(?:>\s?)+", "", line.strip())
        if raw and re.fullmatch(r"={3,}|-{3,}", bare) and not raw[-1].level and len(raw) == 1:
            raw[-1] = raw[-1]._replace(level=1 if bare[0] == "=" else 2, whole=True)
        elif not bare or _MD_RULE.fullmatch(bare) or _MD_DEFINITION.fullmatch(bare):
            gap = True
        elif match := _MD_HEADING.fullmatch(bare):
            raw.append(Row(text=match[2], level=len(match[1]), whole=True))
        else:
            text = re.sub(r"^[*+-]\s+", "- ", bare)
            raw.append(Row(text=text, x1=len(line.rstrip()), gap=gap, whole=bare[0] == "|"))
            gap = line.endswith(("  ", "\\"))
    marked = "\n".join(f"\x00{i}\x01{row.text}" for i, row in enumerate(raw))
    for pattern, plain in _MD_SPANS:
        marked = pattern.sub(plain, marked)
    for line in html.unescape(marked).split("\n"):
        mark = re.match(r"\x00(\d+)\x01", line.lstrip())
        row = raw[int(mark[1])] if mark else Row(text="", gap=True)
        text = re.sub(r"\x00\d+\x01", " ", line).rstrip("\\ ")
        if row.text.startswith("|"):
            text = " | ".join(filter(None, map(str.strip, text.strip("| ").split("|"))))
        text = "".join(
            chr(ord(c) - _SHELTER) if _SHELTER <= ord(c) < _SHELTER + 128 else c for c in text
        )
        for i, part in enumerate(tidy(text).split("\n")):
            # What is only a drawn line says nothing.
            if re.sub(r"[_|\s-]", "", part):
                yield row._replace(text=part, gap=row.gap or i > 0)
