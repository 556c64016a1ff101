"""Every word of the chat that is no answer: greetings, notices, refusals, the list of commands.

Each function gives a ``reply.Message``; what comes from people or documents is escaped here.
"""

import html
from collections.abc import Sequence

from bot.reply import Button, Message, number, plain_of


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


def busy(waiting: int) -> Message:
    """For a question that must wait behind many others."""
    return _fixed(
        f"Đang có nhiều câu hỏi ({waiting} câu đang chờ). Câu của anh/chị đã được ghi nhận và sẽ được"
        " trả lời khi đến lượt, không cần gửi lại."
    )


def too_many(limit: int) -> Message:
    """For a question over what one person or group may ask in a minute."""
    return _fixed(
        f"Mỗi phút tôi chỉ trả lời được {limit} câu hỏi của một người hoặc một nhóm. Câu vừa rồi chưa"
        " được trả lời; anh/chị vui lòng gửi lại sau một phút."
    )


def late(waiting: int) -> Message:
    """Before the first answer to questions that waited while the bot was away."""
    how = "câu này gửi" if waiting == 1 else f"{waiting} câu gửi"
    order = "" if waiting == 1 else ", câu mới nhất trước"
    return _fixed(
        f"Xin lỗi anh/chị: {how} từ lúc bot bị gián đoạn, nay tôi mới trả lời được{order}."
    )


def dropped(number: int) -> Message:
    """For questions that waited so long that an answer serves nobody."""
    return _fixed(
        f"Xin lỗi anh/chị: bot bị gián đoạn nên {number} câu hỏi gửi đã lâu không được trả lời."
        " Câu nào còn cần, anh/chị vui lòng gửi lại."
    )


def fault() -> Message:
    """After an error of ours."""
    return _fixed("Xin lỗi, có lỗi khi xử lý câu hỏi này. Anh/chị vui lòng thử lại sau ít phút.")


def forgotten() -> Message:
    """After /quen."""
    return _fixed(
        "Đã quên các câu hỏi trước và xóa những gì anh/chị đã viết khỏi nhật ký."
        " Mời anh/chị hỏi câu mới."
    )


def thanks() -> Message:
    """After a vote."""
    return _fixed("Cảm ơn anh/chị đã góp ý.")


def commands() -> tuple[tuple[str, str], ...]:
    """The bot's commands with their descriptions."""
    return (
        ("start", "Giới thiệu và câu hỏi mẫu"),
        ("help", "Cách hỏi"),
        ("hoi", "Hỏi trong nhóm: /hoi câu hỏi"),
        ("quen", "Quên và xóa các câu đã hỏi"),
    )
