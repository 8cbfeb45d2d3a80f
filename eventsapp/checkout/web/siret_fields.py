"""The SIRET of the order forms: when it must be given, and the question whether it is really the buyer's body."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from wtforms import StringField
from wtforms.fields import Field

from eventsapp.organisations import queries as organisations
from eventsapp.organisations.rules import compact

if TYPE_CHECKING:
    from eventsapp.checkout.web.forms import OrderForm


class AsksAboutSiret:
    """What an order form asks of a SIRET that is known here under another name."""

    #: The SIRET of which the buyer said that it is right; another one is asked about anew.
    siret_checked = StringField()
    #: Whether the page offers to say so.
    siret_doubted = False
    #: The fields of the form that it is about, and which of the methods on offer ask for one.
    siret: Field
    organisation: Field
    method_asks: dict[str, list[str]]

    def doubt_siret(self) -> bool:
        """Ask beside the field whether the SIRET is right, unless that was said; return whether to ask.

        It is a question and no refusal: bodies have several names. Whose it is, is not told.
        """
        self.siret_doubted = True
        if compact(self.siret_checked.data or "") == compact(self.siret.data or ""):
            return False
        told = _(
            "Nous connaissons ce SIRET sous un autre nom : vérifiez-le. "
            "Si c’est bien celui de votre organisme, cochez la case ci-dessous et validez de nouveau."
        )
        self.siret.errors = [*self.siret.errors, told]
        return True

    @property
    def siret_word(self) -> str | bool | None:
        """What stands beside its label: nothing where every way to pay asks for it, « facultatif » where none does."""
        asking = ["siret" in names for names in self.method_asks.values()]
        if all(asking):
            return False if asking else None
        return str(_("selon le règlement")) if any(asking) else None


def fits(form: "OrderForm", *, own: str = "") -> bool:
    """Return whether what was sent can be ordered: it is valid, and its SIRET not known under another name.

    Both are told at once. ``own`` is the SIRET that the buyer is known by.
    """
    valid: bool = form.validate_on_submit()
    if not form.is_submitted():
        return False
    siret = compact(form.siret.data or "")
    if siret == compact(own) or not organisations.is_known_otherwise(siret, name=form.organisation.data or ""):
        return valid
    return not form.doubt_siret() and valid
