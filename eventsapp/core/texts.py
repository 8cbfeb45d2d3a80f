"""What people and programs may write in a text: tidied, bounded, without characters that nobody sees."""

import re
import unicodedata
from collections.abc import Collection

from email_validator import EmailNotValidError, validate_email

#: The longest address that travels (RFC 5321).
EMAIL_LENGTH = 254
#: Letters that are written as two where there is no accent.
LIGATURES = {"œ": "oe", "æ": "ae"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ALLOWED_CONTROLS = {"\n", "\r", "\t"}
#: A scheme, an address, or two words joined by a dot as in the name of a site: what a mail program turns into a link.
#: Of the first word its end alone is looked for: from its beginning, a text without dots would be read once a letter.
_LINK = re.compile(r"://|www\.|@|[^\W_][_-]*\.[^\W\d_]{2,}", re.IGNORECASE)
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """Return ``text`` with every run of spaces made one."""
    return " ".join(text.split())


def from_address(text: str, *, longest: int) -> str:
    """Return a parameter of an address in one line of at most ``longest`` characters, the unprintable left out."""
    return one_line(_UNPRINTABLE.sub(" ", text))[:longest].strip()


def fold(text: str | None) -> str | None:
    """Return ``text`` in small letters without accents: « Œuvrée à Sète » is ``oeuvree a sete``."""
    if text is None:
        return None
    small = text.lower()
    for ligature, letters in LIGATURES.items():
        small = small.replace(ligature, letters)
    return "".join(mark for mark in unicodedata.normalize("NFKD", small) if not unicodedata.combining(mark))


def tidy(text: str) -> str:
    """Return ``text`` with one sort of line ends and nothing around it."""
    return text.replace("\r\n", "\n").strip()


def free_code(wanted: str, *, taken: Collection[str], longest: int) -> str:
    """Return ``wanted``, cut to ``longest`` characters, and numbered where another has it."""
    code, number = wanted[:longest].rstrip("-"), 2
    while code in taken:
        end = f"-{number}"
        code, number = wanted[: longest - len(end)].rstrip("-") + end, number + 1
    return code


def is_printable(text: str) -> bool:
    """Return whether every character of ``text`` has a place in what people type."""
    return not any(is_unprintable(character) for character in text)


def is_unprintable(character: str) -> bool:
    """Return whether ``character`` is a control, turns the direction of writing, or is no character at all."""
    if character in _ALLOWED_CONTROLS:
        return False
    return character in _DIRECTION_MARKS or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}


def is_mail_address(text: str) -> bool:
    """Return whether ``text`` is one mail address; nobody is asked whether it exists."""
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def without_links(text: str) -> bool:
    """Return whether ``text`` holds nothing that a mail program would turn into a link or into markup."""
    plain = unicodedata.normalize("NFKC", text).translate(_DOTS)
    return not (_LINK.search(plain) or "<" in plain or ">" in plain)
