"""What one more document costs: reading, encoding, writing; against encoding everything anew.

    python -m benchmarks.adding [--documents 200]

The reports and digests of the sample library are repeated with one syllable in twenty changed until
there are that many files; then one more is added and the index built again, once with the old index
beside it and once without.
"""

import argparse
import random
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import corpus
from corpus import read
from corpus.files import read_text
from index import Encoder, build, readings

CHANGED = 0.05  # of the syllables
_SAMPLE = Path(corpus.__file__).with_name("documents")
_SYLLABLE = re.compile(r"[^\W\d_]+")


class Timed:
    """An encoder that counts what it encodes, and the seconds."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.texts, self.seconds = 0, 0.0

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        start = time.perf_counter()
        vectors = self._encoder.passages(texts, progress)
        self.texts, self.seconds = len(texts), time.perf_counter() - start
        return vectors

    def question(self, text: str) -> np.ndarray:
        return self._encoder.question(text)


def documents(folder: Path, count: int) -> list[Path]:
    """That many reports, written into ``folder``: those of the sample with some syllables changed."""
    texts = [
        [line.text for line in read_text(path).lines]
        for path in sorted((_SAMPLE / "meetings").iterdir())
    ]
    words = sorted({w for text in texts for line in text for w in _SYLLABLE.findall(line.lower())})
    draw = random.Random(0)

    def other(match: re.Match[str]) -> str:
        return draw.choice(words) if draw.random() < CHANGED else match[0]

    (folder / "meetings").mkdir(parents=True)
    made = []
    for number in range(count):
        lines = [_SYLLABLE.sub(other, line) for line in texts[number % len(texts)]]
        path = folder / "meetings" / f"{number:04}.txt"
        path.write_text("\n".join([f"Báo cáo số {number}", *lines]), encoding="utf-8")
        made.append(path)
    return made


def measure(name: str, folder: Path, index: Path, encoder: Timed) -> None:
    """Read and build once; print a row of the table."""
    encoder.texts, encoder.seconds = 0, 0.0
    start = time.perf_counter()
    found = read(folder, known=readings(index))
    reading = time.perf_counter() - start
    start = time.perf_counter()
    build(found, index, encoder)
    writing = time.perf_counter() - start - encoder.seconds
    print(
        f"{name:<34}{len(found.documents):>10}{len(found.passages):>10}{encoder.texts:>9}"
        f"{reading:>10.1f}{encoder.seconds:>10.1f}{writing:>9.1f}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=200)
    count = parser.parse_args(arguments).documents
    encoder = Timed(Encoder())
    encoder.question("Mô hình được nạp trước khi đo.")
    print(
        f"{'build':<34}{'documents':>10}{'passages':>10}{'encoded':>9}{'reading s':>10}"
        f"{'encoding s':>10}{'rest s':>9}"
    )
    with tempfile.TemporaryDirectory() as made:
        folder, index = Path(made, "documents"), Path(made, "index.db")
        last = documents(folder, count + 1)[-1]
        text = last.read_text("utf-8")
        last.unlink()
        measure("all new", folder, index, encoder)
        measure("nothing changed", folder, index, encoder)
        last.write_text(text, encoding="utf-8")
        measure("one more", folder, index, encoder)
        measure("one more, without the old index", folder, Path(made, "anew.db"), encoder)


if __name__ == "__main__":
    main()
