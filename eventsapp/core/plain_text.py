"""Text compared without accents and capitals, on both databases."""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

#: The name under which SQLite knows ``fold``.
SQLITE_FUNCTION = "folded"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LIGATURES = {"œ": "oe", "æ": "ae"}
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy"


def from_address(text: str, *, longest: int) -> str:
    """Return a parameter of an address in one line of at most ``longest`` characters, the unprintable left out."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:longest].strip()


def fold(text: str | None) -> str | None:
    """Return ``text`` in small letters without accents: « Œuvrée à Sète » is ``oeuvree a sete``."""
    if text is None:
        return None
    small = text.lower()
    for ligature, letters in _LIGATURES.items():
        small = small.replace(ligature, letters)
    return "".join(mark for mark in unicodedata.normalize("NFKD", small) if not unicodedata.combining(mark))


class folded(FunctionElement[str]):  # noqa: N801 - reads as an SQL function
    """A column as ``fold`` sees it, to be compared with a folded text."""

    name = "folded"
    type = sa.String()
    inherit_cache = True


@compiles(folded)
def _on_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"{SQLITE_FUNCTION}({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    for ligature, letters in _LIGATURES.items():
        column = f"replace(replace({column}, '{ligature}', '{letters}'), '{ligature.upper()}', '{letters}')"
    return f"lower(translate({column}, '{_ACCENTED}', '{_PLAIN}'))"
