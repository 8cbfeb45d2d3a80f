"""The domain of an institution: asked for, verified by a code, and the people who join by it."""

import hashlib
import hmac
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.accounts.rules import new_code, typed_code
from eventsapp.audit import service as audit
from eventsapp.core import references, settings
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import NotNow, PublicDomain, WrongCode
from eventsapp.subscriptions.models import ReaderDomain
from eventsapp.subscriptions.service import _readers, _seats


def ask_domain(
    readership_id: int, email: str, *, by: str, locale: str, now: datetime, actor: User | None = None
) -> ReaderDomain:
    """Mail a code to an address of the domain that is to be verified; the codes sent before hold no more.

    Raises ``PublicDomain``, and ``NotNow`` for one that is verified already.
    """
    contract = _seats.held(readership_id, now=now)[0]
    domain = rules.domain_of(email)
    rules.require_own_domain(domain)
    found = db.session.scalar(
        sa.select(ReaderDomain)
        .where(ReaderDomain.readership_id == readership_id, ReaderDomain.domain == domain)
        .with_for_update()
    )
    if found is not None and found.verified_at is not None:
        raise NotNow("Ce domaine est déjà vérifié.")
    code = new_code()
    if found is None:
        found = ReaderDomain(readership_id=readership_id, domain=domain, secret=references.new_secret())
        db.session.add(found)
    found.asked_email, found.asked_at = email.strip().lower(), now
    found.code_hash, found.wrong_codes = _hash(found.secret, code), 0
    db.session.flush()
    mails.domain_code(contract, found, code=code, by=by, locale=locale, now=now)
    changes = {"email": found.asked_email}
    audit.record("readers.domain", subject=_seats.subject(contract), now=now, actor=actor, by=by, changes=changes)
    return found


def verify_domain(
    readership_id: int, domain_id: int, code: str, *, by: str, now: datetime, actor: User | None = None
) -> bool:
    """Verify a domain by the code that was mailed there; return whether it was right, and count a guess that was not.

    Raises ``WrongCode`` for one that holds no more, ``NotFound`` and ``NotNow``.
    """
    contract = _seats.held(readership_id, now=now)[0]
    found = _domain(readership_id, domain_id)
    if found.verified_at is not None:
        return True
    if now - found.asked_at > rules.DOMAIN_CODE_LASTS or found.wrong_codes >= rules.MOST_WRONG_CODES:
        raise WrongCode("Ce code n’est plus valable : demandez-en un autre.")
    if not references.same_secret(_hash(found.secret, typed_code(code)), found.code_hash):
        found.wrong_codes += 1
        return False
    found.verified_at = now
    changes = {"domain": found.domain}
    audit.record("readers.verify", subject=_seats.subject(contract), now=now, actor=actor, by=by, changes=changes)
    return True


def drop_domain(readership_id: int, domain_id: int, *, by: str, now: datetime, actor: User | None = None) -> None:
    """Let nobody join by a domain any more; who did goes on reading."""
    contract = _seats.held(readership_id, now=now)[0]
    found = _domain(readership_id, domain_id)
    changes = {"domain": found.domain}
    audit.record("readers.drop_domain", subject=_seats.subject(contract), now=now, actor=actor, by=by, changes=changes)
    db.session.delete(found)


def join_by_domain(secret: str, *, email: str, is_verified: bool, locale: str, now: datetime) -> bool:
    """Let somebody of a verified domain read, or send them an invitation; return whether they read already.

    ``is_verified``: they are signed in with the address. Raises ``NotFound``, ``PublicDomain`` for an address of
    another domain, ``NotNow`` and ``SeatsTaken``.
    """
    found = queries.domain_for_link(secret)
    if found is None:
        raise NotFound("Ce lien n’ouvre rien : demandez le nouveau à qui gère l’abonnement.")
    if rules.domain_of(email) != found.domain:
        raise PublicDomain(
            _("Donnez une adresse en @%(domain)s : c’est elle qui ouvre la lecture.", domain=found.domain)
        )
    if is_verified:
        _readers.join(found.readership_id, email, locale=locale, now=now)
        return True
    _readers.invite_one(found.readership_id, email, by=f"@{found.domain}", locale=locale, now=now)
    return False


def _domain(readership_id: int, domain_id: int) -> ReaderDomain:
    found = queries.domain(readership_id, domain_id)
    if found is None:
        raise NotFound("Ce domaine n’est pas sur la liste.")
    return found


def _hash(secret: str, code: str) -> str:
    key = f"{settings.current().secret_key}:{secret}".encode()
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()
