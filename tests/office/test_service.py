"""Views of lists: kept by their owner, one of a name, the last deleted one to be brought back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.office import queries, service
from eventsapp.office.errors import TooManyViews
from eventsapp.office.models import SavedView
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def _save(owner: User, name: str = "À régler", *, shared: bool = False, of: str = "inscriptions") -> SavedView:
    return service.save_view(of, name=name, parameters="etat=a-regler", is_shared=shared, owner=owner, now=NOW)


def test_somebody_sees_their_own_views_first_then_those_that_are_shared() -> None:
    me, other = make_user(RoleName.ORGANISER), make_user(RoleName.ORGANISER)
    for owner, name, shared in ((other, "A", True), (other, "B", False), (me, "C", False)):
        _save(owner, name, shared=shared)
    _save(me, "D", of="autre-liste")

    assert [view.name for view in queries.views_of("inscriptions", user_id=me.id)] == ["C", "A"]
    assert queries.count_of(me.id) == 2


def test_a_name_is_one_view_of_its_owner() -> None:
    me, other = make_user(RoleName.ORGANISER), make_user(RoleName.ORGANISER)

    assert _save(me).id == _save(me, shared=True).id
    assert _save(other).id != _save(me).id


def test_nobody_keeps_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_OWN", 1)
    me = make_user(RoleName.ORGANISER)
    _save(me)

    assert _save(me, shared=True).is_shared
    with pytest.raises(TooManyViews):
        _save(me, "Autre")


def test_a_deleted_view_is_seen_by_nobody_and_comes_back() -> None:
    me = make_user(RoleName.ORGANISER)
    first, second = _save(me), _save(me, "Autre")

    for place, view in enumerate((first, second)):
        service.delete_view(view, now=NOW + timedelta(minutes=place))

    assert queries.views_of("inscriptions", user_id=me.id) == []
    assert db.session.scalars(sa.select(SavedView.name)).all() == ["Autre"]
    service.restore_view(second)
    assert [view.name for view in queries.views_of("inscriptions", user_id=me.id)] == ["Autre"]


def test_a_view_is_renamed_by_its_owner_alone() -> None:
    me, other = make_user(RoleName.ORGANISER), make_user(RoleName.ORGANISER)
    view = _save(me)

    service.edit_view(view, name="Relances", is_shared=True)

    assert (view.name, view.is_shared) == ("Relances", True)
    assert queries.own_view(view.id, user_id=other.id) is None
