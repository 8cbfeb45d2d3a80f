"""The words for a questionnaire."""

from enum import StrEnum


class SurveyKind(StrEnum):
    """What an answer looks like."""

    #: From 1 to 5.
    MARK = "mark"
    #: From 0 to 10: would one recommend it.
    SCORE = "score"
    CHOICE = "choice"
    TEXT = "text"


#: What can be counted.
COUNTED = frozenset({SurveyKind.MARK, SurveyKind.SCORE, SurveyKind.CHOICE})
