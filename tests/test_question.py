"""What a question asks, read from its words alone: no index, no model."""

import datetime

import pytest

from bot.question import Topic, understand
from bot.vocabulary import Title
from corpus import Document, Kind, Place, Scorer, Source, Status, Unit, fold

TODAY = datetime.date(2026, 11, 23)
_CELL = Source(file="units/a.csv")
UNITS = (
    Unit(
        name="Hội Nông dân tỉnh",
        aliases=("HND tỉnh", "HND", "Hội Nông dân", "Nông dân tỉnh"),
        source=_CELL,
    ),
    Unit(
        name="Hội Liên hiệp Phụ nữ tỉnh",
        aliases=("Hội LHPN tỉnh", "LHPN", "Hội Phụ nữ"),
        source=_CELL,
    ),
    Unit(name="Hội Cựu chiến binh tỉnh", aliases=("Hội CCB", "CCB"), source=_CELL),
    Unit(name="Tỉnh đoàn", aliases=("Đoàn Thanh niên tỉnh",), source=_CELL),
    Unit(name="Liên đoàn Lao động tỉnh", aliases=("LĐLĐ tỉnh", "LĐLĐ"), source=_CELL),
    Unit(name="Ủy ban MTTQ tỉnh", aliases=("MTTQ tỉnh", "Mặt trận tỉnh"), source=_CELL),
    Unit(name="Hội Khuyến học và Khuyến tài tỉnh", successor="Hội Khuyến học tỉnh", source=_CELL),
    Unit(name="Hội Khuyến học tỉnh", aliases=("Hội Khuyến học",), source=_CELL),
)


def _regulation(number: str, form: str, issued: datetime.date, **fields) -> Document:
    path = f"regulations/{number.replace('/', '-')}.txt"
    return Document(
        path=path,
        kind=Kind.REGULATION,
        title=form,
        number=number,
        form=form,
        issued=issued,
        **fields,
    )


DOCUMENTS = {
    d.number: d
    for d in (
        _regulation("06/2022/QH15", "Luật", datetime.date(2022, 6, 15)),
        _regulation(
            "15/2003/QH11", "Luật", datetime.date(2003, 11, 26), expires=datetime.date(2024, 1, 1)
        ),
        _regulation("98/2023/NĐ-CP", "Nghị định", datetime.date(2023, 12, 31)),
        _regulation(
            "152/2025/NĐ-CP",
            "Nghị định",
            datetime.date(2025, 6, 14),
            effective=datetime.date(2025, 7, 1),
        ),
    )
}


def read(text, *, accented="", previous=None, **known):
    return understand(
        text,
        accented=accented or text,
        units=UNITS,
        documents=DOCUMENTS,
        today=TODAY,
        previous=previous,
        **known,
    )


# Units


@pytest.mark.parametrize(
    "text, unit",
    [
        ("Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?", "Hội Nông dân tỉnh"),
        ("HND năm 2023 bao nhiêu điểm", "Hội Nông dân tỉnh"),
        ("hnd tỉnh được mấy điểm", "Hội Nông dân tỉnh"),
        ("HỘI NÔNG DÂN TỈNH NĂM 2023 BAO NHIÊU ĐIỂM", "Hội Nông dân tỉnh"),
        ("Nông dân tỉnh có bị trừ điểm không", "Hội Nông dân tỉnh"),
        ("Hội Phụ nữ bị trừ điểm gì", "Hội Liên hiệp Phụ nữ tỉnh"),
        ("Hội LHPN tỉnh xếp thứ mấy", "Hội Liên hiệp Phụ nữ tỉnh"),
        ("LĐLĐ được khen mấy lần", "Liên đoàn Lao động tỉnh"),
        ("điểm của ccb năm 2022", "Hội Cựu chiến binh tỉnh"),
        ("MTTQ tỉnh năm 2024 xếp thứ mấy", "Ủy ban MTTQ tỉnh"),
        ("Ủy ban Mặt trận Tổ quốc tỉnh năm 2024", "Ủy ban MTTQ tỉnh"),
        ("Hội Khuyến học và Khuyến tài tỉnh năm 2021", "Hội Khuyến học tỉnh"),
    ],
)
def test_a_unit_is_known_by_name_alias_and_abbreviation(text, unit):
    question = read(text)
    assert question.units == (unit,)
    assert question.strangers == ()


def test_a_unit_is_known_without_accents():
    # Without accents "thi" may be "thị", so only the full name is safe, and it is enough.
    assert read("hoi nong dan tinh nam 2023 duoc may diem").units == ("Hội Nông dân tỉnh",)


def test_two_small_letters_are_a_word_unless_they_can_be_no_other():
    assert "don vi nao" in read("đv nào đứng đầu").folded
    assert "sang kien" in read("SK cấp cơ sở").folded
    assert "sang kien" not in read("bài sk của tôi").folded


@pytest.mark.parametrize(
    "text, full",
    [
        ("TT 15/2023", "thông tư 15/2023"),
        ("tt lđxs", "tập thể lao động xuất sắc"),
        ("BK TT", "bằng khen Thủ tướng"),
        ("bk của tt chính phủ", "bằng khen của Thủ tướng chính phủ"),
        ("BKTTg", "bằng khen của Thủ tướng Chính phủ"),
        ("ctđcp", "cờ thi đua của Chính phủ"),
        ("Hội CTĐ tỉnh", "Hội Chữ thập đỏ tỉnh"),
        ("td kt, TĐ&KT", "thi đua, khen thưởng, thi đua, khen thưởng"),
        ("cstđ cs, CSTĐ-CS", "chiến sĩ thi đua cơ sở, chiến sĩ thi đua cơ sở"),
        ("L.Đ.T.T", "lao động tiên tiến"),
        ("LĐTT/CSTĐ", "lao động tiên tiến/chiến sĩ thi đua"),
        ("cb, cc, vc", "cán bộ, công chức, viên chức"),
        ("ct ubnd xã", "Chủ tịch Ủy ban nhân dân xã"),
        ("dhtđ, htkt", "danh hiệu thi đua, hình thức khen thưởng"),
        ("hội đồng sk", "hội đồng sáng kiến"),
    ],
)
def test_abbreviations_stand_for_what_is_beside_them(text, full):
    assert read(text).whole == full.lower()


@pytest.mark.parametrize(
    "text", ["TP.HCM", "tập thể tt", "268/QĐ-UBND", "VP TT", "hc của tôi", "ct này", "Ban TGTU-X"]
)
def test_letters_that_may_stand_for_anything_stay(text):
    assert read(text).whole == text.lower()


def test_units_stand_in_the_order_of_the_question():
    question = read("So sánh điểm Tỉnh đoàn, LĐLĐ tỉnh và HND năm 2022")
    assert question.units == ("Tỉnh đoàn", "Liên đoàn Lao động tỉnh", "Hội Nông dân tỉnh")


@pytest.mark.parametrize(
    "text, stranger",
    [
        ("Hội Nông dân thị xã Điện Bàn năm 2022 bao nhiêu điểm", "Hội Nông dân thị xã Điện Bàn"),
        ("Hội Nông dân Nam Trà My năm 2021 bao nhiêu điểm", "Hội Nông dân Nam Trà My"),
        ("Hội Nông dân Việt Nam năm 2023 bao nhiêu điểm", "Hội Nông dân Việt Nam"),
        ("HND huyện được mấy điểm", "Hội Nông dân huyện"),
        ("Hội Cựu chiến binh phường An Phú được mấy điểm", "Hội Cựu chiến binh phường An Phú"),
    ],
)
def test_a_unit_is_not_taken_where_its_name_goes_on(text, stranger):
    question = read(text)
    assert question.units == ()
    assert question.strangers == (stranger,)


@pytest.mark.parametrize(
    "text",
    [
        "Công an công tác liên tục 25 năm được tặng huy chương gì",
        "Giám đốc sở ký tặng danh hiệu cho phòng của mình được không",
        "Anh dân phòng cứu người thì được huân chương nào",
        "Đóng quân ở Trường Sa thì được huy chương gì",
        "Trung tâm em vừa được huân chương thì làm gì",
    ],
)
def test_an_organisation_without_a_name_is_no_stranger(text):
    assert read(text).strangers == ()


@pytest.mark.parametrize(
    "name",
    ["Hội Làm vườn", "hội làm vườn", "Hội Chưa Tên", "Sở Lao động", "sở lao động", "hội liên hiệp thanh niên"],
)  # fmt: skip
def test_the_name_of_a_stranger_may_begin_like_a_verb(name):
    assert name in read(f"{name} được bằng khen gì").strangers


@pytest.mark.parametrize(
    "text, asked",
    [
        ("Bằng khen tỉnh thưởng bao nhiêu tiền", True),
        ("Gia đình ủng hộ bao nhiêu tiền thì được bằng khen", False),
        ("Người có huân chương được trợ cấp bao nhiêu tiền", False),
        ("Tiền thưởng và phụ cấp là bao nhiêu tiền", True),
        ("Hiện nay lao động tiên tiến được bao nhiêu tiền", True),
    ],
)
def test_only_rewards_are_money_of_this_field(text, asked):
    assert (Topic.MONEY in read(text).topics) is asked


def test_the_same_unit_of_another_province_keeps_its_province():
    question = read("Hội Nông dân tỉnh Quảng Nam năm 2022 bao nhiêu điểm")
    assert question.provinces == ("Quảng Nam",)


@pytest.mark.parametrize(
    "text, stranger",
    [
        ("Hội Luật gia tỉnh năm 2023 được bao nhiêu điểm", "Hội Luật gia tỉnh"),
        ("Sở Nội vụ được khen gì", "Sở Nội vụ"),
        ("Chi cục Thuế xếp thứ mấy", "Chi cục Thuế"),
    ],
)
def test_an_organisation_that_no_record_knows_is_a_stranger(text, stranger):
    assert read(text).strangers == (stranger,)


@pytest.mark.parametrize(
    "text",
    [
        "Hội nghị tổng kết năm 2023 họp ở đâu",
        "Hội đồng thẩm định chấm bao nhiêu điểm",
        "hội viên được khen thế nào",
        "trường hợp nào chưa khen thưởng",
        "quyền sở hữu sáng kiến",
    ],
)
def test_words_that_only_look_like_an_organisation_are_no_stranger(text):
    assert read(text).strangers == ()


# Years and periods


@pytest.mark.parametrize(
    "text, years",
    [
        ("HND năm 2023 bao nhiêu điểm", (2023,)),
        ("HND năm 2024, 2022 bao nhiêu điểm", (2022, 2024)),
        ("từ năm 2021 sang 2022 tăng hay giảm", (2021, 2022)),
        ("2021-2024 thay đổi thế nào", (2021, 2022, 2023, 2024)),
        ("giai đoạn 2019 – 2021", (2019, 2020, 2021)),
        ("từ 2022 đến năm 2024", (2022, 2023, 2024)),
        ("từ năm 2024 đến nay", (2024, 2025, 2026)),
        ("từ 2021 đến nay", (2021, 2022, 2023, 2024, 2025, 2026)),
        ("năm ngoái bao nhiêu điểm", (2025,)),
        ("năm trước xếp thứ mấy", (2025,)),
        ("năm nay xếp thứ mấy", (2026,)),
        ("3 năm gần đây", (2023, 2024, 2025)),
        ("hai năm qua", (2024, 2025)),
        ("họp ngày 14/7/2022", (2022,)),
        ("tháng 8/2023", (2023,)),
        ("1901 đến 2024", (1901, 2024)),  # too long to be meant as a span
        ("bao nhiêu điểm", ()),
    ],
)
def test_years_are_read_as_they_are_said(text, years):
    assert read(text).years == years


@pytest.mark.parametrize(
    "text",
    [
        "Điều 24 Luật 2022",
        "Luật Thi đua, khen thưởng năm 2022 quy định gì",
        "Nghị định 98/2023/NĐ-CP quy định gì",
        "nghị định 98/2023",
        "mức 2.022 đồng",
        "số 2022/15",
    ],
)
def test_the_year_of_a_document_or_a_part_of_a_number_is_no_year(text):
    assert read(text).years == ()


@pytest.mark.parametrize(
    "text, period",
    [
        ("sơ kết 6 tháng đầu năm 2023", "6 tháng đầu năm"),
        ("so ket sau thang dau nam 2023", "6 tháng đầu năm"),
        ("nửa cuối năm 2023", "6 tháng cuối năm"),
        ("tổng kết năm 2023", ""),
    ],
)
def test_half_years_are_read(text, period):
    assert read(text).period == period


# Titles and statuses


@pytest.mark.parametrize(
    "text, titles",
    [
        ("cờ thi đua của Chính phủ năm 2023", [("cờ thi đua", ("chính phủ",))]),
        ("bằng khen của Thủ tướng", [("bằng khen", ("thủ tướng",))]),
        ("huân chương lao động hạng Ba", [("huân chương lao động", ("hạng ba",))]),
        ("chiến sĩ thi đua toàn quốc", [("chiến sĩ thi đua", ("toàn quốc",))]),
        ("CSTĐCS cần gì", [("chiến sĩ thi đua", ("cơ sở",))]),
        ("TTLĐXS và giấy khen", [("tập thể lao động xuất sắc", ()), ("giấy khen", ())]),
        ("tập thể lao động tiên tiến", [("tập thể lao động tiên tiến", ())]),
        ("lao động tiên tiến", [("lao động tiên tiến", ())]),
        ("ai được cờ năm 2022", [("cờ", ())]),
        ("tổ chức cơ sở của hội", []),
        ("cán bộ ở cơ sở", []),
    ],
)
def test_titles_are_read_with_their_levels_and_a_flag_is_not_a_base(text, titles):
    found = read(text).titles
    assert found == tuple(Title(family=family, levels=levels) for family, levels in titles)


def test_a_level_belongs_to_the_title_before_it():
    question = read("Bằng khen của Thủ tướng và cờ thi đua của tỉnh")
    assert [(t.family, t.levels) for t in question.titles] == [
        ("bằng khen", ("thủ tướng",)),
        ("cờ thi đua", ("tỉnh",)),
    ]


@pytest.mark.parametrize(
    "text, statuses",
    [
        ("đơn vị nào bị hủy bằng khen", (Status.CANCELLED,)),
        ("bị huỷ bằng khen", (Status.CANCELLED,)),
        ("được tặng huy chương gì", (Status.DECIDED,)),
        ("huy chương là gì", ()),
        ("khối đề nghị tặng cờ cho ai", (Status.PROPOSED,)),
        ("đã thông qua chưa", (Status.APPROVED,)),
        ("hội nghị họp ở đâu", ()),
    ],
)
def test_statuses_need_their_accents(text, statuses):
    assert read(text).statuses == statuses


def test_a_scorer_that_is_set_aside_is_not_asked_for():
    assert read("HND được bao nhiêu điểm (không phải tự chấm)?").scorers == ()
    assert read("HND tự chấm bao nhiêu điểm?").scorers == (Scorer.SELF,)
    assert read("khối chấm HND mấy điểm").scorers == (Scorer.BLOCK,)


# Documents and places


@pytest.mark.parametrize(
    "text, named",
    [
        ("Nghị định 152/2025/NĐ-CP quy định gì", ("152/2025/NĐ-CP",)),
        ("nghi dinh 152/2025/nd-cp quy dinh gi", ("152/2025/NĐ-CP",)),
        ("nghị định 98/2023 còn hiệu lực không", ("98/2023/NĐ-CP",)),
        ("NĐ 98/2023", ("98/2023/NĐ-CP",)),
        ("nghị định 152 hết hiệu lực khi nào", ("152/2025/NĐ-CP",)),
        ("nđ 152", ("152/2025/NĐ-CP",)),
        ("Điều 24 luật 2022", ("06/2022/QH15",)),
        ("luật thi đua khen thưởng năm 2003", ("15/2003/QH11",)),
        ("luật 6/2022", ("06/2022/QH15",)),
        ("luật cũ quy định gì", ()),  # which one, what answers now tells
        ("theo quy định", ()),
    ],
)
def test_a_held_document_is_known_by_number_and_by_its_short_names(text, named):
    question = read(text)
    assert question.documents == named
    assert question.unheld == ()


@pytest.mark.parametrize(
    "text, unheld",
    [
        ("Nghị định 65/2014/NĐ-CP", ("65/2014/NĐ-CP",)),
        ("nghị định 65/2014", ("nghi dinh:65/2014",)),
        ("nghị định 91 quy định gì", ("nghi dinh:91",)),
        ("Luật Đất đai quy định gì", ("luật đất đai",)),
        ("Bộ luật Hình sự", ("bộ luật hình sự",)),
        ("luật phòng, chống tham nhũng nói gì", ("luật phòng, chống tham nhũng",)),
        ("luật kể ra mấy loại giấy khen", ()),
        ("theo luật lao động tiên tiến cần gì", ()),
    ],
)
def test_a_document_that_is_not_held_is_kept_apart(text, unheld):
    question = read(text)
    assert question.documents == ()
    assert tuple(map(fold, question.unheld)) == tuple(map(fold, unheld))


@pytest.mark.parametrize(
    "text",
    [
        "người bị kỷ luật có được khen không",
        "kỷ luật đảng viên thì có được khen không",
        "vi phạm pháp luật hình sự có bị thu hồi không",
        "luật thi đua khen thưởng quy định gì",
        "luật sư được khen thưởng thế nào",
        "Hội Luật gia tỉnh",
        "theo luật này thì sao",
        "vi phạm pháp luật có bị thu hồi không",
        "chiến sĩ thi đua theo luật mới",
    ],
)
def test_words_with_luat_in_them_are_no_other_law(text):
    assert read(text).unheld == ()


@pytest.mark.parametrize(
    "text, place",
    [
        ("Điều 23", Place(article="23")),
        ("dieu 23 khoan 1", Place(article="23", clause="1")),
        ("khoản 1 Điều 27", Place(article="27", clause="1")),
        ("điểm c khoản 1 Điều 27", Place(article="27", clause="1", point="c")),
        ("điểm đ khoản 1 Điều 27", Place(article="27", clause="1", point="đ")),
        ("điểm d khoản 1 Điều 27", Place(article="27", clause="1", point="d")),
        ("d 27 k 1 diem c", Place(article="27", clause="1", point="c")),
        ("Điều 12a", Place(article="12a")),
        ("đ 23 k1", Place(article="23", clause="1")),
        ("d23k1", Place(article="23", clause="1")),
        ("đ.23 k.1", Place(article="23", clause="1")),
        ("điểm a k1 đ24b", Place(article="24b", clause="1", point="a")),
        ("HND năm 2023 được bao nhiêu điểm", Place()),
        ("khoản 1", Place()),
    ],
)
def test_a_place_is_read(text, place):
    assert read(text).place == place


def test_a_decision_is_read_by_its_number():
    assert read("quyết định số 1094/QĐ-TTg tặng cho ai").decision == "1094/QĐ-TTg"


@pytest.mark.parametrize(
    "text, top",
    [
        ("top 3 năm 2024", 3),
        ("ba đơn vị cao nhất năm 2023", 3),
        ("đơn vị nào đứng đầu", 1),
        ("đơn vị nào thấp nhất", -1),
        ("2 đơn vị đứng cuối", -2),
        ("xếp hạng năm 2023", 0),
    ],
)
def test_how_many_a_ranking_wants(text, top):
    assert read(text).top == top


def test_a_criterion_is_read_by_its_code():
    assert read("HND tiêu chí I.1 được mấy điểm").criterion == "I.1"
    assert read("nhóm IV của HND được mấy điểm").criterion == "IV"


def test_the_day_that_counts_is_the_askers_or_today():
    day = datetime.date(2024, 5, 1)
    assert read("Điều 23", as_of=day).as_of == day
    assert read("Điều 23", as_of=day).dated
    assert read("Điều 23").as_of == TODAY
    assert not read("Điều 23").dated


# Conversations


def test_a_follow_up_takes_what_it_leaves_out():
    before = read("Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?")
    year = read("còn năm 2022?", previous=before)
    assert (year.units, year.years) == (("Hội Nông dân tỉnh",), (2022,))
    assert Topic.POINTS in year.topics
    unit = read("còn Tỉnh đoàn?", previous=before)
    assert (unit.units, unit.years) == (("Tỉnh đoàn",), (2023,))


def test_a_follow_up_about_a_stranger_does_not_take_the_unit_before():
    before = read("Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?")
    question = read("còn Hội Luật gia tỉnh?", previous=before)
    assert question.units == ()
    assert question.strangers == ("Hội Luật gia tỉnh",)


def test_a_follow_up_may_exchange_one_word_of_the_question_before():
    before = read("Tiêu chuẩn tập thể lao động xuất sắc?")
    question = read("còn tiên tiến?", previous=before)
    assert question.titles == (Title(family="tập thể lao động tiên tiến"),)


def test_a_whole_question_takes_nothing_from_the_one_before():
    before = read("Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?")
    question = read("Đơn vị nào bị hủy bằng khen trong các năm vừa qua vậy?", previous=before)
    assert question.units == ()
    assert question.years == ()


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("Khối MTTQ Hòa Bình ký giao ước ngày nào?", ("Hòa Bình",)),
        ("Khối MTTQ Hoà Bình ký giao ước ngày nào?", ("Hòa Bình",)),
        ("khoi mttq hoa binh ky giao uoc ngay nao", ("Hòa Bình",)),
        ("Khối MTTQ bac ninh tổng kết ở đâu?", ("Bắc Ninh",)),
        ("Chiến sĩ gìn giữ hòa bình được tặng gì?", ()),
        ("Diễn biến buổi lễ phải ghi vào đâu?", ()),
        ("Cả mẫu ruộng hiến cho xã thì được khen gì?", ()),
    ],
)
def test_a_province_is_a_name_with_its_accents(text, provinces):
    assert read(text).provinces == provinces


@pytest.mark.parametrize(
    "text", ["Xét Huân chương Lao động hạng mấy?", "HCLĐ hạng mấy là cao nhất?"]
)
def test_a_medal_is_no_federation(text):
    assert read(text).units == ()
    assert read("Lao động xếp hạng mấy?").units == ("Liên đoàn Lao động tỉnh",)
