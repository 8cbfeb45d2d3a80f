"""Headers that every answer carries, errors included."""

from urllib.parse import urlsplit

from flask import Flask, Response

from eventsapp.core.settings import Settings

STRIPE_API = "https://api.stripe.com"
STRIPE_CHECKOUT = "https://checkout.stripe.com"
#: Pages of one person: never kept by anybody, never indexed, and the address is not told to other sites.
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Not "no-referrer": without a referrer a browser over HTTPS cannot send a form whose token is checked.
    "Referrer-Policy": "same-origin",
}
#: What the body of a mail may do where it is shown.
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'"


def init_app(app: Flask, *, settings: Settings) -> None:
    """Add the headers to every answer of ``app``; a view may set its own before."""
    headers = _headers(settings)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def private(response: Response) -> Response:
    """Mark ``response`` as one person's."""
    response.headers.update(PRIVATE)
    return response


def in_a_frame(response: Response) -> Response:
    """Let a page of the site show ``response``, the body of a mail, which may look as it looks and do nothing else."""
    response.headers["Content-Security-Policy"] = _HARMLESS
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _headers(settings: Settings) -> dict[str, str]:
    pays_at = STRIPE_CHECKOUT if settings.stripe_api_base == STRIPE_API else _origin(settings.stripe_api_base)
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        # The body of a mail in the office, which itself may do nothing.
        "frame-src": "'self'",
        # A form that orders by card is answered by a redirect to Stripe's page, which this directive also judges.
        "form-action": f"'self' {pays_at}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
