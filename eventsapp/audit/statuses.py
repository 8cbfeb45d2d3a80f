"""The words of the history: what each action and each kind of thing is called."""

from flask_babel import lazy_gettext as _l

#: Action, as services record it → what somebody did.
ACTIONS: dict[str, str] = {
    "articles.create": _l("a créé l’article"),
    "articles.edit": _l("a modifié l’article"),
    "articles.publish": _l("a publié l’article"),
    "articles.schedule": _l("a programmé l’article"),
    "articles.submit": _l("a soumis l’article à la relecture"),
    "articles.reopen": _l("a repris l’article"),
    "articles.withdraw": _l("a retiré l’article"),
    "comments.publish": _l("a publié le commentaire"),
    "comments.reject": _l("a refusé le commentaire"),
    "invoices.credit_note": _l("a émis un avoir"),
    "invoices.invoice": _l("a émis une facture"),
    "invoices.recheck": _l("a redemandé le contrôle d’une facture"),
    "invoices.terms": _l("a modifié les mentions des factures"),
    "issues.create": _l("a créé le numéro"),
    "issues.edit": _l("a modifié le numéro"),
    "orders.cancel": _l("a annulé la commande"),
    "orders.expire": _l("a laissé expirer la commande"),
    "orders.place": _l("a passé la commande"),
    "payments.alert": _l("a encaissé un paiement qui ne correspond pas"),
    "payments.handle_alert": _l("a traité une alerte de paiement"),
    "payments.record": _l("a enregistré un règlement"),
    "payments.refund": _l("a enregistré un remboursement"),
    "places.delete": _l("a supprimé le lieu ou la ville"),
    "places.edit": _l("a modifié le lieu ou la ville"),
    "plans.edit": _l("a modifié la formule"),
    "sections.create": _l("a créé la rubrique"),
    "sections.delete": _l("a supprimé la rubrique"),
    "sections.edit": _l("a modifié la rubrique"),
    "series.delete": _l("a supprimé la série"),
    "series.edit": _l("a modifié la série"),
    "site.edit": _l("a modifié un texte du site"),
    "speakers.delete": _l("a supprimé l’intervenant"),
    "speakers.edit": _l("a modifié l’intervenant"),
    "speakers.merge": _l("a réuni deux fiches d’intervenant"),
    "study_days.cancel": _l("a annulé la journée"),
    "study_days.create": _l("a créé la journée"),
    "study_days.delete": _l("a supprimé le brouillon"),
    "study_days.edit": _l("a modifié la journée"),
    "study_days.postpone": _l("a reporté la journée"),
    "study_days.publish": _l("a publié la journée"),
    "study_days.unpublish": _l("a repassé la journée en brouillon"),
    "team.create": _l("a créé le compte"),
    "team.edit": _l("a modifié les rôles"),
    "themes.delete": _l("a supprimé le thème"),
    "themes.edit": _l("a modifié le thème"),
    "tokens.create": _l("a créé un jeton d’accès"),
    "tokens.revoke": _l("a révoqué un jeton d’accès"),
    "user.password": _l("a changé de mot de passe"),
    "user.rename": _l("a changé de nom"),
}


def action_label(action: str) -> str:
    """Return what somebody did, in words; an action without words is shown as it is recorded."""
    return str(ACTIONS.get(action, action))
