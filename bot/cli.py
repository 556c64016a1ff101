"""The ``thidua`` command: build, check, ask, chat, bot, gaps, audit, backup, restore, status, eval, run."""

import argparse
import datetime
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot import notices, reply
from bot.answer import Answer
from bot.audit import Audit, Change, Entry, outdated
from bot.backup import BackupError, back_up, backups, restore
from bot.bot import Assistant
from bot.evaluation import (
    EvaluationError,
    Figures,
    Judged,
    by_group,
    figures,
    judge,
    read_cases,
    report,
    why,
)
from bot.gaps import OUTSIDE, gap_of, most_asked
from bot.journal import Journal, JournalError
from bot.logs import write_logs
from bot.picture import picture
from bot.report import ReportError, write
from bot.rows import cells_of, rows_of, worksheet
from bot.settings import Settings, SettingsError, read_settings
from bot.status import look
from bot.timeline import words
from corpus import Corpus, EmptyCorpus, Kind, Problem, Severity, read, write_table
from index import (
    Encoder,
    EncoderError,
    Encodes,
    IndexFileError,
    build,
    fingerprint,
    indexed_fingerprint,
    readings,
)

# What ``thidua run`` asks where there is no terminal; README.md shows the same questions.
SAMPLE_QUESTIONS = (
    "Tiêu chuẩn Chiến sĩ thi đua cơ sở là gì?",
    "tap the lao dong xuat sac duoc thuong bao nhieu tien",
    "Sơ kết 6 tháng đầu năm 2023 của khối họp ngày nào, ở đâu?",
    "Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?",
    "Tỉnh đoàn được mấy lần bằng khen của Chủ tịch UBND tỉnh?",
    "Giá vàng hôm nay bao nhiêu?",
)
_KINDS = {
    Kind.REGULATION: "văn bản quy định",
    Kind.MEETING: "báo cáo cuộc họp",
    Kind.SCORES: "bảng điểm",
    Kind.AWARDS: "bảng khen thưởng",
    Kind.UNITS: "danh sách đơn vị",
}
_CHANGES = {
    Change.GONE: "tệp không còn trong kho",
    Change.REWRITTEN: "tệp đã được thay bằng bản khác",
    Change.ENDED: "văn bản đã hết hiệu lực",
}
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


class ExportError(Exception):
    """An answer cannot be saved as asked. The message is Vietnamese and says the remedy."""


_KNOWN = (
    BackupError, EmptyCorpus, EncoderError, EvaluationError, ExportError, IndexFileError, JournalError,
    ReportError, SettingsError,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None, encoder: Encodes | None = None) -> int:
    """Run one command; returns the exit status (0 done, 1 could not, 2 wrong usage).

    ``encoder`` stands in for the one that the settings name.
    """
    options = _parser().parse_args(arguments, argparse.Namespace(encoder=encoder))
    try:
        settings = read_settings()
        return int(options.command(options, settings) or 0)
    except _KNOWN as error:
        _err.print(f"Lỗi: {error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="thidua",
        description="Trợ lý thi đua, khen thưởng: hỏi quy định, cuộc họp, điểm và khen thưởng, "
        "trả lời có trích dẫn nguyên văn.",
        epilog="Cài đặt đọc từ biến môi trường THIDUA_… hoặc tệp .env; xem README.vi.md.",
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")

    one = commands.add_parser("build", help="đọc thư mục tài liệu và lập kho tra cứu",
        description="Đọc thư mục tài liệu (regulations, meetings, scores, awards, units) và lập kho tra cứu. "
        "Tệp lỗi được báo rõ và không làm dừng việc đọc các tệp khác; kho cũ còn nguyên cho tới khi kho mới lập xong.")  # fmt: skip
    one.add_argument("documents", type=Path, metavar="THƯ_MỤC", help="thư mục tài liệu")
    _index_option(one)
    _report_option(one)
    one.set_defaults(command=_build)

    one = commands.add_parser("check", help="đọc thử thư mục tài liệu, không lập kho",
        description="Đọc thử thư mục tài liệu và báo mọi vấn đề, không lập kho và không cần mô hình.")  # fmt: skip
    one.add_argument("documents", type=Path, metavar="THƯ_MỤC", help="thư mục tài liệu")
    _report_option(one)
    one.set_defaults(command=_check)

    one = commands.add_parser("ask", help="hỏi một câu",
        description="Hỏi một câu và in câu trả lời kèm trích dẫn.")  # fmt: skip
    one.add_argument("question", metavar="CÂU_HỎI", help="câu hỏi, có dấu hay không dấu")
    _index_option(one)
    one.add_argument(
        "--as-of",
        type=_date,
        metavar="NĂM-THÁNG-NGÀY",
        help="áp dụng quy định tại ngày này (mặc định: hôm nay)",
    )
    one.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    one.add_argument("--chart", type=Path, metavar="TỆP.png", help="vẽ biểu đồ câu trả lời vào tệp")
    one.add_argument(
        "--xlsx", type=Path, metavar="TỆP.xlsx", help="ghi số liệu của câu trả lời ra bảng tính"
    )
    one.set_defaults(command=_ask)

    one = commands.add_parser("timeline", help="văn bản nào có hiệu lực khi nào",
        description="In hiệu lực của các văn bản mà sổ hiệu lực và kho biết: từ ngày nào, đến ngày nào, "
        "văn bản nào thay thế, sửa đổi, bãi bỏ.")  # fmt: skip
    _index_option(one)
    one.add_argument("--png", type=Path, metavar="TỆP.png", help="vẽ thành hình vào tệp")
    one.set_defaults(command=_timeline)

    one = commands.add_parser("chat", help="hỏi đáp trong cửa sổ dòng lệnh",
        description="Hỏi đáp nhiều câu; câu sau có thể nối câu trước. Gõ /quen để quên, /thoat để kết thúc.")  # fmt: skip
    _index_option(one)
    one.set_defaults(command=_chat)

    one = commands.add_parser("bot", help="chạy bot Telegram",
        description="Chạy bot Telegram. Cần THIDUA_TOKEN (từ BotFather) và THIDUA_MEMBERS.")  # fmt: skip
    _index_option(one)
    one.set_defaults(command=_bot)

    one = commands.add_parser("gaps", help="các câu hỏi kho chưa trả lời được",
        description="In các câu hỏi mà kho chưa trả lời được hoặc trả lời chưa chắc chắn, câu được hỏi nhiều nhất trước, "
        "kèm tài liệu cần bổ sung.")  # fmt: skip
    one.add_argument("--all", action="store_true", help="cả các câu hỏi ngoài lĩnh vực")
    one.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    one.set_defaults(command=_gaps)

    one = commands.add_parser("audit", help="ai đã hỏi gì, được trả lời từ nguồn nào",
        description="In các câu trả lời đã gửi qua Telegram, mới nhất trước: ai hỏi, lúc nào, câu hỏi, loại trả lời, nguồn. "
        "--verify kiểm tra chuỗi băm: sổ có bị sửa, bị bớt hay không.")  # fmt: skip
    one.add_argument("--verify", action="store_true", help="kiểm tra sổ còn nguyên vẹn")
    one.add_argument("--head", metavar="MÃ", default="",
        help="với --verify: mã cuối sổ đã ghi lại lần trước, phải còn trong sổ")  # fmt: skip
    one.add_argument(
        "--replaced", action="store_true", help="chỉ các câu trả lời từ văn bản nay đã thay đổi"
    )
    one.add_argument(
        "--limit", type=int, default=50, metavar="SỐ", help="số dòng nhiều nhất (mặc định: 50)"
    )
    one.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    _index_option(one)
    one.set_defaults(command=_show_audit)

    one = commands.add_parser("backup", help="sao lưu nhật ký, cả khi bot đang chạy",
        description="Chép nhật ký vào thư mục sao lưu, kiểm tra bản chép, giữ các bản mới nhất. Bot đang chạy tự làm mỗi ngày một lần.")  # fmt: skip
    one.add_argument(
        "--to", type=Path, metavar="THƯ_MỤC", help="thư mục (mặc định: THIDUA_BACKUPS)"
    )
    one.set_defaults(command=_backup)

    one = commands.add_parser("restore", help="khôi phục nhật ký từ một bản sao lưu",
        description="Kiểm tra bản sao lưu rồi đặt vào chỗ nhật ký; nhật ký đang có được đổi tên, không bị xóa. Phải tắt bot trước.")  # fmt: skip
    one.add_argument(
        "copy", type=Path, metavar="TỆP", help="bản sao lưu, hoặc “newest” là bản mới nhất"
    )
    one.set_defaults(command=_restore)

    one = commands.add_parser("status", help="bot có khỏe không: nhật ký, kho, ổ đĩa, sao lưu",
        description="In tình trạng của bot. Mã thoát 1 khi có điều cần xử lý.")  # fmt: skip
    one.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    _index_option(one)
    one.set_defaults(command=_status)

    one = commands.add_parser("eval", help="chấm câu trả lời theo tệp câu hỏi .jsonl",
        description="Hỏi từng câu trong tệp và chấm: cites (số hiệu, điều), says (phải nói), refuses (phải từ chối).")  # fmt: skip
    one.add_argument(
        "file", type=Path, metavar="TỆP.jsonl", help="tệp câu hỏi, mỗi dòng một đối tượng JSON"
    )
    _index_option(one)
    one.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    one.set_defaults(command=_eval)

    one = commands.add_parser("run", help="lập kho nếu cần rồi trả lời ngay",
        description="Lập kho tra cứu nếu chưa có hoặc tài liệu đã đổi; sau đó chạy bot nếu có THIDUA_TOKEN, "
        "nếu không thì hỏi đáp tại chỗ; không có cửa sổ dòng lệnh thì trả lời các câu hỏi mẫu.")  # fmt: skip
    _index_option(one)
    one.set_defaults(command=_run)
    return parser


def _index_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--index", type=Path, metavar="TỆP", help="tệp kho tra cứu (mặc định: THIDUA_INDEX)"
    )


def _report_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report", type=Path, metavar="TỆP.html",
        help="ghi thêm một trang: đọc được gì từ mỗi tệp, mục lục từng văn bản, các vấn đề",
    )  # fmt: skip


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” không phải ngày dạng 2025-07-01") from None


# --- build ----------------------------------------------------------------------------------------


def _build(options: argparse.Namespace, settings: Settings) -> int:
    corpus = _read(options.documents, _index(options, settings))
    _write_report(options, settings, corpus)
    encoder = _encoder(options, settings, _steps("Chuẩn bị mô hình"))
    _make(_index(options, settings), encoder, corpus)
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    corpus = _read(options.documents, settings.index)
    _write_report(options, settings, corpus)
    _out.print(_counts(corpus, f"Thư mục {options.documents}"))
    _print_problems(corpus.problems)
    return 0


def _write_report(options: argparse.Namespace, settings: Settings, corpus: Corpus) -> None:
    if options.report:
        write(options.report, corpus, str(options.documents), settings.today())
        _err.print(f"Báo cáo: {options.report}", markup=False)


def _index(options: argparse.Namespace, settings: Settings) -> Path:
    return options.index or settings.index


def _encoder(
    options: argparse.Namespace,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> Encodes:
    return options.encoder or Encoder(settings.encoder, progress=progress)


def _make(path: Path, encoder: Encodes, corpus: Corpus) -> None:
    start = time.perf_counter()
    with _Bar("Mã hóa đoạn văn") as advance:
        built = build(corpus, path, encoder, advance)
    seconds = time.perf_counter() - start
    table = _counts(corpus, f"Kho tra cứu {path}")
    table.add_row("đoạn mã hóa mới / lấy lại từ kho cũ", f"{built.encoded} / {built.kept}")
    table.add_row("giây", f"{seconds:.1f}")
    _out.print(table)
    _print_problems(corpus.problems)


def _counts(corpus: Corpus, title: str) -> Table:
    """How much of what was read."""
    table = Table("Nội dung", "Số lượng", title=title)
    table.columns[1].justify = "right"
    for kind, name in _KINDS.items():
        table.add_row(name, str(sum(d.kind is kind and not d.parent for d in corpus.documents)))
    table.add_row("phụ lục, biểu mẫu", str(sum(bool(d.parent) for d in corpus.documents)))
    table.add_row("đoạn trích", str(len(corpus.passages)))
    for name, records in (
        ("ô điểm", corpus.scores), ("tổng điểm, xếp hạng ghi trong bảng và báo cáo", corpus.totals),
        ("khen thưởng", corpus.awards), ("cuộc họp", corpus.meetings), ("tên đơn vị", corpus.units),
    ):  # fmt: skip
        table.add_row(name, str(len(records)))
    return table


def _read(documents: Path, index: Path) -> Corpus:
    try:
        with _Bar("Đọc tài liệu") as advance:
            return read(documents, advance, readings(index))
    except EmptyCorpus as error:
        _print_problems(error.problems)
        raise


def _print_problems(problems: Sequence[Problem]) -> None:
    if not problems:
        _out.print("Không có vấn đề nào.")
        return
    counts = Counter(problem.severity for problem in problems)
    _out.print("Vấn đề: " + ", ".join(f"{counts[s]} {s.value}" for s in Severity if counts[s]))
    for problem in sorted(
        problems, key=lambda p: (list(Severity).index(p.severity), p.file, p.place)
    ):
        where = f"{problem.file}, {problem.place}" if problem.place else problem.file
        remedy = f" → {problem.remedy}" if problem.remedy else ""
        _out.print(f"[{problem.severity.value}] {where}: {problem.message}{remedy}", markup=False)


class _Bar:
    """A progress bar on the error stream, so that what is printed stays clean."""

    def __init__(self, title: str):
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=_err, transient=not _err.is_terminal,
        )  # fmt: skip
        self._title = title
        self._task: Any = None
        self._start = self._said = time.monotonic()

    def __enter__(self) -> Callable[[int, int], None]:
        if _err.is_terminal:
            self._progress.start()
        return self._advance

    def _advance(self, done: int, total: int) -> None:
        if _err.is_terminal:
            if self._task is None:
                self._task = self._progress.add_task(self._title, total=total)
            self._progress.update(self._task, completed=done, total=total)
        elif done == total or time.monotonic() - self._said > 10:
            # In a log, a line now and then tells that the work goes on.
            self._said = time.monotonic()
            left = (self._said - self._start) / done * (total - done) if done else 0
            more = f", còn khoảng {left:.0f} giây" if left >= 1 else ""
            _err.print(f"{self._title}: {done}/{total}{more}")

    def __exit__(self, *_: object) -> None:
        if _err.is_terminal:
            self._progress.stop()


def _steps(title: str) -> Callable[[int, int], None]:
    def step(done: int, total: int) -> None:
        if total and (done == 0 or done == total):
            _err.print(f"{title}… {'xong' if done == total else '(chỉ làm một lần)'}")

    return step


# --- asking ---------------------------------------------------------------------------------------


def _assistant(
    options: argparse.Namespace, settings: Settings, quiet: bool = False, ready: bool = True
) -> Assistant:
    """``ready``: the model is loaded before the first question, not by the first that needs it."""
    if not quiet:
        _err.print("Đang mở kho tra cứu và mô hình…")
    encoder = _encoder(options, settings, None if quiet else _steps("Chuẩn bị mô hình"))
    assistant = Assistant(_index(options, settings), encoder, settings.today, settings.documents)
    if ready and isinstance(encoder, Encoder):
        encoder.load()
    return assistant


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    # Records are answered without the model; waiting for it would be all of the time.
    assistant = _assistant(options, settings, quiet=options.json, ready=False)
    start = time.perf_counter()
    answer = assistant.ask(options.question, as_of=options.as_of)
    seconds = time.perf_counter() - start
    _note_gap(answer, settings)
    if options.json:
        print(json.dumps(to_json(answer, seconds), ensure_ascii=False, indent=2))
    else:
        _out.print(reply.plain(answer), markup=False)
    if options.chart:
        _save_chart(answer, options.chart)
    if options.xlsx:
        _save_table(answer, options.xlsx)
    return 0


def _save_chart(answer: Answer, path: Path) -> None:
    drawn = picture(answer)
    if drawn is None:
        raise ExportError(
            "Câu trả lời này không có số liệu để vẽ. Hãy hỏi xếp hạng một năm, điểm các năm của một "
            "đơn vị, hoặc điểm từng nhóm của một đơn vị."
        )
    from bot.chart import draw

    _save(path, lambda: path.write_bytes(draw(drawn)))


def _timeline(options: argparse.Namespace, settings: Settings) -> int:
    shown = _assistant(options, settings, quiet=True, ready=False).timeline()
    _out.print(shown.title, markup=False)
    for line in shown.lines:
        _out.print(f"• {words(line)}", markup=False)
    if options.png:
        from bot.chart import draw_timeline

        _save(options.png, lambda: options.png.write_bytes(draw_timeline(shown)))
    return 0


def _save_table(answer: Answer, path: Path) -> None:
    rows = worksheet(cells_of(answer))
    if not rows:
        raise ExportError(
            "Câu trả lời này không có số liệu để ghi ra bảng tính. Hãy hỏi về điểm, khen thưởng "
            "hoặc cuộc họp."
        )
    _save(path, lambda: write_table(path, rows))


def _save(path: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        raise ExportError(
            f"Không ghi được {path} ({error.strerror}). Hãy chọn thư mục khác hoặc kiểm tra quyền ghi."
        ) from error
    _err.print(f"Đã ghi {path}", markup=False)


def to_json(answer: Answer, seconds: float) -> dict[str, Any]:
    """The object of ``thidua ask --json``."""
    return {
        "kind": answer.kind.value,
        "text": reply.plain(answer),
        "options": list(answer.choice.options) if answer.choice else [],
        "citations": [
            {
                "document": c.document.name,
                "place": str(c.place),
                "quote": c.quote,
                "file": c.document.path,
            }
            for c in answer.citations
        ],
        "rows": rows_of(answer),
        "as_of": answer.as_of.isoformat(),
        "warnings": list(reply.cautions(answer)),
        "seconds": round(seconds, 3),
    }


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    assistant = _assistant(options, settings)
    _out.print(notices.start("").plain, markup=False)
    for example in assistant.examples():
        _out.print(f"  – {example}", markup=False)
    _out.print("Gõ /quen để quên các câu trước, /thoat để kết thúc.\n")
    previous: list[str] = []
    options_shown: tuple[str, ...] = ()
    while True:
        try:
            question = input("Hỏi> ").strip()
        except EOFError:
            _out.print()
            return 0
        if question in ("/thoat", "/thoát", "/exit", "/quit"):
            return 0
        if question in ("/quen", "/quên"):
            previous.clear()
            _out.print(notices.forgotten().plain)
            continue
        if question in ("/help", "/start"):
            _out.print(notices.help().plain, markup=False)
            continue
        if not question:
            continue
        if question.isdigit() and 1 <= int(question) <= len(options_shown):
            question = options_shown[int(question) - 1]
        try:
            assistant.refresh()
        except IndexFileError as error:  # the old one serves on
            _err.print(f"Kho mới chưa mở được: {error}", markup=False)
        answer = assistant.ask(question, previous=previous)
        options_shown = answer.choice.options if answer.choice else ()
        _out.print(f"\n{reply.plain(answer)}\n", markup=False)
        _note_gap(answer, settings)
        previous = [*previous, question][-3:]


def _note_gap(answer: Answer, settings: Settings) -> None:
    """Keep what could not be answered. A journal that cannot be written to must not stop answers."""
    gap = gap_of(answer, datetime.datetime.now(datetime.UTC))
    if gap is None:
        return
    try:
        journal = Journal(settings.journal)
        try:
            journal.miss(gap)
        finally:
            journal.close()
    except JournalError as error:
        _err.print(f"Chưa ghi được câu hỏi vào nhật ký: {error}", markup=False)


def _gaps(options: argparse.Namespace, settings: Settings) -> int:
    journal = Journal(settings.journal)
    try:
        kept = journal.gaps()
    finally:
        journal.close()
    inside = [gap for gap in kept if gap.kind != OUTSIDE]
    found = most_asked(kept if options.all else inside)
    if options.json:
        print(json.dumps([g.model_dump(mode="json") for g in found], ensure_ascii=False, indent=2))
        return 0
    table = Table("Lần hỏi", "Gần nhất", "Câu hỏi", "Cần bổ sung")
    table.columns[0].justify = "right"
    for gap in found:
        last = gap.last.astimezone()
        table.add_row(str(gap.times), f"{last:%d/%m/%Y}", escape(gap.question), escape(gap.missing))
    if found:
        _out.print(table)
    else:
        _out.print("Chưa có câu hỏi nào mà kho không trả lời được.")
    outside = len(kept) - len(inside)
    if outside and not options.all:
        _out.print(f"Ngoài ra có {outside} câu hỏi ngoài lĩnh vực (xem: thidua gaps --all).")
    return 0


# --- audit ----------------------------------------------------------------------------------------


def _show_audit(options: argparse.Namespace, settings: Settings) -> int:
    journal = Journal(settings.journal)
    try:
        audit = Audit(journal)
        if options.verify:
            return _verify(audit, options)
        if options.replaced:
            return _list_outdated(audit, options, settings)
        entries = audit.entries(options.limit)
    finally:
        journal.close()
    if options.json:
        _print_json([entry.model_dump(mode="json") for entry in entries])
    elif entries:
        table = Table("Số", "Lúc", "Người hỏi", "Câu hỏi", "Loại", "Nguồn", "ms")
        for entry in entries:
            sources = "; ".join(map(str, entry.sources))
            table.add_row(
                *_cells_of_entry(entry), entry.kind, escape(sources), str(entry.milliseconds)
            )
        _print_wide(table)
    else:
        _out.print("Sổ chưa có câu trả lời nào.")
    return 0


def _cells_of_entry(entry: Entry) -> tuple[str, str, str, str]:
    asker = "đã xóa" if entry.question is None else str(entry.asker or "không rõ")
    asked = escape(entry.question or "")
    return str(entry.place), f"{entry.at.astimezone():%d/%m/%Y %H:%M}", asker, asked


def _verify(audit: Audit, options: argparse.Namespace) -> int:
    verdict = audit.verify()
    known = not options.head or audit.holds(options.head)
    if options.json:
        _print_json({**verdict.model_dump(), "holds": verdict.holds and known})
    elif not verdict.holds:
        _out.print(f"Sổ KHÔNG còn nguyên vẹn, sai từ dòng {verdict.broken}. Hãy đối chiếu với bản sao lưu gần nhất.")  # fmt: skip
    elif not known:
        _out.print("Mã cuối sổ đã ghi lần trước không còn trong sổ: sổ đã bị thay. Hãy đối chiếu với bản sao lưu gần nhất.")  # fmt: skip
    else:
        _out.print(f"Sổ còn nguyên vẹn: {verdict.entries} câu trả lời, {verdict.erased} đã xóa tên và nội dung theo yêu cầu.")  # fmt: skip
        if verdict.head:
            _out.print(f"Mã cuối sổ (ghi lại ở nơi khác để lần sau đối chiếu): {verdict.head}")
    return 0 if verdict.holds and known else 1


def _list_outdated(audit: Audit, options: argparse.Namespace, settings: Settings) -> int:
    assistant = _assistant(options, settings, quiet=True, ready=False)
    found = list(outdated(audit.entries(), assistant.documents, settings.today()))
    if options.json:
        _print_json([one.model_dump(mode="json") for one in found])
        return 0
    if not found:
        _out.print("Không có câu trả lời nào dựa trên văn bản nay đã thay đổi.")
        return 0
    table = Table("Số", "Lúc", "Người hỏi", "Câu hỏi", "Văn bản nay đã khác")
    for one in found[: options.limit]:
        changes = "; ".join(f"{used}: {_CHANGES[change]}" for used, change in one.changes)
        table.add_row(*_cells_of_entry(one.entry), escape(changes))
    _print_wide(table)
    return 0


# --- the journal's file -----------------------------------------------------------------------------


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    if not settings.journal.is_file():
        raise BackupError(f"Chưa có nhật ký tại {settings.journal} để sao lưu.")
    folder = options.to or settings.backups
    path = back_up(
        settings.journal, folder, settings.backups_kept, datetime.datetime.now(datetime.UTC)
    )
    _out.print(f"Đã sao lưu và kiểm tra: {path}", markup=False)
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    copy = options.copy
    if str(copy) == "newest":
        found = backups(settings.backups)
        if not found:
            raise BackupError(f"Thư mục {settings.backups} chưa có bản sao lưu nào.")
        copy = found[0]
    restored = restore(copy, settings.journal, datetime.datetime.now(datetime.UTC))
    _out.print(
        f"Đã khôi phục {settings.journal} từ {copy}: {restored.audited} câu trả lời trong sổ,"
        f" {restored.waiting} tin đang chờ.",
        markup=False,
    )
    if restored.former:
        _out.print(f"Nhật ký trước đó được giữ tại {restored.former}", markup=False)
    return 0


def _status(options: argparse.Namespace, settings: Settings) -> int:
    found = look(settings, _index(options, settings), datetime.datetime.now(datetime.UTC))
    if options.json:
        _print_json({**found.model_dump(mode="json"), "well": not found.ills})
        return 1 if found.ills else 0
    table = Table("Mục", "Tình trạng")
    running = "đang chạy" if found.running else "không chạy"
    last = f"{found.last.astimezone():%d/%m/%Y %H:%M}" if found.last else "chưa có"
    copy = f"{found.copied.astimezone():%d/%m/%Y %H:%M}" if found.copied else "chưa có"
    built = f"{found.built.astimezone():%d/%m/%Y %H:%M}" if found.built else "chưa có"
    for name, value in (
        ("Bot", running),
        ("Tin đang chờ / bị để riêng", f"{found.waiting} / {found.failed}"),
        ("Câu trả lời trong sổ, câu cuối", f"{found.answers}, {last}"),
        ("Nhật ký", f"{found.journal_bytes / 2**20:.1f} MB"),
        ("Ổ đĩa còn", f"{found.free_bytes / 2**30:.1f} GB"),
        ("Sao lưu gần nhất", copy),
        ("Kho lập lúc", built),
    ):
        table.add_row(name, value)
    _out.print(table)
    for ill in found.ills:
        _out.print(f"⚠️ {ill}", markup=False)
    if not found.ills:
        _out.print("Không có điều gì cần xử lý.")
    return 1 if found.ills else 0


def _print_wide(table: Table) -> None:
    """A table for reading side by side: a narrow pipe must not fold it."""
    Console(width=max(_out.width, 140), highlight=False).print(table)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _bot(options: argparse.Namespace, settings: Settings) -> int:
    if not settings.token.get_secret_value():
        raise SettingsError(
            "Chưa có THIDUA_TOKEN. Hãy tạo bot với BotFather trên Telegram rồi đặt mã vào tệp .env."
        )
    # Imported here: no other command needs the Telegram library.
    from bot.listener import ListenerError
    from bot.telegram import StuckError, TelegramSetupError, run

    write_logs(settings.log_level, settings.secrets, as_json=settings.log_format == "json")
    if settings.members is not None and not settings.members:
        _err.print(
            "Chưa có ai được hỏi: đặt THIDUA_MEMBERS (mã số người dùng, hoặc * cho mọi người)."
        )
    assistant = _assistant(options, settings)
    # The opened index is a million objects that stay: walking over them again and again, and once
    # more at the end, would hold up answers and the end for seconds.
    gc.freeze()
    try:
        run(assistant, settings, Journal(settings.journal))
    except (ListenerError, StuckError, TelegramSetupError) as error:
        raise SettingsError(str(error)) from error
    return 0


# --- run ------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace, settings: Settings) -> int:
    path = _index(options, settings)
    corpus = _read(settings.documents, path)
    encoder = _encoder(options, settings, _steps("Chuẩn bị mô hình"))
    if indexed_fingerprint(path, encoder.name) != fingerprint(corpus):
        _make(path, encoder, corpus)
    if settings.token.get_secret_value():
        return _bot(options, settings)
    if sys.stdin.isatty():
        return _chat(options, settings)
    assistant = _assistant(options, settings)
    for question in SAMPLE_QUESTIONS:
        _out.print(f"Hỏi> {question}\n", markup=False)
        _out.print(f"{reply.plain(assistant.ask(question))}\n", markup=False)
    return 0


# --- eval -----------------------------------------------------------------------------------------


def _eval(options: argparse.Namespace, settings: Settings) -> int:
    cases = read_cases(options.file)
    assistant = _assistant(options, settings, quiet=options.json)
    with _Bar("Chấm câu hỏi") as advance:
        judged = judge(assistant, cases, advance)
    if options.json:
        whole = report(judged, lambda j: to_json(j.answer, j.seconds))
        print(json.dumps(whole, ensure_ascii=False, indent=2))
        return 0
    table = Table("Nhóm", "Câu", "Đạt", "Điều đầu", "Điều trong 5", "Nơi đầu", "Nơi trong 5", "Nói đủ",
        "Từ chối đúng", "Từ chối sai", "p50 s", "p95 s")  # fmt: skip
    for column in table.columns[1:]:
        column.justify = "right"
    for name, found in by_group(judged).items():
        table.add_row(name, *_cells(found))
    table.add_section()
    table.add_row("TẤT CẢ", *_cells(figures(judged)))
    _print_wide(table)
    failed = [j for j in judged if not j.passed]
    _out.print(f"Chưa đạt: {len(failed)}/{len(judged)}")
    for one in failed:
        _out.print(f"– {one.case.question}\n  {why(one)}", markup=False)
    return 0


def _cells(f: Figures) -> list[str]:
    def share(value: float | None) -> str:
        return "" if value is None else f"{100 * value:.1f}%"

    return [
        str(f.questions), share(f.passed), share(f.article_first), share(f.article_in_five),
        share(f.place_first), share(f.place_in_five), share(f.said), share(f.refused_right),
        share(f.refused_wrong), f"{f.p50:.3f}", f"{f.p95:.3f}",
    ]  # fmt: skip


def run_and_exit() -> NoReturn:
    """The entry point of the installed command."""
    sys.exit(main())


__all__ = ["SAMPLE_QUESTIONS", "Judged", "main", "run_and_exit", "to_json"]
