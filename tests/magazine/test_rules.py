"""Decisions on plain values."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.magazine import rules
from eventsapp.magazine.errors import IllegalTransition, NotReady, OwnText
from eventsapp.magazine.statuses import ArticleStatus, Stage

D, R, S, P, W = (
    ArticleStatus.DRAFT,
    ArticleStatus.IN_REVIEW,
    ArticleStatus.SCHEDULED,
    ArticleStatus.PUBLISHED,
    ArticleStatus.WITHDRAWN,
)
#: Every way from one status to another that is open; all others are closed.
OPEN = {(D, R), (D, S), (D, P), (R, D), (R, S), (R, P), (S, D), (S, P), (P, W), (W, D), (W, P)}


@pytest.mark.parametrize("before", ArticleStatus)
@pytest.mark.parametrize("after", ArticleStatus)
def test_the_table_of_transitions(before: ArticleStatus, after: ArticleStatus) -> None:
    try:
        rules.require_transition(before, after)
        passes = True
    except IllegalTransition:
        passes = False

    assert passes == ((before, after) in OPEN)


def test_a_refused_transition_says_both_words() -> None:
    with pytest.raises(IllegalTransition, match="« publié » ne peut pas devenir « brouillon »"):
        rules.require_transition(P, D)


def test_an_article_without_title_lead_or_text_is_not_ready_and_each_field_is_named() -> None:
    with pytest.raises(NotReady) as refusal:
        rules.require_ready(title=" ", lead="", body="\n")

    assert set(refusal.value.errors) == {"/title", "/lead", "/body"}


def test_an_article_with_all_three_is_ready() -> None:
    rules.require_ready(title="Angers", lead="Cinq territoires.", body="On parle.")


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (230, 1), (460, 2), (1150, 5)])
def test_reading_takes_a_minute_for_230_words_and_at_least_one(words: int, minutes: int) -> None:
    assert rules.reading_minutes("mot " * words) == minutes


@pytest.mark.parametrize(
    ("day_title", "title"),
    [
        ("Mutualiser les services", "Angers : Mutualiser les services"),
        ("La mutualisation à ANGERS", "La mutualisation à ANGERS"),
        ("x" * 300, f"Angers : {'x' * 190}…"),
    ],
)
def test_the_title_proposed_for_a_report_names_the_town_once_and_fits(day_title: str, title: str) -> None:
    assert rules.report_title(day_title=day_title, city="Angers") == title


def test_the_skeleton_of_a_report_has_a_heading_a_session() -> None:
    assert rules.report_body(["Angers", "Mulhouse\net  son agglo"]) == "## Angers\n\n\n## Mulhouse et son agglo\n\n"
    assert rules.report_body([]) == ""


@pytest.mark.parametrize(
    ("to_recipient", "from_sender", "in_all", "may"),
    [(2, 19, 499, True), (3, 0, 0, False), (0, 20, 0, False), (0, 0, 500, False)],
)
def test_sharing_has_bounds_to_one_from_one_and_in_all(
    to_recipient: int, from_sender: int, in_all: int, may: bool
) -> None:
    assert rules.may_share(to_recipient=to_recipient, from_sender=from_sender, in_all=in_all) == may


@pytest.mark.parametrize(
    ("published_on", "months", "opens"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 20), 12, date(2027, 11, 20)),
        (date(2026, 11, 20), 0, None),
    ],
)
def test_a_text_opens_on_the_same_day_of_a_later_month(published_on: date, months: int, opens: date | None) -> None:
    assert rules.opens_on(published_on=published_on, months=months) == opens


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_the_last_day_that_is_open_is_the_last_whose_text_has_opened(months: int) -> None:
    for number in range(800):
        today = date(2027, 1, 1) + timedelta(days=number)
        last = rules.last_opened(today=today, months=months)
        opens, next_opens = (
            rules.opens_on(published_on=day, months=months) for day in (last, last + timedelta(days=1))
        )
        assert opens is not None
        assert next_opens is not None
        assert opens <= today < next_opens


@pytest.mark.parametrize(
    ("names", "signed"),
    [
        (["Anne Roux"], "Anne Roux"),
        (["Anne Roux", "Alix Petit"], "Anne Roux et Alix Petit"),
        (["Anne Roux", "Alix Petit", "Michel Monier"], "Anne Roux, Alix Petit et Michel Monier"),
    ],
)
def test_people_sign_together(names: list[str], signed: str) -> None:
    assert rules.signature(names) == signed


def test_texts_are_near_by_words_whatever_their_endings_and_accents() -> None:
    text = "Mutualiser les services informatiques des communes"
    near = "MUTUALISATION : des services informatiques communs et ruraux"

    assert rules.nearness(text, text) == 1.0
    assert 0 < rules.nearness(text, near) < 1
    assert rules.nearness(text, "Les communes et leurs services") == 0.0
    assert rules.nearness("", "") == 0.0


def test_a_text_is_approved_by_anybody_but_its_author() -> None:
    rules.require_second_reader(author_id=1, reader_id=2)
    rules.require_second_reader(author_id=None, reader_id=2)
    rules.require_second_reader(author_id=None, reader_id=None)
    rules.require_second_reader(author_id=1, reader_id=None)
    with pytest.raises(OwnText):
        rules.require_second_reader(author_id=1, reader_id=1)


@pytest.mark.parametrize(
    ("status", "sent_back", "approved", "dated", "stage"),
    [
        (ArticleStatus.DRAFT, False, False, False, Stage.DRAFT),
        (ArticleStatus.DRAFT, True, False, False, Stage.CHANGES),
        (ArticleStatus.IN_REVIEW, False, False, False, Stage.IN_REVIEW),
        (ArticleStatus.IN_REVIEW, False, True, False, Stage.APPROVED),
        (ArticleStatus.SCHEDULED, False, True, True, Stage.SCHEDULED),
        (ArticleStatus.SCHEDULED, False, True, False, Stage.WITH_ISSUE),
        (ArticleStatus.PUBLISHED, False, True, False, Stage.PUBLISHED),
        (ArticleStatus.WITHDRAWN, False, True, False, Stage.WITHDRAWN),
    ],
)
def test_a_stage_is_made_of_the_status_and_what_reviewers_said(
    status: ArticleStatus, sent_back: bool, approved: bool, dated: bool, stage: Stage
) -> None:
    assert rules.stage(status, sent_back=sent_back, approved=approved, dated=dated) is stage


def test_a_text_that_waits_longer_than_the_newsroom_is_patient_is_overdue() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)

    assert not rules.is_overdue(Stage.IN_REVIEW, since=since, now=since + timedelta(days=5))
    assert rules.is_overdue(Stage.IN_REVIEW, since=since, now=since + timedelta(days=5, seconds=1))
    assert not rules.is_overdue(Stage.DRAFT, since=since, now=since + timedelta(days=500))


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("Un texte.", "Un texte.", [("same", "Un texte.")]),
        ("", "Neuf", [("added", "Neuf")]),
        (
            "Cinq territoires parlent.",
            "Six territoires parlent.",
            [("removed", "Cinq"), ("added", "Six"), ("same", " territoires parlent.")],
        ),
        ("a\n\nb\n", "a\n\nb\n\nc", [("same", "a\n\nb\n"), ("added", "\nc")]),
    ],
)
def test_two_texts_are_compared_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert [(piece.change.value, piece.text) for piece in rules.compare(before, after)] == pieces


@given(st.text(alphabet="ab .\n’é", max_size=60), st.text(alphabet="ab .\n’é", max_size=60))
def test_a_comparison_loses_no_letter_of_either_text(before: str, after: str) -> None:
    pieces = rules.compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.change is not rules.Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change is not rules.Change.REMOVED) == after


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "agreed"),
    [
        ("a", "a", "a", "a"),
        ("a", "b", "a", "b"),
        ("a", "a", "b", "b"),
        ("a", "b", "b", "b"),
        ("a", "b", "c", None),
        (None, "b", "c", None),
        (None, "b", "b", "b"),
    ],
)
def test_who_left_a_text_as_it_was_agrees_with_the_other(
    base: str | None, mine: str, theirs: str, agreed: str | None
) -> None:
    assert rules.reconciled(base=base, mine=mine, theirs=theirs) == agreed
