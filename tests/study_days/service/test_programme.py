"""Sessions in their order, and who speaks at each."""

from datetime import UTC, datetime, time

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import DayInUse
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.values import Slot, Talk
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def organiser(transaction: None) -> User:
    """Who changes the programme."""
    return make_user(RoleName.ORGANISER)


@pytest.fixture(autouse=True)
def day(transaction: None) -> None:
    """A day with three sessions: A at 10, B at 11, C at 14 o'clock."""
    made = make_study_day(slug="journee", starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC))
    for position, (title, hour) in enumerate((("A", 9), ("B", 10), ("C", 13)), start=1):
        make_session(made, title=title, position=position, starts_at=datetime(2027, 2, 24, hour, tzinfo=UTC))


def _reload() -> StudyDay:
    db.session.flush()
    db.session.expire_all()
    day = queries.day_in_full("journee")
    assert day is not None
    return day


def _order() -> list[tuple[int, str]]:
    return [(session.position, session.title) for session in _reload().sessions]


def test_a_session_is_put_where_its_hour_belongs(organiser: User) -> None:
    study_days.add_session(
        _reload(), slot=Slot(title="Entre", starts=time(12), ends=time(13)), version=1, actor=organiser, now=NOW
    )

    assert _order() == [(1, "A"), (2, "B"), (3, "Entre"), (4, "C")]


def test_a_session_without_an_hour_comes_last(organiser: User) -> None:
    study_days.add_session(_reload(), slot=Slot(title="Fin"), version=1, actor=organiser, now=NOW)

    assert _order()[-1] == (4, "Fin")


@pytest.mark.parametrize(
    ("title", "by", "order"),
    [("B", -1, "BAC"), ("B", 1, "ACB"), ("A", -1, "ABC"), ("C", 1, "ABC"), ("C", -1, "ACB")],
)
def test_a_session_moves_up_and_down_and_stays_at_the_ends(organiser: User, title: str, by: int, order: str) -> None:
    session = next(session for session in _reload().sessions if session.title == title)

    study_days.move_session(_reload(), session, by=by, version=1, actor=organiser, now=NOW)

    assert _order() == list(enumerate(order, start=1))


def test_a_session_removed_leaves_no_gap_and_its_documents_to_the_day(organiser: User) -> None:
    db.session.add(
        DayDocument(
            study_day_id=_reload().id,
            session_id=_reload().sessions[0].id,
            title="Support",
            url="https://a.fr/b",
            position=1,
        )
    )
    db.session.flush()

    study_days.remove_session(_reload(), _reload().sessions[0], reported=False, version=1, actor=organiser, now=NOW)

    assert _order() == [(1, "B"), (2, "C")]
    assert db.session.scalars(sa.select(DayDocument.session_id)).all() == [None]


def test_a_session_with_a_report_stays(organiser: User) -> None:
    with pytest.raises(DayInUse):
        study_days.remove_session(_reload(), _reload().sessions[0], reported=True, version=1, actor=organiser, now=NOW)


def test_people_change_and_keep_what_was_written_of_them(organiser: User) -> None:
    anne, luc = make_speaker("Anne Petit"), make_speaker("Luc Moreau")
    session = _reload().sessions[0]
    study_days.edit_session(
        _reload(),
        session,
        slot=Slot(title="A", talks=[Talk(name="Anne Petit", role="maire"), Talk(name="Luc Moreau", chairs=True)]),
        version=1,
        actor=organiser,
        now=NOW,
    )
    kept = _reload().sessions[0].interventions[0].id

    study_days.edit_session(
        _reload(),
        _reload().sessions[0],
        slot=Slot(title="A", talks=[Talk(name="Luc Moreau"), Talk(name="Anne Petit", role="maire honoraire")]),
        version=2,
        actor=organiser,
        now=NOW,
    )

    talks = _reload().sessions[0].interventions
    assert [(talk.speaker_id, talk.role, talk.chairs, talk.position) for talk in talks] == [
        (luc.id, "", False, 1),
        (anne.id, "maire honoraire", False, 2),
    ]
    assert talks[1].id == kept


def test_somebody_known_comes_with_the_role_of_the_last_time(organiser: User) -> None:
    anne = make_speaker("Anne Petit")
    earlier = make_study_day(starts_at=datetime(2026, 2, 1, 8, tzinfo=UTC))
    make_session(earlier, speakers=[anne])

    study_days.add_session(
        _reload(), slot=Slot(title="D", talks=[Talk(name="Anne Petit")]), version=1, actor=organiser, now=NOW
    )

    assert _reload().sessions[-1].interventions[0].affiliation == "directrice générale des services, Ville"


def test_nobody_speaks_twice_at_one_session(organiser: User) -> None:
    with pytest.raises(Invalid, match="deux fois"):
        study_days.add_session(
            _reload(),
            slot=Slot(title="D", talks=[Talk(name="Anne Petit"), Talk(name="ANNE PETIT")]),
            version=1,
            actor=organiser,
            now=NOW,
        )


def test_homonyms_are_told_apart_by_their_address(organiser: User) -> None:
    make_speaker("Anne Petit", slug="anne-petit")
    second = make_speaker("Anne Petit", slug="anne-petit-2")

    with pytest.raises(Invalid, match="Plusieurs intervenants"):
        study_days.add_session(
            _reload(), slot=Slot(title="D", talks=[Talk(name="Anne Petit")]), version=1, actor=organiser, now=NOW
        )
    study_days.add_session(
        _reload(),
        slot=Slot(title="D", talks=[Talk(name="Anne Petit", slug="anne-petit-2")]),
        version=2,
        actor=organiser,
        now=NOW,
    )

    assert _reload().sessions[-1].interventions[0].speaker_id == second.id


def test_a_name_typed_over_another_is_another_person(organiser: User) -> None:
    make_speaker("Anne Petit", slug="anne-petit")

    study_days.add_session(
        _reload(),
        slot=Slot(title="D", talks=[Talk(name="Luc Moreau", slug="anne-petit")]),
        version=1,
        actor=organiser,
        now=NOW,
    )

    assert _reload().sessions[-1].interventions[0].speaker.name == "Luc Moreau"


@pytest.mark.parametrize(
    "slot",
    [
        Slot(title="D", starts=time(10), ends=time(10)),
        Slot(title="D", on=datetime(2027, 2, 25, tzinfo=UTC).date()),
    ],
)
def test_a_session_that_cannot_be_is_refused(organiser: User, slot: Slot) -> None:
    with pytest.raises(Invalid):
        study_days.add_session(_reload(), slot=slot, version=1, actor=organiser, now=NOW)


def test_the_second_of_two_editors_is_told(organiser: User) -> None:
    study_days.move_session(_reload(), _reload().sessions[0], by=1, version=1, actor=organiser, now=NOW)

    with pytest.raises(Conflict):
        study_days.add_session(_reload(), slot=Slot(title="D"), version=1, actor=organiser, now=NOW)
