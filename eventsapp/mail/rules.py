"""What the answers of mail servers mean, and how what goes to many is written and taken back."""

import re
from datetime import timedelta

#: So long what leaves for many may be taken back.
UNDO = timedelta(seconds=60)
_MARKDOWN_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_MARKS = re.compile(r"(?m)^#{1,6} +|\*\*")

#: The status that most servers add to the code of SMTP (RFC 3463): « 550 5.1.1 No such user ».
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
#: No such mailbox; user not local; mailbox name not allowed.
_NO_MAILBOX = frozenset({550, 551, 553})
#: The mailbox is closed, of the statuses that speak of the mailbox.
_CLOSED = "1"


def is_dead_address(code: int, answer: str) -> bool:
    """Return whether the answer says that nobody reads at the address: one mail too long or too odd says nothing of it.

    A server that adds a status says so by it (5.1.x the address, 5.2.1 a closed mailbox); without one the code counts.
    """
    if code < 500:
        return False
    if status := _ENHANCED.search(answer):
        return status[1] == "1" or (status[1], status[2]) == ("2", _CLOSED)
    return code in _NO_MAILBOX


def plain(body: str) -> str:
    """Return Markdown as it reads in a mail of text alone: addresses behind their words, headings and bold bare."""
    return _MARKS.sub("", _MARKDOWN_LINK.sub(r"\1 (\2)", body))
