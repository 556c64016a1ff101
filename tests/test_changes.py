"""What a regulation does to others: read from its clauses, never from what they quote."""

import datetime

from corpus import Effect
from corpus.changes import read_changes
from corpus.regulation import read_regulation

_TEXT = """CHÍNH PHỦ
Số: 977/2026/NĐ-CP
Hà Nội, ngày 10 tháng 2 năm 2026
NGHỊ ĐỊNH
Sửa đổi, bổ sung một số điều của Nghị định số 998/2023/NĐ-CP về cờ và sổ
Căn cứ Luật Cờ và sổ ngày 15 tháng 6 năm 2022;
Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 998/2023/NĐ-CP
1. Sửa đổi, bổ sung khoản 2 Điều 7 như sau:
“2. Bãi bỏ Điều 9 của Nghị định số 901/2020/NĐ-CP.”
2. Sửa đổi điểm a và điểm c khoản 1, khoản 3 Điều 9.
3. Bổ sung Điều 9a vào sau Điều 9 như sau:
“Điều 9a. Sổ mới
Sổ có bìa xanh.”
4. Bãi bỏ khoản 4 Điều 20, Điều 22 đến Điều 24.
Điều 2. Bãi bỏ một số quy định
Bãi bỏ các quy định sau đây của Thông tư số 912/2019/TT-BNV:
a) Điều 4;
b) Khoản 2, khoản 3 Điều 6.
Điều 3. Bãi bỏ toàn bộ Thông tư số 908/2017/TT-BNV ngày 27 tháng 10 năm 2017.
Điều 4. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 4 năm 2026.
2. Khoản 4 Điều 1 Nghị định này có hiệu lực từ ngày 01 tháng 01 năm 2027.
3. Nghị định số 944/2018/NĐ-CP quy định chi tiết thi hành Luật số 906/2022/QH15 hết hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành.
Điều 5. Điều khoản chuyển tiếp
Hồ sơ đã gửi trước ngày Nghị định này có hiệu lực thì thực hiện theo Nghị định số 998/2023/NĐ-CP đến hết ngày 30 tháng 6 năm 2026.
"""


def test_each_part_is_told_with_the_clause_that_says_it():
    read = read_regulation(_TEXT.splitlines(), "x.txt")
    found = [
        (r.effect, r.target, [str(p) for p in r.places], str(r.place))
        for r in read_changes(read.document, read.passages)
    ]
    decree, circular = "998/2023/NĐ-CP", "912/2019/TT-BNV"
    ended = ["Điều 20 khoản 4", "Điều 22", "Điều 23", "Điều 24"]
    nine = ["Điều 9 khoản 1 điểm a", "Điều 9 khoản 1 điểm c", "Điều 9 khoản 3"]
    assert found == [
        (Effect.AMENDS, decree, ["Điều 7 khoản 2"], "Điều 1 khoản 1"),
        (Effect.AMENDS, decree, nine, "Điều 1 khoản 2"),
        (Effect.AMENDS, decree, ["Điều 9a"], "Điều 1 khoản 3"),
        (Effect.REPEALS, decree, ended, "Điều 1 khoản 4"),
        (Effect.REPEALS, circular, ["Điều 4"], "Điều 2 điểm a"),
        (Effect.REPEALS, circular, ["Điều 6 khoản 2", "Điều 6 khoản 3"], "Điều 2 điểm b"),
        (Effect.REPLACES, "908/2017/TT-BNV", [], "Điều 3"),
        (Effect.BEGINS, "977/2026/NĐ-CP", ["Điều 1 khoản 4"], "Điều 4 khoản 2"),
        (Effect.REPLACES, "944/2018/NĐ-CP", [], "Điều 4 khoản 3"),
        (Effect.KEEPS, decree, [], "Điều 5"),
    ]


def test_days_are_those_that_the_clauses_name():
    read = read_regulation(_TEXT.splitlines(), "x.txt")
    by_effect = {r.effect: r for r in read_changes(read.document, read.passages)}
    assert by_effect[Effect.AMENDS].since == datetime.date(2026, 4, 1)
    assert by_effect[Effect.BEGINS].since == datetime.date(2027, 1, 1)
    assert by_effect[Effect.KEEPS].until == datetime.date(2026, 6, 30)
