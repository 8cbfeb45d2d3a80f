"""An issue that may still be filled, held against its publication at the same moment."""

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine.models import Issue
from eventsapp.magazine.statuses import IssueStatus


def hold_open_issue(issue: Issue) -> None:
    """Hold ``issue`` until the end of the transaction, so that it does not appear without the text that joins it.

    Raises ``Invalid`` for one that readers have already.
    """
    status = db.session.scalar(sa.select(Issue.status).where(Issue.id == issue.id).with_for_update(read=True))
    if status is IssueStatus.PUBLISHED:
        raise Invalid(
            _("Le numéro %(number)s est paru.", number=issue.number),
            errors={"/issue": _("Ce numéro est paru : publiez l’article, ou choisissez un autre numéro.")},
        )
