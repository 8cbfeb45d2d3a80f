"""What a day asks, and what was answered."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model


class Survey(Model):
    """What the office says of a day's questionnaire; without a row the standard questions are asked."""

    __tablename__ = "surveys"

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"), unique=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    #: As ``values.SurveyQuestion`` keeps each, in their order.
    questions: Mapped[list[Any]]
    updated_at: Mapped[datetime]


class SurveyReply(Model):
    """What one person answered; whose it is, is known while it may be changed and to nobody who reads results."""

    __tablename__ = "survey_replies"

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"), index=True)
    #: Empty once the questionnaire is closed.
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    #: Code of the question → answer.
    answers: Mapped[dict[str, Any]]
