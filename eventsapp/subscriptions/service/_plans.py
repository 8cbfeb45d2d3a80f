"""Writing plans."""

from dataclasses import asdict
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.slugs import free_slug, slugify
from eventsapp.subscriptions.models import Plan
from eventsapp.subscriptions.values import PlanDraft


def save_plan(plan: Plan | None, draft: PlanDraft, *, actor: User, now: datetime) -> Plan:
    """Write a new plan, or change one; subscriptions sold before keep what they were sold with."""
    values = asdict(draft)
    if plan is None:
        saved = Plan(slug=free_slug(Plan, slugify(draft.name)), **values)
        db.session.add(saved)
        changes = {}
    else:
        saved = plan
        changes = audit.difference({name: getattr(plan, name) for name in values}, values)
        for name, value in values.items():
            setattr(plan, name, value)
    db.session.flush()
    audit.record("plans.edit", subject=("plan", saved.id, saved.name), now=now, actor=actor, changes=changes)
    return saved
