"""Writing plans."""

from dataclasses import fields
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.slugs import free_slug, slugify
from eventsapp.subscriptions.models import Plan, PlanComponent
from eventsapp.subscriptions.values import PlanDraft
from eventsapp.vat import rules as vat_rules
from eventsapp.vat import service as vat


def save_plan(plan: Plan | None, draft: PlanDraft, *, actor: User, now: datetime) -> Plan:
    """Write a new plan, or change one, its components loaded; subscriptions sold before keep what they were sold with.

    Raises ``Invalid`` when its components do not make its price.
    """
    vat_rules.require_components(draft.components, price_cents=draft.price_cents)
    values = {field.name: getattr(draft, field.name) for field in fields(draft) if field.name != "components"}
    if plan is None:
        saved = Plan(slug=free_slug(Plan, slugify(draft.name)), **values)
        saved.components = vat.written((), draft.components, table=PlanComponent)
        db.session.add(saved)
        changes = {}
    else:
        saved = plan
        before = {name: getattr(plan, name) for name in values}
        told = vat_rules.told([row.value for row in plan.components])
        changes = audit.difference(
            before | {"components": told}, values | {"components": vat_rules.told(draft.components)}
        )
        for name, value in values.items():
            setattr(plan, name, value)
        plan.components = vat.written(plan.components, draft.components, table=PlanComponent)
    db.session.flush()
    audit.record("plans.edit", subject=("plan", saved.id, saved.name), now=now, actor=actor, changes=changes)
    return saved
