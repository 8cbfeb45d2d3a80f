"""Four people who each withdraw another payment method at the same moment: one method is left."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.payments import queries, service
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.service import _methods
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

CODES = ("card", "mandat", "cheque", "transfer")


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_user(RoleName.ACCOUNTANT, email="compta@exemple.fr")
            db.session.remove()
        yield app


def _withdraw(code: str) -> str:
    """Stop offering a method; return « withdrawn », or the name of the refusal."""
    try:
        with unit_of_work.transaction():
            method = queries.method(code)
            draft = replace(method.draft, enabled=False)
            actor = db.session.scalars(sa.select(User)).one()
            service.edit_method(method, draft, place=1, version=method.version, actor=actor, now=NOW)
    except Refusal as refusal:
        return type(refusal).__name__
    return "withdrawn"


def _offered(app: Flask) -> int:
    with app.app_context():
        offered = len(queries.enabled_methods())
        db.session.remove()
    return offered


def test_one_method_is_left_however_many_withdraw_at_once(served: Flask) -> None:
    answers = at_once(served, *(partial(_withdraw, code) for code in CODES))

    assert Counter(answers) == {"withdrawn": 3, "Invalid": 1}
    assert _offered(served) == 1


@pytest.mark.writers_at_once
def test_without_the_lock_nobody_could_order_any_more(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each sees the others' methods as they were when it began to look."""
    together = Barrier(len(CODES), timeout=20)

    def look_carelessly(*, but: PaymentMethod | None = None) -> list[PaymentMethod]:
        seen = [method for method in queries.all_methods() if but is None or method.id != but.id]
        together.wait()
        return seen

    monkeypatch.setattr(_methods, "_lock_all", look_carelessly)
    monkeypatch.setattr(_methods, "_put", lambda *_given: None)

    assert at_once(served, *(partial(_withdraw, code) for code in CODES)) == ["withdrawn"] * 4
    assert _offered(served) == 0
