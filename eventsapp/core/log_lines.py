"""The log: what somebody typed never makes a line of its own there, whoever writes it and wherever it goes."""

import logging
import re
import traceback
from typing import Any

#: What ends a line, or makes a terminal do something.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.LogRecord):
    """A record whose message is one line, and whose traceback stands apart from the lines of others."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.exc_info and self.exc_info[0] is not None:
            # What an error says may have several lines: none of them begins where those of the log do.
            told = "".join(traceback.format_exception(*self.exc_info)).rstrip("\n")
            self.exc_text = "\n".join(f"    {_escaped(line)}" for line in told.split("\n"))

    def getMessage(self) -> str:  # noqa: N802 - the name that logging calls
        """Return the message, what is no sign in it written as Python does."""
        return _escaped(super().getMessage())


def init() -> None:
    """Let every logger of the process write such records."""
    logging.setLogRecordFactory(OneLine)


def _escaped(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
