"""Bytes → Vietnamese letters."""

import codecs
import unicodedata
from pathlib import Path

from corpus.pieces import FileError

_VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ“”‘’–—…•«»°§±×½²³€™®©·"
)


def decoded(path: Path, data: bytes) -> str:
    """The text of bytes in UTF-8, UTF-16 or Windows-1258; anything else is an error."""
    text: str | None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _try(data, "utf-16")
    elif data.startswith(codecs.BOM_UTF8):
        text = _try(data, "utf-8-sig")
    elif (zeros := data[:4000].count(0)) * 4 > len(data[:4000]):
        # UTF-16 without a mark: the empty half of most letters tells the byte order.
        big = data[:4000:2].count(0) * 2 > zeros
        text = _plausible(_try(data, "utf-16-be" if big else "utf-16-le"))
    else:
        text = _try(data, "utf-8") or _plausible(_try(data, "cp1258"))
    if text is None:
        raise FileError(
            path,
            "Không nhận ra bảng mã chữ Việt: có thể là phông cũ TCVN3, VNI hoặc không phải chữ.",
            "Chuyển sang Unicode (UTF-8) rồi lưu lại.",
        )  # fmt: skip
    noise = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85" for c in text)
    if noise > max(2, len(text) // 200):
        raise FileError(
            path, "Tệp không phải là chữ mà là dữ liệu nhị phân.", "Xuất lại tệp từ phần mềm gốc."
        )
    return text


def _plausible(text: str | None) -> str | None:
    """A text in a guessed encoding, if nearly all its letters are ours."""
    odd = [c for c in unicodedata.normalize("NFC", (text or "").lower()) if c > "\x7f"]
    known = sum(c in _VIETNAMESE or c == "\xa0" for c in odd)
    return text if known >= 0.95 * len(odd) else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
