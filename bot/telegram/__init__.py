"""The bot on Telegram: the only folder that imports telegram.

An update's way: Telegram → `polling` → journal → its turn in its chat (`turns`) → `asked` (is it for
us, and what does it want) → `desk` (answers it) → `post` (sends it), at the `pace` Telegram allows.
"""

from bot.telegram.polling import StuckError, TelegramSetupError, run

__all__ = ["StuckError", "TelegramSetupError", "run"]
