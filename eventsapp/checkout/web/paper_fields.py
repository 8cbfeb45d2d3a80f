"""The fields of an order form about paper: with which number it begins, and how many copies of each go out."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from wtforms import Field, FieldList
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from eventsapp.checkout.values import Subscription
from eventsapp.core import i18n
from eventsapp.subscriptions.models import Plan


class OnPaper:
    """A form that may ask it of whoever subscribes for themselves."""

    first_issue: Field
    #: One number for each of the plans that were offered it.
    copies: FieldList
    _several: Sequence[Plan] = ()

    def offer_issues(self, issues: Sequence[tuple[int, str]]) -> None:
        """Offer to begin with one of these numbers of the magazine, each with its words; the last one unless chosen."""
        self.first_issue.choices = [SelectChoice(number, words) for number, words in issues]
        if self.first_issue.data not in [number for number, _words in issues]:
            self.first_issue.data = issues[-1][0] if issues else None

    def offer_copies(self, plans: Sequence[Plan]) -> None:
        """Ask how many copies of each number go out by these plans, which have several: all of them unless said."""
        self._several = plans
        while len(self.copies) > len(plans):
            self.copies.pop_entry()
        for plan in plans[len(self.copies) :]:
            self.copies.append_entry(plan.copies)
        for plan, asked in zip(plans, self.copies, strict=True):
            asked.validators = [
                Optional(),
                NumberRange(1, plan.copies, _("De 1 à %(most)s exemplaires.", most=i18n.number(plan.copies))),
            ]
            asked.render_kw = {"min": "1", "max": str(plan.copies), "inputmode": "numeric"}
            asked.description = _(
                "La formule en a %(most)s ; tous partent à la même adresse.", most=i18n.number(plan.copies)
            )
            if len(plans) > 1:
                asked.label.text = f"{asked.label.text}{i18n.colon()}{plan.local_name}"

    def on_paper(self, item: Subscription) -> Subscription:
        """Return a subscription with what the form says of its paper; what was not offered is left out."""
        offered = [choice.value for choice in self.first_issue.choices]
        first = self.first_issue.data if item.renews is None and self.first_issue.data in offered else None
        return replace(item, first_issue=first, copies=self._wanted_copies(item))

    def _wanted_copies(self, item: Subscription) -> int | None:
        """Return how many copies are wanted, where it is fewer than the plan has."""
        if item.gift is not None or item.renews is not None:
            return None
        for plan, asked in zip(self._several, self.copies, strict=True):
            if plan.slug == item.plan and 1 <= (asked.data or plan.copies) < plan.copies:
                return int(asked.data)
        return None
