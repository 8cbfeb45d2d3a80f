"""Certificates: that somebody was there, and for a training the one that the Ministry of Labour wants."""

from collections.abc import Sequence

from eventsapp.attendance import rules
from eventsapp.attendance.models import Certificate, PaperWording
from eventsapp.attendance.papers import _words
from eventsapp.core import french, links
from eventsapp.papers import pdf, qr


def certificates_pdf(certificates: Sequence[Certificate], *, wording: PaperWording, declaration: str) -> bytes:
    """Return the certificates in one PDF, a page each and a second one for a training.

    Their days are loaded. The same certificates give the same bytes. Raises ``PaperFailed``.
    """
    one = len(certificates) == 1
    title = f"Attestation de présence de {certificates[0].name}" if one else "Attestations de présence"
    data = {
        "seller": _words.seller(declaration),
        "signatory": french.typeset(wording.signatory),
        "signed_at": wording.signed_at,
        "attendance_text": _words.paragraphs(wording.attendance_text),
        "completion_text": _words.paragraphs(wording.completion_text),
        "completion_pledge": _words.paragraphs(wording.completion_pledge),
        "certificates": [_certificate(certificate) for certificate in certificates],
    }
    dated = max(certificate.issued_at for certificate in certificates)
    return pdf.render("attendance/certificate", data, title=title, language=_words.LANGUAGE, dated=dated)


def _certificate(certificate: Certificate) -> dict[str, object]:
    day = certificate.study_day
    url = links.absolute("certificates.verify", locale="fr", code=certificate.code)
    return {
        **_words.day_facts(day),
        "name": french.typeset(rules.printed_name(certificate.name)),
        "job_title": french.typeset(certificate.job_title),
        "organisation": french.typeset(certificate.organisation),
        "halves": [f"{_words.on(half.on)}, {_words.half_day(half).lower()}" for half in certificate.halves],
        "duration": rules.hours_in_words(certificate.minutes) if certificate.minutes else "",
        "is_training": certificate.is_training,
        "nature": french.typeset(certificate.action_nature),
        "issued": _words.on(certificate.issued_at.astimezone(day.local_start.tzinfo)),
        "code": certificate.code,
        "url": url,
        "qr": qr.svg(url),
    }
