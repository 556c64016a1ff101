"""Every reader against truncated and mutated files: no crash, no hang, no flood of memory.

    python -m benchmarks.fuzzing [--cases 10000] [--seed 0]

Small sound files of every format are made, then broken: cut off, bytes changed, slices moved or
repeated, and inside archives and compressed streams likewise, so that what is behind the first check
is reached too. A case is good when the file is read or refused with ``FileError``. Cases run in child
processes that may take 1 GB each and 20 seconds of CPU a case; a child that dies names its case.
"""

import argparse
import io
import multiprocessing
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import corpus
from corpus.files import TABLE_SUFFIXES, FileError, read_sheets, read_text

MEMORY = 2**30
SECONDS = 20
_BATCH = 200
_SAMPLE = Path(corpus.__file__).with_name("documents")


@dataclass
class Outcome:
    """What became of the cases, by format; and each failure in words."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    memory: int = 0  # bytes, the most that any child took beyond what it began with
    slowest: float = 0  # seconds


def samples() -> dict[str, bytes]:
    """A small sound file of every format that needs no other program, by suffix (and a remark)."""
    import docx
    import openpyxl
    import xlwt

    text = next(_SAMPLE.glob("regulations/*06-2022*.txt")).read_text("utf-8")[:6000]
    lines = [line for line in text.split("\n") if line]
    document = docx.Document()
    for line in lines[:25]:
        document.add_paragraph(line, style="List Number" if len(line) % 3 == 0 else None)
    table = document.add_table(3, 3)
    for i, cell in enumerate(table._cells):
        cell.text = lines[i][:30]
    word = io.BytesIO()
    document.save(word)
    book, old = openpyxl.Workbook(), xlwt.Workbook()
    sheet, old_sheet = book.worksheets[0], old.add_sheet("Năm 2024")
    sheet.title = "Năm 2024"
    rows = [["Đơn vị", "Tiêu chí", "Điểm Hội đồng thẩm định"]]
    rows += [[f"Hội {i}", f"I.{i} {lines[i][:20]}", i + 0.25] for i in range(1, 12)]
    for r, row in enumerate(rows):
        sheet.append(row)
        for c, value in enumerate(row):
            old_sheet.write(r, c, value)
    sheet.merge_cells("A14:C14")
    sheet["A14"] = "=SUM(C2:C12)"
    excel, old_excel = io.BytesIO(), io.BytesIO()
    book.save(excel)
    old.save(old_excel)
    csv = "\n".join(";".join(map(str, row)) for row in rows)
    page = "".join(f"<p class=a>{line}</p>" for line in lines)
    return {
        ".txt": text.encode(), ".txt (utf-16)": text.encode("utf-16"), ".md": text.encode(),
        ".html": f"<html><body><div>{page}<table><tr><td>a</table></body>".encode(),
        ".docx": word.getvalue(), ".pdf": _pdf(lines[:40]), ".xlsx": excel.getvalue(),
        ".xls": old_excel.getvalue(), ".csv": csv.encode(),
    }  # fmt: skip


def _pdf(lines: Sequence[str]) -> bytes:
    import matplotlib
    from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
    from matplotlib.figure import Figure

    made = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42}), PdfPages(made) as book:
        for first in range(0, len(lines), 20):
            figure = Figure(figsize=(6, 8))
            FigureCanvasPdf(figure)
            for i, line in enumerate(lines[first : first + 20]):
                figure.text(0.05, 0.95 - 0.04 * i, line[:60], fontsize=8)
            figure.add_axes((0.1, 0.05, 0.2, 0.1)).plot([0, 1])
            book.savefig(figure)
    return made.getvalue()


def mutated(data: bytes, draw: random.Random) -> bytes:
    """``data`` broken in one to three ways."""
    if data.startswith(b"PK") and draw.random() < 0.7:
        return _in_archive(data, draw)
    if data.startswith(b"%PDF") and draw.random() < 0.6:
        return _in_stream(data, draw)
    for _ in range(draw.randint(1, 3)):
        data = _broken(data, draw)
    return data


def _broken(data: bytes, draw: random.Random) -> bytes:
    if not data:
        return data
    a, b = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    b = min(b, a + 400)
    match draw.randrange(7):
        case 0:
            return data[:a]
        case 1:
            return (
                data[:a] + bytes(draw.randrange(256) for _ in range(draw.randint(1, 8))) + data[b:]
            )
        case 2:
            return data[:a] + data[b:]
        case 3:
            return data[:b] + data[a:b] * draw.choice((1, 2, 50)) + data[b:]
        case 4:
            changed = bytearray(data)
            for _ in range(draw.choice((1, 4, 40))):
                changed[draw.randrange(len(changed))] = draw.randrange(256)
            return bytes(changed)
        case 5:
            digits = [i for i in range(a, min(a + 2000, len(data))) if 48 <= data[i] < 58]
            if not digits:
                return data
            at = draw.choice(digits)
            number = draw.choice((b"0", b"-1", b"99999999999", b"4294967295", b"1e9"))
            return data[:at] + number + data[at + 1 :]
        case _:
            c = draw.randrange(len(data))
            return data[:c] + data[a:b] + data[c:]


def _in_archive(data: bytes, draw: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(
        sorted(parts, key=lambda n: ("document" in n or "sheet" in n or "num" in n, n))[-8:]
    )
    parts[name] = _broken(parts[name], draw)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in parts.items():
            archive.writestr(member, content)
    return made.getvalue()


def _in_stream(data: bytes, draw: random.Random) -> bytes:
    starts = [
        i
        for i in range(len(data) - 8)
        if data.startswith(b"stream\n", i) and data[i - 3 : i] != b"end"
    ]
    at = draw.choice(starts) + 7
    end = data.find(b"endstream", at)
    try:
        content = _broken(zlib.decompress(data[at:end].strip(b"\r\n")), draw)
    except zlib.error:
        return _broken(data, draw)
    return data[:at] + zlib.compress(content) + b"\n" + data[end:]


class _Hang(BaseException):
    """Not an Exception: a reader must not be able to swallow it."""


def _ring(*_: object) -> None:
    raise _Hang


def _run(cases: Sequence[tuple[str, int]], made: dict[str, bytes], memory: int, pipe: Any) -> None:
    """Read each case in this child; tell the parent before and after each."""
    held, _ = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_AS, (now + memory, held))
    signal.signal(signal.SIGPROF, _ring)
    with tempfile.TemporaryDirectory() as folder:
        for name, seed in cases:
            pipe.send((name, seed, "begun", 0.0))
            path = Path(folder) / f"a{name.split(' ')[0]}"
            path.write_bytes(mutated(made[name], random.Random(seed)))
            start = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            try:
                if path.suffix in TABLE_SUFFIXES:
                    read_sheets(path)
                else:
                    read_text(path)
                said = "read"
            except FileError as error:
                said = "refused" if error.message and error.remedy else "no message"
            except _Hang:
                said = "hang\n" + traceback.format_exc(limit=-4)
            except BaseException:
                said = traceback.format_exc(limit=-4)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send((name, seed, said, time.process_time() - start))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began
    pipe.send(("", 0, "done", grown * 1024.0))


def fuzz(
    cases: int,
    seed: int = 0,
    only: str = "",
    memory: int = MEMORY,
    progress: Callable[[int, Outcome], None] | None = None,
) -> Outcome:
    """Run that many cases; ``only`` one suffix when named. What fails is in the outcome, not raised."""
    made = {name: data for name, data in samples().items() if name.startswith(only)}
    names = sorted(made)
    todo = [(names[i % len(names)], seed * 1_000_003 + i) for i in range(cases)]
    outcome = Outcome()
    context = multiprocessing.get_context("fork")
    while todo:
        batch, todo = todo[:_BATCH], todo[_BATCH:]
        mine, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_run, args=(batch, made, memory, theirs))
        child.start()
        theirs.close()
        done = _listen(mine, outcome, begun := [("", 0)])
        child.join(60)
        if child.is_alive():
            child.kill()
        if done < len(batch):
            name, number = begun[-1]
            outcome.failed.append(f"{name} {number}: the process died ({child.exitcode})")
            todo = batch[done + 1 :] + todo
        if progress:
            progress(cases - len(todo), outcome)
    return outcome


def _listen(pipe: Any, outcome: Outcome, begun: list[tuple[str, int]]) -> int:
    """Count what a child tells; returns how many cases it finished."""
    done = 0
    while pipe.poll(60 * SECONDS):  # seconds of the clock, on a machine that may be busy
        try:
            name, seed, said, took = pipe.recv()
        except EOFError:
            break
        if said == "begun":
            begun.append((name, seed))
        elif said == "done":
            outcome.memory = max(outcome.memory, int(took))
        else:
            done += 1
            outcome.slowest = max(outcome.slowest, took)
            if said == "read":
                outcome.read[name] += 1
            elif said == "refused":
                outcome.refused[name] += 1
            else:
                outcome.failed.append(f"{name} {seed}: {said}")
    return done


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, then every failure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a suffix, such as .pdf")
    options = parser.parse_args(arguments)
    start = time.perf_counter()

    def said(done: int, outcome: Outcome) -> None:
        print(f"{done}/{options.cases}, {len(outcome.failed)} failed", file=sys.stderr, flush=True)

    outcome = fuzz(options.cases, options.seed, options.only, progress=said)
    print(f"{'format':<16}{'read':>7}{'refused':>9}")
    for name in sorted({*outcome.read, *outcome.refused}):
        print(f"{name:<16}{outcome.read[name]:>7}{outcome.refused[name]:>9}")
    print(
        f"{options.cases} cases, {len(outcome.failed)} failed, slowest {outcome.slowest:.1f} s of CPU, "
        f"at most {outcome.memory / 2**20:.0f} MB, {time.perf_counter() - start:.0f} s in all"
    )
    for failure in outcome.failed:
        print(failure)


if __name__ == "__main__":
    main()
