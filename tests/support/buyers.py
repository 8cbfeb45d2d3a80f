"""Visitors who register over HTTP, each process some of them; imports nothing of the application, to start at once."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

#: In the place of a status: refused, and not told in words that there are not enough seats.
UNTOLD = 0
_FULL_PAGE, _FULL = "complète", "Il ne reste pas assez de places pour cette journée."


@dataclass(frozen=True, slots=True)
class Visitors:
    """Where some visitors register, their first number, how many they are, and the form that each sends."""

    url: str
    slug: str
    first: int
    count: int
    form: dict[str, str]


def buy(visitors: Visitors) -> list[int]:
    """Be some visitors, one after the other; return the statuses of their orders, ``UNTOLD`` for some."""
    parts = urlsplit(visitors.url)
    statuses = []
    for number in range(visitors.first, visitors.first + visitors.count):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        visitor = {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}
        connection.request("GET", f"/journees/{visitors.slug}/inscription/", headers=visitor)
        page = connection.getresponse()
        text = page.read().decode()
        if "csrf_token" not in text:
            statuses.append(409 if _FULL_PAGE in text else page.status)
            continue
        token = text.split('name="csrf_token" type="hidden" value="', 1)[1].split('"', 1)[0]
        form = visitors.form | {
            "csrf_token": token,
            "submission": f"visiteur-numero-{number:06}",
            "attendees-0-last_name": f"N{number}",
        }
        cookie = (page.getheader("Set-Cookie") or "").split(";", 1)[0]
        headers = visitor | {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        connection.request("POST", f"/journees/{visitors.slug}/inscription/", urlencode(form), headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        # Whoever is refused without being told that the day is full counts as nothing that anybody expects.
        statuses.append(UNTOLD if answer.status == 409 and _FULL not in said else answer.status)
        connection.close()
    return statuses
