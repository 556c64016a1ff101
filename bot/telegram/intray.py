"""Files that administrators send: shown what they hold, confirmed, built in the background, undone."""

import asyncio
import contextlib
import contextvars
import datetime
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from telegram import Bot, Document
from telegram.error import TelegramError

from bot import memos, notices
from bot.bot import Assistant
from bot.telegram.admission import tell
from bot.telegram.counter import Request, Serving, change, for_administrators
from bot.telegram.post import replace, send
from bot.uploads import RefusedFile, Step, Upload, Uploads
from corpus import Preview

READING = 300.0  # seconds that the reading of one file may take
TOLD = 3.0  # seconds between two words of progress
# Answers go first: the build yields the processor and one of its cores.
BUILD = (
    sys.executable, "-c",
    "import os, sys; os.nice(10); from bot.cli import main; sys.exit(main(sys.argv[1:]))",
    "build",
)  # fmt: skip

_log = logging.getLogger(__name__)


class Intray:
    """Takes files in. Button data: ``u:verb:number[:folder]``."""

    prefix = "u"

    def __init__(
        self,
        uploads: Uploads,
        assistant: Assistant,
        documents: Path,
        build: Sequence[str] = BUILD,
    ):
        """``build`` is the command that makes an index, but for the folder and ``--index FILE``."""
        self._uploads, self._assistant, self._documents = uploads, assistant, documents
        self._build = build
        self._one_build = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.commands: Mapping[str, Serving] = {"hoantac": for_administrators(self._offer_undo)}

    # --- a file comes

    async def came(self, request: Request, document: Document) -> None:
        """Somebody sent a file."""
        await for_administrators(lambda r: self._take(r, document))(request)

    async def _take(self, request: Request, document: Document) -> None:
        try:
            name = document.file_name or "tai-lieu"
            self._uploads.acceptable(name, document.file_size or 0)
            file = await request.bot.get_file(document.file_id)
            data = bytes(await file.download_as_bytearray())
            upload = await asyncio.to_thread(
                self._uploads.keep, name, data, request.user.id, _now()
            )
        except RefusedFile as refusal:
            await send(request.bot, request.spot, memos.file_refused(str(refusal)))
            return
        folders = self._uploads.places(upload)
        if len(folders) == 1:
            await self._show(request, upload, folders[0])
        else:
            await send(request.bot, request.spot, memos.choose_folder(upload, folders))

    async def _show(self, request: Request, upload: Upload, folder: str) -> None:
        """Read the file and show what it would bring."""
        try:
            upload = await asyncio.to_thread(self._uploads.aim, upload.place, folder)
            found = await self._preview(upload)
            documents = self._assistant.documents
            if twin := self._uploads.twin(found.number, upload, documents):
                upload = await asyncio.to_thread(self._uploads.aim, upload.place, folder, twin)
                found = await self._preview(upload)
        except RefusedFile as refusal:
            await send(request.bot, request.spot, memos.file_refused(str(refusal)))
            return
        if not found.readable:
            self._uploads.move(upload.place, Step.OFFERED, Step.CANCELLED)
            self._uploads.drop(upload)
        await send(request.bot, request.spot, memos.preview(upload, found))

    async def _preview(self, upload: Upload) -> Preview:
        before, after = await asyncio.to_thread(self._uploads.lay_out, upload)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "corpus.preview", str(before), str(after), upload.target,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=_environment(),
        )  # fmt: skip
        try:
            async with asyncio.timeout(READING):
                out, errors = await process.communicate()
        except TimeoutError:
            raise RefusedFile("Đọc tệp quá lâu nên đã dừng; anh/chị hãy chia nhỏ tệp.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            _log.error("%s could not be read: %s", upload.name, errors.decode(errors="replace"))
            raise RefusedFile("Không đọc được tệp này; anh/chị hãy kiểm tra rồi gửi lại.")
        return Preview(**json.loads(out))

    # --- an administrator decides

    async def pressed(self, request: Request) -> None:
        """An administrator chooses a folder, confirms, cancels or takes back."""
        await for_administrators(self._decided)(request)

    async def _decided(self, request: Request) -> None:
        try:
            match request.text.split(":"):
                case ["to", number, folder]:
                    await self._show(request, self._uploads.find(_number(number)), folder)
                case ["yes", number]:
                    await self._confirmed(request, self._uploads.find(_number(number)))
                case ["no", number]:
                    await self._cancelled(request, self._uploads.find(_number(number)))
                case ["undo", number]:
                    await self._undone(request, self._uploads.find(_number(number)))
                case _:
                    await send(request.bot, request.spot, notices.stale_button())
        except RefusedFile as refusal:
            await send(request.bot, request.spot, memos.file_refused(str(refusal)))

    async def _confirmed(self, request: Request, upload: Upload) -> None:
        if not upload.target or not self._uploads.move(upload.place, Step.OFFERED, Step.BUILDING):
            await send(request.bot, request.spot, notices.stale_button())
            return
        await change(request, memos.building(upload, ""))
        self._start(request.bot, upload, request.message.message_id if request.message else 0)

    async def _cancelled(self, request: Request, upload: Upload) -> None:
        if not self._uploads.move(upload.place, Step.OFFERED, Step.CANCELLED):
            await send(request.bot, request.spot, notices.stale_button())
            return
        self._uploads.drop(upload)
        await change(request, memos.file_cancelled(upload))

    async def _offer_undo(self, request: Request) -> None:
        last = await asyncio.to_thread(self._uploads.last)
        await send(request.bot, request.spot, memos.undo_offer(last))

    async def _undone(self, request: Request, upload: Upload) -> None:
        last = await asyncio.to_thread(self._uploads.last)
        # Only the newest: what came after it may rest on it.
        if (
            last is None
            or last.place != upload.place
            or not self._uploads.move(upload.place, Step.SERVED, Step.UNDOING)
        ):
            await send(request.bot, request.spot, notices.stale_button())
            return
        await change(request, memos.building(upload, ""))
        self._start(request.bot, upload, request.message.message_id if request.message else 0)

    # --- building

    async def resume(self, bot: Bot) -> None:
        """Go on with what a crash left between two steps."""
        for upload in await asyncio.to_thread(self._uploads.unfinished):
            self._start(bot, upload, 0)

    def _start(self, bot: Bot, upload: Upload, card: int) -> None:
        """Go on in the background; ``card`` is the message that tells how far it is, 0 for none."""
        # Not in the context of the update: what is sent from here is no part of its answer.
        task = asyncio.create_task(
            self._work(bot, upload.place, card), context=contextvars.Context()
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Give up what is under way; the next start goes on with it."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, bot: Bot, place: int, card: int) -> None:
        async with self._one_build:
            upload = self._uploads.find(place)
            try:
                if upload.state is Step.BUILDING:
                    await self._bring(bot, upload, card)
                elif upload.state is Step.UNDOING:
                    await asyncio.to_thread(self._uploads.take_back, upload)
                    if wrong := await self._make(upload, bot, card):
                        await tell(bot, upload.by, memos.undo_failed(upload, wrong))
                        return
                    self._uploads.move(place, Step.UNDOING, Step.UNDONE)
                    await tell(bot, upload.by, memos.undone(upload))
            except Exception:
                _log.exception("The file %d could not be brought into the library", place)
                await tell(bot, upload.by, memos.file_failed(upload, ""))

    async def _bring(self, bot: Bot, upload: Upload, card: int) -> None:
        try:
            await asyncio.to_thread(self._uploads.put, upload)
        except OSError as error:  # no room, or a folder that may not be written to
            _log.error("%s could not be put into the library: %s", upload.target, error)
            self._uploads.move(upload.place, Step.BUILDING, Step.FAILED)
            await tell(bot, upload.by, memos.file_failed(upload, error.strerror or ""))
            return
        if wrong := await self._make(upload, bot, card):
            await asyncio.to_thread(self._uploads.take_back, upload)
            self._uploads.move(upload.place, Step.BUILDING, Step.FAILED)
            await tell(bot, upload.by, memos.file_failed(upload, wrong))
            return
        self._uploads.move(upload.place, Step.BUILDING, Step.SERVED)
        await tell(bot, upload.by, memos.served(upload))

    async def _make(self, upload: Upload, bot: Bot, card: int) -> str:
        """Build the index anew and open it; what went wrong, "" when nothing did."""
        if not upload.is_own_list:
            process = await asyncio.create_subprocess_exec(
                *self._build, str(self._documents), "--index", str(self._assistant.path),
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
                env=_environment(),
            )  # fmt: skip
            try:
                said = await self._follow(process, _teller(bot, upload, card))
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            if process.returncode:
                _log.error("The index was not built: %s", said)
                return said
        await asyncio.to_thread(self._assistant.refresh)
        return ""

    async def _follow(
        self, process: asyncio.subprocess.Process, told: Callable[[str], Coroutine[Any, Any, None]]
    ) -> str:
        """Pass on how far the build is; the last line that it said."""
        assert process.stderr
        last, at = "", 0.0
        async for raw in process.stderr:
            line = raw.decode(errors="replace").strip()
            last = line or last
            now = asyncio.get_running_loop().time()
            if re.search(r"\d+/\d+", line) and now - at > TOLD:
                at = now
                await told(line)
        await process.wait()
        return last


def _teller(bot: Bot, upload: Upload, card: int) -> Callable[[str], Coroutine[Any, Any, None]]:
    async def told(words: str) -> None:
        if card:
            with contextlib.suppress(TelegramError):  # a word of progress is not worth a fault
                await replace(bot, upload.by, card, memos.building(upload, words))

    return told


def _environment() -> dict[str, str]:
    """What a process beside the bot is told: no secret, since it reads what somebody sent."""
    hidden = ("THIDUA_TOKEN", "THIDUA_WEBHOOK_SECRET")
    known = {name: value for name, value in os.environ.items() if name.upper() not in hidden}
    return {**known, "OMP_NUM_THREADS": "1"}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise RefusedFile("Nút này không còn hiệu lực; anh/chị vui lòng gửi lại tệp.")
    return int(text)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
