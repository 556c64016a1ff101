"""A small HTTP listener; owner of aiohttp. For the probe, the metrics and Telegram's webhook."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

BODY = 2**20  # bytes; Telegram's updates are far smaller


class ListenerError(Exception):
    """The address cannot be listened at. The message is Vietnamese: what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a request is answered with."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Heard:
    """A request: its headers, names in any case, and its body."""

    headers: Mapping[str, str]
    body: bytes


Route = tuple[str, str, Callable[[Heard], Awaitable[Said]]]  # method, path, what answers


class Listener:
    """Answers requests at ``address`` ("127.0.0.1:9464") while it is started."""

    def __init__(self, address: str, routes: list[Route]):
        self._address, self._routes = address, routes
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen. Raises ListenerError when the address is taken or not this machine's."""
        app = web.Application(client_max_size=BODY)
        for method, path, answer in self._routes:
            app.router.add_route(method, path, _handler(answer))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        host, _, port = self._address.rpartition(":")
        try:
            site = web.TCPSite(self._runner, host.strip("[]"), int(port))
            await site.start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            raise ListenerError(
                f"Không mở được địa chỉ {self._address} ({error}). Hãy chọn cổng khác, hoặc tắt"
                " chương trình đang dùng cổng này."
            ) from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None


def _handler(
    answer: Callable[[Heard], Awaitable[Said]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        said = await answer(Heard(request.headers, await request.read()))
        return web.Response(status=said.status, body=said.body, content_type=said.kind)

    return handle
