"""The words of the field: abbreviations, titles, levels, provinces. Data only."""

import re

from corpus import Record

# As cadres write them → in full. A key is matched whole, in capitals or not, with or without accents.
ABBREVIATIONS = {
    "TĐKT": "thi đua, khen thưởng",
    "TĐ-KT": "thi đua, khen thưởng",
    "HĐTĐKT": "Hội đồng Thi đua - Khen thưởng",
    "CSTĐTQ": "chiến sĩ thi đua toàn quốc",
    "CSTĐCS": "chiến sĩ thi đua cơ sở",
    "CSTĐ": "chiến sĩ thi đua",
    "CSTT": "chiến sĩ tiên tiến",
    "LĐTT": "lao động tiên tiến",
    "TTLĐXS": "tập thể lao động xuất sắc",
    "TTLĐTT": "tập thể lao động tiên tiến",
    "TTXS": "tập thể lao động xuất sắc",
    "LĐXS": "lao động xuất sắc",
    "HTXSNV": "hoàn thành xuất sắc nhiệm vụ",
    "HTTNV": "hoàn thành tốt nhiệm vụ",
    "HTNV": "hoàn thành nhiệm vụ",
    "HCLĐ": "huân chương lao động",
    "BK": "bằng khen",
    "GK": "giấy khen",
    "KNC": "kỷ niệm chương",
    "SK": "sáng kiến",
    "UBND": "Ủy ban nhân dân",
    "UB": "Ủy ban",
    "HĐND": "Hội đồng nhân dân",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "MTTQ": "Mặt trận Tổ quốc",
    "LĐLĐ": "Liên đoàn Lao động",
    "LHPN": "Liên hiệp Phụ nữ",
    "HLHPN": "Hội Liên hiệp Phụ nữ",
    "CCB": "Cựu chiến binh",
    "HND": "Hội Nông dân",
    "HNB": "Hội Nhà báo",
    "LHH": "Liên hiệp các Hội",
    "KHKT": "Khoa học và Kỹ thuật",
    "KH&ĐT": "Kế hoạch và Đầu tư",
    "KHĐT": "Kế hoạch và Đầu tư",
    "LĐTBXH": "Lao động - Thương binh và Xã hội",
    "LĐ-TB&XH": "Lao động - Thương binh và Xã hội",
    "VHXH": "Văn hóa - Xã hội",
    "TTg": "Thủ tướng Chính phủ",
    "TTCP": "Thủ tướng Chính phủ",
    "CTUBND": "Chủ tịch Ủy ban nhân dân",
    "NĐ": "nghị định",
    "QĐ": "quyết định",
    "HĐ": "Hội đồng",
    "đv": "đơn vị",
}

# The same, where only those who ask write so and no text does.
TYPED_ABBREVIATIONS = {
    "TĐ": "thi đua",
    "CTĐ": "cờ thi đua",
    "CTĐCP": "cờ thi đua của Chính phủ",
    "BKTTg": "bằng khen của Thủ tướng Chính phủ",
    "BKTTCP": "bằng khen của Thủ tướng Chính phủ",
    "DHTĐ": "danh hiệu thi đua",
    "HCĐL": "huân chương độc lập",
    "HCQC": "huân chương quân công",
    "HCCC": "huân chương chiến công",
    "HCBVTQ": "huân chương bảo vệ tổ quốc",
    "HCĐĐK": "huân chương đại đoàn kết dân tộc",
    "HCCSVV": "huy chương chiến sĩ vẻ vang",
    "LCS": "lương cơ sở",
    "MLCS": "mức lương cơ sở",
    "HTKT": "hình thức khen thưởng",
    "PTTĐ": "phong trào thi đua",
    "HĐSK": "Hội đồng sáng kiến",
    "SKKN": "sáng kiến kinh nghiệm",
    "BTĐKT": "Ban Thi đua - Khen thưởng",
    "ĐVQT": "đơn vị quyết thắng",
    "ĐVTT": "đơn vị tiên tiến",
    "GĐVH": "gia đình văn hóa",
    "AHLĐ": "Anh hùng Lao động",
    "AHLLVT": "Anh hùng Lực lượng vũ trang nhân dân",
    "AHLLVTND": "Anh hùng Lực lượng vũ trang nhân dân",
    "LLVT": "lực lượng vũ trang",
    "NGND": "Nhà giáo nhân dân",
    "NGƯT": "Nhà giáo ưu tú",
    "TTND": "Thầy thuốc nhân dân",
    "TTƯT": "Thầy thuốc ưu tú",
    "NSND": "Nghệ sĩ nhân dân",
    "NSƯT": "Nghệ sĩ ưu tú",
    "NNND": "Nghệ nhân nhân dân",
    "NNƯT": "Nghệ nhân ưu tú",
    "HCTĐ": "Hội Chữ thập đỏ",
    "ĐTN": "Đoàn Thanh niên",
    "CBCCVC": "cán bộ, công chức, viên chức",
    "CBCC": "cán bộ, công chức",
    "CCVC": "công chức, viên chức",
    "NLĐ": "người lao động",
    "CTN": "Chủ tịch nước",
    "TW": "Trung ương",
    "BNV": "Bộ Nội vụ",
}

# Letters that stand for several things, decided by what stands beside them. Patterns over the text as
# typed, in any case, with accents or without.
BESIDE_ABBREVIATIONS = (
    (r"(?:(?<=l[đd] )|(?<=lao [đd][oộ]ng )|(?<=chi[eế]n c[oô]ng )|(?<=qu[aâ]n c[oô]ng )|(?<=[đd][oộ]c l[aậ]p ))h[aạ]ng (?:1|i|nh[aấ]t)", "hạng Nhất"),
    (r"(?:(?<=l[đd] )|(?<=lao [đd][oộ]ng )|(?<=chi[eế]n c[oô]ng )|(?<=qu[aâ]n c[oô]ng )|(?<=[đd][oộ]c l[aậ]p ))h[aạ]ng (?:2|ii|nh[iì])", "hạng Nhì"),
    (r"(?:(?<=l[đd] )|(?<=lao [đd][oộ]ng )|(?<=chi[eế]n c[oô]ng )|(?<=qu[aâ]n c[oô]ng )|(?<=[đd][oộ]c l[aậ]p ))h[aạ]ng (?:3|iii|ba)", "hạng Ba"),
    (r"t[đd]\s*(?:,|&|-|–|/|và|va|\s)\s*kt", "thi đua, khen thưởng"),
    (r"(?<=h[oộ]i )ct[đd]", "Chữ thập đỏ"),
    (r"tt(?=\s+(?:l[đd](?:xs|tt)|lao [đd][oộ]ng))", "tập thể"),
    (r"tt(?=\s*(?:s[oố]\s*)?\d)", "thông tư"),
    (r"tt(?=\s+(?:cp|ch[ií]nh ph[uủ]|t[aặ]ng|k[yýíi]|quy[eế]t [đd][iị]nh)(?!\w))", "Thủ tướng"),
    (r"(?<=bk )tt|(?<=khen )tt|(?<=khen c[uủ]a )tt|(?<=bk c[uủ]a )tt", "Thủ tướng"),
    (r"(?<=t[uư][oớ]ng )cp|(?<=c[oờ] )cp|(?<=[đd]ua )cp|(?<=c[uủ]a )cp|(?<=ct[đd] )cp", "Chính phủ"),
    (r"(?<=cst[đd] )cs|(?<=[đd]ua )cs", "cơ sở"),
    (r"(?<=cst[đd] )tq|(?<=[đd]ua )tq", "toàn quốc"),
    (r"pct(?=\s+(?:ubnd|h[đd]nd|n[uư][oớ]c|x[aã]|ph[uư][oờ]ng|t[iỉ]nh|huy[eệ]n|h[oộ]i))", "Phó Chủ tịch"),
    (r"ct(?=\s+(?:ubnd|h[đd]nd|n[uư][oớ]c|x[aã]|ph[uư][oờ]ng|t[iỉ]nh|huy[eệ]n|h[oộ]i))", "Chủ tịch"),
    (r"cb\s*[,&-]?\s*cc\s*[,&-]?\s*vc", "cán bộ, công chức, viên chức"),
    (r"cc\s*[,&-]\s*vc|(?<=c[aá]n b[oộ], )cc,? vc", "công chức, viên chức"),
    (r"cb\s*[,&-]\s*cc", "cán bộ, công chức"),
    (r"hc(?=\s+(?:h[aạ]ng|l[đd]|lao [đd][oộ]ng|[đd][oộ]c l[aậ]p|qu[aâ]n c[oô]ng|chi[eế]n c[oô]ng|[đd][aạ]i [đd]o[aà]n|sao v[aà]ng|h[oồ] ch[ií]|h[uữ]u ngh[iị]|d[uũ]ng c[aả]m|b[aả]o v[eệ]))", "huân chương"),
    (r"(?<=h[oộ]i [đd][oồ]ng )sk|(?<=h[đd] )sk|sk(?=\s+(?:c[aấ]p|[đd][uư][oợ]c|kinh nghi[eệ]m|l[aà])(?!\w))", "sáng kiến"),
)  # fmt: skip

# Money that is no reward, where no reward is named beside it.
OTHER_MONEY = (
    r"^(?!.*(?:tien|duoc|muc|chi|kem) thuong|.*\bthuong (?:bao|may))"
    r".*\b(?:tro cap|phu cap|dong gop|ung ho|hien (?:dat|tien|tang|may|bao)|quyen gop|tai tro|le phi|thu lao|boi duong|cong tac phi|thue thu nhap|(?:tinh|dong|nop|khai|chiu) thue|luong huu|bao hiem)\b"
)

# What cadres say (a pattern over folded text) → what the texts say, unless the question also matches
# the third. Only what the field truly means.
SYNONYMS = (
    (r"may (?:tien|dong)\b|bao nhieu (?:tien|dong)\b|tien thuong|muc thuong|thuong (?:duoc )?(?:may|bao nhieu|bn)|may muc|duoc thuong bao",
     ("mức tiền thưởng", "được thưởng", "mức lương cơ sở"),
     r"do ai|\bai (?:quy|dinh)|nguon|(?:don vi|co quan|noi) nao", OTHER_MONEY),
    (r"(?:nguon|don vi|co quan|noi|quy) nao .*(?:chi|tra)\b.*thuong|tien thuong .*(?:o dau|tu dau|nguon nao)",
     ("trách nhiệm chi tiền thưởng từ quỹ thi đua, khen thưởng",)),
    (r"(?:lay|tu) (?:nguon|dau) .*quy|quy thi dua.*(?:tu dau|nguon nao|lay)", ("quỹ thi đua, khen thưởng được hình thành từ",)),
    (r"dot xuat.*(?:ho so|thu tuc|quy trinh|lam (?:sao|the nao|kieu))|(?:ho so|thu tuc|quy trinh).*dot xuat",
     ("khen thưởng theo thủ tục đơn giản",)),
    (r"danh hieu.*(?:bang khen|giay khen|huan chuong|hinh thuc khen)|(?:bang khen|giay khen|huan chuong).*danh hieu",
     ("vừa được tặng danh hiệu thi đua vừa được quyết định hình thức khen thưởng",)),
    (r"\bvua\b.*\bvua\b.*cung nam|cung nam.*nhieu danh hieu|nhieu danh hieu|hai danh hieu",
     ("cùng thời gian được tính để đạt các danh hiệu thi đua", "đạt nhiều danh hiệu thi đua",
      "được nhận tiền thưởng danh hiệu thi đua cao nhất")),
    (r"phan tram phieu|ty le phieu|bao nhieu phieu|may phan tram phieu",
     ("tỷ lệ phiếu đồng ý", "tổng số thành viên của Hội đồng")),
    (r"chu tich (?:uy ban nhan dan )?(?:cap )?(?:xa|phuong|dac khu)", ("Chủ tịch Ủy ban nhân dân cấp xã",)),
    (r"chu tich (?:uy ban nhan dan )?(?:cap )?(?:tinh|thanh pho)", ("Chủ tịch Ủy ban nhân dân cấp tỉnh",)),
    (r"co thi dua (?:(?:cap|cua|ubnd|chu tich|uy ban nhan dan) )*tinh", ("cờ thi đua của bộ, ban, ngành, tỉnh",)),
    (r"bang khen (?:(?:cap|cua|ubnd|chu tich|uy ban nhan dan) )*(?:tinh|thanh pho)|bang khen (?:cap |cua )?bo\b", ("Bằng khen của bộ, ban, ngành, tỉnh",)),
    (r"chien si thi dua (?:(?:cap|cua|ubnd|chu tich|uy ban nhan dan) )*tinh", ("chiến sĩ thi đua bộ, ban, ngành, tỉnh",)),
    (r"han cuoi|han nop|thoi han nop|(?:bao gio|khi nao|luc nao|ngay nao) (?:thi |phai |can ){0,2}(?:nop|gui|trinh)", ("chậm nhất", "thời hạn", "thời điểm trình")),
    (r"dieu kien|tieu chi|can gi|can nhung gi", ("tiêu chuẩn",)),
    (r"giay to", ("hồ sơ",)),
    (r"nghi de|nghi sinh|thai san", ("nghỉ thai sản",)),
    (r"thay (?:the |cho )?(?:nhung )?(?:luat|van ban|nghi dinh|thong tu) nao|thay the", ("hết hiệu lực kể từ ngày",)),
    (r"het hieu luc|bao gio het|con hieu luc", ("hết hiệu lực kể từ ngày",)),
    (r"co hieu luc|ap dung tu|thi hanh tu", ("có hiệu lực thi hành từ ngày",)),
    (r"khai (?:man|khong|gian|sai)|bao cao sai|thanh tich (?:gia|ao|khong)", ("gian dối trong việc kê khai thành tích",)),
    (r"\btam (?:thoi )?(?:theo|ap dung|thuc hien)|chua (?:kip )?(?:co|ban hanh) .*(?:moi|thay)", ("tiếp tục thực hiện theo quy định", "tiếp tục áp dụng")),
    (r"ai thanh lap|do ai lap", ("quyết định thành lập", "người đứng đầu")),
    (r"ai (?:co quyen |duoc )?(?:tang|ky|quyet dinh|khen)", ("thẩm quyền quyết định tặng",)),
    (r"tham quyen", ("thẩm quyền quyết định",)),
    (r"rut (?:bang|danh hieu|co)|thu lai|tra lai tien|doi lai", ("thu hồi", "hủy bỏ quyết định tặng")),
    (r"lien hiep phu nu|nong dan tinh|cuu chien binh|lien doan lao dong|tinh doan|mat tran to quoc",
     ("tổ chức chính trị - xã hội",)),
    (r"cu qua|qua bao lau", ("trước thời hạn", "tính đến ngày")),
    (r"khong phai can bo|nguoi lao dong tu do|nong dan|hoi vien",
     ("công nhân, nông dân, người lao động không thuộc đối tượng",)),
    (r"cong khai danh sach|dang cong khai", ("công khai danh sách",)),
    (r"to cao|thanh tra|khieu nai", ("đơn thư khiếu nại, tố cáo", "chưa khen thưởng")),
)  # fmt: skip

PROVINCES = tuple(
    name.strip()
    for name in [
        "\n    An Giang",
        " Bà Rịa - Vũng Tàu",
        " Bắc Giang",
        " Bắc Kạn",
        " Bạc Liêu",
        " Bắc Ninh",
        " Bến Tre",
        " Bình Định",
        " Bình Dương",
        "\n    Bình Phước",
        " Bình Thuận",
        " Cà Mau",
        " Cần Thơ",
        " Cao Bằng",
        " Đà Nẵng",
        " Đắk Lắk",
        " Đắk Nông",
        " Điện Biên",
        " Đồng Nai",
        "\n    Đồng Tháp",
        " Gia Lai",
        " Hà Giang",
        " Hà Nam",
        " Hà Nội",
        " Hà Tĩnh",
        " Hải Dương",
        " Hải Phòng",
        " Hậu Giang",
        " Hòa Bình",
        "\n    Hưng Yên",
        " Khánh Hòa",
        " Kiên Giang",
        " Kon Tum",
        " Lai Châu",
        " Lâm Đồng",
        " Lạng Sơn",
        " Lào Cai",
        " Long An",
        " Nam Định",
        "\n    Nghệ An",
        " Ninh Bình",
        " Ninh Thuận",
        " Phú Thọ",
        " Phú Yên",
        " Quảng Bình",
        " Quảng Nam",
        " Quảng Ngãi",
        " Quảng Ninh",
        "\n    Quảng Trị",
        " Sóc Trăng",
        " Sơn La",
        " Tây Ninh",
        " Thái Bình",
        " Thái Nguyên",
        " Thanh Hóa",
        " Thừa Thiên Huế",
        " Huế",
        "\n    Tiền Giang",
        " TP.HCM",
        " Thành phố Hồ Chí Minh",
        " Trà Vinh",
        " Tuyên Quang",
        " Vĩnh Long",
        " Vĩnh Phúc",
        " Yên Bái\n    ",
    ]
)


class Title(Record):
    """A title or form of award as questions name it: a family, and the levels that tell kin apart."""

    family: str
    levels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title as one would say it: "chiến sĩ thi đua cơ sở"."""
        return " ".join((self.family, *self.levels))


# Longer names first: "tập thể lao động tiên tiến" is not "lao động tiên tiến".
FAMILIES = (
    "tập thể lao động xuất sắc", "tập thể lao động tiên tiến", "đơn vị quyết thắng", "đơn vị tiên tiến",
    "chiến sĩ thi đua", "chiến sĩ tiên tiến", "lao động tiên tiến", "cờ thi đua", "bằng khen",
    "giấy khen", "kỷ niệm chương", "huân chương lao động", "huân chương", "huy chương",
    "gia đình văn hóa", "cờ",
)  # fmt: skip
_AWARDS = ("bằng khen", "giấy khen", "kỷ niệm chương", "huân chương", "huy chương")


def kind_of(title: Title) -> str:
    """What the law calls titles of that kind: "danh hiệu thi đua", or "hình thức khen thưởng"."""
    return "hình thức khen thưởng" if title.family.startswith(_AWARDS) else "danh hiệu thi đua"


# A level in a question → what the title of a record may say instead. Compared folded.
LEVELS = {
    "chính phủ": ("chinh phu",),
    "thủ tướng": ("thu tuong",),
    "trung ương": ("trung uong",),
    "toàn quốc": ("toan quoc",),
    "cơ sở": ("co so",),
    "ủy ban mttq": ("uy ban mttq", "mat tran"),
    "tỉnh": ("tinh", "ubnd tinh", "chu tich ubnd tinh"),
    "ubnd": ("ubnd", "tinh"),
    "chủ tịch ubnd": ("ubnd", "tinh"),
    "ủy ban nhân dân": ("ubnd", "uy ban nhan dan"),
    "hạng nhất": ("hang nhat",),
    "hạng nhì": ("hang nhi",),
    "hạng ba": ("hang ba",),
}

# After a unit's short name these may follow; any other word means that another unit is meant
# ("Hội Nông dân" + "thị xã Điện Bàn"), and a unit is never guessed. With accents: "thì" may follow,
# "thị" may not.
FOLLOWERS = frozenset(
    """
    tỉnh được có bị đã đang sẽ tự so từ trong là thì các và với của cho về theo vào khi
    nào mấy bao ở tại do hay hoặc không thuộc khối đạt xếp đứng nhận chấm mất trừ tăng
    giảm thay đổi giữ bằng cờ tập giấy huân điểm hạng ai vì sao lý qua giai cả hiện trước
    đến nhiều ít cao thấp tổng sơ họp đề tiêu nhóm mục ra thế như gì còn thiếu để này dẫn vừa cũng chưa chênh lệch khác cách
    """.split()
)
AFTER_YEAR_WORD = re.compile(r"năm\s+(?:\d|nay|ngoái|trước|rồi|vừa|nào|đó|sau|qua|gần)")
ORGANISATION = re.compile(
    r"(?<!\w)(?<!cơ )(?:(?<!xã )hội(?! nghị| viên| đồng| trường| thảo| thi\b| ý| họp| nhập)|liên đoàn|liên hiệp|liên minh"
    r"|sở(?! hữu)|(?<!ủy )(?<!uỷ )ban(?! hành| đầu| nào| bố| giám| tặng| thi đua)|ủy ban(?! nhân dân (?:tỉnh|các|cấp|xã|huyện)\b)|mặt trận|tỉnh đoàn|huyện đoàn|thành đoàn"
    r"|chi cục|cục(?! bộ)|công an|tòa án|viện kiểm sát|trung tâm|trường(?! hợp| sa\b| sơn\b)|công ty|văn phòng|hiệp hội"
    r"|đoàn thanh niên|bệnh viện|ngân hàng|(?<!dân )(?<!quốc )(?<!biên )(?<!tiên )(?<!hải )(?<!đề )phòng(?! họp| chống| trào| ngừa| vệ)|hợp tác xã|htx|đảng ủy|đảng bộ"
    r"|chi bộ|thanh tra|kho bạc|bưu điện|học viện|bảo hiểm|trạm)(?!\w)"
)

# What a question is told with, and is not about: kin, small talk, what people do all day. A clause need
# not say it to answer.
EVERYDAY = frozenset(
    """
    bố mẹ ba má cha chú bác cô dì cậu mợ cháu thầy sếp họ nó tớ bạn nhà quê xóm làng dạ vâng thưa nha nhé hả à ơi đấy cơ
    chứ chớ hở luôn vừa mãi hoài cứ bèn chợt bỗng bảo kể chờ đợi nhờ giùm hộ thử định mong thích sợ lo bận rảnh đi đến
    về ngồi đứng chạy lấy đem mang cầm bỏ giữ nằm thấy nghe gặp bị dính vướng hợp chắc rõ nhanh chậm lâu gấp vội khó dễ
    to lớn bé hôm mai sáng chiều tối bữa hồi xưa xong tất cả thảy hết toàn bộ tổng cộng đếm liệt kê tên xếp trên dưới
    xuống lên nước giờ rồi hơn kém nhiều ít trở quá lắm thật hẳn bên phía chỗ nơi dành riêng thôi nhưng song dù tuy
    người ông bà đứa thằng vợ chồng con em chị út nay mới bây tụi bọn chúng nhóc già trẻ đẹp xấu vui buồn
    làm ăn tiếp cần nên đành phải chịu nổi được nào đâu sao thế gì mấy bao nhiêu ai kiểu loại thứ cái chiếc tấm cuốn
    từ theo luật mới cũ kèm cùng coi xem như là hỏi đáp trả lời giải thích tra cứu tìm hiểu biết nhớ quên nhầm lẫn băn khoăn thắc mắc
    """.split()
)

# What the laws of other fields are called after: "Luật Đất đai", "Luật phòng, chống tham nhũng".
_OTHER_LAWS = (
    "đất đai|nhà ở|nhà giáo|xây dựng|đầu tư(?: công)?|doanh nghiệp(?! được| có| tư| nhà)|lao động(?! tiên| xuất| hạng)|việc làm"
    "|bảo hiểm(?: xã hội| y tế)?|thuế(?: thu nhập cá nhân)?|hải quan|ngân sách(?: nhà nước)?|kế toán|kiểm toán|thống kê"
    "|giáo dục(?: đại học| nghề nghiệp)?|khám bệnh|dược|hôn nhân(?: và gia đình)?|dân sự|hình sự|tố tụng(?: hành chính| dân sự| hình sự)?"
    "|hành chính|thi hành án|tố cáo|khiếu nại|tiếp công dân|tiếp cận thông tin|thanh tra|phòng,? chống \\w+(?: \\w+)?|phòng cháy"
    "|phòng bệnh|tham nhũng|cán bộ,? công chức|công chức|viên chức|bầu cử|quốc phòng|quốc tịch|an ninh(?: mạng| quốc gia)?"
    "|công an nhân dân|nghĩa vụ quân sự|sĩ quan|dân quân tự vệ|cư trú|căn cước|hộ tịch|giao thông(?: đường bộ)?|đường bộ|đường sắt"
    "|hàng không|hàng hải|trật tự|thủy lợi|tài nguyên|khoáng sản|môi trường|lâm nghiệp|thủy sản|chăn nuôi|trồng trọt|thú y|đê điều"
    "|điện lực|điện ảnh|báo chí|xuất bản|di sản(?: văn hóa)?|du lịch|thể dục|thư viện|quảng cáo|sở hữu trí tuệ|khoa học|công nghệ"
    "|chuyển giao|chuyển đổi số|an toàn|viễn thông|bưu chính|giao dịch điện tử|dữ liệu|trẻ em|thanh niên(?! xung)|người cao tuổi"
    "|người khuyết tật|bình đẳng giới|mặt trận tổ quốc|công đoàn|hợp tác xã(?! được| có)|đấu thầu|đấu giá|giá|phí|công chứng|trợ giúp"
    "|hòa giải|hoà giải|phổ biến|ban hành văn bản|trưng cầu|ngân hàng|tín dụng|các tổ chức tín dụng|chứng khoán|kinh doanh|thương mại"
    "|cạnh tranh|phá sản|lưu trữ|bí mật|cơ yếu|biên giới|biên phòng|biển|cảnh sát|cảnh vệ|đặc xá|tạm giữ|giám định|lý lịch tư pháp"
    "|trách nhiệm bồi thường|nhập cảnh|xuất cảnh|quy hoạch|kiến trúc|thực hiện dân chủ|dân chủ|đường thủy|hóa chất|hoá chất"
    "|năng lượng|đo lường|chất lượng sản phẩm|thủ đô|tổ chức (?:chính|quốc|tòa|toà|viện)\\w*(?: \\w+)?|quản lý (?:thuế|nợ|ngoại)"
    "|bảo vệ (?:môi trường|bí mật|người tiêu|dữ liệu|trẻ em)"
)
OTHER_LAW = re.compile(
    rf"(?<!\w)(?<!kỷ )(?<!kỉ )(?<!pháp )(?<!quy )(?:bộ luật|luật)\s+(?:{_OTHER_LAWS})(?!\w)"
)

# The words that records are asked with. What a question says beyond them, and beyond what it
# names, must stand in the record that answers it.
RECORD_WORDS = frozenset(
    """
    điểm số thi đua chấm tự tổng cộng khối cụm hội đồng thẩm định xếp hạng thứ vị trí đứng đầu cuối dẫn bét
    tạm thời cao thấp nhất nhì ba bảng kết quả năm tháng quý kỳ đợt giai đoạn nhiệm kỳ tăng giảm lên xuống thay đổi
    biến động so sánh với hơn kém chênh lệch cách nhau nhiều ít trừ mất bị thưởng lý nguyên nhân lỗi vì sao
    tiêu chí chỉ nhóm mục nội dung phần thang tối đa chuẩn đạt nhận hưởng giành đơn vị cơ quan tổ chức ngành
    tỉnh thành phố toàn trung bình mức trên dưới lượng danh sách liệt kê kể tên thống kê chi tiết cụ thể
    riêng chung cuối cùng chính thức trước sau ngoái nay qua gần đây liền liên tiếp tục lần lượt từng mỗi
    một hai ba bốn năm sáu bảy tám chín mười cả toàn bộ tất những khen thưởng tặng trao danh hiệu hình thức
    thành tích quyết định ngày ban hành đề nghị đề xuất thông công nhận suy tôn cá nhân tập thể người đồng
    chí ông bà anh chị đơn hiện dữ liệu ghi nhận chưa kết giao ước bình xét
    diễn ra tổ chức được giờ nơi đâu địa điểm trưởng phó viên gồm báo cáo
    thời gian hôm bữa lúc dịp vừa rồi mới sắp tới kế tiếp bao giờ thuộc về giữ giúp giùm hộ tra cứu tìm hỏi
    thông tin bot ơi mình chú bác cô bạn vui lòng phiền luôn gấp quá lắm thật đó đi hả hở nè sếp dùm coi xem
    giữa theo kho chốt bình quân lần tiên việc khớp đúng sai cơ sở phương án gốc file tệp sheet
    đến sang từ top bottom tỷ lệ phần trăm đánh giá nhóm loại cấp trung ương bằng cờ huân chương giấy kỷ niệm chương đơn vị nào hủy huỷ thu hồi rút
    trường hợp lượt con số tên gọi cũ đổi thế nào ra sao làm đứng tên nêu cho biết nhau hơn khác giống cùng thời điểm
    """.split()
)

MEETING_WORDS = frozenset(
    "họp nghị cuộc buổi lễ sơ tổng ký kí chủ trì tọa bầu biên bản đăng cai bàn phát biểu kết luận thống dự".split()
)
