"""What is broken is logged so that it can be mended, without anybody's secrets."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.db import db

LINK = "/commandes/LCT-2026-000042/a-secret-of-an-order/"


def test_a_broken_page_is_logged_by_its_view_not_by_its_address(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def view(**_given: str) -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "orders.order", view)

    answer = client.get(LINK)

    assert answer.status_code == 500
    assert "GET orders.order failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "a-secret-of-an-order" not in caplog.text


def test_an_error_of_the_database_is_logged_without_the_values(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def view(**given: str) -> str:
        db.session.execute(sa.text("SELECT nothing FROM nowhere WHERE secret = :secret"), given)
        return "never"

    monkeypatch.setitem(app.view_functions, "orders.order", view)

    assert client.get(LINK).status_code >= 500

    assert "SELECT nothing FROM nowhere" in caplog.text
    assert "a-secret-of-an-order" not in caplog.text
