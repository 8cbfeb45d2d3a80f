"""Text compared without accents and capitals, on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from eventsapp.core.texts import LIGATURES, fold

__all__ = ["SQLITE_FUNCTION", "fold", "folded", "folded_by_row"]

#: The name under which SQLite knows ``fold``.
SQLITE_FUNCTION = "folded"
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy"


class folded(FunctionElement[str]):  # noqa: N801 - reads as an SQL function
    """A column as ``fold`` sees it, to be compared with a folded text."""

    name = "folded"
    type = sa.String()
    inherit_cache = True


class folded_by_row(folded):  # noqa: N801 - as above
    """The same where many rows are asked and no index is: what is plain already is not looked through for accents."""

    name = "folded_by_row"
    inherit_cache = True


@compiles(folded)
def _on_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"{SQLITE_FUNCTION}({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    for ligature, letters in LIGATURES.items():
        column = f"replace(replace({column}, '{ligature}', '{letters}'), '{ligature.upper()}', '{letters}')"
    return f"lower(translate({column}, '{_ACCENTED}', '{_PLAIN}'))"


@compiles(folded_by_row, "postgresql")
def _by_row_on_postgresql(element: folded_by_row, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    whole = _on_postgresql(element, compiler, **options)
    return f"CASE WHEN octet_length({column}) = char_length({column}) THEN lower({column}) ELSE {whole} END"
