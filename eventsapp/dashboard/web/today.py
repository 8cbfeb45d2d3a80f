"""What the first page says: the things to do, and the curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.core import i18n
from eventsapp.dashboard.queries import CURVE_DAYS, Curve, Waiting

#: Distances that the table beside the curve has a line for.
_TABLE_STEP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that waits, how much of it, and where it is done."""

    count: int
    urgent: bool
    title: str
    text: str
    verb: str
    url: str


def tasks(waiting: Waiting) -> list[Task]:
    """Return what waits, the urgent first; nothing is said of what does not wait."""
    return [
        task
        for task in (
            Task(
                count=waiting.late_orders,
                urgent=True,
                title=_("Règlements en retard"),
                text=_("%(sum)s attendus après l’échéance", sum=i18n.money(waiting.late_cents)),
                verb=_("Voir"),
                url=url_for("orders_office.orders", etat="retard"),
            ),
            Task(
                count=waiting.payment_alerts,
                urgent=True,
                title=_("Paiements par carte à vérifier"),
                text=_("un paiement qui ne correspond pas, un remboursement refusé, une contestation"),
                verb=_("Vérifier"),
                url=url_for("payments_office.alerts"),
            ),
            Task(
                count=waiting.events_aside,
                urgent=True,
                title=ngettext("Message de Stripe mis de côté", "Messages de Stripe mis de côté", waiting.events_aside),
                text=_("un paiement, un remboursement ou une contestation n’a peut-être pas été compté"),
                verb=_("Examiner"),
                url=url_for("events_office.events"),
            ),
            Task(
                count=waiting.orders_to_handle,
                urgent=True,
                title=ngettext("Commande à traiter", "Commandes à traiter", waiting.orders_to_handle),
                text=_("payée sans place, facture bloquée ou courriel non parti"),
                verb=_("Traiter"),
                url=url_for("orders_office.orders", etat="a-traiter"),
            ),
            Task(
                count=waiting.refused_invoices,
                urgent=True,
                title=ngettext(
                    "Facture refusée par le contrôle", "Factures refusées par le contrôle", waiting.refused_invoices
                ),
                text=ngettext("elle n’est pas partie", "elles ne sont pas parties", waiting.refused_invoices),
                verb=_("Corriger"),
                url=url_for("invoices_office.invoices", etat="refusees"),
            ),
            Task(
                count=waiting.failed_mails,
                urgent=True,
                title=ngettext("Courriel non parti", "Courriels non partis", waiting.failed_mails),
                text=_("le serveur les a refusés"),
                verb=_("Corriger"),
                url=url_for("mail_office.mail_list", etat="refuses"),
            ),
            Task(
                count=waiting.undelivered,
                urgent=False,
                title=ngettext("Exemplaire revenu", "Exemplaires revenus", waiting.undelivered),
                text=_("rien ne part plus à ces adresses"),
                verb=_("Corriger"),
                url=url_for("subscriptions_office.contracts", etat="revenus"),
            ),
            Task(
                count=waiting.refunds,
                urgent=True,
                title=_("À rembourser"),
                text=_("payé deux fois, ou pour une place qui n’est plus là"),
                verb=_("Voir"),
                url=url_for("orders_office.orders", etat="a-rembourser"),
            ),
            Task(
                count=waiting.unreported_days,
                urgent=False,
                title=_("Comptes rendus manquants"),
                text=ngettext("une journée passée", "sur %(num)s journées passées", waiting.unreported_days),
                verb=_("Rédiger"),
                url=url_for("magazine_office.reports"),
            ),
            Task(
                count=waiting.comments,
                urgent=False,
                title=_("Commentaires à relire"),
                text=_("ils paraissent une fois relus"),
                verb=_("Relire"),
                url=url_for("magazine_office.comments"),
            ),
            Task(
                count=waiting.in_review,
                urgent=False,
                title=_("Articles en relecture"),
                text=_("proposés à la publication"),
                verb=_("Relire"),
                url=url_for("magazine_office.articles", etat="en-relecture"),
            ),
            Task(
                count=waiting.drafts,
                urgent=False,
                title=_("Journées en brouillon"),
                text=_("les visiteurs n’en voient rien"),
                verb=_("Compléter"),
                url=url_for("study_days_office.days", etat="brouillons"),
            ),
        )
        if task.count
    ]


def drawn(curves: Sequence[Curve], *, next_id: int | None) -> dict[str, Any] | None:
    """Return the curves as the macro ``lines`` takes them, with their table; ``None`` when there is nothing to draw."""
    told = [curve for curve in curves if curve.points and (curve.total or curve.day.id == next_id)]
    if not any(curve.total for curve in told):
        return None
    ahead = next((curve.day for curve in told if curve.day.id == next_id), None)
    most = max([curve.total for curve in told] + ([ahead.capacity] if ahead else []))
    return {
        "series": [
            (
                _label(curve),
                [(1 - distance / CURVE_DAYS, count) for distance, count in curve.points],
                curve.day is ahead,
            )
            for curve in sorted(told, key=lambda curve: curve.day is ahead)
        ],
        "most": max(1, round(most * 1.06)),
        "ceiling": (ahead.capacity, _("%(count)s places", count=ahead.capacity)) if ahead else None,
        "ticks": [(0, _("%(days)s jours avant", days=CURVE_DAYS)), (0.5, str(CURVE_DAYS // 2)), (1, _("jour J"))],
        "days": [curve.day for curve in told],
        "table": [
            (distance, [curve.at(distance) for curve in told]) for distance in range(CURVE_DAYS, -1, -_TABLE_STEP)
        ],
    }


def _label(curve: Curve) -> str:
    city, reached = curve.day.city.name, curve.points[-1][0] == 0
    if reached:
        return str(_("%(city)s %(year)s, %(count)s le jour J", city=city, year=curve.day.date.year, count=curve.total))
    return str(_("%(city)s, %(count)s à ce jour", city=city, count=curve.total))


def money_sums(awaited: Sequence[Any]) -> dict[str, int]:
    """Return the sums of all methods, by age."""
    return {age: sum(getattr(line, age) for line in awaited) for age in ("young", "older", "late", "total")}
