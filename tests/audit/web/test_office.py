"""The history in the office."""

import re
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit import service as audit
from eventsapp.audit.models import AuditEntry
from eventsapp.audit.statuses import ACTIONS
from eventsapp.core.db import db
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW
from tests.support.pages import Page

HISTORY = "/organisation/journal/"
_SOURCES = Path(__file__).resolve().parents[3] / "eventsapp"
_RECORDED = re.compile(r'(?:audit\.record|_edits\.note|_record)\(\s*"([a-z_]+\.[a-z_]+)"')


def test_the_history_lists_who_did_what(client: FlaskClient) -> None:
    boss = make_user(RoleName.ADMINISTRATOR)
    audit.record(
        "study_days.publish",
        subject=("study_day", 7, "Mutualiser"),
        actor=boss,
        now=NOW,
        changes={"status": ["a", "b"]},
    )
    db.session.commit()
    sign_in(client, boss)

    page = Page(client.get(f"{HISTORY}?action=study_days.publish").text)

    assert [row[2] for row in page.rows] == [f"Mutualiser {boss.name} a publié la journée"]
    assert "a publié la journée" in client.get(page.links["Mutualiser"]).text


def test_the_filter_offers_each_action_that_anything_was_done_by_once(client: FlaskClient) -> None:
    boss = make_user(RoleName.ADMINISTRATOR)
    for action in ("study_days.publish", "orders.place", "study_days.publish", "orders.cancel"):
        audit.record(action, subject=("order", 1, "2026"), now=NOW)
    db.session.commit()
    sign_in(client, boss)

    offered = re.findall(r'[?;]action=([a-z_]+\.[a-z_]+)"', client.get(HISTORY).text)

    done = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert done >= {"orders.cancel", "orders.place", "study_days.publish"}
    assert sorted(offered) == sorted(done)


def test_a_line_shows_what_was_there_before_literally(client: FlaskClient) -> None:
    boss = make_user(RoleName.ADMINISTRATOR)
    audit.record(
        "orders.place",
        subject=("order", 1, "<b>2026</b>"),
        now=NOW,
        changes={"lead": [None, "<script>alert(1)</script>"], "lines": [{"a": 1}], "odd": 3},
    )
    db.session.commit()
    sign_in(client, boss)

    page = client.get(Page(client.get(HISTORY).text).links["<b>2026</b>"])

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "le système" in page.text


def test_every_action_that_services_record_has_words() -> None:
    recorded = {
        action for path in _SOURCES.rglob("*.py") for action in _RECORDED.findall(path.read_text(encoding="utf-8"))
    }

    assert len(recorded) > 20
    assert recorded - set(ACTIONS) == set()
