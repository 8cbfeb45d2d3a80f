"""What organisers ask whoever registers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core import i18n
from eventsapp.core.db import Model
from eventsapp.study_days import rules
from eventsapp.study_days.statuses import QuestionKind, QuestionScope


class Question(Model):
    """What the organiser asks whoever registers to a day; one that was answered is retired, never removed."""

    __tablename__ = "questions"
    __table_args__ = (
        sa.UniqueConstraint("study_day_id", "code"),
        sa.CheckConstraint("keep_days BETWEEN 0 AND 3650", name="keep_days_plausible"),
    )

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"))
    #: Names it in forms and in the API; made from the first label, and kept.
    code: Mapped[str] = mapped_column(sa.String(rules.CODE_LENGTH))
    scope: Mapped[QuestionScope]
    kind: Mapped[QuestionKind]
    label: Mapped[str] = mapped_column(sa.String(200))
    label_en: Mapped[str] = mapped_column(sa.String(200), default="")
    help: Mapped[str] = mapped_column(sa.String(300), default="")
    help_en: Mapped[str] = mapped_column(sa.String(300), default="")
    #: A line each, « végétarien | vegetarian »; what is kept of an answer is the French one.
    options: Mapped[str] = mapped_column(sa.Text, default="")
    required: Mapped[bool] = mapped_column(default=False)
    #: Shown only to those who may know what participants need, and erased some days after the day.
    sensitive: Mapped[bool] = mapped_column(default=False)
    keep_days: Mapped[int] = mapped_column(default=rules.KEEP_DAYS)
    position: Mapped[int]
    created_at: Mapped[datetime]
    #: From when on it is no longer asked.
    retired_at: Mapped[datetime | None]

    @property
    def local_label(self) -> str:
        """What is asked, in the language in use."""
        return i18n.choose(self.label, self.label_en)

    @property
    def choices(self) -> dict[str, str]:
        """The answers to choose from: what is kept → its English."""
        return rules.options_of(self.options)
