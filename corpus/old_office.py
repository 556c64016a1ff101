"""Office files of before 2007 (.doc) and their kin (.rtf, .odt), through programs that read them.

LibreOffice is asked first: it gives a .docx, with tables and generated numbers. antiword and catdoc
give the bare text. None of them is required: where none is installed the remedy says so.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus.letters import restored
from corpus.pieces import FileError, Line, Loss
from corpus.text import tidy
from corpus.word import word_lines

_SECONDS = 120
_OFFICE = ("soffice", "libreoffice")
_PLAIN = {
    ".doc": (("antiword", "-m", "UTF-8.txt", "-w", "0"), ("catdoc", "-d", "utf-8", "-w")),
    ".rtf": (("catdoc", "-d", "utf-8", "-w"),),
    ".odt": (),
}  # fmt: skip
_REMEDY = (
    "Mở bằng Word và lưu thành .docx, hoặc cài LibreOffice (hay antiword, catdoc) rồi đọc lại."
)


def programs() -> tuple[str, ...]:
    """Those of the programs asked here that are installed."""
    return tuple(p for p in (*_OFFICE, "antiword", "catdoc") if shutil.which(p))


def old_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The paragraphs of a .doc, .rtf or .odt. Raises FileError when no program here reads it."""
    suffix = path.suffix.lower()
    with tempfile.TemporaryDirectory(prefix="thidua-") as folder:
        copy = Path(folder) / f"a{suffix}"  # a name that no program takes for an option
        copy.write_bytes(data)
        if made := _converted(copy):
            yield from word_lines(path, made)
            return
        for program, *options in _PLAIN[suffix]:
            if text := _text(program, options, copy):
                lines, losses = restored(text.splitlines())
                yield from losses
                yield Loss(
                    message=f"Tệp kiểu cũ đọc bằng {program}: số tự đánh và bảng có thể thiếu.",
                    remedy="Lưu lại thành .docx, hoặc cài LibreOffice, để đọc đầy đủ.",
                )
                yield from (Line(text=line) for line in map(tidy, lines))
                return
    raise FileError(path, f"Không đọc được tệp kiểu cũ {suffix} trên máy này.", _REMEDY)


def _converted(copy: Path) -> bytes | None:
    """The file as a .docx by LibreOffice; None where it is missing or fails."""
    program = next((found for name in _OFFICE if (found := shutil.which(name))), None)
    if not program:
        return None
    # A profile of its own: LibreOffice refuses a second start on one that is in use.
    command = [
        program, "--headless", "--norestore", f"-env:UserInstallation={(copy.parent / 'p').as_uri()}",
        "--convert-to", "docx", "--outdir", str(copy.parent), str(copy),
    ]  # fmt: skip
    made = copy.with_suffix(".docx")
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return made.read_bytes() if made.is_file() else None


def _text(program: str, options: list[str], copy: Path) -> str:
    found = shutil.which(program)
    if not found:
        return ""
    try:
        done = subprocess.run(
            [found, *options, str(copy)], capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    text = done.stdout.decode("utf-8", "replace")
    return text if not done.returncode and text.strip() else ""
