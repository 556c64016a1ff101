"""Word: .docx. The owner of python-docx."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import ocr
from corpus.letters import Convert, converted, font_of, old_font
from corpus.numbering import Numbering, W
from corpus.paragraphs import table_texts
from corpus.pieces import Line, Loss
from corpus.text import tidy

_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
# What is not text: properties, and what a review has deleted or moved away.
_HIDDEN = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHAPE = "{urn:schemas-microsoft-com:vml}shape"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
# English Metric Units: 6 by 2 cm. What is smaller is a seal, a signature or a logo.
_WIDE, _HIGH = 2_160_000, 720_000
_POINT = 12_700  # English Metric Units
_MOST_PICTURES = 60  # that are read of one file: each takes seconds


def word_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The paragraphs of a .docx in order, with generated numbers, notes and the rows of tables."""
    import docx

    document = docx.Document(io.BytesIO(data))
    reader = _Reader(document)
    yield from reader.losses
    yield from reader.blocks(document.element.body)
    yield from reader.pictures.losses()


class _Reader:
    def __init__(self, document: Any):
        from docx.oxml import parse_xml

        parts: dict[str, Any] = {}
        for relation in document.part.rels.values():
            if not relation.is_external:
                kind = relation.reltype.rsplit("/", 1)[-1]
                if kind in ("numbering", "styles", "footnotes", "endnotes"):
                    parts[kind] = parse_xml(relation.target_part.blob)
        self.numbering = Numbering(parts.get("numbering"), parts.get("styles"))
        self.styles = {style.style_id: (style.name or "") for style in document.styles}
        self.notes: dict[tuple[str, str], Any] = {}
        for kind in ("footnotes", "endnotes"):
            for note in parts.get(kind, ()):
                if note.get(f"{W}type") in (None, "normal"):
                    self.notes[kind, note.get(f"{W}id")] = note
        self.marks: dict[tuple[str, str], int] = {}
        self.losses: list[Loss] = []
        roots = [document.element.body, *self.notes.values()]
        self.pictures = _Pictures(document.part)
        _restore(roots, parts.get("styles"), self.losses)
        _unread(document.element.body, self.losses)

    def blocks(self, parent: Any) -> Iterator[Line]:
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                rows = [
                    [
                        [line.text for line in self.blocks(cell)]
                        for cell in row.iter(f"{W}tc")
                        if next(cell.iterancestors(f"{W}tr")) is row
                    ]
                    for row in element.iter(f"{W}tr")
                    if next(row.iterancestors(f"{W}tbl")) is element
                ]
                for text in table_texts(rows):
                    yield Line(text=text)
                if not _in_cell(element):
                    yield from self.pictures.lines(element)
            elif element.tag not in _HIDDEN:
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Line]:
        level = self._level(element)
        noted: list[tuple[str, str]] = []
        text = tidy(self._text(element, noted)).strip("\n")
        # Word numbers an empty paragraph too, but only in a table does that say something.
        label = self.numbering.label(element) if text or _in_cell(element) else ""
        for line in tidy(f"{label} {text}").split("\n"):
            yield Line(text=line, level=level)
        for key in noted:
            note = " ".join(line.text for line in self.blocks(self.notes[key]) if line.text)
            yield Line(text=tidy(f"[{self.marks[key]}] {note}"))
        if not _in_cell(
            element
        ):  # a row has no place for who read it: pictures come after the table
            yield from self.pictures.lines(element)

    def _text(self, element: Any, noted: list[tuple[str, str]]) -> str:
        """The letters of a paragraph. python-docx itself leaves out insertions and content controls."""
        if element.tag in _HIDDEN or element.tag == _FALLBACK:
            return ""
        if element.tag == f"{W}t":
            return element.text or ""
        if element.tag in _BREAKS:
            return _BREAKS[element.tag]
        if element.tag in _NOTES:
            return self._mark((_NOTES[element.tag], element.get(f"{W}id") or ""), noted)
        if element.tag == f"{W}r" and _is_hidden(element):
            return ""
        inner = "".join(self._text(child, noted) for child in element)
        # A text box holds paragraphs of its own inside this one.
        return f"\n{inner}\n" if element.tag == f"{W}p" else inner

    def _mark(self, key: tuple[str, str], noted: list[tuple[str, str]]) -> str:
        if key not in self.notes or key in self.marks:
            return ""
        self.marks[key] = len(self.marks) + 1
        noted.append(key)
        return f"[{self.marks[key]}]"

    def _level(self, paragraph: Any) -> int:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = self.styles.get(style.get(f"{W}val"), "") if style is not None else ""
        if match := re.fullmatch(r"heading ([1-6])", name, re.I):
            return int(match[1])
        return 1 if name == "Title" else 0


def _in_cell(element: Any) -> bool:
    return next(element.iterancestors(f"{W}tc"), None) is not None


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false")


# Old fonts


def _restore(roots: list[Any], styles: Any | None, losses: list[Loss]) -> None:
    """Give the letters of text in old fonts back, in place: by the font's name, else by what it says."""
    usual = _style_fonts(styles)
    found: dict[Convert, int] = {}
    plain: list[list[Any]] = []  # runs of text in fonts whose names say nothing
    for root in roots:
        for paragraph in root.iter(f"{W}p"):
            rest = []
            for group in _groups(paragraph):
                font = font_of(_font(group[0], usual))
                if font is None:
                    rest.append(group)
                elif not any("\xff" < c < "\u2000" for c in _joined(group)):
                    _put(group, font(_joined(group)))
                    found[font] = found.get(font, 0) + 1
            plain += rest
    if old := old_font([_joined(group) for group in plain]):
        for group in plain:
            _put(group, old.read(_joined(group)))
        found[old.convert] = len(plain)
    if found:
        losses.append(converted(max(found, key=lambda font: found[font])))


def _groups(paragraph: Any) -> Iterator[list[Any]]:
    """Runs of w:t elements of one font: a letter of VNI may be parted between two of them."""
    group: list[Any] = []
    for element in paragraph.iter(f"{W}t", *_BREAKS):
        if element.tag != f"{W}t" or next(element.iterancestors(f"{W}p")) is not paragraph:
            if group:
                yield group
            group = []
        elif not group or _own_font(group[0]) == _own_font(element):
            group.append(element)
        else:
            yield group
            group = [element]
    if group:
        yield group


def _joined(group: list[Any]) -> str:
    return "".join(element.text or "" for element in group)


def _put(group: list[Any], text: str) -> None:
    if text != _joined(group):
        group[0].text = text
        for element in group[1:]:
            element.text = ""


def _own_font(element: Any) -> str:
    fonts = element.getparent().find(f"{W}rPr/{W}rFonts")
    return "" if fonts is None else (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "")


def _font(element: Any, usual: dict[str, str]) -> str:
    if own := _own_font(element):
        return own
    paragraph = next(element.iterancestors(f"{W}p"))
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return usual.get(style.get(f"{W}val", "") if style is not None else "", usual.get("", ""))


def _style_fonts(root: Any | None) -> dict[str, str]:
    """Style → the name of its font; "" stands for a paragraph without a style."""
    if root is None:
        return {}
    own: dict[str, str] = {}
    parents: dict[str, str] = {}
    usual = ""
    for style in root.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        fonts, parent = style.find(f"{W}rPr/{W}rFonts"), style.find(f"{W}basedOn")
        own[name] = "" if fonts is None else (fonts.get(f"{W}ascii") or "")
        parents[name] = "" if parent is None else parent.get(f"{W}val", "")
        if style.get(f"{W}default") == "1" and style.get(f"{W}type") == "paragraph":
            usual = name
    found = {}
    for name in own:
        at, seen = name, set[str]()
        while at and not own.get(at) and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        found[name] = own.get(at, "")
    return {**found, "": found.get(usual, "")}


# What is in the file and is no text


class _Pictures:
    """Pictures that are large enough to hold text: read where Tesseract is, else counted as lost."""

    def __init__(self, part: Any):
        self._part = part
        self._unread = self._empty = self._seen = 0

    def lines(self, element: Any) -> Iterator[Line]:
        """What stands in the pictures of one paragraph or table."""
        for data in self._large(element):
            self._seen += 1
            if data is None or not ocr.is_ready() or self._seen > _MOST_PICTURES:
                self._unread += 1
            elif lines := ocr.figure_lines(data):
                yield from lines
            else:
                self._empty += 1

    def losses(self) -> Iterator[Loss]:
        if self._unread:
            yield Loss(
                message=f"Có {self._unread} hình lớn trong văn bản, chữ trong hình không đọc được.",
                remedy="Nếu hình là trang chụp hay bảng, hãy gõ lại thành chữ, hoặc cài Tesseract "
                "với dữ liệu tiếng Việt (tesseract-ocr-vie).",
            )
        if self._empty:
            yield Loss(
                message=f"Có {self._empty} hình lớn trong văn bản, không nhận ra chữ nào trong hình.",
                remedy="Nếu hình là trang chụp hay bảng, hãy gõ lại thành chữ.",
            )

    def _large(self, element: Any) -> Iterator[bytes | None]:
        for picture in element.iter(_PICTURE):
            drawing = next(picture.iterancestors(f"{W}drawing"), None)
            extent = next(drawing.iter(_EXTENT), None) if drawing is not None else None
            blip = next(picture.iter(_BLIP), None)
            size = [] if extent is None else [extent.get("cx", ""), extent.get("cy", "")]
            if size and all(s.isdecimal() for s in size) and _is_large(*map(int, size)):
                yield self._data(None if blip is None else blip.get(_EMBED))
        for shape in element.iter(_SHAPE):
            if next(shape.iterancestors(_FALLBACK), None) is not None:
                continue  # the same picture again, for an older Word
            style = dict(re.findall(r"(width|height):([\d.]+)pt", shape.get("style") or ""))
            image = next(shape.iter(_IMAGE), None)
            width, height = (float(style.get(side) or 0) * _POINT for side in ("width", "height"))
            if image is not None and _is_large(width, height):
                yield self._data(image.get(_ID))

    def _data(self, relation: str | None) -> bytes | None:
        part = self._part.related_parts.get(relation)
        return None if part is None else part.blob


def _is_large(width: float, height: float) -> bool:
    return width >= _WIDE and height >= _HIGH


def _unread(body: Any, losses: list[Loss]) -> None:
    objects = sum(1 for _ in body.iter(f"{W}object", f"{W}altChunk"))
    if objects:
        losses.append(
            Loss(
                message=f"Có {objects} đối tượng nhúng (bảng tính, công thức…) không đọc được.",
                remedy="Chép nội dung của chúng vào văn bản thành chữ hoặc bảng.",
            )
        )
