"""What a reader must know beside an answer: how sure it is, what was read into the question, what changed."""

from collections.abc import Iterable

from bot.answer import Caution, Caveat
from bot.markup import escaped as _e
from bot.markup import listed


def unsure(caveats: Iterable[Caveat]) -> str:
    """That it may not be what was asked: HTML; "" where it is."""
    for caveat in caveats:
        if caveat.caution is Caution.UNSURE:
            unseen = (
                f" Đoạn trích không nói đến: {listed(caveat.about, 6)}." if caveat.about else ""
            )
            return f"Chưa chắc chắn đây là điều anh/chị hỏi.{unseen}"
    return ""


def readings(caveats: Iterable[Caveat]) -> str:
    """What mistyped words were taken for: HTML."""
    read = [c.about for c in caveats if c.caution is Caution.READ]
    return "\n".join(f"Hiểu “{_e(typed)}” là <b>{_e(unit)}</b>." for typed, unit in read)


def sentences(caveats: Iterable[Caveat]) -> list[str]:
    """Every other warning in a sentence of its own: raw, not HTML."""
    said = []
    for caveat in caveats:
        match caveat.caution, caveat.about:
            case Caution.DIGEST, (number,):
                said.append(
                    f"Trích từ bản tóm lược {number} trong kho mẫu, không phải nguyên văn; cần đối chiếu bản chính thức."
                )
            case Caution.AMENDED, (number, newer, day):
                said.append(
                    f"{number} đã được sửa đổi bởi {newer} từ {day}; kho chưa có toàn văn văn bản sửa đổi, cần đối chiếu."
                )
            case Caution.ENDED, (number, day, by):
                said.append(
                    f"{number} đã hết hiệu lực từ {day}{f', thay bằng {by}' if by else ''}."
                )
            case Caution.FUTURE, (number, day):
                said.append(f"{number} chỉ có hiệu lực từ {day}.")
            case Caution.PART_ENDED, (number, parts, by, day):
                said.append(f"{parts}, {number} đã bị {by} bãi bỏ từ {day}.")
            case Caution.PART_FUTURE, (number, parts, day):
                said.append(f"{parts}, {number} chỉ có hiệu lực từ {day}.")
            case Caution.CHANGED, (number, parts, by, clause, day):
                of = f"{parts}, {number}" if parts else number
                said.append(f"{of} đã được sửa đổi bởi {clause}, {by} từ {day}.")
            case Caution.ABOVE, (number, law, by, day):
                said.append(
                    f"{number} hướng dẫn {law}; luật này đã được sửa đổi bởi {by} từ {day}, kho chưa có toàn văn, cần đối chiếu."
                )
            case Caution.THEN, (number, day):
                said.append(
                    f"Tại ngày {day} còn áp dụng {number}, kho chưa có toàn văn; câu trả lời chưa xét văn bản đó."
                )
            case Caution.NO_BASE, (day,):
                said.append(
                    f"Kho chưa có mức lương cơ sở áp dụng tại ngày {day} nên chưa tính ra số tiền."
                )
            case Caution.OCR, (name, sure):
                said.append(
                    f"“{name}” được đọc từ ảnh (độ chắc {sure}/100); cần đối chiếu từng chữ với bản gốc."
                )
            case Caution.UNCHECKED, (number,):
                said.append(f"Hiệu lực của {number} chưa kiểm chứng đầy đủ.")
            case Caution.YEARS, years:
                said.append(f"Không có dữ liệu điểm năm {', '.join(years)}.")
            case Caution.AUDIT, (message,):
                said.append(f"Lưu ý khi dùng bảng điểm: {message}")
            case Caution.INFERRED, _:
                said.append("Năm của ngày họp được suy ra từ tiêu đề hoặc tên tệp.")
            case Caution.WITHHELD, _:
                said.append(
                    "Hồ sơ chưa có quyết định chỉ lãnh đạo đơn vị, phụ trách khối và quản trị viên được xem."
                )
            case Caution.MERGED, (old, heir, day):
                until = f", có đến {day}" if day else ""
                said.append(f"{old} đã sáp nhập vào {heir}{until}; điểm, khen thưởng tính riêng.")
            case Caution.RENAMED, (old, now, day):
                since = f" (từ {day})" if day else ""
                said.append(f"{old} nay là {now}{since}.")
            case Caution.PROPOSED, _:
                said.append("Đây là đề nghị tại cuộc họp, chưa phải quyết định khen thưởng.")
            case _:
                pass
    return said
