"""Writing versions of the terms of sale, and keeping what buyers accept."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, facts
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict
from eventsapp.terms import queries, rules
from eventsapp.terms.models import AcceptedTerms, TermsVersion
from eventsapp.terms.values import ConsumerDraft, VersionDraft


def write_version(draft: VersionDraft, *, after: int, actor: User, now: datetime) -> TermsVersion:
    """Keep a new version, in force from its day on; the ones before stay as they are.

    ``after`` is the number of the last version that its writer saw: sent twice, or by two people at once, it is
    one. Raises ``Conflict`` and ``Invalid``.
    """
    rules.require_datable(draft, today=clock.local_date(now))
    rules.require_both_in_english(draft)
    if queries.last_number() != after:
        raise Conflict("Une autre version a été enregistrée entre-temps : relisez-la avant d’en écrire une.")
    version = TermsVersion(**asdict(draft), number=after + 1, made_at=now, made_by_id=actor.id)
    try:
        with db.session.begin_nested():
            db.session.add(version)
    except IntegrityError as taken:
        raise Conflict("Une autre version a été enregistrée entre-temps : relisez-la avant d’en écrire une.") from taken
    audit.record(
        "terms.write",
        subject=("terms_version", version.id, f"version {version.number}"),
        now=now,
        actor=actor,
        changes={"number": version.number, "in_force_from": version.in_force_from.isoformat()},
    )
    return version


def save_consumer_settings(draft: ConsumerDraft, *, actor: User, now: datetime) -> None:
    """Keep what consumers may do from now on, and who mediates."""
    kept = queries.consumer_settings()
    after = asdict(draft)
    changes = audit.difference({name: getattr(kept, name) for name in after}, after)
    if not changes:
        return
    for name, value in after.items():
        setattr(kept, name, value)
    kept.updated_at = now
    audit.record(
        "terms.consumers",
        subject=("consumer_settings", kept.id, "consommateurs"),
        now=now,
        actor=actor,
        changes=changes,
    )


def accept(*, locale: str, now: datetime) -> AcceptedTerms:
    """Return the terms that an order placed now accepts, kept to the letter the first time that anybody does."""
    terms = queries.in_force(clock.local_date(now), locale=locale)
    body = facts.fill(terms.body, queries.known_facts(), missing=facts.MISSING.get(terms.locale, facts.OPEN))
    fingerprint = rules.fingerprint(number=terms.number, locale=terms.locale, title=terms.title, body=body)
    known = queries.accepted_by_fingerprint(fingerprint)
    if known is not None:
        return known
    made = AcceptedTerms(
        fingerprint=fingerprint,
        number=terms.number,
        version_id=terms.version_id,
        locale=terms.locale,
        title=terms.title,
        body=body,
        first_accepted_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # Another order accepted it first, at the same moment.
        found = queries.accepted_by_fingerprint(fingerprint)
        if found is None:
            raise
        return found
    return made
