"""Nobody receives the letter whose address did not confirm it, and nobody learns who does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core import listing, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer as Settings
from eventsapp.mail import queries as mail_queries
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import Suppression
from eventsapp.mail.statuses import MailStatus, SuppressionReason
from eventsapp.newsletter import queries, rules, service
from eventsapp.newsletter.errors import LinkOver
from eventsapp.newsletter.models import Consent, Reader
from eventsapp.newsletter.statuses import ConsentEvent, ReaderStatus
from eventsapp.newsletter.values import Choice
from tests.newsletter.looking import CONSENT, ask, ledger, make_letter, make_reader, plan, reader_of, send, sent
from tests.support.at_once import at_once, committing_app
from tests.support.canary import tables_with
from tests.support.mail_server import MailServer
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW, make_theme

ADDRESS = "lectrice@exemple.fr"
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")


def confirm(secret: str, *, now: object = LATER) -> None:
    with unit_of_work.transaction():
        service.confirm(secret, now=now)  # type: ignore[arg-type]


def events(email: str = ADDRESS) -> list[tuple[str, str]]:
    return [(each.event.value, each.text) for each in queries.consents_of(reader_of(email).id)]


@IN_PLACE
def test_an_address_is_written_to_once_asked_and_reads_once_confirmed() -> None:
    ask("Lectrice@Exemple.fr")

    (mail,) = sent("confirm")
    reader = reader_of()
    assert (mail.to_address, reader.status) == (ADDRESS, ReaderStatus.PENDING)
    assert f"/lettre/confirmer/{reader.confirm_secret}/" in mail.text
    assert reader.secret not in mail.text
    assert queries.count_readers({None}) == 0
    assert queries.reader_by_secret(reader.secret) is None

    confirm(reader.confirm_secret)
    confirm(reader.confirm_secret, now=LATER + timedelta(days=30))

    assert (reader_of().status, reader_of().confirmed_at) == (ReaderStatus.CONFIRMED, LATER)
    assert queries.count_readers({None}) == 1
    assert events() == [("asked", CONSENT), ("confirmed", "")]


@IN_PLACE
def test_a_link_holds_seven_days_and_the_last_one_counts() -> None:
    ask()
    first = reader_of().confirm_secret
    ask(now=NOW + timedelta(days=3))
    second = reader_of().confirm_secret

    for secret, now in ((first, LATER), (second, NOW + timedelta(days=10)), ("bidon", LATER)):
        with pytest.raises(LinkOver):
            confirm(secret, now=now)
    assert reader_of().status is ReaderStatus.PENDING
    confirm(second, now=NOW + timedelta(days=9))
    assert reader_of().status is ReaderStatus.CONFIRMED


@IN_PLACE
def test_who_receives_it_already_is_told_so_by_mail_and_keeps_what_they_chose() -> None:
    finance, law = make_theme("Finances"), make_theme("Juridique")
    reader = make_reader(ADDRESS, finance)
    asked_at = reader.asked_at

    ask(ADDRESS, law)

    (mail,) = sent("known")
    assert f"/lettre/{reader.secret}/" in mail.text
    assert len(sent("confirm")) == 1
    found = queries.reader_by_secret(reader.secret)
    assert found is not None
    assert (found.choice.themes, found.asked_at) == (frozenset({finance.id}), asked_at)


@IN_PLACE
def test_an_address_is_written_to_once_in_a_quarter_of_an_hour_and_three_times_a_day() -> None:
    finance = make_theme("Finances")
    quarter, day = rules.WRITTEN_AGAIN_AFTER, rules.WRITTEN_WITHIN
    ask()
    link = reader_of().confirm_secret
    for second in range(1, 7):
        ask(ADDRESS, finance, now=NOW + timedelta(seconds=5 * second))
    assert len(sent("confirm")) == 1
    # The link that is under way holds, for what was chosen last.
    assert reader_of().confirm_secret == link
    found = queries.reader_by_id(reader_of().id)
    assert found is not None
    assert found.choice == Choice(all_themes=False, themes=frozenset({finance.id}))

    for times, count in ((1, 2), (2, 3), (3, 3), (40, 3)):
        ask(now=NOW + times * quarter)
        assert len(sent("confirm")) == count
    ask("autre@exemple.fr")
    assert len(sent("confirm")) == 4
    ask(now=NOW + day)
    assert len(sent("confirm")) == 5


@IN_PLACE
def test_who_receives_it_already_is_not_told_so_again_and_again() -> None:
    make_reader()
    for second in range(7):
        ask(now=NOW + timedelta(seconds=second))

    assert len(sent("known")) == 1


@IN_PLACE
def test_who_complained_is_not_even_asked() -> None:
    with unit_of_work.transaction():
        mail_service.suppress(ADDRESS, SuppressionReason.UNSUBSCRIBED, now=NOW)
        mail_service.suppress(ADDRESS, SuppressionReason.COMPLAINED, now=NOW)

    ask()

    assert sent("confirm") == []
    assert db.session.scalars(sa.select(Reader)).all() == []


@IN_PLACE
def test_who_leaves_gets_no_letter_but_other_messages_and_may_come_back() -> None:
    reader = make_reader()
    key, old_link = reader.id, reader.confirm_secret
    for _twice in range(2):
        with unit_of_work.transaction():
            service.leave(key, now=LATER)

    assert queries.count_readers({None}) == 0
    assert (reader_of().status, reader_of().left_at) == (ReaderStatus.LEFT, LATER)
    assert mail_queries.suppressed([ADDRESS]) == {}
    assert db.session.scalars(sa.select(Suppression.reason)).all() == [SuppressionReason.NEWSLETTER]
    with pytest.raises(LinkOver):
        confirm(old_link)

    with unit_of_work.transaction():
        service.come_back(key, now=LATER)
    assert queries.count_readers({None}) == 1
    assert db.session.scalars(sa.select(Suppression)).all() == []
    assert [event for event, _text in events()] == ["asked", "confirmed", "left", "confirmed"]


@IN_PLACE
def test_who_left_and_asks_anew_confirms_anew() -> None:
    key = make_reader().id
    with unit_of_work.transaction():
        service.leave(key, now=LATER)

    ask(now=LATER)
    assert queries.count_readers({None}) == 0
    confirm(reader_of().confirm_secret, now=LATER)
    assert queries.count_readers({None}) == 1


@IN_PLACE
def test_refusing_all_messages_counts_from_then_on_and_a_dead_address_always() -> None:
    with unit_of_work.transaction():
        mail_service.suppress(ADDRESS, SuppressionReason.UNSUBSCRIBED, now=NOW - timedelta(days=9))
    mine = make_reader()
    assert queries.count_readers({None}) == 1

    other = make_reader("autre@exemple.fr")
    with unit_of_work.transaction():
        mail_service.suppress("autre@exemple.fr", SuppressionReason.UNSUBSCRIBED, now=LATER)
    assert queries.count_readers({None}) == 1
    assert queries.left_out([other.id]) == {other.id: SuppressionReason.UNSUBSCRIBED}
    # Who had refused them before asking for the letter refuses them once more.
    with unit_of_work.transaction():
        mail_service.suppress(ADDRESS, SuppressionReason.UNSUBSCRIBED, now=LATER)
    assert queries.left_out([mine.id]) == {mine.id: SuppressionReason.UNSUBSCRIBED}
    assert queries.count_readers({None}) == 0
    with unit_of_work.transaction():
        mail_service.lift(ADDRESS, SuppressionReason.UNSUBSCRIBED)
    with unit_of_work.transaction():
        mail_service.suppress(ADDRESS, SuppressionReason.BOUNCED, now=NOW - timedelta(days=9))
    assert queries.count_readers({None}) == 0


@IN_PLACE
def test_themes_are_chosen_and_one_that_is_deleted_is_no_longer_wanted() -> None:
    finance, law = make_theme("Finances"), make_theme("Juridique")
    reader = make_reader(ADDRESS, finance)
    key, secret, gone = reader.id, reader.secret, law.id
    with unit_of_work.transaction():
        service.choose(key, Choice(all_themes=False, themes=frozenset({gone, 999_999})), text="Juridique", now=LATER)
    found = queries.reader_by_secret(secret)
    assert found is not None
    assert found.choice == Choice(all_themes=False, themes=frozenset({gone}))
    assert events()[-1] == ("themes", "Juridique")
    assert (queries.count_readers({finance.id}), queries.count_readers({gone})) == (0, 1)

    db.session.delete(law)
    db.session.commit()
    # Who chose is not sent everything because a theme is gone.
    assert (queries.count_readers({finance.id}), queries.count_readers({None})) == (0, 1)


@IN_PLACE
def test_who_never_confirmed_is_forgotten_after_the_link_and_who_left_after_three_years() -> None:
    ask("jamais@exemple.fr")
    ask("recent@exemple.fr", now=NOW + timedelta(days=1))
    left = make_reader("parti@exemple.fr").id
    make_reader("fidele@exemple.fr")
    with unit_of_work.transaction():
        service.leave(left, now=NOW)

    def forget(after: timedelta) -> set[str]:
        with unit_of_work.transaction():
            service.forget(now=NOW + after)
        return set(db.session.scalars(sa.select(Reader.email)))

    week = rules.CONFIRM_WITHIN
    assert len(forget(week - timedelta(seconds=1))) == 4
    assert forget(week) == {"recent@exemple.fr", "parti@exemple.fr", "fidele@exemple.fr"}
    assert forget(rules.KEPT_AFTER_LEAVING) == {"fidele@exemple.fr"}
    assert db.session.scalars(sa.select(Suppression)).all() == []
    assert len(db.session.scalars(sa.select(Consent)).all()) == 2


@IN_PLACE
def test_the_ledgers_of_letters_keep_no_address_of_who_is_forgotten() -> None:
    make_article(published_at=NOW - timedelta(days=1))
    gone = [make_reader(f"parti{number}@exemple.fr").id for number in range(2)]
    make_reader("fidele@exemple.fr")
    letter = make_letter()
    plan(letter)
    send()
    for key in gone:
        with unit_of_work.transaction():
            service.leave(key, now=LATER)
    with unit_of_work.transaction():
        assert service.forget(now=LATER + rules.KEPT_AFTER_LEAVING) == 2

    assert ledger(letter.id) == [
        (None, "written", ""),
        (None, "written", ""),
        ("fidele@exemple.fr", "written", ""),
    ]
    listed = queries.recipient_list(letter.id)
    rows = listing.fetch(listed, listing.read(listed, {})).page.items
    assert [str(listed.columns[0].value(row)) for row in rows] == ["adresse effacée"] * 2 + ["fidele@exemple.fr"]


@IN_PLACE
def test_who_did_nothing_for_three_years_is_asked_once_and_stays_by_a_press_or_is_forgotten() -> None:
    stays, silent, chooses = (make_reader(f"{name}@exemple.fr", now=NOW) for name in ("reste", "muette", "choisit"))
    make_reader("recente@exemple.fr", now=NOW + timedelta(days=10))
    keys = (stays.email, silent.email, chooses.id)

    def sweep(now: datetime) -> tuple[int, int]:
        with unit_of_work.transaction():
            return service.ask_to_stay(now=now), service.forget(now=now)

    asked = NOW + rules.ASKED_AFTER
    assert sweep(asked - timedelta(seconds=1)) == (0, 0)
    assert sweep(asked) == (3, 0)
    assert sweep(asked + timedelta(days=1)) == (0, 0)
    with unit_of_work.transaction():
        service.confirm(reader_of(keys[0]).confirm_secret, now=asked + timedelta(days=2))
        service.choose(keys[2], Choice(all_themes=True, themes=frozenset()), text="tous", now=asked)
    questions = sent("still_wanted")
    assert len(questions) == 3

    assert sweep(asked + rules.ANSWER_WITHIN) == (1, 0), "nothing left"
    for mail in questions:
        mail.status, mail.sent_at = MailStatus.FAILED, None
    db.session.commit()
    assert sweep(asked + 2 * rules.ANSWER_WITHIN) == (0, 0), "refused by the server"
    for mail in questions:
        mail.status, mail.sent_at = MailStatus.SENT, asked + timedelta(days=9)
    db.session.commit()
    assert sweep(asked + timedelta(days=9) + rules.ANSWER_WITHIN - timedelta(seconds=1)) == (0, 0)
    assert sweep(asked + timedelta(days=9) + rules.ANSWER_WITHIN) == (0, 1)
    assert set(db.session.scalars(sa.select(Reader.email))) == {
        "reste@exemple.fr",
        "choisit@exemple.fr",
        "recente@exemple.fr",
    }
    assert tables_with("muette@exemple.fr") == []
    assert ConsentEvent.STAYED in set(db.session.scalars(sa.select(Consent.event)))


@pytest.fixture
def server(app: Flask, transaction: None, smtp: MailServer) -> Iterator[MailServer]:
    """A mail server that the application is set to use."""
    settings = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(settings, mail_server=Settings(host="127.0.0.1", port=smtp.port))
    yield smtp
    app.extensions["eventsapp.settings"] = settings


@pytest.mark.parametrize("address", ["a@exemple.fr\r\nBcc: b@exemple.fr", "a@exemple.fr, b@exemple.fr"])
def test_an_address_holds_no_other_and_no_header(server: MailServer, address: str) -> None:
    ask(address)
    mail_service.send_due(clock=lambda: LATER)

    assert server.messages == []
    assert [mail.status.value for mail in sent("confirm")] == ["failed"]


def test_two_who_ask_at_once_for_one_address_make_one_reader(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        at_once(app, ask, ask, ask)

        with app.app_context():
            assert reader_of().status is ReaderStatus.PENDING
            (mail,) = sent("confirm")
            assert f"/{reader_of().confirm_secret}/" in mail.text
            db.session.remove()
