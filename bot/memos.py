"""What the bot writes to administrators and members of files, figures and deadlines.

Like ``bot/notices.py``: each function gives a ``reply.Message``, and escapes what comes from people or
documents.
"""

import html
from collections.abc import Sequence

from bot.reply import Button, Message, number, plain_of
from bot.uploads import Upload
from corpus import Preview


def _fixed(text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(html=text, plain=plain_of(text), buttons=rows)


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
        return _fixed("\n".join(lines))
    buttons = (
        Button(label="Đưa vào kho", data=f"u:yes:{upload.place}"),
        Button(label="Hủy", data=f"u:no:{upload.place}"),
    )
    return _fixed("\n".join(lines), (buttons,))


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
