"""The sentences on every invoice."""

from dataclasses import asdict
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.invoices import queries
from eventsapp.invoices.values import TermsDraft


def save_terms(draft: TermsDraft, *, actor: User, now: datetime) -> None:
    """Print ``draft`` on what is issued from now on; what was issued stays as it is."""
    terms = queries.terms()
    changed = {name: value for name, value in asdict(draft).items() if getattr(terms, name) != value}
    for name, value in changed.items():
        setattr(terms, name, value)
    terms.updated_at = now
    audit.record(
        "invoices.terms", subject=("invoice_terms", terms.id, "mentions"), now=now, actor=actor, changes=changed
    )
