"""What a file is, before anything of it is parsed.

A file comes from outside, so nothing in it is believed before it is measured: its size, what its
first bytes say that it is, how far its archive would unpack.
"""

import io
import zipfile
from pathlib import Path

from corpus.pieces import FileError

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
TEXT_SUFFIXES = (".txt", ".md", ".docx", ".doc", ".rtf", ".odt", ".pdf", ".html", ".htm", *PICTURES)
TABLE_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv")

MAX_BYTES = 40 * 2**20
MAX_UNZIPPED = 400 * 2**20
MAX_XML = 100 * 2**20  # XML grows some tenfold in memory, pictures don't
MAX_RATIO = 200  # real workbooks pack about 1:20

_NAMES = {
    "pdf": "PDF", "zip": "tệp nén", "broken": "tệp nén", "ole": "tệp Office kiểu cũ",
    "rtf": "RTF", "image": "tệp ảnh",
    "word": "Word", "excel": "Excel", "text": "chữ thường",
    "noise": "dữ liệu lạ",
}  # fmt: skip
_WANTED = {
    ".pdf": {"pdf"}, ".docx": {"word"}, ".xlsx": {"excel"}, ".xlsm": {"excel"}, ".xls": {"ole"},
    ".doc": {"ole", "rtf"}, ".rtf": {"rtf"}, ".odt": {"zip"},
    **{suffix: {"image"} for suffix in PICTURES},
}  # fmt: skip
_SUFFIX_OF = {"pdf": ".pdf", "word": ".docx", "excel": ".xlsx", "rtf": ".rtf"}
_OLD = {".ods": "Mở và lưu thành .xlsx."}


def checked(path: Path, known: bool) -> bytes:
    """The bytes of a file whose size and kind are what its name promises."""
    suffix = path.suffix.lower()
    if not known:
        supported = " ".join(TEXT_SUFFIXES + TABLE_SUFFIXES)
        raise FileError(
            path, f"Chưa đọc được tệp dạng {suffix or 'không có đuôi'}.",
            _OLD.get(suffix, f"Chuyển sang một trong các dạng {supported}."),
        )  # fmt: skip
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileError(
            path, f"Tệp quá lớn: {size / 2**20:.0f} MB, tối đa {MAX_BYTES // 2**20} MB.",
            "Tách thành nhiều tệp nhỏ hơn.",
        )  # fmt: skip
    data = path.read_bytes()
    if not data.strip(b"\x00 \t\r\n"):
        raise FileError(path, "Tệp trống.", "Chép lại tệp từ bản gốc.")
    found, wanted = _kind(path, data), _WANTED.get(suffix, {"text", "noise"})
    if found == "ole":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileError(path, "Tệp có mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại.")
        if found not in wanted:
            raise FileError(
                path, f"Tệp Office kiểu cũ mang đuôi {suffix}.",
                "Đổi đuôi tệp thành .doc hoặc .xls cho đúng loại, hoặc lưu lại bằng Office.",
            )  # fmt: skip
    if found == "broken":
        message = "Tệp bị cắt cụt, thiếu phần cuối."
        raise FileError(path, message, "Chép hoặc tải lại tệp từ bản gốc.")
    if found not in wanted:  # UTF-16 is full of zeros, so a text may look like noise
        remedy = "Kiểm tra lại tệp, hoặc xuất lại từ phần mềm gốc."
        if found in _SUFFIX_OF:
            remedy = f"Đổi đuôi tệp thành {_SUFFIX_OF[found]}."
        raise FileError(path, f"Tệp mang đuôi {suffix} nhưng thật ra là {_NAMES[found]}.", remedy)
    return data


def _kind(path: Path, data: bytes) -> str:
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "image"
    if head.startswith(b"PK\x03\x04"):
        if not zipfile.is_zipfile(io.BytesIO(data)):
            return "broken"
        names = _safe_names(path, data)
        if "word/document.xml" in names:
            return "word"
        return "excel" if any(name.startswith("xl/") for name in names) else "zip"
    return "noise" if b"\x00" in head else "text"


def _safe_names(path: Path, data: bytes) -> set[str]:
    """The names in an archive that is safe to unpack: of bounded size, whole, without a DTD.

    The sizes an archive states are binding: zipfile never unpacks more of a member than its stated
    size. A DTD, which Office never writes, is how entities are multiplied.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        total = sum(m.file_size for m in members)
        xml = [m for m in members if m.filename.lower().endswith((".xml", ".rels", ".vml"))]
        if (
            total > MAX_UNZIPPED
            or sum(m.file_size for m in xml) > MAX_XML
            or (total > 20 * 2**20 and total > MAX_RATIO * len(data))
        ):
            raise FileError(
                path, f"Tệp nén bung ra quá lớn ({total / 2**20:.0f} MB), có thể là tệp phá hoại.",
                "Xóa tệp này, hoặc lưu lại từ phần mềm gốc và bỏ phần thừa.",
            )  # fmt: skip
        for member in xml:
            if member.flag_bits & 1:
                raise FileError(path, "Tệp có mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại.")
            part = archive.read(member)
            if b"<!DOCTYPE" in part or "<!DOCTYPE".encode("utf-16-le") in part[:2000]:
                raise FileError(
                    path, "Tệp có phần khai báo DTD lạ, không an toàn.",
                    "Mở bằng phần mềm gốc và lưu lại.",
                )  # fmt: skip
        return {m.filename for m in members}
