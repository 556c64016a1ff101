"""The product as a cadre meets it: a real process, a real model, real HTTP, a strict Telegram."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bundled import cache_folder
from corpus import read
from fake_telegram import FakeTelegram, Sent
from index import Encoder, build

CADRE, STRANGER = 501, 777

REGULATION = """\
KHỐI THI ĐUA MẪU
Số: 12/2024/QĐ-KTĐ
An Hải, ngày 05 tháng 01 năm 2024
QUYẾT ĐỊNH
Ban hành quy chế thi đua của Khối (văn bản tưởng tượng)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Quy chế này áp dụng cho mọi đơn vị trong Khối.
Điều 2. Tiêu chuẩn danh hiệu Ngọn cờ đầu
1. Đơn vị được suy tôn Ngọn cờ đầu khi đạt các tiêu chuẩn sau:
a) Hoàn thành vượt mức mọi chỉ tiêu đã đăng ký;
b) Nội bộ đoàn kết, không có cá nhân bị kỷ luật;
c) Có ít nhất 03 sáng kiến <được công nhận> & áp dụng.
2. Mỗi năm suy tôn không quá 02 đơn vị.
Điều 3. Hồ sơ
Hồ sơ đề nghị gửi Trưởng khối chậm nhất ngày 15 tháng 11 hằng năm.
Điều 4. Hiệu lực
Quyết định này có hiệu lực thi hành từ ngày 01 tháng 02 năm 2024.
"""
REPORT = """\
Khối thi đua mẫu sơ kết công tác thi đua, khen thưởng 6 tháng đầu năm 2024

Sáng 09/7/2024, tại hội trường Hội Nông dân tỉnh, Khối thi đua mẫu sơ kết 6 tháng đầu năm 2024.

Hội Nông dân tỉnh là Trưởng khối năm 2024. Dự hội nghị có 10/10 đơn vị thành viên.
"""
SCORES = """\
Đơn vị,Tiêu chí,Nhóm,Điểm tối đa,Điểm Hội đồng thẩm định,Lý do
Hội Nông dân tỉnh,I.1 Chỉ tiêu,I. Nhiệm vụ,60,"58,25",Một chỉ tiêu chưa đạt
Hội Nông dân tỉnh,I.2 Phong trào,I. Nhiệm vụ,40,39,
Tỉnh đoàn,I.1 Chỉ tiêu,I. Nhiệm vụ,60,60,
Tỉnh đoàn,I.2 Phong trào,I. Nhiệm vụ,40,"38,5",
"""
UNITS = """\
unit,aliases,block,from,to
Hội Nông dân tỉnh,HND tỉnh;HND,Khối thi đua mẫu,2010-01-01,
Tỉnh đoàn,,Khối thi đua mẫu,2010-01-01,
"""
ACCESS = """\
Tài liệu,Khối,Năm,Ai được xem
,Khối thi đua mẫu,,mọi thành viên
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    for name, text in {
        "regulations/quy-che.txt": REGULATION,
        "meetings/2024-07-09-so-ket.txt": REPORT,
        "scores/diem-2024.csv": SCORES,
        "units/don-vi.csv": UNITS,
        "access.csv": ACCESS,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    os.environ["XDG_CACHE_HOME"] = str(cache_folder())
    build(read(folder), folder / "index.db", Encoder())
    return folder / "index.db"


class Bot:
    """A `thidua bot` of its own process."""

    def __init__(self, fake: FakeTelegram, index: Path):
        self.fake = fake
        self._environment = {
            "PATH": os.environ["PATH"],
            "XDG_CACHE_HOME": str(cache_folder()),
            "THIDUA_TOKEN": fake.token,
            "THIDUA_API_URL": fake.base_url,
            "THIDUA_MEMBERS": str(CADRE),
            "THIDUA_INDEX": str(index),
            "THIDUA_DOCUMENTS": str(index.parent),
            "THIDUA_JOURNAL": str(index.with_name("journal.db")),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        code = "import sys; from bot.cli import main; sys.exit(main(['bot']))"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code,
            cwd=Path(__file__).parents[1], env=self._environment,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await self.fake.polled(timeout=90)

    async def stop(self) -> tuple[int, str]:
        assert self._process
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(self._process.communicate(), 40)
        return self._process.returncode or 0, errors.decode()

    async def ask(self, text: str, user: int = CADRE) -> Sent:
        """What the user reads after sending ``text``: the first message of the answer."""
        waiting = asyncio.create_task(self.fake.wait(1, chat_id=user, timeout=60))
        await asyncio.sleep(0)
        await self.fake.say(user, text)
        return (await waiting)[0]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def bot(index: Path) -> AsyncIterator[Bot]:
    async with FakeTelegram() as fake:
        fake.user(CADRE, "Bình")
        fake.user(STRANGER, "Lạ")
        process = Bot(fake, index)
        await process.start()
        yield process
        code, errors = await process.stop()
        assert code == 0, errors
        assert fake.token not in errors
        assert fake.faults == []


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_start_greets_and_offers_questions_of_this_library(bot: Bot) -> None:
    answer = await bot.ask("/start")
    assert "Chào Bình" in answer.text
    assert [label for label, _ in answer.buttons] == [
        "Tiêu chuẩn danh hiệu Ngọn cờ đầu?",
        "Điểm Hội Nông dân tỉnh năm 2024?",
        "Hội nghị sơ kết năm 2024 họp khi nào?",
    ]


async def test_a_regulation_question_is_answered_with_the_clause_word_for_word(bot: Bot) -> None:
    answer = await bot.ask("Tiêu chuẩn danh hiệu Ngọn cờ đầu?")
    assert "Điều 2" in answer.text and "12/2024/QĐ-KTĐ" in answer.text
    assert "c) Có ít nhất 03 sáng kiến <được công nhận> & áp dụng." in answer.text


async def test_a_meeting_question_is_answered_with_day_and_place(bot: Bot) -> None:
    answer = await bot.ask("so ket 6 thang dau nam 2024 hop ngay nao, o dau?")
    assert "09/07/2024" in answer.text and "hội trường Hội Nông dân tỉnh" in answer.text
    assert "Sáng 09/7/2024, tại hội trường" in answer.text


async def test_a_score_question_is_answered_exactly_with_its_cells(bot: Bot) -> None:
    answer = await bot.ask("HND tỉnh năm 2024 được mấy điểm?")
    assert "97,25 điểm" in answer.text and "xếp thứ 2/2" in answer.text
    assert "scores/diem-2024.csv" in answer.text


async def test_a_follow_up_leans_on_the_question_before(bot: Bot) -> None:
    await bot.ask("HND tỉnh năm 2024 được mấy điểm?")
    answer = await bot.ask("còn Tỉnh đoàn?")
    assert "Tỉnh đoàn" in answer.text and "98,5 điểm" in answer.text


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Giá vàng hôm nay bao nhiêu?", "chỉ trả lời về thi đua, khen thưởng"),
        ("Hội Sinh viên tỉnh năm 2024 được bao nhiêu điểm?", "Không có dữ liệu về đơn vị"),
        ("Điều 99 quyết định 12/2024/QĐ-KTĐ", "không có Điều 99"),
        ("   ", "gõ câu hỏi bằng chữ"),
        ("🙂", "gõ câu hỏi bằng chữ"),
        ("thi đua " * 1250, "dài quá"),
    ],
)
async def test_what_cannot_be_answered_gets_a_polite_line(
    bot: Bot, question: str, reply: str
) -> None:
    assert reply in (await bot.ask(question)).text


async def test_a_stranger_gets_one_line_with_his_own_number(bot: Bot) -> None:
    answer = await bot.ask("Tiêu chuẩn danh hiệu Ngọn cờ đầu?", user=STRANGER)
    assert str(STRANGER) in answer.text and "Điều 2" not in answer.text
