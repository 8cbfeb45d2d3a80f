"""What a balancer is told."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from huey import RedisHuey

from eventsapp.core import queue
from tests.support.services import free_port


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    assert client.get("/sante/vif").json == {"status": "ok"}


def test_ready_means_that_database_and_queue_answer(client: FlaskClient) -> None:
    answer = client.get("/sante/pret")

    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok", "queue": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_queue_that_is_away_is_said(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["eventsapp.settings"], redis_url=f"redis://127.0.0.1:{free_port()}/0")
    away = queue.connect(settings)
    assert isinstance(away, RedisHuey)
    monkeypatch.setitem(app.extensions, "eventsapp.huey", away)

    answer = client.get("/sante/pret")

    assert (answer.status_code, answer.json) == (503, {"status": "away", "database": "ok", "queue": "away"})
    assert client.get("/sante/vif").status_code == 200
