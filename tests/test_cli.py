"""The ``thidua`` command, run as the user runs it, with the words leg alone (``HashEncoder``)."""

import io
import json
import shutil
from decimal import Decimal

import openpyxl
import pytest

from bot.cli import SAMPLE_QUESTIONS, main
from bot.settings import SAMPLE
from corpus import write_table
from hashing import HashEncoder
from index import Encoder

pytestmark = pytest.mark.usefixtures("no_settings")

COMMANDS = ("build", "ask", "chat", "bot", "gaps", "eval", "run")


@pytest.fixture
def thidua(capsys):
    """Run a command; gives (status, what it printed, what it said on the error stream)."""

    def run(*arguments):
        status = main([str(a) for a in arguments], HashEncoder())
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def asked(thidua, sample_index):
    """The JSON object of ``thidua ask --json``."""

    def ask(question, *options):
        status, out, err = thidua("ask", question, "--index", sample_index, "--json", *options)
        assert status == 0
        assert err == ""
        return json.loads(out)

    return ask


@pytest.fixture
def library(tmp_path):
    """A small documents folder: the regulations of the sample library but for the long ones."""
    folder = tmp_path / "tài liệu"
    (folder / "regulations").mkdir(parents=True)
    shutil.copy(SAMPLE / "regulations" / "nghi-dinh-161-2026-ND-CP-tom-luoc.md",
                folder / "regulations")  # fmt: skip
    return folder


# build


def test_build_prints_what_was_read(thidua, library, tmp_path):
    status, out, err = thidua("build", library, "--index", tmp_path / "a.db")
    assert status == 0
    assert (tmp_path / "a.db").is_file()
    rows = {line.split("│")[1].strip(): line.split("│")[2].strip() for line in out.splitlines()
            if line.count("│") == 3}  # fmt: skip
    assert rows["văn bản quy định"] == "1"
    assert rows["báo cáo cuộc họp"] == "0"
    assert int(rows["đoạn trích"]) > 30
    assert "giây" in rows
    assert "Không có vấn đề nào" in out
    assert "Đọc tài liệu: 1/1" in err


def test_build_goes_on_past_a_bad_file_and_names_it(thidua, library, tmp_path):
    (library / "regulations" / "hỏng.pdf").write_bytes(b"%PDF-1.7 cut")
    (library / "scores").mkdir()
    (library / "scores" / "rỗng.xlsx").write_bytes(b"")
    status, out, _ = thidua("build", library, "--index", tmp_path / "a.db")
    assert status == 0
    problems = [line for line in out.splitlines() if line.startswith("[lỗi]")]
    assert len(problems) == 2
    for name in ("regulations/hỏng.pdf", "scores/rỗng.xlsx"):
        assert any(name in line and "→" in line for line in problems)
    assert "2 lỗi" in out


def test_build_keeps_vectors_of_what_has_not_changed(thidua, library, tmp_path):
    thidua("build", library, "--index", tmp_path / "a.db")
    _, out, _ = thidua("build", library, "--index", tmp_path / "a.db")
    (kept,) = [line for line in out.splitlines() if "lấy lại" in line]
    encoded, taken = kept.split("│")[2].split("/")
    assert int(encoded) == 0
    assert int(taken) > 30


@pytest.mark.parametrize("name", ["rỗng", "không có"])
def test_build_of_nothing_is_an_error_and_the_old_index_stays(thidua, library, tmp_path, name):
    path = tmp_path / "a.db"
    thidua("build", library, "--index", path)
    old = path.read_bytes()
    (tmp_path / "rỗng").mkdir()
    status, out, err = thidua("build", tmp_path / name, "--index", path)
    assert status == 1
    assert err.splitlines()[-1].startswith("Lỗi: ")
    assert name in err
    assert path.read_bytes() == old
    assert "Kho tra cứu" not in out


# ask


def test_ask_prints_the_answer_without_markup(thidua, sample_index):
    status, out, _ = thidua(
        "ask", "Hội Nông dân tỉnh năm 2023 bao nhiêu điểm", "--index", sample_index
    )
    assert status == 0
    assert "104 điểm" in out
    assert "<b>" not in out


def test_ask_json_keeps_its_contract(asked):
    found = asked("Tập thể lao động xuất sắc cần bao nhiêu phần trăm Lao động tiên tiến?",
                  "--as-of", "2026-11-23")  # fmt: skip
    assert list(found) == ["kind", "text", "options", "citations", "rows", "as_of", "warnings",
                           "seconds"]  # fmt: skip
    assert found["kind"] == "answer"
    first = found["citations"][0]
    assert set(first) == {"document", "place", "quote", "file"}
    assert first["document"] == "06/2022/QH15"
    assert first["place"].startswith("Điều 27 khoản 1")
    assert "từ 70% trở lên" in first["quote"]
    assert first["quote"] in found["text"]
    assert first["file"] == "regulations/luat-06-2022-QH15-tom-luoc.txt"
    assert found["as_of"] == "2026-11-23"
    assert any("06/2026/QH16" in warning for warning in found["warnings"])
    assert 0 <= found["seconds"] < 5
    assert found["rows"] == []


SCORES = "scores/diem-thi-dua-2021-2024.xlsx"


@pytest.mark.parametrize(
    "question, record, count, source",
    [
        ("Hội Nông dân tỉnh năm 2024 bao nhiêu điểm", "points", 1, f"{SCORES}, Năm 2024!"),
        ("Hội Nông dân tỉnh năm 2023 tiêu chí I.1 được mấy điểm", "score", 3,
         f"{SCORES}, Năm 2023!E5"),
        ("Liên minh HTX bị trừ điểm gì năm 2022", "score", 2, f"{SCORES}, Năm 2022!G107"),
        ("HND bị trừ điểm năm 2023 không", "deductions", 1, f"{SCORES}, Năm 2023!G"),
        ("top 3 năm 2023", "standing", 3, f"{SCORES}, Năm 2023!"),
        ("đơn vị nào tăng điểm nhiều nhất năm 2024", "change", 10, f"{SCORES}, Năm 2023!"),
        ("HND được mấy lần tập thể lao động xuất sắc", "award", 5, "awards/khen-thuong.xlsx, "),
        ("Hội Khuyến học tỉnh trước đây tên là gì", "unit", 2, "units/don-vi.csv, "),
        ("tong ket nam 2022 hop o dau", "fact", 1, "meetings/2022-12-22-tong-ket-nam-2022.md, "),
        ("có bao nhiêu cuộc họp trong năm 2023", "meeting", 4, "meetings/2023-02-16"),
        ("Nghị định 98/2023/NĐ-CP quy định gì", "validity", 1, "register.csv"),
        ("Lao động tiên tiến thưởng bao nhiêu tiền?", "reward", 1,
         "regulations/nghi-dinh-152-2025-ND-CP-tom-luoc.txt, Điều 50 khoản 1 điểm d"),
    ],
)  # fmt: skip
def test_every_row_of_ask_json_names_its_source(asked, question, record, count, source):
    rows = asked(question)["rows"]
    assert [row["record"] for row in rows] == [record] * count
    assert rows[0]["source"].startswith(source)
    assert all(isinstance(row["source"], str) and row["source"] for row in rows)


def test_points_in_json_are_exact_decimals_in_strings(asked):
    row = asked("Hội Nông dân tỉnh năm 2023 bao nhiêu điểm")["rows"][0]
    assert dict(row["sums"])["Hội đồng thẩm định"] == "104.00"
    (first, *_) = asked("xếp hạng năm 2023")["rows"]
    assert (first["unit"], first["points"], first["rank"]) == (
        "Hội Liên hiệp Phụ nữ tỉnh",
        "105.75",
        1,
    )
    (gap,) = asked("HND năm 2024 tự chấm chênh bao nhiêu so với Hội đồng thẩm định")["rows"]
    assert gap["given"] == ["108.5", "103.75"]


def test_a_doubtful_name_is_asked_back_in_json(asked):
    found = asked("Hội Liên hiệp Phụ năm 2023 được bao nhiêu điểm?")
    assert (found["kind"], found["options"]) == ("choice", ["Hội Liên hiệp Phụ nữ tỉnh"])
    assert "1. Hội Liên hiệp Phụ nữ tỉnh" in found["text"]
    assert found["rows"] == []


class Unloaded(Encoder):
    """A model that must not be loaded nor asked for anything."""

    name, dimension = HashEncoder().name, HashEncoder().dimension

    def question(self, text):
        raise AssertionError("a record question waited for the model")

    def load(self):
        raise AssertionError("a record question loaded the model")


def test_ask_answers_records_without_the_model(sample_index, capsys):
    question = "Hội Nông dân tỉnh năm 2023 bao nhiêu điểm"
    assert main(["ask", question, "--index", str(sample_index)], Unloaded()) == 0
    assert "104 điểm" in capsys.readouterr().out


# what an answer is saved as


def test_an_answer_is_saved_as_a_picture(thidua, sample_index, tmp_path):
    path = tmp_path / "a.png"
    status, out, err = thidua("ask", "xếp hạng năm 2023", "--index", sample_index, "--chart", path)
    assert status == 0
    assert path.read_bytes().startswith(b"\x89PNG")
    assert str(path) in err and "105,75" in out


def test_an_answer_is_saved_as_a_workbook(thidua, sample_index, tmp_path):
    path = tmp_path / "a.xlsx"
    status, _, _ = thidua("ask", "top 3 năm 2023", "--index", sample_index, "--xlsx", path)
    assert status == 0
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    assert [dict(zip(head, row, strict=True))["Điểm"] for row in rows] == [105.75, 104, 103.25]
    assert all(dict(zip(head, row, strict=True))["Nguồn"].startswith(SCORES) for row in rows)
    assert "Đơn vị" in head and "Hạng" in head


def test_no_text_of_a_document_becomes_a_formula(tmp_path):
    path = tmp_path / "a.xlsx"
    texts = ["=1+1", "=HYPERLINK(1)", "+1", "@x", "a\x00b", "<b>"]
    write_table(path, [["Đơn vị"], *([text] for text in texts), [Decimal("9.25")]])
    cells = [row[0] for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells[:-1]} == {"s"}
    assert [cell.value for cell in cells] == [
        "=1+1",
        "=HYPERLINK(1)",
        "+1",
        "@x",
        "ab",
        "<b>",
        9.25,
    ]


@pytest.mark.parametrize("option", ["--chart", "--xlsx"])
def test_an_answer_without_figures_cannot_be_saved(thidua, sample_index, tmp_path, option):
    path = tmp_path / "a"
    status, out, err = thidua("ask", "Giá vàng?", "--index", sample_index, option, path)
    assert status == 1
    assert not path.exists()
    assert "Xin lỗi" in out  # the answer is told all the same
    assert "không có số liệu" in err and "Hãy hỏi" in err
    nowhere = tmp_path / "không có" / "a"
    status, _, err = thidua("ask", "top 3 năm 2023", "--index", sample_index, option, nowhere)
    assert status == 1 and str(nowhere) in err and "Traceback" not in err


def test_a_refusal_in_json_has_no_citations_and_no_rows(asked):
    found = asked("Hội Luật gia tỉnh năm 2023 được bao nhiêu điểm?")
    assert found["kind"] == "not_found"
    assert (found["citations"], found["rows"]) == ([], [])
    assert "Hội Luật gia tỉnh" in found["text"]


def test_ask_applies_the_rules_of_the_day(asked):
    question = "Nghỉ thai sản có được xét thi đua không?"
    found = asked(question, "--as-of", "2024-06-01")
    assert found["as_of"] == "2024-06-01"
    assert "152/2025/NĐ-CP" not in {c["document"] for c in found["citations"]}


@pytest.mark.parametrize("day", ["2026-02-30", "23/11/2026", "hôm nay", ""])
def test_a_day_that_is_none_is_wrong_usage(capsys, sample_index, day):
    with pytest.raises(SystemExit) as stopped:
        main(["ask", "x", "--index", str(sample_index), "--as-of", day], HashEncoder())
    assert stopped.value.code == 2
    assert f"“{day}” không phải ngày" in capsys.readouterr().err


def test_ask_without_an_index_says_how_to_make_one(thidua, tmp_path):
    status, out, err = thidua("ask", "x", "--index", tmp_path / "none.db")
    assert status == 1
    assert out == ""
    assert "Lỗi: " in err
    assert "thidua build" in err
    assert "Traceback" not in err


def test_an_index_that_is_none_is_an_error_in_words(thidua, tmp_path):
    (tmp_path / "a.db").write_bytes(b"not an index" * 100)
    status, _, err = thidua("ask", "x", "--index", tmp_path / "a.db")
    assert status == 1
    assert "Lỗi: " in err


def test_the_index_of_the_settings_is_the_default(thidua, sample_index, monkeypatch):
    monkeypatch.setenv("THIDUA_INDEX", str(sample_index))
    status, out, _ = thidua("ask", "Top 1 năm 2024")
    assert status == 0
    assert "Ủy ban MTTQ tỉnh" in out


def test_a_setting_that_cannot_be_used_stops_every_command(thidua, sample_index, monkeypatch):
    monkeypatch.setenv("THIDUA_TOKENN", "x")
    status, _, err = thidua("ask", "x", "--index", sample_index)
    assert status == 1
    assert "THIDUA_TOKENN" in err


# eval


@pytest.fixture
def cases(tmp_path):
    path = tmp_path / "câu hỏi.jsonl"
    lines = (
        {"group": "luật", "question": "Tiêu chuẩn Chiến sĩ thi đua cơ sở?",
         "cites": [["06/2022/QH15", "Điều 23"]], "says": ["sáng kiến"]},
        {"group": "điểm", "question": "Tỉnh đoàn năm 2022 bao nhiêu điểm", "says": ["99,9"]},
        {"group": "bẫy", "question": "Giá vàng hôm nay?", "refuses": True},
        {"group": "điểm", "question": "còn năm 2023?", "says": ["100,75"],
         "previous": ["Tỉnh đoàn năm 2022 bao nhiêu điểm"]},
    )  # fmt: skip
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return path


def test_eval_prints_a_table_by_group_and_the_failures(thidua, sample_index, cases):
    status, out, _ = thidua("eval", cases, "--index", sample_index)
    assert status == 0
    for name in ("luật", "điểm", "bẫy", "TẤT CẢ"):
        assert name in out
    assert "75.0%" in out
    assert "Chưa đạt: 1/4" in out
    assert "– Tỉnh đoàn năm 2022 bao nhiêu điểm\n  thiếu “99,9”" in out


def test_eval_json_gives_the_summary_and_every_answer_in_order(thidua, sample_index, cases):
    status, out, _ = thidua("eval", cases, "--index", sample_index, "--json")
    assert status == 0
    whole = json.loads(out)
    assert list(whole) == ["summary", "questions"]
    assert whole["summary"]["passed"] == 0.75
    assert whole["summary"]["article_first"] == 1.0
    assert whole["summary"]["refused_right"] == 1.0
    assert list(whole["summary"]["groups"]) == ["luật", "điểm", "bẫy"]
    assert [q["passed"] for q in whole["questions"]] == [True, False, True, True]
    assert [q["question"] for q in whole["questions"]][2:] == ["Giá vàng hôm nay?", "còn năm 2023?"]
    assert [q["answer"]["kind"] for q in whole["questions"]][1:3] == ["answer", "not_found"]
    assert whole["questions"][0]["answer"]["citations"][0]["place"] == "Điều 23"


def test_eval_names_the_line_that_cannot_be_used(thidua, sample_index, cases):
    cases.write_text(cases.read_text("utf-8") + "\n{", "utf-8")
    status, out, err = thidua("eval", cases, "--index", sample_index)
    assert status == 1
    assert out == ""
    assert "dòng 5" in err


# chat, bot, run


def test_chat_keeps_the_conversation_until_it_is_told_to_forget(thidua, sample_index, monkeypatch):
    typed = "Tỉnh đoàn năm 2022 bao nhiêu điểm\n\ncòn năm 2023?\n/quen\ncòn năm 2023?\n/thoat\nx\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    status, out, _ = thidua("chat", "--index", sample_index)
    assert status == 0
    told, remembered, forgot = out.split("Hỏi> ")[1], out.split("Hỏi> ")[3], out.split("Hỏi> ")[5]
    assert "105 điểm" in told
    assert "100,75 điểm" in remembered
    assert "Tỉnh đoàn, năm 2023" not in forgot


def test_chat_takes_the_number_of_an_option(thidua, sample_index, monkeypatch):
    typed = "Hội Liên hiệp Phụ năm 2023 được bao nhiêu điểm?\n1\n/thoat\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    status, out, _ = thidua("chat", "--index", sample_index)
    assert status == 0
    assert "1. Hội Liên hiệp Phụ nữ tỉnh" in out.split("Hỏi> ")[1]
    assert "105,75 điểm" in out.split("Hỏi> ")[2]


def test_chat_ends_with_its_input(thidua, sample_index, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert thidua("chat", "--index", sample_index)[0] == 0


def test_the_bot_without_a_token_says_where_to_get_one(thidua, sample_index):
    status, _, err = thidua("bot", "--index", sample_index)
    assert status == 1
    assert "THIDUA_TOKEN" in err
    assert "BotFather" in err


def test_run_builds_once_and_answers_the_sample_questions(thidua, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    status, out, _ = thidua("run", "--index", tmp_path / "a.db")
    assert status == 0
    assert "Kho tra cứu" in out
    answers = out.split("Hỏi> ")[1:]
    assert [a.splitlines()[0] for a in answers] == list(SAMPLE_QUESTIONS)
    for said, answer in zip(
        ("Điều 23", "1,5 lần mức lương cơ sở", "20/07/2023", "104 điểm", "1 lần", "Xin lỗi"),
        answers,
        strict=True,
    ):
        assert said in answer
    _, out, _ = thidua("run", "--index", tmp_path / "a.db")
    assert "Kho tra cứu" not in out


# Help


def _help(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--help"])
    assert stopped.value.code == 0
    return " ".join(capsys.readouterr().out.split())


def test_help_names_every_command_in_vietnamese(capsys):
    text = _help(capsys)
    for command, said in zip(
        COMMANDS,
        (
            "đọc thư mục tài liệu",
            "hỏi một câu",
            "hỏi đáp",
            "Telegram",
            "chưa trả lời được",
            "chấm câu trả lời",
            "lập kho",
        ),
        strict=True,
    ):
        assert f" {command} " in text
        assert said in text


@pytest.mark.parametrize(
    "command, said",
    [
        ("build", ("THƯ_MỤC thư mục tài liệu", "--index TỆP tệp kho tra cứu")),
        ("ask", ("CÂU_HỎI câu hỏi", "--as-of NĂM-THÁNG-NGÀY áp dụng quy định tại ngày",
                 "--json in một đối tượng JSON", "--index TỆP tệp kho")),
        ("chat", ("/quen", "/thoat", "--index TỆP tệp kho")),
        ("bot", ("THIDUA_TOKEN", "THIDUA_MEMBERS", "--index TỆP tệp kho")),
        ("gaps", ("--all cả các câu hỏi ngoài lĩnh vực", "--json in một đối tượng JSON")),
        ("eval", ("TỆP.jsonl tệp câu hỏi", "cites", "refuses", "--json in một đối tượng JSON")),
        ("run", ("THIDUA_TOKEN", "--index TỆP tệp kho")),
    ],
)  # fmt: skip
def test_help_of_a_command_explains_its_options_in_vietnamese(capsys, command, said):
    text = _help(capsys, command)
    for words in said:
        assert words in text


def test_a_command_that_does_not_exist_is_wrong_usage(capsys):
    for arguments in ([], ["hoi"], ["ask"], ["ask", "x", "--nope"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
    capsys.readouterr()
