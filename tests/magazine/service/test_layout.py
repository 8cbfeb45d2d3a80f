"""An issue laid out: its cover, itself as one PDF, the order and the length of its texts."""

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import storage
from eventsapp.files.errors import FileRefused
from eventsapp.files.models import StoredFile
from eventsapp.magazine import service
from eventsapp.magazine.models import Issue
from eventsapp.magazine.queries import board, newsroom
from eventsapp.magazine.values import Cover, Upload
from tests.magazine.uploads import PDF, PNG
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


@pytest.fixture
def issue(transaction: None) -> Issue:
    make_issue(612)
    return again()


def again() -> Issue:
    db.session.commit()
    return loaded()


def loaded() -> Issue:
    db.session.expire_all()
    found = newsroom.issue(612)
    assert found is not None
    return found


def test_a_cover_says_what_it_shows_is_replaced_and_removed(editor: User, issue: Issue) -> None:
    picture = Upload(data=PNG, name="une.png")
    with pytest.raises(Invalid) as refusal:
        service.set_cover(issue, cover=Cover(upload=picture, alt=" "), actor=editor, now=NOW)
    assert set(refusal.value.errors) == {"/alt"}

    service.set_cover(
        issue, cover=Cover(upload=picture, alt=" Un beffroi. ", credit="A. Photographe"), actor=editor, now=NOW
    )
    issue = again()
    assert issue.cover is not None
    former = issue.cover.key
    assert (issue.cover.content_type, issue.cover_alt, issue.cover_credit) == (
        "image/png",
        "Un beffroi.",
        "A. Photographe",
    )

    with unit_of_work.transaction():
        service.set_cover(loaded(), cover=Cover(alt="Une tour."), actor=editor, now=NOW)
    issue = again()
    assert issue.cover is not None
    assert (issue.cover.key, issue.cover_alt) == (former, "Une tour.")

    with unit_of_work.transaction():
        service.set_cover(loaded(), cover=Cover(remove=True), actor=editor, now=NOW)
    issue = again()
    assert (issue.cover, issue.cover_alt, db.session.query(StoredFile).count()) == (None, "", 0)
    assert [line.action for line in audit.history_of("issue", issue.id)] == ["issues.edit"] * 3


def test_what_is_no_picture_is_no_cover(editor: User, issue: Issue) -> None:
    with pytest.raises(Invalid) as refusal:
        service.set_cover(issue, cover=Cover(upload=Upload(data=PDF, name="x.pdf"), alt="X"), actor=editor, now=NOW)
    assert set(refusal.value.errors) == {"/cover"}
    with pytest.raises(FileRefused):
        service.set_cover(issue, cover=Cover(upload=Upload(data=b"x", name="x.png"), alt="X"), actor=editor, now=NOW)


def test_the_whole_issue_is_a_pdf_and_its_former_one_goes(editor: User, issue: Issue) -> None:
    with pytest.raises(Invalid) as refusal:
        service.set_pdf(issue, upload=Upload(data=PNG, name="x.png"), actor=editor, now=NOW)
    assert set(refusal.value.errors) == {"/pdf"}
    db.session.rollback()

    service.set_pdf(again(), upload=Upload(data=PDF, name="612.pdf"), actor=editor, now=NOW)
    issue = again()
    assert issue.pdf is not None
    assert storage.path_of(issue.pdf.key).read_bytes() == PDF

    with unit_of_work.transaction():
        service.set_pdf(loaded(), upload=None, actor=editor, now=NOW)
    issue = again()
    assert (issue.pdf, db.session.query(StoredFile).count()) == (None, 0)


def test_a_text_is_moved_among_those_of_its_section(editor: User, issue: Issue) -> None:
    section, other = make_section(), make_section()
    first, second, third = (make_article(issue_id=issue.id, section_id=section.id) for _ in range(3))
    elsewhere = make_article(issue_id=issue.id, section_id=other.id)

    service.move_in_issue(third, by=-1, actor=editor, now=NOW)
    service.move_in_issue(first, by=-1, actor=editor, now=NOW)
    db.session.commit()

    assert list(board.neighbours_in_issue(first)) == [first, third, second]
    assert elsewhere.place == 0
    assert [line.changes for line in audit.history_of("article", third.id)] == [{"place": [3, 2]}]
    assert audit.history_of("article", first.id) == []


def test_lengths_are_kept_for_the_texts_of_the_issue_only(editor: User, issue: Issue) -> None:
    text, other = make_article(issue_id=issue.id), make_article()

    service.set_lengths(issue, pages={text.id: 4, other.id: 9}, actor=editor, now=NOW)
    service.set_lengths(issue, pages={text.id: 4}, actor=editor, now=NOW)
    db.session.commit()

    assert (text.pages, other.pages) == (4, None)
    assert len(audit.history_of("issue", issue.id)) == 1
