"""References that people read out, and secrets that nobody can guess."""

import secrets
from datetime import datetime

#: Crockford's alphabet: no I, L, O or U, so that nothing is misread or spells a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Characters after the year: about 10¹² references a year.
LENGTH = 8
#: Random bytes in a private link.
SECRET_BYTES = 24
#: Random bytes in the code of a ticket.
TICKET_BYTES = 16
#: The largest key of a row that a database knows.
LARGEST_KEY = 2**31 - 1
#: What the references and numbers of trials begin with: told apart at sight.
TRIAL = "ESSAI-"


def new_reference(now: datetime, *, is_test: bool = False) -> str:
    """Return a reference to read out or write on the back of a cheque: « 2026-7K3P-9QXM »."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{TRIAL if is_test else ''}{now.year}-{drawn[:4]}-{drawn[4:]}"


def new_secret() -> str:
    """Return 192 random bits for a private link."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_ticket_code() -> str:
    """Return 128 random bits that a ticket carries: nothing of whom it is for."""
    return secrets.token_urlsafe(TICKET_BYTES)


def same_secret(given: str, kept: str) -> bool:
    """Compare in a time that does not tell how much was right."""
    return secrets.compare_digest(given.encode(), kept.encode())
