"""Making, changing, uniting and removing speakers."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from PIL import Image

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.files import storage
from eventsapp.magazine import service as magazine
from eventsapp.magazine.models import Article
from eventsapp.speakers import queries, service
from eventsapp.speakers.errors import SpeakerInUse
from eventsapp.speakers.models import Speaker
from eventsapp.speakers.values import SpeakerDraft
from eventsapp.study_days.models import Intervention
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def editor(transaction: None) -> User:
    """Who changes the entries."""
    return make_user(RoleName.EDITOR)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 80)).save(file, "PNG")
    return file.getvalue()


def _loaded(speaker: Speaker) -> Speaker:
    db.session.flush()
    db.session.expire_all()
    found = queries.speaker_by_id(speaker.id)
    assert found is not None
    return found


def _unite(kept: Speaker, other: Speaker, editor: User) -> None:
    kept_id, other_id = kept.id, other.id
    with unit_of_work.transaction():
        db.session.expire_all()
        first, second = queries.speaker_by_id(kept_id), queries.speaker_by_id(other_id)
        assert first is not None
        assert second is not None
        magazine.merge_speakers(first, other=second, actor=editor, now=NOW)


def test_a_speaker_keeps_the_first_address(editor: User) -> None:
    made = service.save_speaker(None, values=SpeakerDraft(first_name="Zoé", last_name="Le Goff"), actor=editor, now=NOW)

    service.save_speaker(made, values=SpeakerDraft(first_name="Zoé", last_name="Martin"), actor=editor, now=NOW)

    assert (made.slug, made.name) == ("zoe-le-goff", "Zoé Martin")


def test_a_photograph_takes_the_place_of_the_former_one(editor: User) -> None:
    speaker = make_speaker()
    keys = []
    for data in (_picture(), _picture(), None):
        with unit_of_work.transaction():
            service.set_photo(_loaded(speaker), data=data, name="a.png", actor=editor, now=NOW)
        photo = _loaded(speaker).photo
        keys.append(photo.key if photo else "")

    assert len(set(keys)) == 3
    assert keys[-1] == ""
    assert not any(storage.path_of(key).is_file() for key in keys)


def test_uniting_moves_sessions_and_reports_and_leads_every_address_to_the_one_that_stays(editor: User) -> None:
    kept, other = make_speaker("Anne Petit", slug="anne-petit"), make_speaker("Anne PETIT", slug="a-petit")
    day = make_study_day()
    alone, both = make_session(day, speakers=[other]), make_session(day, speakers=[kept, other])
    article = Article(slug="a", title="A", created_at=NOW, updated_at=NOW, speakers=[other])
    db.session.add(article)
    db.session.commit()

    _unite(kept, other, editor)

    talks = db.session.execute(sa.select(Intervention.session_id, Intervention.speaker_id)).all()
    assert sorted(talks) == sorted([(alone.id, kept.id), (both.id, kept.id)])
    assert db.session.scalars(sa.text("SELECT speaker_id FROM article_speakers")).all() == [kept.id]
    assert queries.speaker("a-petit") is None
    assert queries.former_speaker("a-petit") == "anne-petit"


def test_uniting_takes_what_is_lacking_and_no_biography_without_consent(editor: User) -> None:
    kept = make_speaker(consent_on=date(2026, 1, 1))
    other = make_speaker(biography="Sans accord", website="https://exemple.fr/")
    with unit_of_work.transaction():
        service.set_photo(_loaded(other), data=_picture(), name="a.png", actor=editor, now=NOW)

    _unite(kept, other, editor)

    united = _loaded(kept)
    assert (united.website, united.biography) == ("https://exemple.fr/", "")
    assert united.photo is not None
    assert storage.path_of(united.photo.key).is_file()


def test_somebody_who_spoke_stays(editor: User) -> None:
    speaker = make_speaker()
    make_session(make_study_day(), speakers=[speaker])

    with pytest.raises(SpeakerInUse):
        service.delete_speaker(_loaded(speaker), actor=editor, now=NOW)


def test_somebody_who_spoke_nowhere_goes(editor: User) -> None:
    speaker = make_speaker()

    service.delete_speaker(_loaded(speaker), actor=editor, now=NOW)

    assert db.session.scalar(sa.select(sa.func.count(Speaker.id))) == 0
