"""Forms around a dossier."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField
from wtforms.validators import DataRequired

from eventsapp.core.fields import long_text_field, text_field
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.values import Codes, PurchaseOrder


class DossierForm(FlaskForm):
    """The purchase order, and by what the body's accountants find the invoice."""

    number = text_field(_l("Numéro du bon de commande"), most=50)
    file = FileField(_l("Bon de commande"), description=_l("PDF, image ou document ; 20 Mo au plus."))
    siret = text_field(
        _l("SIRET de l’organisme"),
        most=30,
        required=_l("Indiquez le SIRET de l’organisme : ce mode de règlement le demande."),
        description=_l("14 chiffres."),
        render_kw={"inputmode": "numeric"},
    )
    service_code = text_field(_l("Code service"), most=100)
    commitment_number = text_field(_l("Numéro d’engagement"), most=50)

    def codes(self) -> Codes:
        """Return the codes as typed."""
        return Codes(
            siret=self.siret.data or "",
            service_code=self.service_code.data or "",
            commitment_number=self.commitment_number.data or "",
        )

    def brought(self) -> PurchaseOrder | None:
        """Return the purchase order, or ``None`` when neither a number nor a file was given."""
        upload = self.file.data
        data = upload.read() if upload else b""
        number = self.number.data or ""
        if not (number or data):
            return None
        return PurchaseOrder(number=number, data=data, file_name=(upload.filename or "") if upload else "")


class DepositForm(FlaskForm):
    """What the portal answered to a deposit made by hand."""

    deposit_number = text_field(
        _l("Numéro de dépôt"), most=50, required=_l("Indiquez le numéro que Chorus Pro a donné au dépôt.")
    )
    deposited_on = DateField(_l("Déposée le"), validators=[DataRequired(_l("Indiquez la date du dépôt."))])

    def portal(self) -> ByHand:
        """Return the deposit as somebody made it."""
        return ByHand(number=self.deposit_number.data or "", deposited_on=self.deposited_on.data)


class RejectionForm(FlaskForm):
    """Why the body refused the invoice."""

    reason = long_text_field(
        _l("Motif du rejet"),
        most=300,
        required=_l("Indiquez le motif que donne Chorus Pro : il dit ce qui est à corriger."),
        render_kw={"rows": 2},
    )


class RequirementsForm(FlaskForm):
    """What the body wants on each of its invoices, as the directory of Chorus Pro says."""

    requires_service_code = BooleanField(_l("Code service obligatoire"))
    requires_commitment_number = BooleanField(_l("Numéro d’engagement obligatoire"))
