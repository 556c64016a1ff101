"""The register: carried, overridden by an office's own, compared with what the texts say."""

import datetime
from pathlib import Path

from corpus import Document, Kind, Severity, Validity
from corpus.register import apply, read_register

HEADER = (
    "so_hieu,ten,loai,co_quan,ngay_ban_hanh,ngay_hieu_luc,ngay_het_hieu_luc,"
    "thay_the_boi,sua_doi_boi,ghi_chu,muc_xac_minh"
)
D = datetime.date


def own(folder: Path, *rows: str, header: str = HEADER) -> Path:
    (folder / "register.csv").write_text("\n".join([header, *rows]), encoding="utf-8-sig")
    return folder


def by_number(folder: Path) -> dict[str, Validity]:
    return {row.number: row for row in read_register(folder)[0]}


def text(number: str, **fields) -> Document:
    title = fields.pop("title", "Quy định")
    return Document(
        path=f"regulations/{number[:2]}.txt",
        kind=Kind.REGULATION,
        title=title,
        number=number,
        **fields,
    )


def test_the_carried_register_is_valid(tmp_path):
    rows, problems = read_register(tmp_path)
    assert problems == ()
    numbers = [row.number for row in rows]
    assert len(numbers) == len(set(numbers)) > 15
    for row in rows:
        assert row.title and row.form and row.issuer and row.checked
        if row.issued and row.effective:
            assert row.issued <= row.effective
        if row.effective and row.expires:
            assert row.effective < row.expires
        # A text that was replaced ended on some day, and the replacing text is in the register too.
        assert not row.replaced_by or row.expires
        assert set(row.replaced_by) <= set(numbers)


def test_the_carried_register_knows_the_statutes_of_the_field(tmp_path):
    rows = by_number(tmp_path)
    assert rows["15/2003/QH11"].expires == D(2024, 1, 1)
    assert rows["15/2003/QH11"].replaced_by == ("06/2022/QH15",)
    assert rows["06/2022/QH15"].amended_by == ("06/2026/QH16",)
    assert rows["06/2022/QH15"].expires is None
    assert rows["152/2025/NĐ-CP"].expires == D(2027, 3, 1)
    assert rows["161/2026/NĐ-CP"].effective == D(2026, 7, 1)
    assert rows["98/2023/NĐ-CP"].replaced_by == ("152/2025/NĐ-CP",)


def test_recollections_are_marked(tmp_path):
    assert "chưa kiểm chứng" in by_number(tmp_path)["73/2024/NĐ-CP"].checked
    row = by_number(own(tmp_path, "1/2020/QĐ-A,Tên,QĐ,Sở,2020-01-02 (nhớ lại),,,,,,đã đối chiếu"))
    assert row["1/2020/QĐ-A"].issued == D(2020, 1, 2)
    assert "chưa kiểm chứng" in row["1/2020/QĐ-A"].checked


def test_an_own_row_overrides_the_carried_one_and_others_stay(tmp_path):
    carried = by_number(tmp_path)
    rows = by_number(
        own(
            tmp_path,
            "161/2026/NĐ-CP,Tên khác,Nghị định,Chính phủ,,2026-08-01,,,,,tự xem",
            "9/2024/QĐ-A,Quy chế,Quyết định,Tỉnh,,2024-02-03,,,7/2025/QĐ-A; 8/2026/QĐ-A,,",
        )
    )
    assert rows["161/2026/NĐ-CP"].effective == D(2026, 8, 1)
    assert rows["161/2026/NĐ-CP"].title == "Tên khác"
    assert rows["9/2024/QĐ-A"].amended_by == ("7/2025/QĐ-A", "8/2026/QĐ-A")
    assert rows["06/2022/QH15"] == carried["06/2022/QH15"]
    assert len(rows) == len(carried) + 1


def test_an_amending_text_in_the_wrong_column_is_no_replacement(tmp_path):
    row = by_number(own(tmp_path, '5/2020/QĐ-A,T,QĐ,S,,,,"6/2021/QĐ-A (sửa đổi, bổ sung)",,,'))
    assert row["5/2020/QĐ-A"].replaced_by == ()
    assert row["5/2020/QĐ-A"].amended_by == ("6/2021/QĐ-A",)


def test_a_row_without_a_number_is_reported_and_the_others_count(tmp_path):
    own(tmp_path, ",Không số,QĐ,S,,,,,,,", "5/2020/QĐ-A,T,QĐ,S,,,,,,,", "6/2020/QĐ-A,ngắn")
    rows, problems = read_register(tmp_path)
    assert {"5/2020/QĐ-A", "6/2020/QĐ-A"} <= {row.number for row in rows}
    (problem,) = problems
    assert (problem.file, problem.place) == ("register.csv", "dòng 2")
    assert "số hiệu" in problem.message and problem.remedy


def test_a_date_that_is_none_is_reported_and_left_empty(tmp_path):
    own(tmp_path, "5/2020/QĐ-A,T,QĐ,S,2020-02-30,01/07/2020,2021-01-01,,,,")
    rows, problems = read_register(tmp_path)
    row = next(row for row in rows if row.number == "5/2020/QĐ-A")
    assert (row.issued, row.effective, row.expires) == (None, None, D(2021, 1, 1))
    assert [p.place for p in problems] == ["dòng 2", "dòng 2"]
    assert "2020-02-30" in problems[0].message and "01/07/2020" in problems[1].message
    assert {p.severity for p in problems} == {Severity.WARNING}


def test_a_missing_column_is_reported_and_the_carried_rows_stay(tmp_path):
    carried = read_register(tmp_path)[0]
    own(tmp_path, "5/2020/QĐ-A,T", header="so_hieu,ten")
    rows, (problem,) = read_register(tmp_path)
    assert rows == carried
    assert "ngay_hieu_luc" in problem.message and problem.remedy


def test_an_unreadable_register_is_reported_and_the_carried_rows_stay(tmp_path):
    carried = read_register(tmp_path)[0]
    for data in (b"\xff\xfe\x00so_hieu", b"", (HEADER + "\n" + "x" * 200_000).encode()):
        (tmp_path / "register.csv").write_bytes(data)
        rows, (problem,) = read_register(tmp_path)
        assert rows == carried
        assert problem.file == "register.csv" and problem.remedy


# Texts and register together


def test_the_register_completes_a_document():
    row = Validity(number="5/2020/QĐ-A", expires=D(2025, 1, 1), amended_by=("6/2021/QĐ-A",))
    row = row.model_copy(update={"title": "Tên đúng", "checked": "đã đối chiếu"})
    document = text("5/2020/QĐ-A", effective=D(2020, 3, 1), issuer="Sở")
    (done,), problems = apply([document], {}, [row])
    assert problems == ()
    assert (done.title, done.issuer, done.checked) == ("Tên đúng", "Sở", "đã đối chiếu")
    assert (done.effective, done.expires) == (D(2020, 3, 1), D(2025, 1, 1))
    assert done.amended_by == ("6/2021/QĐ-A",)


def test_a_text_outside_the_register_stays_as_read():
    document = text("5/2020/QĐ-A", effective=D(2020, 3, 1))
    assert apply([document], {}, [Validity(number="6/2020/QĐ-A")]) == ((document,), ())


def test_a_contradiction_is_reported_and_the_register_wins():
    row = Validity(number="5/2020/QĐ-A", issued=D(2020, 1, 1), effective=D(2020, 4, 1))
    document = text("5/2020/QĐ-A", issued=D(2020, 1, 1), effective=D(2020, 3, 1))
    (done,), (problem,) = apply([document], {}, [row])
    assert done.effective == D(2020, 4, 1)
    assert problem.severity is Severity.AUDIT and problem.file == document.path
    assert "hiệu lực 01/03/2020" in problem.message and "01/04/2020" in problem.message
    assert "5/2020/QĐ-A" in problem.remedy


def test_a_held_text_that_replaces_another_ends_it():
    old, new = text("5/2020/QĐ-A"), text("8/2024/QĐ-A", effective=D(2024, 5, 1))
    (ended, newer), problems = apply([old, new], {"8/2024/QĐ-A": ("5/2020/QĐ-A",)}, [])
    assert (ended.replaced_by, ended.expires) == (("8/2024/QĐ-A",), D(2024, 5, 1))
    assert (newer.replaced_by, newer.expires, problems) == ((), None, ())


def test_it_ends_on_the_day_that_the_register_says_of_the_newer_text():
    old, new = text("5/2020/QĐ-A"), text("8/2024/QĐ-A")
    rows = [Validity(number="8/2024/QĐ-A", effective=D(2024, 6, 1))]
    (ended, _), _ = apply([old, new], {"8/2024/QĐ-A": ("5/2020/QĐ-A",)}, rows)
    assert ended.expires == D(2024, 6, 1)


def test_what_the_register_says_of_an_end_stays():
    rows = [Validity(number="5/2020/QĐ-A", expires=D(2023, 1, 1), replaced_by=("7/2022/QĐ-A",))]
    newer = text("8/2024/QĐ-A", effective=D(2024, 5, 1))
    replaces = {"8/2024/QĐ-A": ("5/2020/QĐ-A",), "không có": ("8/2024/QĐ-A",)}
    (ended, stays), _ = apply([text("5/2020/QĐ-A"), newer], replaces, rows)
    assert (ended.replaced_by, ended.expires) == (("7/2022/QĐ-A",), D(2023, 1, 1))
    assert stays == newer


def test_a_replacement_that_register_and_text_tell_differently_is_reported_both_ways():
    old, newer = text("5/2020/QĐ-A"), text("8/2024/QĐ-A", effective=D(2024, 5, 1))
    rows = [
        Validity(number="5/2020/QĐ-A", replaced_by=("7/2022/QĐ-A",)),
        Validity(number="6/2020/QĐ-A", replaced_by=("8/2024/QĐ-A",)),
    ]
    _, problems = apply([old, newer], {"8/2024/QĐ-A": ("5/2020/QĐ-A",)}, rows)
    assert [(p.file, p.severity) for p in problems] == [(newer.path, Severity.AUDIT)] * 2
    assert "7/2022/QĐ-A" in problems[0].message and "6/2020/QĐ-A" in problems[1].message
    # A text that lists nothing may be an extract: no contradiction is made of that.
    assert apply([old, newer], {"8/2024/QĐ-A": ()}, rows)[1] == ()


def test_another_form_is_a_contradiction():
    document = text("5/2020/QĐ-A", form="Thông tư")
    (_,), problems = apply([document], {}, [Validity(number="5/2020/QĐ-A", form="Quyết định")])
    assert ["Thông tư" in p.message and "Quyết định" in p.message for p in problems] == [True]
    assert apply([document], {}, [Validity(number="5/2020/QĐ-A", form="Thông tư (trích)")])[1] == ()


def test_a_held_text_that_amends_another_is_named_unless_the_register_names_some():
    old, newer = text("5/2020/QĐ-A"), text("8/2024/QĐ-A")
    amends = {"8/2024/QĐ-A": ("5/2020/QĐ-A",)}
    (changed, _), problems = apply([old, newer], {}, [], amends)
    assert (changed.amended_by, problems) == (("8/2024/QĐ-A",), ())
    rows = [Validity(number="5/2020/QĐ-A", amended_by=("9/2025/QĐ-A",))]
    (changed, _), _ = apply([old, newer], {}, rows, amends)
    assert changed.amended_by == ("9/2025/QĐ-A",)
