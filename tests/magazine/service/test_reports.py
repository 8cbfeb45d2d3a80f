"""Reports written by naming things as readers do."""

from datetime import timedelta

import pytest

from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.values import Move, ReportMembers
from tests.support.makers.magazine import make_section
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def _written(*, study_day: str = "angers", section: str | None = None) -> Article:
    members = ReportMembers(
        title="Angers", lead="Un chapô.", body="Un texte.", study_day=study_day, sessions=[1], section=section
    )
    article = service.write_report(members, actor=None, now=NOW)
    found = newsroom.article(article.id)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _day(transaction: None) -> None:
    day = make_study_day(slug="angers")
    make_session(day, position=1, speakers=[make_speaker("Ana Brun")])
    make_section(slug=newsroom.REPORTING)
    db.session.expire_all()


def test_a_report_stands_under_its_section_and_quotes_who_spoke() -> None:
    report = _written()

    assert report.section is not None
    assert (report.section.slug, [speaker.name for speaker in report.speakers]) == ("reportage", ["Ana Brun"])


def test_every_member_that_leads_nowhere_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        _written(study_day="nulle-part", section="aucune")

    assert sorted(refused.value.errors) == ["/section", "/study_day"]


def test_a_report_changes_and_moves_in_one_step() -> None:
    report, later = _written(), NOW + timedelta(days=1)

    service.change_report(
        report,
        ReportMembers(title="Angers, cinq ans après", sessions=[]),
        move=Move(status=ArticleStatus.SCHEDULED, publish_at=later),
        actor=None,
        now=NOW,
    )

    assert (report.title, report.lead, report.speakers) == ("Angers, cinq ans après", "Un chapô.", [])
    assert (report.status, report.publish_at) == (ArticleStatus.SCHEDULED, later)


def test_a_date_without_the_state_it_goes_with_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        service.change_report(
            _written(), ReportMembers(), move=Move(publish_at=NOW + timedelta(days=1)), actor=None, now=NOW
        )

    assert list(refused.value.errors) == ["/publish_at"]
