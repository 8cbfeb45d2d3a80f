"""The made-up public bodies and their people, as buyers and as participants."""

from eventsapp.core import slugs
from eventsapp.demo import rules
from eventsapp.demo.service._transaction import NOWHERE
from eventsapp.demo.values import Body
from eventsapp.orders.values import Billing, Buyer
from eventsapp.registrations.values import Attendee
from eventsapp.subscriptions.values import Delivery


def billing(body: Body, *, commitment_number: str = "") -> Billing:
    """Return whom an order of ``body`` is billed to."""
    return Billing(
        organisation=body.name,
        siret=siret(body),
        address=body.address,
        postcode=body.postcode,
        city=body.city,
        email=f"comptabilite@{body.slug}{NOWHERE}",
        service_code=body.service_code,
        commitment_number=commitment_number,
    )


def siret(body: Body) -> str:
    """Return the SIRET of a body: valid, and nobody's."""
    return rules.fictional_siret(body.kind, body.number)


def buyer(body: Body, number: int = 0) -> Buyer:
    """Return who of the staff orders: another one for each number."""
    name, _job = _split(body.staff[number % len(body.staff)])
    first_name, _, last_name = name.partition(" ")
    return Buyer(
        email=address(name, body),
        first_name=first_name,
        last_name=last_name,
        phone=f"00 00 {body.number:02} {number % 90 + 10} 00",
    )


def delivery(body: Body) -> Delivery:
    """Return where the printed issues of ``body`` go."""
    return Delivery(name=body.name, address=body.address, postcode=body.postcode, city=body.city)


def attendee(body: Body, line: str, *, rate: str, needs: str = "") -> Attendee:
    """Return somebody of ``body``, written « name, job title », as a participant."""
    name, job = _split(line)
    first_name, _, last_name = name.partition(" ")
    return Attendee(
        first_name=first_name,
        last_name=last_name,
        email=address(name, body),
        rate=rate,
        job_title=f"{job[:1].upper()}{job[1:]}",
        access_needs=needs,
    )


def called(body: Body, last_name: str) -> str:
    """Return the line of whoever of ``body`` has that last name."""
    return next(line for line in (*body.staff, *body.elected) if _split(line)[0].endswith(f" {last_name}"))


def address(name: str, body: Body) -> str:
    """Return the mail address of somebody at ``body``, in a domain where nothing arrives."""
    first_name, _, last_name = name.partition(" ")
    return f"{slugs.slugify(first_name)}.{slugs.slugify(last_name)}@{body.slug}{NOWHERE}"


def _split(line: str) -> tuple[str, str]:
    name, _, job = line.partition(", ")
    return name, job
