"""The real bot over a real index whose vectors need no model; it builds as the program does."""

import os
import sys
import time

from bot.bot import Assistant
from bot.cli import main
from bot.journal import Journal
from bot.logs import write_logs
from bot.settings import read_settings
from bot.telegram import run
from hashing import HashEncoder

if __name__ == "__main__":
    if sys.argv[1:]:
        if held := os.environ.get("HOLD"):  # a test sees what happens meanwhile
            parent, until = os.getppid(), time.monotonic() + float(held)
            while os.getppid() == parent and time.monotonic() < until:
                time.sleep(0.1)
            sys.exit("held up")
        sys.exit(main(sys.argv[1:], HashEncoder()))
    settings = read_settings()
    write_logs(settings.log_level, settings.secrets)
    if not settings.index.exists():
        main(["build", str(settings.documents), "--index", str(settings.index)], HashEncoder())
    assistant = Assistant(settings.index, HashEncoder(), settings.today, settings.documents)
    run(assistant, settings, Journal(settings.journal), (sys.executable, __file__, "build"))
