"""Pictures of text → text, by Tesseract where it is installed. The only file that runs it.

What is read so is marked with how sure Tesseract was of it, for a wrong figure costs somebody an
award: a digit misread looks like any other.
"""

import csv
import functools
import io
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from corpus.mending import good_share
from corpus.paragraphs import Row, joined
from corpus.pieces import FileError, Line, Loss

RESOLUTION = 300  # dots an inch; Tesseract is trained for it
REMEDY = (
    "Dùng bản Word hoặc PDF có chữ, hoặc cài Tesseract với dữ liệu tiếng Việt "
    "(tesseract-ocr, tesseract-ocr-vie) rồi đọc lại."
)
_SECONDS = 180  # for one page
_READABLE = 0.8  # share of Vietnamese words; a photo of a hall gives noise
_LARGEST = 100_000_000  # pixels: A3 at 600 dots an inch and more


class NotRecognised(Exception):
    """Tesseract failed on one picture. The message is one Vietnamese sentence."""


@functools.cache
def is_ready() -> bool:
    """True when Tesseract is here and knows Vietnamese."""
    program = shutil.which("tesseract")
    if not program:
        return False
    try:
        done = subprocess.run(
            [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "vie" in (done.stdout + done.stderr).split()


def photo_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The text of a photograph or a scan."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > _LARGEST:
            raise FileError(
                path, f"Ảnh quá lớn: {picture.width} × {picture.height} điểm.",
                "Giảm độ phân giải xuống khoảng 300 điểm mỗi inch.",
            )  # fmt: skip
    if not is_ready():
        raise FileError(path, "Ảnh chụp chưa đọc được trên máy này.", REMEDY)
    try:
        yield from picture_lines(data, 1)
    except NotRecognised as error:
        raise FileError(path, str(error), REMEDY) from error


def figure_lines(picture: bytes) -> list[Line]:
    """The paragraphs in a picture that stands inside a text; none where it shows no readable words,
    is of a kind that Tesseract does not know, or is as large as a poster."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture)) as image:
            if image.width * image.height > _LARGEST:
                return []
        lines = list(picture_lines(picture, 1))
    except (NotRecognised, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return []
    share = good_share("\n".join(line.text for line in lines), enough=2)
    if share is None or share < _READABLE:
        return []
    return [line.model_copy(update={"page": None}) for line in lines]


def picture_lines(picture: bytes, page: int) -> Iterator[Line]:
    """The paragraphs that Tesseract sees in a picture, each with how sure it was: 0–100."""
    rows = _rows(_table(picture), page)
    for line, sure in rows:
        yield line.model_copy(update={"sure": sure})


def _table(picture: bytes) -> str:
    command = ["tesseract", "stdin", "stdout", "-l", "vie", "--psm", "3", "tsv"]
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=_SECONDS, check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotRecognised(f"Nhận dạng ảnh quá {_SECONDS} giây nên đã bỏ.") from None
    except OSError as error:
        raise NotRecognised(f"Không chạy được Tesseract ({error.strerror}).") from error
    if done.returncode:
        raise NotRecognised("Tesseract không nhận dạng được ảnh.")
    return done.stdout.decode("utf-8", "replace")


def _rows(table: str, page: int) -> Iterator[tuple[Line, int]]:
    """Tesseract's table of words → paragraphs: it tells blocks and lines, we join wrapped lines."""
    words = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row.get("level") == "5" and (row.get("text") or "").strip()
    ]
    for _, block in itertools.groupby(words, key=lambda w: (w["page_num"], w["block_num"])):
        held = list(block)
        margin = max(_right(word) for word in held)
        rows: list[Row] = []
        sure: list[float] = []
        for _, line in itertools.groupby(held, key=lambda w: (w["par_num"], w["line_num"])):
            run = list(line)
            height = max(float(word["height"]) for word in run)
            rows.append(
                Row(
                    text=" ".join(word["text"].strip() for word in run),
                    page=page, x0=float(run[0]["left"]), x1=_right(run[-1]), size=height,
                    first=float(run[0]["width"]), margin=margin,
                )
            )  # fmt: skip
            sure += [float(word["conf"]) for word in run for _ in word["text"]]
        for line_ in joined(row._replace(size=rows[0].size) for row in rows):
            yield line_, round(sum(sure) / len(sure))


def _right(word: dict[str, str]) -> float:
    return float(word["left"]) + float(word["width"])
