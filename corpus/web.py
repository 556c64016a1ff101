"""Web pages: .html. The owner of beautifulsoup4."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.letters import decoded, restored
from corpus.paragraphs import ITEM, table_texts
from corpus.pieces import Line, Loss
from corpus.text import tidy

_DROPPED = [
    "script", "style", "nav", "footer", "aside", "form", "noscript", "template", "iframe", "button",
    "select", "svg", "head", "menu", "object", "video", "audio", "canvas",
]  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|footer|sidebar|breadcrumbs?|related|lien-?quan|comments?|banner"
    r"|share|social|pagination|popup|advert|ads)(?:$|[\s_-])",
    re.I,
)
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
        "img", "input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p",
    }
)  # fmt: skip


def html_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The main text of a web page, without menus, heads, feet and links to other pages."""
    import bs4

    soup = bs4.BeautifulSoup(decoded(path, data), "lxml")
    for comment in soup.find_all(string=lambda s: isinstance(s, bs4.element.PreformattedString)):
        comment.extract()
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    root = soup.body or soup
    size = len(root.get_text())
    for tag in root.find_all(True):
        if not tag.decomposed and _is_chrome(tag) and len(tag.get_text()) * 2 < size:
            tag.decompose()
    main = root.find(["main", "article"]) or root.find(True, attrs={"role": "main"})
    if main and len(main.get_text()) * 2 > len(root.get_text()):
        root = main
    written = root.find_all(string=True)
    texts, losses = restored([str(string) for string in written])
    yield from losses
    if losses:
        for string, text in zip(written, texts, strict=True):
            string.replace_with(text)
    yield from _html_blocks(root)


def _is_chrome(tag: Any) -> bool:
    """True for what surrounds the text of a page: menus, heads, related links."""
    if tag.name == "header":
        return tag.find_parent(["main", "article"]) is None
    if tag.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary"):
        return True
    if tag.name in _INLINE or tag.name in ("html", "body"):
        return False
    if tag.has_attr("hidden") or _CHROME.search(
        " ".join([*tag.get("class", []), tag.get("id", "")])
    ):
        return True
    if tag.name in ("ul", "ol", "div", "table", "section"):
        links = tag.find_all("a")
        linked = sum(len(a.get_text()) for a in links)
        return len(links) >= 3 and linked * 10 > 8 * len(tag.get_text().strip())
    return False


def _html_blocks(root: Any) -> Iterator[Line]:
    """Block elements → lines. Inline text gathers until a block begins or ends."""
    text: list[str] = []
    for node in root.children:
        name = getattr(node, "name", None)
        if name is None:
            text.append(str(node) if root.name == "pre" else re.sub(r"\s+", " ", str(node)))
        elif name == "br":
            text.append("\n")
        elif name in _INLINE and not node.find(lambda t: t.name not in _INLINE and t.name != "br"):
            for br in node.find_all("br"):
                br.replace_with("\x85")  # a break that survives the folding of blanks
            text.append(re.sub(r"[^\S\x85\xa0]+", " ", node.get_text()))
        else:
            yield from _flushed(text, root)
            yield from _html_block(node)
    yield from _flushed(text, root)


def _flushed(text: list[str], root: Any) -> Iterator[Line]:
    level = int(root.name[1]) if re.fullmatch(r"h[1-6]", root.name or "") else 0
    for line in tidy("".join(text)).split("\n"):
        if line:
            yield Line(text=line, level=level)
    text.clear()


def _html_block(node: Any) -> Iterator[Line]:
    if node.name == "table" and not node.find("table") and not _is_layout(node):
        rows = [
            [[line.text for line in _html_blocks(cell)] for cell in row.find_all(["td", "th"])]
            for row in node.find_all("tr")
        ]
        for text in table_texts(rows):
            yield Line(text=text)
    elif node.name == "li":
        lines = list(_html_blocks(node))
        mark = "- "
        if node.parent is not None and node.parent.name == "ol":
            mark = f"{len(node.find_previous_siblings('li')) + 1}. "
        for i, line in enumerate(lines):
            bare = i > 0 or ITEM.match(line.text)
            yield line if bare else line.model_copy(update={"text": mark + line.text})
    else:
        yield from _html_blocks(node)


def _is_layout(table: Any) -> bool:
    """True when a table only lays out a page: a cell of it holds running text."""
    return any(len(cell.get_text()) > 1500 for cell in table.find_all("td"))
