"""When questionnaires are open, what an answer may be, what answers say together."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventsapp.surveys import rules
from eventsapp.surveys.statuses import SurveyKind
from eventsapp.surveys.values import SurveyQuestion

ENDS = datetime(2027, 2, 24, 16, tzinfo=UTC)
OVERALL, NPS, TEXT = (
    next(each for each in rules.STANDARD if each.code == code) for code in ("overall", "recommend", "keep")
)
CHOICE = SurveyQuestion(code="1", kind=SurveyKind.CHOICE, label="Quelle taille ?", options=("Petite", "Grande"))


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (ENDS - timedelta(seconds=1), False),
        (ENDS, True),
        (ENDS + timedelta(days=30, seconds=-1), True),
        (ENDS + timedelta(days=30), False),
    ],
)
def test_it_is_open_from_the_end_of_the_day_for_thirty_days(now: datetime, *, is_open: bool) -> None:
    assert rules.is_open(ends_at=ENDS, now=now) is is_open


def test_people_are_asked_at_nine_on_the_day_after_in_their_town() -> None:
    assert rules.asked_from(last_date=date(2027, 2, 24), zone=ZoneInfo("Europe/Paris")) == datetime(
        2027, 2, 25, 8, tzinfo=UTC
    )
    assert rules.asked_from(last_date=date(2027, 2, 24), zone=ZoneInfo("Indian/Reunion")) == datetime(
        2027, 2, 25, 5, tzinfo=UTC
    )


def test_what_was_left_out_is_not_kept_and_what_was_not_asked_neither() -> None:
    answers = {"overall": "4", "recommend": "", "keep": "  Les chiffres. ", "1": "Grande", "stranger": "x"}

    assert rules.checked([OVERALL, NPS, TEXT, CHOICE], answers) == (
        {"overall": "4", "keep": "Les chiffres.", "1": "Grande"},
        {},
    )


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"overall": "6"}, "overall"),
        ({"overall": "0"}, "overall"),
        ({"recommend": "11"}, "recommend"),
        ({"recommend": "-1"}, "recommend"),
        ({"1": "Moyenne"}, "1"),
        ({"keep": "x" * 2001}, "keep"),
        ({}, "overall"),
        ({"keep": "   "}, "overall"),
    ],
)
def test_an_answer_that_was_not_offered_is_refused_and_so_is_none_at_all(answers: dict[str, str], wrong: str) -> None:
    _kept, problems = rules.checked([OVERALL, NPS, TEXT, CHOICE], answers)

    assert list(problems) == [wrong]


def test_nothing_is_shown_of_fewer_than_three_answers() -> None:
    assert rules.results(rules.STANDARD, [{"overall": "5"}] * 2) == []
    assert len(rules.results(rules.STANDARD, [{"overall": "5"}] * 3)) == len(rules.STANDARD)


def test_answers_are_counted_averaged_and_texts_put_in_no_order_of_time() -> None:
    replies = [
        {"overall": "5", "recommend": "10", "keep": "Zèbre"},
        {"overall": "4", "recommend": "9", "keep": "Abeille"},
        {"overall": "1", "recommend": "7"},
        {"recommend": "0", "1": "Petite"},
    ]

    marks, scores, texts, sizes = rules.results([OVERALL, NPS, TEXT, CHOICE], replies)

    assert marks.counts == [("1", 1), ("2", 0), ("3", 0), ("4", 1), ("5", 1)]
    assert (marks.answered, marks.average, marks.recommended) == (3, 10 / 3, None)
    assert (scores.answered, scores.average, scores.recommended) == (4, 6.5, 25)
    assert (texts.answered, texts.texts) == (2, ["Abeille", "Zèbre"])
    assert (sizes.counts, sizes.average) == ([("Petite", 1), ("Grande", 0)], None)


def test_a_question_asked_no_more_is_shown_while_somebody_answered_it() -> None:
    retired = SurveyQuestion(code="old", kind=SurveyKind.TEXT, label="Ancienne", asked=False)

    assert rules.results([retired], [{"overall": "5"}] * 3) == []
    assert [each.texts for each in rules.results([retired], [{"old": "Oui"}, {}, {}])] == [["Oui"]]
