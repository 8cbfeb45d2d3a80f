"""« Envoyer à un ami », within its bounds."""

from datetime import datetime, timedelta

import pytest

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.magazine import rules, service
from eventsapp.magazine.models import Share
from eventsapp.magazine.values import SharedPage, Sharing
from eventsapp.mail import outbox
from eventsapp.mail.models import MailRefusal, OutgoingMail
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")

PAGE = SharedPage(
    title="La mutualisation avec ceux qui l’ont conduite !",
    lead="Cinq territoires.",
    path="/articles/angers/",
    url="http://localhost/articles/angers/",
)


def send(
    *,
    recipient: str = "ami@exemple.fr",
    sender: str = "lectrice@exemple.fr",
    message: str = "",
    locale: str = "fr",
    now: datetime = NOW,
) -> None:
    with unit_of_work.transaction():
        service.share(
            page=PAGE,
            sharing=Sharing(sender_name="Claire Lectrice", sender_email=sender, recipient=recipient, message=message),
            locale=locale,
            now=now,
        )


def mails() -> list[OutgoingMail]:
    return db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()


def test_a_friend_gets_one_mail_from_the_magazine_that_answers_the_sender() -> None:
    send(message="Page 3 surtout.")

    (mail,) = mails()
    assert (mail.to_address, mail.reply_to) == ("ami@exemple.fr", "lectrice@exemple.fr")
    assert mail.subject == "Claire Lectrice vous envoie une page de La Lettre du cadre territorial"
    for text in (mail.text, mail.html):
        assert PAGE.url in text
        assert "Page 3 surtout." in text
        assert PAGE.title in text


def test_the_mail_says_in_the_language_of_the_page_and_leads_to_the_way_out() -> None:
    send()

    (mail,) = mails()
    token = service.refusal_token("ami@exemple.fr")
    assert f"http://localhost/envois/refuser/{token}/" in mail.text
    assert f"http://localhost/envois/refuser/{token}/" in mail.html


def test_markup_in_a_name_is_shown_literally() -> None:
    with unit_of_work.transaction():
        service.share(
            page=SharedPage(title="<i>Titre</i>", lead="", path="/", url="http://localhost/"),
            sharing=Sharing(sender_name="<b>X</b>", sender_email="x@exemple.fr", recipient="y@exemple.fr"),
            locale="fr",
            now=NOW,
        )

    (mail,) = mails()
    assert "<b>X" not in mail.html
    assert "<i>Titre" not in mail.html


def test_only_fingerprints_of_the_addresses_are_kept() -> None:
    send()

    (share,) = db.session.query(Share)
    assert share.recipient_hash == outbox.fingerprint("ami@exemple.fr")
    assert share.sender_hash == outbox.fingerprint("lectrice@exemple.fr")
    assert (share.path, share.at) == ("/articles/angers/", NOW)


def test_a_fourth_mail_to_one_address_within_a_day_is_not_sent() -> None:
    for number in range(4):
        send(recipient="AMI@exemple.fr" if number else "ami@exemple.fr", sender=f"lecteur{number}@exemple.fr")

    assert len(mails()) == rules.SHARES_PER_RECIPIENT == db.session.query(Share).count()


def test_a_day_later_the_address_can_be_written_to_again() -> None:
    for _time in range(4):
        send()

    send(now=NOW + timedelta(hours=24))

    assert len(mails()) == rules.SHARES_PER_RECIPIENT + 1


def test_one_sender_reaches_no_more_than_so_many_addresses_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SHARES_PER_SENDER", 2)

    for number in range(3):
        send(recipient=f"ami{number}@exemple.fr")

    assert [mail.to_address for mail in mails()] == ["ami0@exemple.fr", "ami1@exemple.fr"]


def test_all_together_send_no_more_than_so_many_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SHARES_IN_ALL", 2)

    for number in range(3):
        send(recipient=f"ami{number}@exemple.fr", sender=f"lecteur{number}@exemple.fr")

    assert len(mails()) == 2


def test_an_address_that_wants_no_more_gets_no_more_and_nobody_is_told() -> None:
    service.refuse_shares(service.refusal_token("ami@exemple.fr"), now=NOW)
    db.session.commit()

    send(recipient="Ami@exemple.fr")

    assert mails() == []
    assert db.session.query(Share).count() == 0


def test_refusing_twice_changes_nothing() -> None:
    token = service.refusal_token("ami@exemple.fr")

    for _time in range(2):
        service.refuse_shares(token, now=NOW)
    db.session.commit()

    (refusal,) = db.session.query(MailRefusal)
    assert (refusal.kind, refusal.address_hash) == ("share", outbox.fingerprint("ami@exemple.fr"))


def test_the_way_out_neither_tells_the_address_nor_can_be_made_up() -> None:
    token = service.refusal_token("ami@exemple.fr")
    assert "ami" not in token

    for forged in (token[:-1], f"{token}x", "", "ami@exemple.fr"):
        with pytest.raises(NotFound):
            service.refuse_shares(forged, now=NOW)
    assert db.session.query(MailRefusal).count() == 0
