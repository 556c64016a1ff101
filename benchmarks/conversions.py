"""The same statute in every format: the same Điều, the same passages, letter for letter.

    python -m benchmarks.conversions FOLDER

Each text of the folder is typed into a .docx as an office types it, which LibreOffice, where it is
installed, turns into .pdf, .doc, .rtf and .odt; and it is decomposed (NFD), sprinkled with odd blanks
and soft hyphens, and stored as UTF-16. All are read again. The peers are the libraries alone,
python-docx and pdfminer, whose lines are cut by the same rules.
"""

import argparse
import random
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.files import FileError, read_text
from corpus.regulation import Regulation, read_regulation
from corpus.text import tidy

FROM_OFFICE = ("pdf", "doc", "rtf", "odt")


@dataclass
class Tally:
    """Texts, Điều found of Điều there are, passages with equal place and letters of all."""

    texts: int = 0
    articles: int = 0
    true_articles: int = 0
    same: int = 0
    passages: int = 0


def read_ours(path: Path) -> Regulation:
    """By our readers."""
    lines = read_text(path).lines
    return read_regulation([n.text for n in lines], path.name, [n.page for n in lines])


def read_plainly(path: Path) -> Regulation:
    """By the library of the format alone, then our cutting."""
    if path.suffix == ".pdf":
        from pdfminer.high_level import extract_text

        text = extract_text(path)
    else:
        import docx

        text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    return read_regulation([line for line in tidy(text).split("\n") if line], path.name)


def variants(source: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The text of ``source`` in other shapes, written into ``folder``."""
    text = unicodedata.normalize("NFC", source.read_text("utf-8"))
    draw = random.Random(0)
    blanks = "\u00a0\u2009\u202f"
    shapes = {
        "NFD": unicodedata.normalize("NFD", text),
        "odd blanks": "".join(
            draw.choice(blanks) if c == " " and draw.random() < 0.3 else c for c in text
        ),
        "soft hyphens": re.sub(r"(?<=\w)(?=\w)", lambda _: "\u00ad" * (draw.random() < 0.05), text),
    }
    for name, content in shapes.items():
        path = folder / f"{source.stem} {name}.txt"
        path.write_text(content, encoding="utf-8")
        yield name, path
    path = folder / f"{source.stem} utf-16.txt"
    path.write_bytes(text.encode("utf-16"))
    yield "UTF-16", path
    word = folder / f"{source.stem}.docx"
    _write_word(text, word)
    yield "docx", word
    for suffix in FROM_OFFICE if _office() else ():
        yield suffix, word.with_suffix(f".{suffix}")


def _office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _convert(folder: Path) -> None:
    """Every .docx of the folder into the other formats: one start of LibreOffice a format."""
    if office := _office():
        for suffix in FROM_OFFICE:
            subprocess.run(
                [office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                 "--convert-to", suffix, "--outdir", str(folder), *map(str, folder.glob("*.docx"))],
                capture_output=True, timeout=600, check=False,
            )  # fmt: skip


def _write_word(text: str, path: Path) -> None:
    """As an office types it: Times New Roman 14, justified, with a running head."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document = docx.Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(14)
    document.sections[0].header.paragraphs[0].text = "CÔNG BÁO/Số 1"
    for line in text.split("\n"):
        if line.strip():
            document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    document.save(str(path))


def compare(
    tally: Tally, truth: Regulation, read: Callable[[Path], Regulation], path: Path
) -> None:
    """Add one text to the tally; one that cannot be read counts as wholly lost."""
    try:
        found = _marks(read(path))
    except (FileError, OSError, ValueError, KeyError):
        found = Counter()
    wanted = _marks(truth)
    tally.texts += 1
    tally.passages += wanted.total()
    tally.same += (wanted & found).total()
    articles = {place for place, _ in wanted if re.fullmatch(r"Điều \w+", place)}
    tally.true_articles += len(articles)
    tally.articles += len(articles & {place for place, _ in found})


def _marks(regulation: Regulation) -> Counter[tuple[str, str]]:
    return Counter((str(p.place), "".join(p.text.split())) for p in regulation.passages)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with statutes as .txt")
    texts = sorted(parser.parse_args(arguments).folder.glob("*.txt"))
    ours: dict[str, Tally] = {}
    plain: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        made = [(source, *found) for source in texts for found in variants(source, Path(folder))]
        _convert(Path(folder))
        for source, name, path in made:
            truth = read_ours(source)
            compare(ours.setdefault(name, Tally()), truth, read_ours, path)
            if name in ("docx", "pdf"):
                compare(plain.setdefault(name, Tally()), truth, read_plainly, path)
    print(f"{'form':<24}{'texts':>6}{'Điều':>12}{'same passages':>18}{'share':>8}")
    rows = list(ours.items())
    rows += [(f"{name}, library alone", tally) for name, tally in plain.items()]
    for name, t in rows:
        print(
            f"{name:<24}{t.texts:>6}{f'{t.articles}/{t.true_articles}':>12}"
            f"{f'{t.same}/{t.passages}':>18}{t.same / t.passages:>8.3f}"
        )


if __name__ == "__main__":
    main()
