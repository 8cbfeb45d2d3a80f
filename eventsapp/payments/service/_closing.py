"""Closing a year of the payment journal."""

from datetime import UTC, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.payments import queries, rules
from eventsapp.payments.errors import YearNotClosable
from eventsapp.payments.models import JournalClosing
from eventsapp.payments.service._journal import locked_head


def close_year(year: int, *, is_test: bool, actor: User, now: datetime) -> JournalClosing:
    """Seal what moved in ``year``: from now on nothing is dated in it; raise ``YearNotClosable``.

    Years are closed in their order, each once it is over. Source: CGI art. 286, I, 3° bis (inaltérabilité,
    sécurisation, conservation et archivage des données de règlement), BOI-TVA-DECLA-30-10-30.
    """
    # First, so that no line is added between the sums and the seal.
    head = locked_head(is_test=is_test)
    before = queries.last_closing(is_test=is_test)
    due = rules.year_to_close(
        first_year=queries.first_year(is_test=is_test),
        closed_year=before.year if before else None,
        today=clock.local_date(now),
    )
    if year != due:
        raise YearNotClosable(_("Cet exercice est déjà clos, n’est pas fini, ou en suit un qui est encore ouvert."))
    sums = queries.sums_of_year(year, is_test=is_test)
    closing = JournalClosing(
        is_test=is_test,
        year=year,
        closed_at=now.astimezone(UTC),
        closed_by=actor.name,
        entries=sums.entries,
        came_in_cents=sums.came_in_cents,
        went_out_cents=sums.went_out_cents,
        grand_total_cents=(before.grand_total_cents if before else 0) + sums.came_in_cents - sums.went_out_cents,
        last_rank=head.rank,
        journal_hash=head.hash,
        previous_hash=before.hash if before else "",
        hash="",
    )
    closing.hash = rules.seal(closing.previous_hash, queries.closing_content(closing))
    db.session.add(closing)
    db.session.flush()
    audit.record(
        "payments.close_year",
        subject=("journal_closing", closing.id, f"Exercice {year}"),
        now=now,
        actor=actor,
        changes={"entries": closing.entries, "amount_cents": closing.total_cents},
    )
    return closing
