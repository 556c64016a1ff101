"""Bytes and old fonts → Unicode letters.

Before Unicode, Vietnamese was written with fonts that draw our letters in the places of other ones:
TCVN3 (the .Vn fonts, "§iÒu" is "Điều") and VNI ("Ñieàu"). Such text is still found inside .doc,
.docx, .pdf and workbooks, where every letter is valid Unicode and none is right. It is told by what
it says: a text few of whose words can be Vietnamese, and nearly all of them once converted.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus.mending import good_share
from corpus.pieces import FileError, Loss

_VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ“”‘’–—…•«»°§±×½²³€™®©·"
)

Convert = Callable[[str], str]

_TCVN3 = str.maketrans(
    dict(
        zip(
            "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
            strict=True,
        )
    )
)
# VNI writes an accented letter as its base and a second sign; i and the horned letters are alone.
_VNI_SIGNS = {
    "a": dict(zip("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_ALONE = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))
_VNI = {base + sign: letter for base, signs in _VNI_SIGNS.items() for sign, letter in signs.items()}
_VNI_LETTER = re.compile("|".join([*_VNI, *_VNI_ALONE]), re.I)


def from_tcvn3(text: str) -> str:
    """What ``text`` says in a TCVN3 font."""
    return text.translate(_TCVN3)


def from_tcvn3_capitals(text: str) -> str:
    """What ``text`` says in a TCVN3 font that has capitals only (.VnTimeH)."""
    return from_tcvn3(text).upper()


def from_vni(text: str) -> str:
    """What ``text`` says in a VNI font."""

    def letter(match: re.Match[str]) -> str:
        found = match[0].lower()
        plain = _VNI.get(found) or _VNI_ALONE[found]
        return plain.upper() if match[0][0].isupper() else plain

    return _VNI_LETTER.sub(letter, text)


_FONTS: tuple[Convert, ...] = (from_tcvn3, from_vni)
NAMES: dict[Convert, str] = {
    from_tcvn3: "TCVN3", from_tcvn3_capitals: "TCVN3", from_vni: "VNI",
}  # fmt: skip


def font_of(name: str) -> Convert | None:
    """How to read text in the font of that name; None for a font that draws what it says."""
    name = name.rsplit("+", 1)[-1].lower()
    if name.startswith(".vn"):
        family = name.split(",")[0].split("-")[0]
        return from_tcvn3_capitals if family.endswith("h") else from_tcvn3
    return from_vni if name.startswith("vni") else None


class OldFont(NamedTuple):
    """The old font that one document was written for: all of it, or some lines among sound ones."""

    convert: Convert
    alone: bool

    def read(self, text: str) -> str:
        """What ``text`` says; a line that is sound already stays."""
        if text.isascii() or any("\xff" < letter < "\u2000" for letter in text):
            return text  # no old font has letters beyond the first 256
        converted = self.convert(text)
        before, after = good_share(text, enough=1) or 0, good_share(converted, enough=1) or 0
        return converted if after > before or (self.alone and after == before) else text


def old_font(texts: Iterable[str]) -> OldFont | None:
    """The old font that the texts of one document are written for, if they are."""
    odd = [text for text in texts if not text.isascii()]
    shares = [good_share(text, enough=3) for text in odd]
    bad = [
        text for text, share in zip(odd, shares, strict=True) if share is not None and share < 0.6
    ]
    sound = sum(share is not None and share >= 0.6 for share in shares)
    whole = "\n".join(bad or odd)
    share = good_share(whole, enough=3)
    if share is None or share >= 0.6:
        return None
    fonts = ((good_share(font(whole), enough=3) or 0, NAMES[font], font) for font in _FONTS)
    best, _, font = max(fonts, key=lambda found: found[:2])
    return OldFont(font, alone=sound < len(bad) or not bad) if best > 0.8 else None


def restored(texts: Sequence[str]) -> tuple[list[str], list[Loss]]:
    """The texts of one document in Unicode, and what an administrator should know of them."""
    spoilt = sum(text.count("\ufffd") for text in texts)
    losses = []
    if spoilt:
        losses.append(
            Loss(
                message=f"Có {spoilt} chữ bị hỏng mã, hiện thành \ufffd.",
                remedy="Chép lại tệp từ bản gốc.",
            )
        )
    font = old_font(texts)
    if font is None:
        return list(texts), losses
    return [font.read(text) for text in texts], [*losses, converted(font.convert)]


def converted(font: Convert) -> Loss:
    """What an administrator should know of a text that was converted from an old font."""
    return Loss(
        message=f"Chữ theo phông cũ {NAMES[font]} đã được đổi sang Unicode.",
        remedy="Xem lại vài đoạn, nhất là chữ in hoa; tốt hơn nên lưu lại tệp bằng phông Unicode.",
    )


def decoded(path: Path, data: bytes) -> str:
    """The text of bytes in UTF-8, UTF-16, Windows-1258, TCVN3 or VNI; anything else is an error.

    Text in an old font is returned as it is written: ``restored`` gives its letters back.
    """
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
        text = _try(data, "utf-8")
        text = _one_byte(data) if text is None else text
        text = _nearly_utf8(data) if text is None else text
    if text is None:
        raise FileError(
            path,
            "Không nhận ra bảng mã chữ Việt, hoặc tệp không phải là chữ.",
            "Chuyển sang Unicode (UTF-8) rồi lưu lại.",
        )
    noise = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85" for c in text)
    if noise > max(2, len(text) // 200):
        raise FileError(
            path, "Tệp không phải là chữ mà là dữ liệu nhị phân.", "Xuất lại tệp từ phần mềm gốc."
        )
    return text


def _one_byte(data: bytes) -> str | None:
    """Bytes of one letter each: Windows-1258, else a text for an old font."""
    old = data.decode("latin-1")
    modern = _plausible(_try(data, "cp1258"))
    font = old_font(old.split("\n"))
    if font is None or (good_share(modern or "", enough=1) or 0) > 0.9:
        return modern
    return old


def _nearly_utf8(data: bytes) -> str | None:
    """A text in UTF-8 with a few bytes spoilt, which stay to be seen; None when there are many."""
    text = data.decode("utf-8", "replace")
    letters = sum(letter > "\x7f" for letter in text)
    return text if text.count("\ufffd") * 100 <= letters else None


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
