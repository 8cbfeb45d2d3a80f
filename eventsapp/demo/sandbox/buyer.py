"""A buyer without a browser, for tests: fills in the payment page's forms over HTTP."""

from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

ACCEPTED = "4242424242424242"
DECLINED = "4000000000000002"
INSUFFICIENT_FUNDS = "4000000000009995"
CHALLENGED = "4000000000003220"
DECLINED_LATER = "4000000000000341"


@dataclass(frozen=True)
class Landing:
    """Where the buyer stands: the answer of the last page; ``location`` is set where it leads elsewhere."""

    status: int
    text: str
    location: str | None


def pay(url: str, *, card: str = ACCEPTED, email: str = "camille@example.org", **fields: str) -> Landing:
    """Send the payment page's form; ``url`` is the session's. ``fields`` replaces what is typed in the others."""
    typed = {"email": email, "number": card, "expiry": "12 / 34", "cvc": "123", "holder": "Camille Essai"}
    return visit(url, typed | fields)


def answer_challenge(url: str, *, accept: bool = True) -> Landing:
    """Press one of the buttons of the bank's page; ``url`` is where ``pay`` led."""
    return visit(url, {"answer": "accept" if accept else "refuse"})


def visit(url: str, fields: dict[str, str] | None = None) -> Landing:
    """Get the page, or post ``fields`` to it; redirects are told, not followed."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if fields is None:
            connection.request("GET", path)
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, body=urlencode(fields), headers=headers)
        answer = connection.getresponse()
        location = answer.getheader("Location")
        return Landing(answer.status, answer.read().decode(), location and urljoin(url, location))
    finally:
        connection.close()
