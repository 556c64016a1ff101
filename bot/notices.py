"""Every word of the chat that is no answer: greetings, notices, refusals, the list of commands.

Each function gives a ``reply.Message``; what comes from people or documents is escaped here.
"""

import html
from collections.abc import Sequence

from bot.reply import Button, Message, number, plain_of
from bot.rooms import Room, Switch


def _fixed(text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(html=text, plain=plain_of(text), buttons=rows)


def _e(text: str) -> str:
    return html.escape(text, quote=False)


def start(name: str, examples: Sequence[str] = ()) -> Message:
    """The first message: what the bot does, with example questions as buttons."""
    rows = tuple((Button(label=text, data=f"q:{i}"),) for i, text in enumerate(examples))
    return _fixed(
        f"Chào {_e(name) or 'anh/chị'}!\n\n"
        "Tôi trả lời câu hỏi về <b>thi đua, khen thưởng</b>: tiêu chuẩn, hồ sơ, thời hạn theo quy định; "
        "các cuộc họp của khối; điểm và khen thưởng của đơn vị.\n"
        "Mỗi câu trả lời đều trích nguyên văn và ghi rõ nguồn. Điều không có trong kho, tôi sẽ nói là không có.\n\n"
        "Anh/chị cứ gõ câu hỏi, có dấu hay không dấu đều được.",
        rows,
    )


def help() -> Message:
    """How to ask."""
    return _fixed(
        "<b>Cách hỏi</b>\n"
        "• Quy định: “tiêu chuẩn chiến sĩ thi đua cơ sở”, “Điều 24 luật 2022”\n"
        "• Cuộc họp: “sơ kết 6 tháng đầu năm 2023 họp ngày nào, ở đâu”\n"
        "• Điểm: “Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm”, “top 3 năm 2023”\n"
        "• Khen thưởng: “Tỉnh đoàn được mấy lần bằng khen”\n\n"
        "Hỏi tiếp được ngay: “còn năm 2022?”. /quen để bắt đầu lại."
    )


def not_member(user_id: int) -> Message:
    """One polite line for somebody who may not ask."""
    return _fixed(
        f"Xin lỗi, bot này chỉ phục vụ cán bộ đã đăng ký. Mã của anh/chị là {user_id}; vui lòng gửi mã này cho quản trị viên."
    )


def empty_question() -> Message:
    """For a message without words."""
    return _fixed(
        "Anh/chị vui lòng gõ câu hỏi bằng chữ, ví dụ: “Tiêu chuẩn Chiến sĩ thi đua cơ sở?”"
    )


def too_long(limit: int) -> Message:
    """For a question that is longer than is read."""
    return _fixed(
        f"Câu hỏi dài quá {number(limit)} ký tự. Anh/chị vui lòng hỏi ngắn gọn hơn, mỗi lần một việc."
    )


def fault() -> Message:
    """After an error of ours."""
    return _fixed("Xin lỗi, có lỗi khi xử lý câu hỏi này. Anh/chị vui lòng thử lại sau ít phút.")


def forgotten() -> Message:
    """After /quen."""
    return _fixed("Đã quên các câu hỏi trước. Mời anh/chị hỏi câu mới.")


def thanks() -> Message:
    """After a vote."""
    return _fixed("Cảm ơn anh/chị đã góp ý.")


def commands() -> tuple[tuple[str, str], ...]:
    """The bot's commands with their descriptions."""
    return (
        ("start", "Giới thiệu và câu hỏi mẫu"),
        ("help", "Cách hỏi"),
        ("hoi", "Hỏi trong nhóm: /hoi câu hỏi"),
        ("quen", "Quên các câu hỏi trước"),
        ("caidat", "Cài đặt của nhóm (quản trị nhóm)"),
    )


# --- talks and groups -----------------------------------------------------------------------------


def no_voice() -> Message:
    """For a voice message."""
    return _fixed("Xin lỗi, tôi chưa nghe được tin nhắn thoại. Anh/chị vui lòng gõ câu hỏi.")


def source_gone() -> Message:
    """For a button or link to a place that the library no longer has, or not for who asks."""
    return _fixed(
        "Trích dẫn này không còn trong kho. Anh/chị vui lòng hỏi lại để có bản hiện hành."
    )


def ask_again() -> Message:
    """For a button under an answer whose question was forgotten."""
    return _fixed("Tôi không còn nhớ câu hỏi ấy. Anh/chị vui lòng gõ lại câu hỏi.")


def answered_privately(link: str) -> Message:
    """In a group, where an answer is for the asker's eyes only."""
    return _fixed(
        "Nội dung này chỉ dành cho người hỏi, tôi đã gửi riêng cho anh/chị.",
        ((Button(label="Mở trò chuyện riêng", link=f"{link}rieng"),),),
    )


def open_private(link: str) -> Message:
    """In a group, where the asker's own answer cannot be sent: they never began a private chat."""
    return _fixed(
        "Nội dung này chỉ gửi riêng được. Anh/chị mở trò chuyện riêng, bấm “Bắt đầu” rồi hỏi lại.",
        ((Button(label="Mở trò chuyện riêng", link=f"{link}rieng"),),),
    )


def only_group_administrators_ask() -> Message:
    """In a group whose administrators keep the asking to themselves."""
    return _fixed("Nhóm này chỉ để quản trị nhóm hỏi. Anh/chị vui lòng hỏi trong trò chuyện riêng.")


def only_group_administrators() -> Message:
    """For who would set a group and is none of its administrators."""
    return _fixed("Chỉ quản trị viên của nhóm đổi được cài đặt này.")


def only_in_groups() -> Message:
    """For a command that means nothing in private."""
    return _fixed("Lệnh này dùng trong nhóm.")


_SWITCHES = {
    Switch.ADMINS: ("Chỉ quản trị nhóm được hỏi", "Ai cũng hỏi được (đã đăng ký)"),
    Switch.SCORES: ("Điểm được trả lời trong nhóm", "Điểm chỉ gửi riêng người hỏi"),
    Switch.SHORT: ("Trả lời ngắn", "Trả lời đầy đủ"),
}


def room_settings(room: Room) -> Message:
    """How a group is set; each line is a button that changes it."""
    now = [(switch, words[0 if switch in room.on else 1]) for switch, words in _SWITCHES.items()]
    return _fixed(
        "<b>Cài đặt của nhóm</b>\nBấm vào một dòng để đổi; chỉ quản trị nhóm đổi được.",
        tuple((Button(label=words, data=f"g:{switch.value}"),) for switch, words in now),
    )


def inline_stranger() -> str:
    """Above the empty list that somebody gets inline who may not ask."""
    return "Chỉ phục vụ cán bộ đã đăng ký"


def inline_nothing() -> str:
    """Above an empty list of results."""
    return "Chưa có trong kho: hỏi bot"
