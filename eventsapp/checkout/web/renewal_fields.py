"""The box of an order form by which a card may renew the subscription."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from eventsapp.checkout.values import CardConsent
from eventsapp.payments.models import PaymentMethod


class RenewsByCard:
    """A form that may offer it; the form has methods as rows (``method_fields``) and which one is chosen."""

    #: Never ticked for anybody; what stands beside it is ``offer_card_renewal``'s.
    renew_by_card = BooleanField(
        description=_l("Facultatif. Sans cette case, rien ne se renouvelle : un courriel vous le propose avant la fin.")
    )
    method_fields: dict[str, list[Any]]
    payment_method: Any
    _offered: CardConsent | None = None
    _online: Collection[str] = frozenset()

    def offer_card_renewal(self, consent: CardConsent | None, methods: Sequence[PaymentMethod]) -> None:
        """Offer, under the methods that take cards, to let the card renew the subscription, in these words."""
        self._offered = consent
        if consent is None:
            return
        self.renew_by_card.label.text = consent.words
        # What is sent back says which price was read.
        self.renew_by_card.render_kw = {"value": str(consent.price_cents)}
        self._online = {method.code for method in methods if method.online}
        for code in self._online & set(self.method_fields):
            self.method_fields[code].append(self.renew_by_card)

    @property
    def consent(self) -> CardConsent | None:
        """What is agreed to: the box is ticked, of the method that is chosen."""
        ticked = bool(self.renew_by_card.data) and self.payment_method.data in self._online
        return self._offered if ticked else None

    def problem_of_renewal(self, *, for_organisation: bool) -> str:
        """Return why the card cannot renew what is ordered; empty when it can, or nobody wants it."""
        problem = ""
        if self.consent is not None and for_organisation:
            problem = _(
                "Le renouvellement automatique est réservé à qui paie pour soi : décochez la case, ou retirez "
                "l’organisme."
            )
        elif self.consent is not None and self.renew_by_card.raw_data != [str(self.consent.price_cents)]:
            problem = _("Le prix a changé depuis l’affichage de cette page : relisez la case, puis validez de nouveau.")
        return problem
