"""What reports call things: units, offices in them, persons, towns, roles in a block.

One small grammar in patterns. A word is matched at most one way, so no pattern can backtrack for long.
"""

import re

UPPER = "".join(c for c in map(chr, (*range(0x41, 0x1B1), *range(0x1EA0, 0x1EFA))) if c.isupper())
# Possessive: a word is matched whole or not at all.
WORD = r"[^\W\d_]++(?:/[^\W\d_]++)*+"
CAPITAL = rf"[{UPPER}][^\W_]*+"
AREA = (
    r"(?:tỉnh|thành phố|Thành phố|TP\.?|huyện|quận|thị xã|thị trấn|phường|(?<!tác )xã(?! hội)"
    r"|đặc khu)"
)
# "Chủ tịch Hội Nông dân tỉnh Nguyễn Văn Hùng": a person's name of three syllables is not a place's.
NAME = (
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ(?! Chí Minh)|Ngô|Dương|Lý|Đinh"
    r"|Trịnh"
    r"|Đoàn|Mai|Cao|Tạ|Lưu|Lương|Hà|Trương|Lâm|Tô|Tống|Đào|Vương|Thái|Chu|Nông|Triệu|Phùng|Lò"
    r"|Giàng)"
    rf" {CAPITAL}(?: {CAPITAL}){{1,2}}"
)
# A name of a place may not run into the role that follows it ("tỉnh Trưởng Khối").
PROPER = (
    rf"(?:(?!{NAME}){CAPITAL}"
    rf"(?: (?!(?:Trưởng|Phó|Khối|Cụm|Chủ|Hội|Sở|Liên|Ủy)\b){CAPITAL}){{0,3}})"
)
LEVEL = rf"(?: (?:cấp )?{AREA}(?: {PROPER})?)"
HEAD = (
    r"(?:(?:Liên|Tổng) (?:[Hh]iệp|[Đđ]oàn|[Mm]inh|[Hh]ội|[Cc]ông ty|[Cc]ục|[Ll]iên đoàn)"
    r"|Hội(?! (?i:nghị|trường|đồng|viên|thi|thảo|thao|diễn|ý|phí|đàm)\b)|Hiệp hội|Câu lạc bộ"
    r"|Mặt trận Tổ quốc|MTTQ|UBMTTQ|[ỦU][ỷy] ban|Uỷ ban|UBND|HĐND|Sở|Cục|Chi cục|Công an"
    r"|Ban Thi đua(?:,| [-–])? [Kk]hen thưởng|Ban(?! (?i:hành|đầu|tổ chức (?:hội|đại)|thường"
    r"|chấp hành|giám|lãnh đạo|chủ nhiệm)\b)"
    r"|Bộ(?! (?:phận|máy|tiêu|quy)\b)|T[òo][àa] án|Viện(?! trưởng)|Văn phòng|Thanh tra"
    r"|(?:Tỉnh|Thành|Huyện|Quận|Thị|Xã|Phường) (?:[Đđ]oàn|[ủỦ]y)|(?:Tỉnh|Thành|Huyện|Thị) [Hh]ội"
    r"|Đoàn (?:[Tt]hanh niên|[Ll]uật sư|TNCS|[Kk]hối|[Đđ]ại biểu)|Trường(?! hợp)|Đại học|Học viện"
    r"|Bệnh viện|Trung tâm|Quỹ|Ngân hàng|Kho bạc|Bảo hiểm|Đài|Báo(?! cáo)|Tạp chí|Kiểm toán"
    r"|Đảng (?:[ủỦ]y|[bB]ộ)|Phòng(?! (?:họp|chống|trào)\b)|Công đoàn|Công ty|Tập đoàn|Hợp tác xã"
    r"|Chi [Hh]ội|Bưu điện|Viễn thông|Điện lực|Thuế|Hải quan|Nhà hát|Thư viện|Bảo tàng"
    r"|Trung ương (?:Hội|Đoàn)|Trung ương)"
)
# Lower-case words that end a name in running text: nothing is called by them.
STOP = (
    r"(?:là|làm|giữ|được|đã|đang|sẽ|vừa|có|gồm|đăng|chủ (?:trì|động|tọa|yếu)|(?<!các )tổ chức|năm"
    r"|vào"
    r"|tại|ở|với|cùng|do|để|nhằm|theo|về|trong|ngoài|trên|từ(?! thiện)|khi|nếu|nhưng|song|còn|trình"
    r"|báo cáo|phát|tham (?:dự|gia|quan|luận)|dự|cử|bầu|chọn|đề (?:nghị|xuất|cử|ra)|nhận|đảm|tiếp"
    r"|thay"
    r"|đại diện|lãnh đạo|đạt|dẫn|xếp|đứng|chuyển|gửi|bàn|ký|kí|họp|cũng|đều|lần|ông|bà|cả|này|đó"
    r"|cho"
    r"|đồng (?:chí|chủ|ý|thời|điều)|đơn vị|mỗi|của|thuộc|như|nêu|nói|(?<!thôn )mới|nên|sang"
    r"|thống nhất"
    r"|suy tôn|nhất|chưa|không|thông (?:qua|báo)|triển khai|đóng góp|ủng hộ|vì|vinh dự|trao|tặng"
    r"|khen(?! thưởng)|điều hành|phụ trách|trưởng|phó|xin|đón|hay|hoặc|sau|trước|lên|đến|tới"
    r"|công bố"
    r"|công nhận|quyết (?:định|nghị)|giới thiệu|sơ kết|tổng kết|bình (?:xét|chọn|bầu)|chấm|rà|xét"
    r"|nhìn"
    r"|bước|khép|diễn|bỏ phiếu|biểu quyết|đánh giá|hoàn thành|thực hiện|phối hợp|nghe|xác định|mở"
    r"|thứ|hạng|bị|tự (?:chấm|đánh giá|nhận)|hội nghị|kết (?:thúc|quả|luận)|thảo|giao(?! thông| lưu)|quý|hiện|Trưởng|Phó|Khối|Cụm"
    r"|Chủ tịch"
    r"|Giám đốc)"
)
PART = (
    rf"(?!(?:{STOP}|{AREA})(?!\w))"
    rf"(?:(?<=THPT )|(?<=THCS )|(?<=học )|(?<=non )|(?!{NAME}(?!\w))){WORD}"
)
_UNNUMBERED = (
    rf"(?<![\w/]){HEAD}(?!\w)"
    rf"(?: - (?=[{UPPER}]){PART}| và HĐND(?!\w)| và (?!{HEAD}(?!\w)|các\b|một\b){PART}"
    # "Sở Lao động, Thương binh và Xã hội": a comma inside one name is followed by an "và".
    rf"|, (?=[{UPPER}])(?!{HEAD}(?!\w)){PART}(?: {PART}){{0,3}}"
    rf" và (?=[{UPPER}])(?!{HEAD}(?!\w)){PART}"
    rf"| (?!và\b|các đơn vị){PART}){{0,14}}{LEVEL}?"
)
# "Trường Tiểu học Vĩnh An 2": of some kinds there are several in one place. Points are no number.
_NUMBERED = (
    rf"(?<![\w/])(?:Trường|Bệnh viện|Trạm [Yy] tế|Chi [Hh]ội)(?!\w)(?: {PART}){{1,8}} (?:số )?\d{{1,2}}"
    r"(?![\d%]|[.,/]\d|\s+[^\W\d_])"
)
UNIT = rf"(?:{_NUMBERED}|{_UNNUMBERED})"
WHO = (
    rf"(?:{UNIT}|(?<![\w/])"
    rf"(?:[Tt]hành phố|[Hh]uyện|[Qq]uận|[Tt]hị (?:xã|trấn)|[Pp]hường|[Xx]ã(?! hội)|[Đđ]ặc khu)"
    rf" {PROPER})"
)
A_UNIT, A_UNIT_OR_TOWN = re.compile(UNIT), re.compile(WHO)
POST = (
    r"(?:(?:Phó |Quyền )?(?:Phó )?(?:Chủ tịch|Giám đốc|Tổng Giám đốc|Viện trưởng|Bí thư|Chánh án"
    r"|Cục trưởng|Chi cục trưởng|Chủ nhiệm|Tổng [Bb]iên tập|Hiệu trưởng|Chỉ huy trưởng"
    r"|Tổng Thư ký|Kiểm sát trưởng)(?: (?i:thường trực|kiêm \w+ \w+ \w+))?"
    r"|(?:Phó |Quyền )?(?:Phó )?(?:Trưởng|Chánh)(?= (?:[Bb]an|[Pp]hòng|Thanh tra|Văn phòng)\b)"
    r"(?: ban\b| phòng\b)?)"
)
BODY = (
    r"(?:(?:Ban )?(?:Thường trực|Thường vụ|Chấp hành|Lãnh đạo|Chủ nhiệm)"
    r"|[Tt]ập thể|[Đđ]ại diện|[Ll]ãnh đạo)"
)
OFFICE = rf"(?:{POST}|{BODY}) {UNIT}"
PERSON = (
    rf"(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Đđ]/c|[Tt]hầy|[Cc]ô|[Aa]nh|[Cc]hị)"
    rf"(?: (?:TS|ThS|PGS|GS|BS)\.?)* (?P<person>{CAPITAL}(?: {CAPITAL}){{1,4}})"
)
_BLOCK_WORD = r"(?:[Kk]hối|[Cc]ụm)"
ROLE = (
    rf"(?P<deputy>(?i:Phó (?:trưởng )?{_BLOCK_WORD}(?: trưởng)?|{_BLOCK_WORD} phó))"
    rf"|(?P<lead>(?i:Trưởng {_BLOCK_WORD}|{_BLOCK_WORD} trưởng))"
)
YEAR = r"(?:năm (?:thi đua |công tác |học (?:\d{4}\s*[-–]\s*)?)?(?P<year>(?:19|20)\d\d)\b)"
_DIGITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_TEENS = tuple(f"mười {word.replace('năm', 'lăm')}" for word in _DIGITS[:9])
_NUMBERS = {word: n for n, word in enumerate([*_DIGITS, *_TEENS, "hai mươi"], start=1)}
NUMBER = rf"(?:\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
MEMBER_NOUN = (
    r"(?:đơn vị|thành viên|cơ quan|tổ chức|tập thể|hội|Hội|sở|ban|ngành|huyện|xã|phường|chi hội"
    r"|doanh nghiệp|trường|cá nhân|trường hợp|cơ sở)"
)
LIST_LINK = re.compile(r"(?:\bgồm(?: có)?|\bcòn có|\blà|:)(?:\s*:)?\s+", re.I)
_ASIDE = re.compile(r"\s*\([^()]*\)")
BARE_NAME = re.compile(rf"{PROPER}(?: {CAPITAL})?")
_LISTED = re.compile(rf"{WHO}|{CAPITAL}(?: (?!và\b){PART}){{0,7}}{LEVEL}?")
_LIST_GAP = re.compile(r"\s*(?:[,;]\s*(?:và\s+)?|\bvà\s+)")


def number_of(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def names_in(text: str) -> list[str]:
    """Return the names when ``text`` is nothing but a list of units or of bare places, else []."""
    text = _ASIDE.sub("", text).strip().rstrip(".;, ")
    names, units, at = [], 0, 0
    while at < len(text):
        m = _LISTED.match(text, at)
        if m is None or not m[0]:
            return []
        names.append(m[0])
        units += bool(A_UNIT_OR_TOWN.match(m[0]))
        gap = _LIST_GAP.match(text, m.end())
        if gap is None and m.end() < len(text):
            return []
        at = gap.end() if gap else len(text)
    bare = len(names) >= 3 and all(BARE_NAME.fullmatch(n) for n in names)
    return names if bare or 2 * units > len(names) else []
