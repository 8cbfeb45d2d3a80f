"""A letter is edited, tried by who writes it, planned for those who were counted, taken back until it leaves."""

from datetime import timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid, Refusal
from eventsapp.mail import service as mail_service
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.newsletter import service
from eventsapp.newsletter.errors import EmptyLetter, LetterGone, NobodyReads, ReadersChanged
from eventsapp.newsletter.models import Letter
from eventsapp.newsletter.statuses import LetterStatus
from eventsapp.newsletter.values import Choice, ItemEdit, LetterEdit
from tests.newsletter.looking import items, make_letter, make_reader, plan, send, sent
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW, make_study_day, make_theme

TOMORROW = NOW + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


@pytest.fixture
def actor(transaction: None) -> User:
    return make_user(RoleName.EDITOR, email="redactrice@exemple.fr")


@pytest.fixture
def letter(transaction: None) -> Letter:
    for number in (1, 2):
        make_article(title=f"Article {number}", published_at=NOW - timedelta(days=number))
    make_study_day(title="Journée", theme=make_theme("Finances"), starts_at=NOW + timedelta(days=20))
    return make_letter()


def edit(letter: Letter, actor: User, *, version: int = 1, **values: object) -> None:
    given: dict[str, object] = {"subject": "Objet", "intro": "Bonjour.", "items": ()}
    with unit_of_work.transaction():
        service.edit(letter.id, LetterEdit(**given | values), version=version, actor=actor, now=NOW)  # type: ignore[arg-type]


def read_titles(letter: Letter) -> list[str]:
    return [each.title for each in service.counted(letter.id, now=NOW).told]


def test_words_order_and_choice_are_kept_and_what_is_of_another_letter_is_passed_over(
    letter: Letter, actor: User
) -> None:
    first, second, day = items(letter.id)
    lines = [
        ItemEdit(item_id=first.id, position=2, is_in=True),
        ItemEdit(item_id=second.id, position=1, is_in=True, text="**Autrement** dit."),
        ItemEdit(item_id=day.id, position=3, is_in=False),
        ItemEdit(item_id=999_999, position=4, is_in=True),
    ]
    edit(letter, actor, items=lines)

    assert read_titles(letter) == ["Article 2", "Article 1"]
    assert service.counted(letter.id, now=NOW).told[0].text == "**Autrement** dit."
    kept = db.session.get_one(Letter, letter.id)
    assert (kept.subject, kept.version) == ("Objet", 2)
    with pytest.raises(Conflict):
        edit(letter, actor, version=1, subject="En retard")


def test_a_trial_goes_to_who_asks_and_holds_nobodys_link(letter: Letter, actor: User) -> None:
    secret = make_reader().secret
    with unit_of_work.transaction():
        service.send_test(letter, Choice(), actor=actor, now=NOW)

    (mail,) = sent()
    assert (mail.to_address, mail.unsubscribe_url) == ("redactrice@exemple.fr", "")
    assert mail.subject.startswith("Test")
    assert secret not in mail.html + mail.text
    assert "/lettre/" in mail.text


def test_a_trial_of_nothing_is_refused(letter: Letter, actor: User) -> None:
    edit(letter, actor, items=[ItemEdit(item_id=each.id, position=1, is_in=False) for each in items(letter.id)])

    with pytest.raises(EmptyLetter), unit_of_work.transaction():
        service.send_test(letter, Choice(), actor=actor, now=NOW)


def test_the_count_is_of_those_who_have_something_to_read(letter: Letter, actor: User) -> None:
    other = make_theme("Juridique")
    make_reader("tout@exemple.fr")
    make_reader("autre@exemple.fr", other)
    make_reader("echec@exemple.fr")
    with unit_of_work.transaction():
        mail_service.suppress("echec@exemple.fr", SuppressionReason.BOUNCED, now=NOW)

    assert service.counted(letter.id, now=NOW).readers == 2
    article_1, article_2, _day = items(letter.id)
    edit(letter, actor, items=[ItemEdit(item_id=each.id, position=1, is_in=False) for each in (article_1, article_2)])
    assert service.counted(letter.id, now=NOW).readers == 1


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"expected": 2}, ReadersChanged),
        ({"version": 9}, Conflict),
        ({"leaves_at": NOW - timedelta(minutes=1)}, Invalid),
        ({"leaves_at": NOW + timedelta(days=90)}, Invalid),
    ],
)
def test_it_leaves_only_as_it_was_seen(
    letter: Letter, actor: User, values: dict[str, object], refused: type[Refusal]
) -> None:
    make_reader()
    given: dict[str, object] = {"expected": 1, "version": 1, "leaves_at": None}

    with pytest.raises(refused), unit_of_work.transaction():
        service.plan(letter.id, actor=actor, now=NOW, **given | values)  # type: ignore[arg-type]
    assert db.session.get_one(Letter, letter.id).status is LetterStatus.DRAFT


def test_a_letter_for_nobody_or_of_nothing_does_not_leave(letter: Letter, actor: User) -> None:
    with pytest.raises(NobodyReads), unit_of_work.transaction():
        service.plan(letter.id, expected=0, version=1, leaves_at=None, actor=actor, now=NOW)
    edit(letter, actor, items=[ItemEdit(item_id=each.id, position=1, is_in=False) for each in items(letter.id)])
    with pytest.raises(EmptyLetter), unit_of_work.transaction():
        service.plan(letter.id, expected=0, version=2, leaves_at=None, actor=actor, now=NOW)


@pytest.mark.parametrize("leaves_at", [None, TOMORROW])
def test_until_its_hour_it_is_taken_back_and_then_it_is_not(letter: Letter, actor: User, leaves_at: object) -> None:
    make_reader()
    plan(letter, leaves_at=leaves_at)  # type: ignore[arg-type]
    starts_at = db.session.get_one(Letter, letter.id).starts_at
    assert starts_at is not None
    assert starts_at == (leaves_at or NOW + timedelta(seconds=60))
    with unit_of_work.transaction():
        service.undo(letter.id, actor=actor, now=starts_at - timedelta(seconds=1))
    assert db.session.get_one(Letter, letter.id).status is LetterStatus.DRAFT

    plan(db.session.get_one(Letter, letter.id), leaves_at=leaves_at)  # type: ignore[arg-type]
    assert send(now=starts_at - timedelta(seconds=1)) == 0
    with pytest.raises(LetterGone), unit_of_work.transaction():
        service.undo(letter.id, actor=actor, now=starts_at)
    with pytest.raises(LetterGone), unit_of_work.transaction():
        service.drop(letter.id, actor=actor, now=NOW)
    with pytest.raises(LetterGone):
        edit(letter, actor)
    assert send(now=starts_at) == 1


def test_what_one_letter_tells_another_draft_does_not_tell_again(letter: Letter, actor: User) -> None:
    make_reader()
    make_article(title="Article 3", published_at=NOW + timedelta(days=6))
    following = make_letter(now=NOW + timedelta(days=7))
    assert set(read_titles(following)) == {"Article 1", "Article 2", "Article 3", "Journée"}
    first, *_others = items(letter.id)
    edit(letter, actor, items=[ItemEdit(item_id=first.id, position=1, is_in=False)])

    plan(db.session.get_one(Letter, letter.id))

    # What was left out of it is still told, and a day as often as it comes.
    assert set(read_titles(following)) == {"Article 1", "Article 3", "Journée"}
