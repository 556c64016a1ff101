"""Every word of the chat that is no answer: greetings, notices, refusals, the list of commands.

Each function gives a ``Message``; what comes from people or documents is escaped here.
"""

import html
from collections.abc import Sequence

from bot.access import Role
from bot.figures import number
from bot.markup import Button, Message, plain_of
from bot.members import VALID, Member, State
from bot.rooms import Room, Switch
from corpus import fold

_ROLES = {
    Role.CADRE: "cán bộ",
    Role.LEADER: "lãnh đạo đơn vị",
    Role.BLOCK_LEAD: "phụ trách khối",
    Role.ADMINISTRATOR: "quản trị viên",
}
_LISTED = 12  # members on one page
_CHOICES = 90  # Telegram shows at most a hundred buttons


def _fixed(text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(html=text, plain=plain_of(text), buttons=rows)


def _e(text: str) -> str:
    return html.escape(text, quote=False)


def start(name: str, examples: Sequence[str] = ()) -> Message:
    """The first message: what the bot does, with example questions as buttons."""
    rows = tuple((Button(label=text, data=f"q:{i}"),) for i, text in enumerate(examples))
    return _fixed(
        f"Chào {_e(name) or 'anh/chị'}! Tôi trả lời về <b>thi đua, khen thưởng</b>: quy định, cuộc họp khối, "
        "điểm và khen thưởng của đơn vị. Câu nào cũng có trích dẫn; điều không có trong kho, tôi nói là không có.\n\n"
        "Anh/chị cứ gõ câu hỏi, có dấu hay không dấu đều được, hoặc bấm thử:",
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
        f"Xin lỗi, bot này chỉ phục vụ cán bộ đã đăng ký. Mã của anh/chị là {user_id}; vui lòng gửi mã này "
        "cho quản trị viên hoặc gõ /thamgia để đề nghị tham gia."
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


def too_slow(seconds: int) -> Message:
    """For a question whose answer took too long to find."""
    return _fixed(
        f"Xin lỗi, câu hỏi này đã xử lý quá {seconds} giây nên phải dừng. Anh/chị vui lòng hỏi ngắn gọn hơn"
        " hoặc tách thành nhiều câu."
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
        ("lich", "Lịch họp và hạn nộp sắp tới"),
        ("nhac", "Bật hoặc tắt nhắc việc"),
        ("caidat", "Cài đặt của nhóm (quản trị nhóm)"),
    )


def description() -> str:
    """What Telegram shows in a chat with the bot before the first message; at most 512 characters."""
    return (
        "Trợ lý thi đua, khen thưởng của cơ quan: trả lời về tiêu chuẩn, hồ sơ, thời hạn theo quy định, "
        "cuộc họp khối, điểm và khen thưởng của đơn vị. Câu nào cũng trích nguyên văn và ghi rõ nguồn; "
        "điều không có trong kho, bot nói là không có. Chỉ phục vụ cán bộ đã đăng ký."
    )


def short_description() -> str:
    """What Telegram shows on the bot's page; at most 120 characters."""
    return "Hỏi đáp thi đua, khen thưởng: trích nguyên văn, ghi rõ nguồn. Chỉ phục vụ cán bộ đã đăng ký."


def administrator_commands() -> tuple[tuple[str, str], ...]:
    """What administrators have besides."""
    return (
        ("moi", "Mời người dùng bằng đường dẫn một lần"),
        ("thanhvien", "Danh sách thành viên, duyệt, tạm dừng, xóa"),
        ("hoantac", "Bỏ tệp vừa đưa vào kho, trở lại bản trước"),
        ("nhacviec", "Thêm lịch họp, hạn nộp để nhắc mọi người"),
        ("gaps", "Câu hỏi kho chưa trả lời được"),
        ("stats", "Số liệu sử dụng, kèm biểu đồ"),
        ("audit", "Ai hỏi gì, trả lời từ nguồn nào"),
    )


def known_commands() -> frozenset[str]:
    """Every command that the bot understands, also the one that only strangers need."""
    listed = (*commands(), *administrator_commands())
    return frozenset(name for name, _ in listed) | {"thamgia"}


# --- members --------------------------------------------------------------------------------------


def suspended() -> Message:
    """One polite line for a suspended member."""
    return _fixed("Quyền hỏi của anh/chị đang tạm dừng; vui lòng liên hệ quản trị viên.")


def request_noted() -> Message:
    """After a request to join, the first or a repeated one."""
    return _fixed("Đã chuyển đề nghị tham gia tới quản trị viên; anh/chị vui lòng chờ duyệt.")


def welcome(role: Role, unit: str) -> Message:
    """To somebody who was let in."""
    of = f", {_e(unit)}" if unit else ""
    return _fixed(
        f"Chào mừng anh/chị! Anh/chị tham gia với vai trò <b>{_ROLES[role]}</b>{of}. "
        "Mời anh/chị gõ câu hỏi, hoặc /help để xem cách hỏi."
    )


def only_administrators() -> Message:
    """For a command or a button that is not theirs."""
    return _fixed("Xin lỗi, việc này dành cho quản trị viên.")


def only_in_private() -> Message:
    """For a command that others must not read along."""
    return _fixed("Lệnh này chỉ dùng trong cuộc trò chuyện riêng với bot.")


def stale_button() -> Message:
    """For a button whose time is over."""
    return _fixed("Nút này không còn hiệu lực; anh/chị vui lòng gõ lại lệnh.")


def same(one: str, other: str) -> bool:
    """True for the same words, accents, case and spacing aside."""
    return fold(one).split() == fold(other).split() != []


def role_named(words: str) -> Role | None:
    """The role that is called so."""
    return next((role for role, name in _ROLES.items() if same(name, words)), None)


def choose_role(data: str) -> Message:
    """Asks which role somebody is to have; ``data`` begins what the buttons say."""
    rows = tuple(
        (Button(label=name.capitalize(), data=f"{data}:{role.value}"),)
        for role, name in _ROLES.items()
    )
    return _fixed("Chọn vai trò:", rows)


def choose_unit(data: str, units: Sequence[tuple[str, str]]) -> Message:
    """Asks which unit; ``units`` are marks and names."""
    rows = tuple((Button(label=name, data=f"{data}:{mark}"),) for mark, name in units[:_CHOICES])
    none = (Button(label="Không thuộc đơn vị nào", data=f"{data}:-"),)
    more = (
        " Đơn vị không có trong danh sách: gõ “/moi vai trò; tên đơn vị”."
        if len(units) > _CHOICES
        else ""
    )
    return _fixed(f"Chọn đơn vị:{more}", (*rows, none))


def invitation(role: Role, unit: str, link: str) -> Message:
    """The link to pass on. It is told once."""
    of = f", {_e(unit)}" if unit else ""
    return _fixed(
        f"Đường dẫn mời <b>{_ROLES[role]}</b>{of}, dùng được một lần trong {VALID.days} ngày:\n"
        f"{_e(link)}\nAnh/chị chuyển riêng cho người được mời; ai mở trước sẽ được vào."
    )


def invitation_unclear(text: str) -> Message:
    """For /moi with words that are not understood."""
    roles = ", ".join(_ROLES.values())
    return _fixed(
        f"Chưa hiểu “{_e(text[:200])}”. Gõ /moi rồi chọn, hoặc “/moi vai trò; tên đơn vị”. Vai trò: {roles}."
    )


def member_card(member: Member) -> Message:
    """One person, and what an administrator may do about them."""
    text = f"<b>{_e(member.name)}</b> (mã {member.user})\n{_standing(member)}"
    user = member.user
    if member.state is State.ASKING:
        return _fixed(
            f"{text}\nXin tham gia.",
            (
                (Button(label="Duyệt", data=f"m:admit:{user}"),),
                (Button(label="Từ chối", data=f"m:refuse:{user}"),),
            ),
        )
    stop = (
        Button(label="Cho hỏi lại", data=f"m:restore:{user}")
        if member.state is State.SUSPENDED
        else Button(label="Tạm dừng", data=f"m:suspend:{user}")
    )
    change = () if member.state is State.SUSPENDED else (
        (Button(label="Đổi vai trò", data=f"m:admit:{user}"),),
    )  # fmt: skip
    return _fixed(text, (*change, (stop,), (Button(label="Xóa", data=f"m:remove:{user}"),)))


def _standing(member: Member) -> str:
    if member.state is State.ASKING:
        return "chờ duyệt"
    words = [_ROLES[member.role], *([_e(member.unit)] if member.unit else [])]
    return ", ".join([*words, *(["đang tạm dừng"] if member.state is State.SUSPENDED else [])])


def member_list(members: Sequence[Member], wanted: str = "") -> tuple[Message, ...]:
    """The members, a button each; with words, those whose name, unit or number has them."""
    found = [m for m in members if fold(wanted) in fold(f"{m.name} {m.unit} {m.user}")]
    if not found:
        return (_fixed("Chưa có thành viên nào như vậy. Gõ /moi để mời."),)
    pages = [found[i : i + _LISTED] for i in range(0, len(found), _LISTED)]
    return tuple(
        _fixed(
            "\n".join(
                [
                    f"<b>Thành viên</b> ({len(found)} người)"
                    if at == 0
                    else "<b>Thành viên</b> (tiếp)",
                    *(f"• {_e(m.name)}: {_standing(m)}" for m in page),
                ]
            ),
            tuple((Button(label=m.name or str(m.user), data=f"m:card:{m.user}"),) for m in page),
        )
        for at, page in enumerate(pages)
    )


def member_removed(member: Member) -> Message:
    """After a member or a request was removed."""
    return _fixed(f"Đã xóa {_e(member.name)} (mã {member.user}) khỏi danh sách.")


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


def inline_too_many() -> str:
    """Above the empty list for who has asked too much inline."""
    return "Hỏi quá nhiều: xin thử lại sau một phút"


def inline_too_slow() -> str:
    """Above the empty list for a question that took too long."""
    return "Câu hỏi xử lý quá lâu: xin hỏi ngắn hơn"


def inline_nothing() -> str:
    """Above an empty list of results."""
    return "Chưa có trong kho: hỏi bot"
