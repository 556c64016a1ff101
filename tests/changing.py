"""A library in which rules change: an imaginary province's decisions, all invented.

11/2015 gives way to 22/2021 on 01/7/2021; 33/2023 amends and repeals parts of it from 15/8/2023; 77/2025
amends it from 01/3/2025 and is only known to the register. The base salary changes on 01/7/2022.
"""

from pathlib import Path

_OLD = """ỦY BAN NHÂN DÂN
TỈNH AN HẢI
Số: 11/2015/QĐ-UBND
An Hải, ngày 10 tháng 02 năm 2015
QUYẾT ĐỊNH
Về việc quy định công tác thi đua, khen thưởng của tỉnh An Hải
Điều 1. Phạm vi điều chỉnh
Quyết định này quy định công tác thi đua, khen thưởng của tỉnh An Hải.
Điều 2. Tiêu chuẩn “Người tốt việc tốt”
Danh hiệu “Người tốt việc tốt” tặng cho cá nhân có ba việc làm tốt trong năm và được tổ dân phố giới thiệu.
Điều 3. Hồ sơ đề nghị khen thưởng
Hồ sơ đề nghị khen thưởng làm thành 03 bộ bản giấy.
Điều 4. Thời hạn nộp hồ sơ
Hồ sơ khen thưởng hằng năm nộp chậm nhất ngày 15 tháng 12.
Điều 5. Số phiếu đồng ý
Hội đồng đề nghị tặng cờ khi có từ 60% phiếu đồng ý trở lên.
Điều 6. Hiệu lực thi hành
Quyết định này có hiệu lực từ ngày 01 tháng 3 năm 2015.
"""
_NEW = """ỦY BAN NHÂN DÂN
TỈNH AN HẢI
Số: 22/2021/QĐ-UBND
An Hải, ngày 15 tháng 6 năm 2021
QUYẾT ĐỊNH
Về việc quy định công tác thi đua, khen thưởng của tỉnh An Hải
Điều 1. Phạm vi điều chỉnh
Quyết định này quy định công tác thi đua, khen thưởng của tỉnh An Hải.
Điều 2. Tiêu chuẩn “Người tốt việc tốt”
Danh hiệu “Người tốt việc tốt” tặng cho cá nhân có năm việc làm tốt trong năm và được nơi ở xác nhận.
Điều 3. Hồ sơ đề nghị khen thưởng
Hồ sơ đề nghị khen thưởng làm thành 01 bộ và gửi kèm bản điện tử.
Điều 4. Thời hạn nộp hồ sơ
1. Hồ sơ khen thưởng hằng năm nộp chậm nhất ngày 30 tháng 11.
2. Hồ sơ khen đột xuất nộp trong 05 ngày từ khi lập thành tích.
Điều 5. Số phiếu đồng ý
Hội đồng đề nghị tặng cờ khi có từ 75% phiếu đồng ý trở lên.
Điều 6. Khen thưởng chuyên đề
Mỗi chuyên đề được khen không quá 10 tập thể.
Điều 7. Bảng vàng của tỉnh
1. Tên người được khen ghi vào bảng vàng của tỉnh.
2. Bảng vàng đặt tại nhà truyền thống.
Điều 8. Hiệu lực thi hành
1. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2021.
2. Quyết định số 11/2015/QĐ-UBND hết hiệu lực kể từ ngày Quyết định này có hiệu lực.
Điều 9. Điều khoản chuyển tiếp
Hồ sơ đã gửi đến cơ quan thường trực Hội đồng trước ngày Quyết định này có hiệu lực thì xét theo Quyết định số 11/2015/QĐ-UBND.
"""
_AMENDING = """ỦY BAN NHÂN DÂN
TỈNH AN HẢI
Số: 33/2023/QĐ-UBND
An Hải, ngày 01 tháng 8 năm 2023
QUYẾT ĐỊNH
Sửa đổi, bổ sung một số điều của Quyết định số 22/2021/QĐ-UBND
Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 22/2021/QĐ-UBND
1. Sửa đổi, bổ sung khoản 1 Điều 4 như sau:
“1. Hồ sơ khen thưởng hằng năm nộp chậm nhất ngày 10 tháng 11.”
2. Bãi bỏ Điều 6 và khoản 2 Điều 7.
Điều 2. Hiệu lực thi hành
Quyết định này có hiệu lực từ ngày 15 tháng 8 năm 2023.
"""
_MONEY = """ỦY BAN NHÂN DÂN
TỈNH AN HẢI
Số: 44/2019/QĐ-UBND
An Hải, ngày 05 tháng 12 năm 2019
QUYẾT ĐỊNH
Về việc quy định mức tiền thưởng kèm theo danh hiệu, hình thức khen của tỉnh An Hải
Điều 1. Cách tính
1. Tiền thưởng tính theo mức lương cơ sở của ngày ký quyết định khen.
2. Số tiền được làm tròn lên đến hàng nghìn đồng.
Điều 2. Mức tiền thưởng
1. Đối với cá nhân:
a) “Người tốt việc tốt”: 0,45 lần mức lương cơ sở;
b) Bằng khen của Chủ tịch UBND tỉnh: 1,1 lần mức lương cơ sở;
c) Kỷ niệm chương của tỉnh: nhiều nhất 0,25 lần mức lương cơ sở.
2. Đối với tập thể:
a) “Tập thể gương mẫu”: 2,5 lần mức lương cơ sở;
b) Bằng khen của Chủ tịch UBND tỉnh: gấp ba lần mức của cá nhân quy định tại điểm b khoản 1 Điều này.
3. Hộ gia đình được thưởng bằng 1,5 lần mức tiền thưởng của cá nhân cho cùng hình thức khen.
Điều 3. Hiệu lực thi hành
Quyết định này có hiệu lực từ ngày 01 tháng 01 năm 2020.
"""
_WAGE = """CHÍNH PHỦ
Số: {number}/NĐ-CP
Hà Nội, ngày {signed}
NGHỊ ĐỊNH
Quy định mức lương cơ sở
Điều 1. Phạm vi điều chỉnh
Nghị định này quy định mức lương cơ sở dùng cho các phép thử.
Điều 2. Mức lương cơ sở
Mức lương cơ sở là {amount} đồng/tháng.
Điều 3. Hiệu lực thi hành
Nghị định này có hiệu lực từ ngày {since}.
{ends}"""
_TEXTS = {
    "quyet-dinh-11": _OLD,
    "quyet-dinh-22": _NEW,
    "quyet-dinh-33": _AMENDING,
    "quyet-dinh-44": _MONEY,
    "nghi-dinh-901": _WAGE.format(
        number="901/2019", signed="02 tháng 5 năm 2019", amount="1.111.000",
        since="01 tháng 7 năm 2019", ends="",
    ),
    "nghi-dinh-902": _WAGE.format(
        number="902/2022", signed="02 tháng 5 năm 2022", amount="1.333.000",
        since="01 tháng 7 năm 2022",
        ends="Nghị định số 901/2019/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực.\n",
    ),
}  # fmt: skip
_REGISTER = """so_hieu,ten,loai,co_quan,ngay_ban_hanh,ngay_hieu_luc,ngay_het_hieu_luc,thay_the_boi,sua_doi_boi,ghi_chu,muc_xac_minh
05/2010/QĐ-UBND,Quyết định về thi đua khen thưởng của tỉnh An Hải,Quyết định,UBND tỉnh An Hải,2010-04-01,2010-05-01,2015-03-01,11/2015/QĐ-UBND,,,nhớ lại
11/2015/QĐ-UBND,Quyết định về thi đua khen thưởng của tỉnh An Hải,Quyết định,UBND tỉnh An Hải,2015-02-10,2015-03-01,2021-07-01,22/2021/QĐ-UBND,,,đã đối chiếu
22/2021/QĐ-UBND,Quyết định về thi đua khen thưởng của tỉnh An Hải,Quyết định,UBND tỉnh An Hải,2021-06-15,2021-07-01,,,33/2023/QĐ-UBND;77/2025/QĐ-UBND,,đã đối chiếu
77/2025/QĐ-UBND,Quyết định sửa đổi Quyết định số 22/2021/QĐ-UBND,Quyết định,UBND tỉnh An Hải,2025-02-10,2025-03-01,,,,,nguồn thứ cấp
73/2024/NĐ-CP,Nghị định khác,Nghị định,Chính phủ,2024-06-30,2024-07-01,2026-07-01,,,,đã đối chiếu
"""


def write_library(folder: Path) -> Path:
    """Write the documents folder and return it."""
    texts = folder / "regulations"
    texts.mkdir(parents=True)
    for name, text in _TEXTS.items():
        (texts / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "register.csv").write_text(_REGISTER, encoding="utf-8")
    return folder
