"""What the bot writes to administrators and members of files, figures and deadlines.

Like ``bot/notices.py``: each function gives a ``Message``, and escapes what comes from people or
documents.
"""

import html
from collections.abc import Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.answer import AnswerKind
from bot.audit import Entry, Verdict
from bot.figures import number
from bot.gaps import Lacking
from bot.markup import LIMIT, Button, Message, plain_of
from bot.picture import Picture
from bot.reminders import FIELDS, Added, Reminder
from bot.uploads import Upload
from bot.usage import Usage
from corpus import Deadline, Preview


def _fixed(text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(html=text, plain=plain_of(text), buttons=rows)


def _bounded(lines: Sequence[str]) -> str:
    """As many of the lines as one message takes."""
    kept = list(lines)
    while len("\n".join(kept).encode("utf-16-le")) // 2 > LIMIT - 2:
        kept = [*kept[:-2], "…"] if kept[-1] == "…" else [*kept[:-1], "…"]
    return "\n".join(kept)


def _e(text: str) -> str:
    return html.escape(text, quote=False)


# --- files of administrators ----------------------------------------------------------------------

_FOLDER_NAMES = {
    "regulations": "Văn bản quy định",
    "meetings": "Báo cáo, biên bản họp",
    "scores": "Bảng điểm",
    "awards": "Bảng khen thưởng",
    "units": "Danh sách đơn vị",
    "": "Bảng của cơ quan",
}
_NAMED = 12  # Điều or rows that are named in a preview
_TOLD = 8  # problems that are told in a preview


def file_refused(why: str) -> Message:
    """For a file that is not taken."""
    return _fixed(_e(why))


def choose_folder(upload: Upload, folders: Sequence[str]) -> Message:
    """Asks what a file is."""
    rows = tuple(
        (Button(label=_FOLDER_NAMES[folder], data=f"u:to:{upload.place}:{folder}"),)
        for folder in folders
    )
    cancel = (Button(label="Hủy", data=f"u:no:{upload.place}"),)
    return _fixed(f"Đã nhận “{_e(upload.name)}”. Đây là tài liệu gì?", (*rows, cancel))


def preview(upload: Upload, found: Preview) -> Message:
    """What was read of a file and what is new in it; asks whether to take it in."""
    folder = upload.target.rpartition("/")[0]
    lines = [f"<b>{_e(upload.name)}</b> ({_FOLDER_NAMES[folder].lower()})"]
    if folder in ("regulations", "meetings") and (found.number or found.title):
        lines.append(_e(" – ".join(filter(None, (found.number, found.title)))))
    read = ", ".join(f"{number(count)} {name}" for name, count in found.counts)
    lines.append(f"Đọc được: {read}." if read else "Không đọc được gì nên tệp không được nhận.")
    if found.readable and upload.replaces:
        lines.append(f"Thay cho {_e(upload.replaces)}.")
        same = not (found.added or found.changed or found.removed)
        lines += ["Nội dung không khác bản đang có."] if same else []
    for what, names in (
        ("Mới", found.added), ("Sửa", found.changed), ("Bỏ", found.removed)
    ):  # fmt: skip
        if found.readable and names:
            more = f" và {number(len(names) - _NAMED)} mục khác" if len(names) > _NAMED else ""
            lines.append(f"{what}: {_e('; '.join(names[:_NAMED]))}{more}.")
    lines += [
        f"⚠️ {_e(': '.join(filter(None, (p.place, p.message))))} {_e(p.remedy)}"
        for p in found.problems[:_TOLD]
    ]
    if len(found.problems) > _TOLD:
        lines.append(f"… và {number(len(found.problems) - _TOLD)} vấn đề khác.")
    if not found.readable:
        return _fixed(_bounded(lines))
    buttons = (
        Button(label="Đưa vào kho", data=f"u:yes:{upload.place}"),
        Button(label="Hủy", data=f"u:no:{upload.place}"),
    )
    return _fixed(_bounded(lines), (buttons,))


def building(upload: Upload, progress: str) -> Message:
    """While the index is built; what was answered before is answered meanwhile."""
    how_far = f"\n{_e(progress)}" if progress else ""
    return _fixed(
        f"Đang cập nhật kho với “{_e(upload.name)}”; bot vẫn trả lời bình thường.{how_far}"
    )


def served(upload: Upload) -> Message:
    """The file is in the library and answered from."""
    undo = (Button(label="Hoàn tác", data=f"u:undo:{upload.place}"),)
    return _fixed(f"Xong: bot đang trả lời theo kho có “{_e(upload.target)}”.", (undo,))


def undone(upload: Upload) -> Message:
    """The library is again what it was before the file."""
    back = f"dùng lại {_e(upload.replaces)}" if upload.replaces else "kho trở lại như trước"
    return _fixed(f"Đã bỏ “{_e(upload.target)}”; {back}.")


def undo_failed(upload: Upload, why: str) -> Message:
    """The former file is back in its place, but the index could not be built."""
    return _fixed(
        f"Đã bỏ “{_e(upload.target)}” nhưng chưa lập lại được kho ({_e(why)}); "
        "bot sẽ thử lại khi khởi động."
    )


def undo_offer(last: Upload | None) -> Message:
    """Asks whether to take the newest file back."""
    if last is None:
        return _fixed("Không có tệp nào để hoàn tác.")
    buttons = (Button(label="Hoàn tác", data=f"u:undo:{last.place}"),)
    return _fixed(f"Bỏ “{_e(last.target)}” và trở lại bản trước?", (buttons,))


def file_cancelled(upload: Upload) -> Message:
    """The file was not taken in."""
    return _fixed(f"Đã hủy “{_e(upload.name)}”; kho không thay đổi.")


def file_failed(upload: Upload, why: str) -> Message:
    """The index could not be built; the old one serves on."""
    reason = f" ({_e(why)})" if why else ""
    return _fixed(f"Chưa đưa được “{_e(upload.name)}” vào kho{reason}; kho cũ vẫn dùng như trước.")


# --- how the bot does -----------------------------------------------------------------------------

_KINDS = {
    AnswerKind.ANSWER: "trả lời đủ",
    AnswerKind.PARTIAL: "trả lời một phần hoặc chưa chắc",
    AnswerKind.CHOICE: "hỏi lại",
    AnswerKind.NOT_FOUND: "từ chối",
}
_GAPS = 15  # that are listed
_LINE = 120  # characters of a question that are listed


def gaps(found: Sequence[Lacking]) -> Message:
    """What the library could not answer, most asked first, and what would fill it."""
    if not found:
        return _fixed("Chưa có câu hỏi nào mà kho không trả lời được.")
    lines = ["<b>Câu hỏi kho chưa trả lời được</b>, hỏi nhiều nhất trước:"]
    for gap in found[:_GAPS]:
        missing = f" → {_e(_short(gap.missing))}" if gap.missing else ""
        lines.append(f"• {gap.times} lần: {_e(_short(gap.question))}{missing}")
    if len(found) > _GAPS:
        lines.append(f"… và {number(len(found) - _GAPS)} câu khác (thidua gaps).")
    return _fixed(_bounded(lines))


def stats(found: Usage) -> Message:
    """How the bot was used."""
    lines = [
        f"<b>Từ {found.since:%d/%m/%Y}</b>: {number(found.questions)} câu hỏi, {number(found.people)} người hỏi."
    ]
    named = {kind.value: name for kind, name in _KINDS.items()}
    lines += [f"• {named.get(kind, kind)}: {number(count)}" for kind, count in found.kinds]
    if found.questions:
        lines.append(
            f"Thời gian trả lời: một nửa dưới {_seconds(found.median)} giây, 95% dưới {_seconds(found.p95)} giây."
        )
    lines.append(f"Góp ý: 👍 {number(found.praised)}, 👎 {number(found.criticised)}.")
    return _fixed(_bounded(lines))


def picture_of(found: Usage) -> Picture | None:
    """Questions by day; None where there is nothing to look at."""
    if len(found.days) < 2 or not found.questions:
        return None
    title = f"Số câu hỏi mỗi ngày từ {found.since:%d/%m/%Y}"
    labels = tuple(f"{day:%d/%m}" for day, _ in found.days)
    told = "; ".join(f"{day:%d/%m} {count}" for day, count in found.days if count)
    return Picture(
        title=title, labels=labels, values=tuple(Decimal(count) for _, count in found.days),
        alt=f"Biểu đồ: {title}. {told}."[:900],
    )  # fmt: skip


def audit(entries: Sequence[Entry], verdict: Verdict, zone: str) -> Message:
    """The newest answers: who asked what, and where the answer came from; whether the trail holds."""
    whole = (
        f"Sổ có {number(verdict.entries)} câu, còn nguyên vẹn."
        if verdict.holds
        else f"⚠️ Sổ đã bị thay đổi từ dòng {verdict.broken}; cần kiểm tra bằng thidua audit --verify."
    )
    lines = [f"<b>Câu trả lời gần nhất</b>. {whole}"]
    named = {kind.value: name for kind, name in _KINDS.items()}
    for entry in entries:
        at = entry.at.astimezone(ZoneInfo(zone))
        who = f"mã {entry.asker}" if entry.asker is not None else "đã xóa"
        asked = _short(entry.question) if entry.question is not None else "(đã xóa)"
        sources = "; ".join(dict.fromkeys(map(str, entry.sources[:3])))
        of = f" ← {_e(_short(sources))}" if sources else ""
        lines.append(
            f"• {at:%d/%m %H:%M}, {who}: {_e(asked)} ({named.get(entry.kind, entry.kind)}){of}"
        )
    if not entries:
        lines.append("Chưa có câu nào.")
    return _fixed(_bounded(lines))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LINE else f"{text[:_LINE].rsplit(' ', 1)[0]}…"


def _seconds(milliseconds: int) -> str:
    return number(Decimal(max(milliseconds, 10)) / 1000)


# --- deadlines ------------------------------------------------------------------------------------

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_COMING = 20  # deadlines that are listed


def reminder(one: Reminder) -> Message:
    """A deadline called to mind; the words below a calendar file, at most 1024 characters."""
    left = {0: "Hôm nay", 1: "Ngày mai"}.get(one.days_left, f"Còn {one.days_left} ngày")
    again = " (nhắc lại)" if one.again else ""
    lines = [f"⏰ <b>{left}{again}: {_e(one.deadline.what[:300])}</b>", *_particulars(one.deadline)]
    return _fixed("\n".join(lines))


def _particulars(deadline: Deadline) -> list[str]:
    at = f", {deadline.time:%H:%M}" if deadline.time else ""
    lines = [f"{_WEEKDAYS[deadline.day.weekday()]}, {deadline.day:%d/%m/%Y}{at}"]
    lines += [f"Địa điểm: {_e(deadline.place[:200])}"] if deadline.place else []
    lines += [_e(deadline.block[:200])] if deadline.block else []
    source = str(deadline.source) if deadline.source.file else deadline.source.quote
    return [*lines, f"Nguồn: {_e(source[:200])}"]


def deadlines(coming: Sequence[Deadline], added: Sequence[Added]) -> Message:
    """What is coming; for administrators, a button to drop each that was added in the chat."""
    if not coming:
        return _fixed("Chưa có lịch họp hay hạn nộp nào sắp tới. Gõ /nhac để được nhắc khi có.")
    lines = ["<b>Lịch họp và hạn nộp sắp tới</b>"]
    for one in coming[:_COMING]:
        lines.append(f"• {_e(one.what)}: {'; '.join(_particulars(one))}")
    lines.append("Gõ /nhac để bật hoặc tắt nhắc việc.")
    rows = tuple(
        (Button(label=f"Xóa: {one.deadline.what[:40]}", data=f"r:drop:{one.place}"),)
        for one in added[:_COMING]
    )
    return _fixed(_bounded(lines), rows)


def subscription(told: bool) -> Message:
    """Whether somebody is told of deadlines, and the button for the opposite."""
    if told:
        off = (Button(label="Tắt nhắc việc", data="r:off"),)
        return _fixed(
            "Nhắc việc đang bật: lịch họp và hạn nộp được nhắc trước, kèm tệp lịch.", (off,)
        )
    on = (Button(label="Bật nhắc việc", data="r:on"),)
    return _fixed("Nhắc việc đang tắt. Bật để được nhắc trước lịch họp và hạn nộp.", (on,))


def deadline_unclear() -> Message:
    """For /nhacviec with words that are not understood."""
    return _fixed(
        f"Gõ: /nhacviec {FIELDS}. Ví dụ: /nhacviec Nộp hồ sơ đề nghị khen thưởng; 15/01/2027; 17:00. "
        "Giờ, địa điểm, khối có thể bỏ trống; ngày phải từ hôm nay trở đi."
    )


def deadline_offer(offered: Added) -> Message:
    """What was understood; asks whether it is right."""
    lines = [
        f"Thêm việc cần nhắc: <b>{_e(offered.deadline.what)}</b>",
        *_particulars(offered.deadline),
    ]
    buttons = (
        Button(label="Xác nhận", data=f"r:add:{offered.place}"),
        Button(label="Hủy", data=f"r:drop:{offered.place}"),
    )
    return _fixed("\n".join(lines), (buttons,))


def deadline_decided(deadline: Deadline, *, kept: bool) -> Message:
    """After an administrator confirmed or dropped a deadline."""
    done = "Đã thêm" if kept else "Đã bỏ"
    return _fixed(f"{done}: {_e(deadline.what)}, {deadline.day:%d/%m/%Y}.")
