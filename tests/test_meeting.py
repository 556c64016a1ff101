"""Meeting reports invented here, one way of writing at a time; then the known ones in ../shared."""

import datetime
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reading import tallies
from corpus.meeting import Report, read_meeting
from corpus.records import Place, Status

SHARED = Path(__file__).parents[2] / "shared"
TITLE = "Khối thi đua số 3 tỉnh Lam Giang tổng kết năm 2022"
PROPOSED, APPROVED, DECIDED = Status.PROPOSED, Status.APPROVED, Status.DECIDED

MINUTES = """UBND TỈNH LAM GIANG
KHỐI THI ĐUA SỐ 3
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 05/BB-KTĐ
Lam Giang, ngày 15 tháng 01 năm 2024
BIÊN BẢN
Hội nghị tổng kết công tác thi đua, khen thưởng năm 2023 của Khối thi đua số 3 tỉnh Lam Giang
Thời gian: từ 8 giờ ngày 09 tháng 01 năm 2024. Địa điểm: tại hội trường Hội Luật gia tỉnh.
I. Thành phần
1. Chủ trì: Ông Bùi Văn Nam - Chủ tịch Hội Luật gia tỉnh, Trưởng Khối thi đua năm 2023.
2. Các đơn vị trong Khối gồm:
- Hội Luật gia tỉnh;
- Hội Nhà báo tỉnh (Phó Khối);
- Hội Bảo trợ người tàn tật và trẻ mồ côi tỉnh;
- Sở Lao động, Thương binh và Xã hội.
II. Kết quả bỏ phiếu suy tôn
Đơn vị | Hình thức | Trạng thái
Hội Nhà báo tỉnh | Cờ thi đua của UBND tỉnh | đề nghị
Hội Luật gia tỉnh | Bằng khen của Chủ tịch UBND tỉnh | đề nghị
III. Nhân sự năm 2024
Hội nghị bầu Hội Nhà báo tỉnh làm Trưởng Khối, Hội Luật gia tỉnh làm Phó Trưởng Khối.
Toàn cảnh Hội nghị
"""

NEWS = """Lang Biên: Khối Kinh tế khép lại năm thi đua 2023

Sở Tài chính là chủ nhà của hội nghị do Khối thi đua Kinh tế tỉnh Lang Biên tổ chức chiều 19/12.

Khối hiện có mười hai đơn vị. Năm nay Sở Tài chính làm Trưởng Khối, Cục Thuế tỉnh và Kho bạc Nhà \
nước tỉnh cùng làm Phó Trưởng Khối.

Khối bỏ phiếu: Sở Công Thương được đề nghị tặng Cờ thi đua của Chính phủ; hai đơn vị được đề nghị \
tặng Cờ thi đua của UBND tỉnh là Cục Hải quan tỉnh và Sở Xây dựng; bốn đơn vị nhận đề nghị \
Bằng khen của Chủ tịch UBND tỉnh nhưng bản tin không nêu tên.

Vai trò Trưởng Khối năm 2024 chuyển sang cho Cục Thuế tỉnh. Nơi họp không được ghi lại.
"""


def report(body: str, title: str = TITLE, path: str = "meetings/bien-ban.txt") -> Report:
    return read_meeting([title, *body.split("\n")], path)


def facts(read: Report) -> dict[str, str]:
    return {fact.name: fact.value for fact in read.meeting.facts}


def awards(read: Report) -> set[tuple[Status, str, str, int]]:
    return {(a.status, a.recipient, a.title, a.count) for a in read.awards}


def test_minutes_with_a_letterhead() -> None:
    read = read_meeting(MINUTES.split("\n"), "meetings/bien-ban.txt")
    assert read.meeting.title.startswith("BIÊN BẢN Hội nghị tổng kết")
    assert read.meeting.title.endswith("Khối thi đua số 3 tỉnh Lam Giang")
    assert (read.meeting.kind, read.meeting.year) == ("tổng kết", 2023)
    assert read.meeting.period == "cả năm"
    assert read.meeting.date == datetime.date(2024, 1, 9)  # held, not signed
    assert facts(read) == {
        "date": "2024-01-09",
        "place": "hội trường Hội Luật gia tỉnh",
        "block": "Khối thi đua số 3 tỉnh Lam Giang",
        "host": "Hội Luật gia tỉnh",
        "chair": "Chủ tịch Hội Luật gia tỉnh",
        "lead_unit": "Hội Luật gia tỉnh",
        "deputy_unit": "Hội Nhà báo tỉnh",
        "next_lead_unit": "Hội Nhà báo tỉnh",
        "next_deputy_unit": "Hội Luật gia tỉnh",
        "members": "Hội Luật gia tỉnh; Hội Nhà báo tỉnh; Hội Bảo trợ người tàn tật và trẻ mồ côi"
        " tỉnh; Sở Lao động, Thương binh và Xã hội",
    }
    assert awards(read) == {
        (PROPOSED, "Hội Nhà báo tỉnh", "Cờ thi đua của UBND tỉnh", 1),
        (PROPOSED, "Hội Luật gia tỉnh", "Bằng khen của Chủ tịch UBND tỉnh", 1),
    }


def test_a_piece_of_news() -> None:
    read = read_meeting(NEWS.split("\n"), "meetings/2023-12-19-khoi-kinh-te.txt")
    assert (read.meeting.kind, read.meeting.year) == ("tổng kết", 2023)
    assert facts(read) == {
        "date": "2023-12-19",
        "block": "Khối thi đua Kinh tế tỉnh Lang Biên",
        "host": "Sở Tài chính",
        "lead_unit": "Sở Tài chính",
        "deputy_unit": "Cục Thuế tỉnh; Kho bạc Nhà nước tỉnh",
        "next_lead_unit": "Cục Thuế tỉnh",
        "members": "12",
    }
    assert awards(read) == {
        (PROPOSED, "Sở Công Thương", "Cờ thi đua của Chính phủ", 1),
        (PROPOSED, "Cục Hải quan tỉnh", "Cờ thi đua của UBND tỉnh", 1),
        (PROPOSED, "Sở Xây dựng", "Cờ thi đua của UBND tỉnh", 1),
        (PROPOSED, "", "Bằng khen của Chủ tịch UBND tỉnh", 4),
    }
    assert {(a.year, a.level) for a in read.awards} == {(2023, "Nhà nước"), (2023, "Tỉnh")}


@pytest.mark.parametrize(
    ("body", "title", "file", "date", "inferred"),
    [
        ("Ngày 10/8/2023, Khối họp sơ kết.", "Sơ kết 2023", "a.txt", "2023-08-10", False),
        ("Sáng 11.7.2022, Khối họp.", "Sơ kết năm 2022", "a.txt", "2022-07-11", False),
        ("Buổi bình chọn chiều 26-11 tại xã.", "Bình xét năm 2025", "a.txt", "2025-11-26", True),
        ("Lễ ký ngày 07 tháng 02 năm 2018.", "Ký giao ước", "a.txt", "2018-02-07", False),
        ("Sáng nay (16/1), Khối họp tổng kết.", "Tổng kết năm 2023", "a.txt", "2024-01-16", True),
        # what is judged in January is the year before; a pledge in December is for the next
        ("Hội nghị tổ chức sáng 20/1.", "Tổng kết năm 2025", "a.txt", "2026-01-20", True),
        ("Hội nghị họp chiều 15/11.", "Tổng kết năm 2022", "a.txt", "2022-11-15", True),
        ("Lễ ký chiều 20/12.", "Ký giao ước thi đua năm 2025", "a.txt", "2024-12-20", True),
        # the file's own date decides
        ("Hội nghị họp ngày 3/2.", "Tổng kết", "2024-02-05-k.txt", "2024-02-03", True),
        ("Hội nghị họp ngày 30/12.", "Tổng kết", "2024-01-02-k.txt", "2023-12-30", True),
        ("Hội nghị họp ngày 9/1.", "Tổng kết", "2022-cum.txt", "2023-01-09", True),
        # other days
        ("Theo Quyết định số 12/QĐ-UBND ngày 27/3/2024, Khối họp tổng kết.", TITLE, "a.txt", "", 0),
        ("Hội nghị tổng kết dự kiến họp ngày 15/12/2023.", TITLE, "a.txt", "", 0),
        ("Hội nghị giao các đơn vị nộp hồ sơ trước ngày 20/11/2022.", TITLE, "a.txt", "", 0),
        ("Hội nghị có 6/6 đơn vị dự, 17/17 chủ tịch có mặt.", TITLE, "a.txt", "", 0),
        ("Ngày 19/5 vừa qua, Khối tổ chức giải chạy.", TITLE, "a.txt", "", 0),
    ],
)
def test_the_day(body: str, title: str, file: str, date: str, inferred: bool) -> None:
    fact = report(body, title, f"meetings/{file}").meeting.fact("date")
    assert (fact.value if fact else "") == date
    assert fact is None or (fact.inferred is inferred and fact.source.quote == body)


@pytest.mark.parametrize(
    ("title", "body", "kind", "year", "period"),
    [
        ("Khối 2 sơ kết nửa đầu năm 2020", "", "sơ kết", 2020, "6 tháng đầu năm"),
        ("Khối 2 sơ kết quý 3 năm 2021", "", "sơ kết", 2021, "quý III"),
        ("Khối 2 tổng kết năm 2023, ký giao ước năm 2024", "", "tổng kết", 2023, "cả năm"),
        (
            "Khối 2 bước vào năm thi đua 2017",
            "Buổi họp ký giao ước.",
            "ký giao ước",
            2017,
            "cả năm",
        ),
        ("Hội A chấm điểm, xếp loại năm 2018", "", "chấm điểm", 2018, "cả năm"),
        ("Hội đồng Thi đua - Khen thưởng tỉnh họp xét", "Họp.", "họp Hội đồng", None, "cả năm"),
        ("Khối 2 bình xét năm 2024", "", "bình xét", 2024, "cả năm"),
        (
            "Khối 2 bình xét năm 2024",
            "Khối họp cuối năm và bầu Hội A làm Trưởng Khối.",
            "tổng kết",
            2024,
            "cả năm",
        ),
        ("Khối 2 gặp mặt", "Các đơn vị trao đổi.", "", None, "cả năm"),
    ],
)
def test_kind_year_and_period(
    title: str, body: str, kind: str, year: int | None, period: str
) -> None:
    meeting = report(body, title).meeting
    assert (meeting.kind, meeting.year, meeting.period) == (kind, year, period)


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("<Khối thi đua các Hội, đoàn thể tỉnh A Lưới> sơ kết", ""),
        ("Lễ của <Khối thi đua MTTQ và các tổ chức chính trị - xã hội tỉnh Nam Hà> họp", ""),
        ("<Khối thi đua các trường đại học, cao đẳng tỉnh Nam Hà> ký giao ước", ""),
        ("<Khối thi đua các cơ quan tham mưu, giúp việc Tỉnh ủy> tổng kết năm 2022", ""),
        ("<Cụm thi đua số 10 các Văn phòng Đảng ủy phường> bình chọn", ""),
        ("<Hội Nông dân huyện Ba Tơ> chấm điểm các cụm", ""),
        ("SƠ KẾT KHỐI 5|<Khối thi đua số 5 tỉnh Nam Hà> họp.", ""),
        ("Khối 8 họp|Khối thi đua 8, gồm các hội, đã họp.", "Khối thi đua 8"),
        ("Khối Nội chính tỉnh Nam Hà họp", "Khối thi đua Nội chính tỉnh Nam Hà"),
        ("Khối thi đua tỉnh Nam Hà họp", "Khối thi đua tỉnh Nam Hà"),
        ("Nam Hà: Cụm thi đua số 2 họp|Tỉnh và tỉnh Nam Hà.", "Cụm thi đua số 2 tỉnh Nam Hà"),
        ("Cụm thi đua số 1, Hội Nông dân xã Ba Tơ", "Cụm thi đua số 1 Hội Nông dân xã Ba Tơ"),
    ],
)
def test_the_block(text: str, block: str) -> None:
    """The block is what stands between the angle brackets, or as given."""
    title, _, body = text.translate(str.maketrans("", "", "<>")).partition("|")
    assert facts(report(body, title))["block"] == (
        block or text[text.find("<") + 1 : text.find(">")]
    )


@pytest.mark.parametrize(
    ("body", "place", "host"),
    [
        (
            "Ngày 3/3/2022, tại Hội Nông dân tỉnh, Khối họp.",
            "Hội Nông dân tỉnh",
            "Hội Nông dân tỉnh",
        ),
        ("Hội nghị diễn ra tại trụ sở Sở Y tế.", "Sở Y tế", "Sở Y tế"),
        (
            "Buổi lễ được tổ chức trong hội trường của Công an tỉnh.",
            "hội trường của Công an tỉnh",
            "Công an tỉnh",
        ),
        ("Sở Y tế là nơi diễn ra lễ ký giao ước.", "Sở Y tế", "Sở Y tế"),
        ("Địa điểm: Phòng họp số 1, Sở Tư pháp.", "Phòng họp số 1, Sở Tư pháp", "Sở Tư pháp"),
        (
            "Hội nghị tổ chức tại Nhà văn hóa Lao động tỉnh, do Sở Y tế đăng cai.",
            "Nhà văn hóa Lao động tỉnh",
            "Sở Y tế",
        ),
        (
            "Hội nghị họp ở phường Bến Tre, Thành phố Hồ Chí Minh.",
            "phường Bến Tre, Thành phố Hồ Chí Minh",
            None,
        ),
        ("Hội nghị họp tại Hội trường Huyện ủy Tân Lạc.", "Hội trường Huyện ủy Tân Lạc", None),
        ("Hội nghị tổng kết dự kiến họp tại Sở Y tế.", None, None),
        ("Sau hội nghị, đại biểu đi thăm mô hình tại Hội Nông dân tỉnh.", None, None),
        ("Hội nghị nhất trí với kết quả tại Quyết định số 5.", None, None),
    ],
)
def test_place_and_host(body: str, place: str | None, host: str | None) -> None:
    read = facts(report(body))
    assert (read.get("place"), read.get("host")) == (place, host)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Trưởng khối là Hội Luật gia.", {"lead_unit": "Hội Luật gia"}),
        (
            "Cụm trưởng: Hội A Lưới. Cụm phó: Hội B Lao.",
            {"lead_unit": "Hội A Lưới", "deputy_unit": "Hội B Lao"},
        ),
        (
            "Báo cáo do Hội Nhà báo tỉnh, đơn vị Khối phó, trình bày.",
            {"deputy_unit": "Hội Nhà báo tỉnh"},
        ),
        (
            "Ông Trần Văn Minh - Phó Chủ tịch Hội Đông y tỉnh, Trưởng Khối khi đua năm 2022 nói.",
            {"lead_unit": "Hội Đông y tỉnh"},
        ),
        (
            "Chủ tịch Hội Nông dân tỉnh Nguyễn Văn Hùng, Trưởng Khối thi đua phát biểu.",
            {"lead_unit": "Hội Nông dân tỉnh"},
        ),
        (
            "Điều hành là Giám đốc Sở Y tế với tư cách Trưởng Khối.",
            {"lead_unit": "Sở Y tế"},
        ),
        (
            "Hội nghị thống nhất giao Sở Y tế làm Trưởng khối, Sở Nội vụ làm Phó khối năm 2023.",
            {"next_lead_unit": "Sở Y tế", "next_deputy_unit": "Sở Nội vụ"},
        ),
        (
            "Năm 2023, UBND huyện Ba Tơ đảm nhận Cụm trưởng, UBND huyện Trà Bồng đảm nhận Cụm phó.",
            {"next_lead_unit": "UBND huyện Ba Tơ", "next_deputy_unit": "UBND huyện Trà Bồng"},
        ),
        # no year: who is elected when a year is closed leads the next one
        (
            "Tại hội nghị tổng kết năm 2022, các đơn vị bầu Sở Y tế làm Trưởng khối.",
            {"next_lead_unit": "Sở Y tế"},
        ),
        (
            "Vai trò Khối trưởng năm 2023 được giao cho Sở Y tế; Khối phó là Sở Nội vụ.",
            {"next_lead_unit": "Sở Y tế", "next_deputy_unit": "Sở Nội vụ"},
        ),
        ("Sở Y tế là Trưởng khối năm 2020.", {}),  # neither this year nor the next
        ("Dự họp có đại diện Ban Thi đua - Khen thưởng tỉnh, đơn vị Trưởng Khối.", {}),
        ("Tham dự có lãnh đạo Sở Nội vụ, đơn vị Trưởng Khối, Phó Khối.", {}),
        ("Dự thảo do đơn vị Trưởng khối chuẩn bị được gửi các thành viên.", {}),
    ],
)
def test_who_leads(body: str, expected: dict[str, str]) -> None:
    read = facts(report(body))
    assert {name: v for name, v in read.items() if name.endswith(("lead_unit", "deputy_unit"))} == (
        expected
    )


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ("Tám đơn vị của Khối dự họp.", "8"),
        ("Khối hiện có 09 cơ quan.", "9"),
        ("Có mặt 9/10 đơn vị thành viên.", "10"),
        (
            "Khối gồm 3 đơn vị: Sở Y tế, Sở Kế hoạch và Đầu tư và Công an tỉnh.",
            "Sở Y tế; Sở Kế hoạch và Đầu tư; Công an tỉnh",
        ),
        (
            "Cụm có 3 thành viên, đều là Văn phòng các phường: Bến Cát, Tân Uyên, Phú An.",
            "Bến Cát; Tân Uyên; Phú An",
        ),
        (
            "Ngoài Sở Y tế, Khối còn có: Sở Nội vụ; Công an tỉnh; Tỉnh đoàn.",
            "Sở Y tế; Sở Nội vụ; Công an tỉnh; Tỉnh đoàn",
        ),
        (
            "Cụm trưởng: Hội A. Cụm phó: Hội B. Thành viên: Hội C, Hội D.",
            "Hội A; Hội B; Hội C; Hội D",
        ),
        (
            "Khối có 03 đơn vị. Có mặt: Sở Y tế, Sở Nội vụ, Tỉnh đoàn.",
            "Sở Y tế; Sở Nội vụ; Tỉnh đoàn",
        ),
        ("Có mặt: Sở Y tế, Sở Nội vụ, Tỉnh đoàn.", None),  # guests, as far as we know
        ("Khối gồm các hội cấp tỉnh.", None),
        ("Ba đơn vị còn lại của Khối gửi báo cáo.", None),
    ],
)
def test_members(body: str, members: str | None) -> None:
    assert facts(report(body)).get("members") == members


@pytest.mark.parametrize(
    ("body", "chair"),
    [
        ("Bà Lê Thị Hoa, Chủ tịch Hội A Lưới chủ trì hội nghị.", "Chủ tịch Hội A Lưới"),
        (
            "Chủ tịch Hội Luật gia và Chủ tịch Hội Nhà báo cùng chủ trì.",
            "Chủ tịch Hội Luật gia; Chủ tịch Hội Nhà báo",
        ),
        (
            "Hội nghị do Giám đốc Sở Y tế - đơn vị Trưởng Khối - chủ trì.",
            "Giám đốc Sở Y tế",
        ),
        ("Phiên họp diễn ra dưới sự chủ trì của Chủ tịch UBND huyện.", "Chủ tịch UBND huyện"),
        ("Hội nghị do đồng chí Trần Văn Minh chủ trì.", "đồng chí Trần Văn Minh"),
        ("Phát biểu mở đầu là Chủ tịch Hội Luật gia.", None),
    ],
)
def test_the_chair(body: str, chair: str | None) -> None:
    assert facts(report(body)).get("chair") == chair


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Đề nghị tặng Cờ thi đua của UBND tỉnh cho Sở Y tế (8/8 phiếu), Tỉnh đoàn (7/8 phiếu).",
            {
                (PROPOSED, "Sở Y tế", "Cờ thi đua của UBND tỉnh", 1),
                (PROPOSED, "Tỉnh đoàn", "Cờ thi đua của UBND tỉnh", 1),
            },
        ),
        (
            "Khối suy tôn Sở Y tế là đơn vị dẫn đầu, đề nghị UBND tỉnh tặng Cờ thi đua; Tỉnh đoàn"
            " được đề nghị Chủ tịch UBND tỉnh tặng Bằng khen.",
            {
                (PROPOSED, "Sở Y tế", "Cờ thi đua của UBND tỉnh", 1),
                (PROPOSED, "Tỉnh đoàn", "Bằng khen của Chủ tịch UBND tỉnh", 1),
            },
        ),
        (
            "Khối đề nghị UBND tỉnh tặng Cờ thi đua cho huyện Ba Tơ;"
            " tặng Bằng khen cho xã Trà Phú.",
            {
                (PROPOSED, "huyện Ba Tơ", "Cờ thi đua của UBND tỉnh", 1),
                (PROPOSED, "xã Trà Phú", "Bằng khen của UBND tỉnh", 1),
            },
        ),
        (
            "Danh sách đề nghị:\n+ Cờ thi đua của Chính phủ: Sở Y tế\n- Tỉnh đoàn: Bằng khen",
            {
                (PROPOSED, "Sở Y tế", "Cờ thi đua của Chính phủ", 1),
                (PROPOSED, "Tỉnh đoàn", "Bằng khen", 1),
            },
        ),
        (
            "Các đơn vị đạt danh hiệu thi đua xuất sắc\n"
            "Vùng biển là Bến Cát, Tân Uyên, Phú An. Kết quả được gửi đi.",
            {
                (DECIDED, name, "Đơn vị thi đua xuất sắc", 1)
                for name in ("Bến Cát", "Tân Uyên", "Phú An")
            },
        ),
        (
            "Ủy ban MTTQ huyện | Hình thức đề nghị (cấp tặng: Ủy ban MTTQ tỉnh)\nBa Tơ | Bằng khen",
            {(PROPOSED, "Ủy ban MTTQ huyện Ba Tơ", "Bằng khen của Ủy ban MTTQ tỉnh", 1)},
        ),
        (
            "Toàn Khối bỏ phiếu nhất trí tặng Cờ thi đua cho Sở Y tế.",
            {(APPROVED, "Sở Y tế", "Cờ thi đua", 1)},
        ),
        (
            "Sở Y tế được UBND tỉnh tặng Cờ thi đua năm 2019.",
            {(DECIDED, "Sở Y tế", "Cờ thi đua của UBND tỉnh", 1)},
        ),
        (
            "UBND tỉnh trao Bằng khen cho ba cơ quan tiêu biểu: Sở Y tế, Tỉnh đoàn, Sở Nội vụ.",
            {
                (DECIDED, name, "Bằng khen của UBND tỉnh", 1)
                for name in ("Sở Y tế", "Tỉnh đoàn", "Sở Nội vụ")
            },
        ),
        (
            "Có 4 tập thể, 12 cá nhân được tặng Bằng khen của Bộ Y tế.",
            {(DECIDED, "", "Bằng khen của Bộ Y tế", n) for n in (4, 12)},
        ),
        # who proposes does not receive; wishes and rules are not awards
        ("Sở Y tế đề nghị UBND tỉnh tặng Cờ thi đua.", set()),
        ("Các đơn vị đăng ký phấn đấu đạt Cờ thi đua của UBND tỉnh.", set()),
        ("Mỗi Khối được đề nghị 01 Cờ thi đua của Chính phủ, 02 Bằng khen của UBND tỉnh.", set()),
        ("Sở Y tế và Tỉnh đoàn được đề nghị tặng Cờ thi đua, Bằng khen.", set()),  # who gets which?
    ],
)
def test_awards(body: str, expected: set[tuple[Status, str, str, int]]) -> None:
    read = report(body)
    assert awards(read) == expected
    assert all(award.source.quote in body for award in read.awards)


def test_a_council_approves_fewer_than_were_proposed() -> None:
    read = report(
        "Ban Thi đua - Khen thưởng trình 30 tập thể đề nghị tặng Cờ thi đua của UBND tỉnh.\n"
        "Hội đồng chỉ đồng ý đề nghị Cờ thi đua của UBND tỉnh cho 25 đơn vị. Riêng Cờ thi đua của "
        "Chính phủ giữ nguyên 05 đơn vị.",
        "Hội đồng Thi đua - Khen thưởng tỉnh Nam Hà họp xét cờ năm 2019",
    )
    assert awards(read) == {
        (PROPOSED, "", "Cờ thi đua của UBND tỉnh", 30),
        (APPROVED, "", "Cờ thi đua của UBND tỉnh", 25),
        (APPROVED, "", "Cờ thi đua của Chính phủ", 5),
    }


def test_a_decision_and_a_person() -> None:
    (award,) = report(
        "Ông Phan Văn Tài, Phó Chủ tịch Hội Nông dân tỉnh, được Chủ tịch UBND tỉnh tặng Bằng khen "
        "theo Quyết định số 3456/QĐ-UBND ngày 10/12/2022."
    ).awards
    assert (award.person, award.unit) == ("Phan Văn Tài", "Hội Nông dân tỉnh")
    assert (award.status, award.title) == (DECIDED, "Bằng khen của Chủ tịch UBND tỉnh")
    assert award.decision == "3456/QĐ-UBND"
    assert award.decided_on == datetime.date(2022, 12, 10)
    assert award.year is None  # the day of signing is not the year of merit


@pytest.mark.parametrize(
    "sentence",
    [
        "Tin không nói rõ tỉnh nào, họp ở đâu.",
        "Hiện chưa rõ đơn vị nào nhận vai trò Trưởng Cụm năm 2023.",
        "Hội nghị chưa bầu được Hội Luật gia tỉnh hay Hội Nhà báo tỉnh làm Trưởng Khối năm 2023.",
        "Việc bầu Trưởng Khối năm 2023 đã xong nhưng bản tin không nêu tên đơn vị trúng cử.",
        "Bản tin không ghi ngày 12/12/2022 hay ngày khác là ngày họp.",
        "Hội nghị không họp tại Sở Y tế như mọi năm.",
        "Sở Y tế không được đề nghị tặng Cờ thi đua của UBND tỉnh.",
        "Hội nghị chưa xét Bằng khen của UBND tỉnh cho Sở Y tế.",
        "Biên bản không nêu Chủ tịch Hội Luật gia hay ai khác chủ trì.",
        "Bản tin không ghi Khối có 9 đơn vị hay bao nhiêu.",
    ],
)
def test_what_is_said_to_be_unknown_is_absent(sentence: str) -> None:
    read = report(sentence)
    assert facts(read).keys() <= {"block"}
    assert not read.awards


def test_what_follows_a_denial_is_still_read() -> None:
    read = facts(
        report("Khối thi đua số 3 (bản tin không ghi tên tỉnh) họp sáng 5/12 tại Sở Y tế.")
    )
    assert (read["date"], read["place"]) == ("2022-12-05", "Sở Y tế")


def test_titles() -> None:
    def title(*lines: str) -> str:
        return read_meeting(
            [*lines, "Hội nghị đã diễn ra tốt đẹp."], "meetings/x.txt"
        ).meeting.title

    assert title("HỘI NGHỊ SƠ KẾT", "NĂM 2023") == "HỘI NGHỊ SƠ KẾT NĂM 2023"
    assert title("(Dữ liệu mẫu)", "Tổng kết năm 2023") == "Tổng kết năm 2023"
    assert title("# Tổng kết năm 2023", "(Bản tin)") == "Tổng kết năm 2023"
    assert title("Số: 12/BC-KTĐ", "BÁO CÁO", "Tổng kết năm 2023") == "BÁO CÁO Tổng kết năm 2023"
    assert read_meeting([], "meetings/2020-x.txt").meeting.title == "2020-x"


def test_paragraphs() -> None:
    read = read_meeting(
        ["Tổng kết", "", "I. Kết quả", "Con số:", "+ một;", "+ hai.", "Toàn cảnh Hội nghị", "Hết."],
        "meetings/x.txt",
        [1, 1, 1, 1, 1, 2, 2, 2],
    )
    assert [p.text for p in read.passages] == [
        "Tổng kết",
        "I. Kết quả\nCon số:\n+ một;\n+ hai.",
        "Toàn cảnh Hội nghị",
        "Hết.",
    ]
    assert [p.place for p in read.passages] == [Place(paragraph=n) for n in (1, 2, 3, 4)]
    assert [p.headings for p in read.passages] == [(), *[("Tổng kết", "I. Kết quả")] * 3]
    assert [p.page for p in read.passages] == [1, 1, 2, 2]


_LINES = sorted({line for text in (MINUTES, NEWS) for line in text.split("\n") if line})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_LINES) | st.text(max_size=60), max_size=25))
def test_every_letter_comes_back_and_every_quote_stands(lines: list[str]) -> None:
    lines = [line for text in lines for line in text.splitlines()]
    read = read_meeting(lines, "meetings/2020-01-02-x.txt")
    assert "".join(" ".join(p.text for p in read.passages).split()) == "".join(
        " ".join(lines).split()
    )
    passages = {str(p.place): p.text for p in read.passages}
    for source in (f.source for f in (*read.meeting.facts, *read.awards)):
        assert source.quote
        assert source.quote in passages[source.place]


def test_ten_pages_are_read_in_a_tenth_of_a_second() -> None:
    lines = (MINUTES + NEWS).split("\n") * 10  # about 25,000 characters
    read_meeting(lines, "meetings/x.txt")

    def seconds() -> float:
        start = time.process_time()
        read_meeting(lines, "meetings/x.txt")
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.1


@pytest.mark.parametrize(
    "unit",
    [
        "Hội A, ",
        "A và B; ",
        "không nêu, ",
        "1/1/2020 ",
        "một đơn vị ",
        "Ủy ban - ",
        "đề nghị tặng Cờ thi đua của ",
        "do chủ trì ",
        "(",
    ],
)
def test_no_line_takes_long(unit: str) -> None:
    lines = [unit * (length // len(unit)) + "Bằng khen" for length in (3_900, 3_900, 400_000)]
    start = time.process_time()
    read_meeting([TITLE, *lines], "meetings/x.txt")
    assert time.process_time() - start < 1


@pytest.mark.skipif(not (SHARED / "facts" / "meetings.jsonl").exists(), reason="no ../shared")
def test_known_reports() -> None:
    for field, tally in tallies(SHARED).items():
        assert tally.precision >= 0.97, (field, tally.wrong)
        assert tally.recall >= 0.90, (field, tally.wrong)


def test_hours_are_no_days_and_a_shouted_block_is_spoken():
    lines = ["BIÊN BẢN XÉT THI ĐUA NĂM 2031 CỤM THI ĐUA SỐ 5 CÁC XÃ, PHƯỜNG TỈNH AN HẢI",
             "Thời gian: 14 giờ 30, ngày 05/12/2031.", "Đại biểu của tỉnh An Hải cùng dự."]  # fmt: skip
    meeting = read_meeting(lines, "meetings/a.txt").meeting
    assert meeting.date == datetime.date(2031, 12, 5)
    assert meeting.fact("block").value == "Cụm thi đua số 5 các xã, phường tỉnh An Hải"


@pytest.mark.parametrize(
    "line",
    [
        "Có ý kiến đề nghị tặng Bằng khen cho Sở Y tế nhưng Khối không nhất trí.",
        "Hồ sơ đề nghị tặng Bằng khen cho Sở Y tế không đủ số phiếu.",
        "Dự kiến đề nghị tặng Cờ thi đua cho 01 đơn vị.",
    ],
)
def test_what_was_refused_or_is_only_planned_is_no_proposal(line):
    assert (
        read_meeting(["Tổng kết năm 2031 Khối thi đua các Sở", line], "meetings/a.txt").awards == ()
    )


def test_units_keep_their_number_and_decisions_their_day():
    lines = ["Tổng kết năm 2031 Cụm thi đua các trường",
             "Đề nghị tặng Cờ thi đua cho: Trường Tiểu học Tân An 2, Trường Tiểu học Tân Lập.",
             "Sở Y tế được UBND tỉnh tặng Bằng khen theo Quyết định số 8/QĐ-UBND ngày 05 tháng 01 năm 2032."]  # fmt: skip
    one, two, three = read_meeting(lines, "meetings/a.txt").awards
    assert (one.recipient, two.recipient) == ("Trường Tiểu học Tân An 2", "Trường Tiểu học Tân Lập")
    assert (three.decided_on, three.year) == (datetime.date(2032, 1, 5), None)


def test_who_is_named_in_the_next_clause_is_proposed_too():
    line = "Suy tôn Sở Y tế đề nghị tặng Cờ thi đua; Sở Nội vụ, Sở Tư pháp đề nghị UBND tỉnh tặng Bằng khen."
    awards = read_meeting(["Tổng kết năm 2031 Khối thi đua các Sở", line], "meetings/a.txt").awards
    assert [a.recipient for a in awards] == ["Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"]
