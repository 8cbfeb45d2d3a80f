"""Text compared without accents and capitals."""

import pytest
import sqlalchemy as sa

from eventsapp.core import plain_text
from eventsapp.core.db import db

WORDS = [
    ("Œuvrer à SÈTE", "oeuvrer a sete"),
    ("ÉLÈVE Ÿvon", "eleve yvon"),
    ("L’Haÿ-les-Roses", "l’hay-les-roses"),
    ("Æquo", "aequo"),
    ("100 % _ \\", "100 % _ \\"),
]


@pytest.mark.parametrize(("text", "folded"), WORDS)
def test_fold_drops_accents_and_capitals(text: str, folded: str) -> None:
    assert plain_text.fold(text) == folded


@pytest.mark.usefixtures("transaction")
@pytest.mark.parametrize(("text", "folded"), WORDS)
def test_both_databases_fold_as_python_does(text: str, folded: str) -> None:
    assert db.session.scalar(sa.select(plain_text.folded(sa.literal(text)))) == folded
    assert db.session.scalar(sa.select(plain_text.folded_by_row(sa.literal(text)))) == folded


@pytest.mark.usefixtures("transaction")
def test_nothing_stays_nothing() -> None:
    assert db.session.scalar(sa.select(plain_text.folded(sa.literal(None, sa.String)))) is None
    assert db.session.scalar(sa.select(plain_text.folded_by_row(sa.literal(None, sa.String)))) is None
