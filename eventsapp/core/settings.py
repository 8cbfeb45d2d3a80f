"""Settings: read once from the environment, typed; a wrong one stops the start by name."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from flask import current_app
from stdnum import bic, iban

from eventsapp.core import texts

ROOT = Path(__file__).resolve().parents[2]
#: Signs cookies of the trial on one machine; refused as soon as the site has a public address.
TRIAL_SECRET_KEY = "trial-on-this-machine-only-never-in-production"  # noqa: S105 - meant to be known
#: The shortest secret key accepted, in characters.
SECRET_KEY_LENGTH = 32
#: Days.
THREE_YEARS = 1096
#: Days, the most that mails are kept but for good: longer than anybody means, and a date can still be counted back.
HUNDRED_YEARS = 36_525
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://)")


class SettingError(Exception):
    """A setting that cannot be used: names the variable, its value (never a secret) and what is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over: an SMTP server."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    encryption: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who sells: printed on orders, on the way to pay and in the legal pages."""

    name: str
    address: str
    siret: str
    vat_number: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator can set."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    public_url: str
    stripe_secret_key: str = field(repr=False)
    stripe_webhook_secret: str = field(repr=False)
    stripe_api_base: str
    mail_server: MailServer | None
    mail_from: str
    #: How many days what a mail said and to whom it went are kept; 0 for good.
    mail_keep_days: int
    storage_path: Path
    site_name: str
    seller: Seller
    default_timezone: str
    proxy_hops: int

    @property
    def production(self) -> bool:
        """Whether the site has an address that others can reach."""
        return not _is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def trial(self) -> bool:
        """Whether a site that others can reach takes no real money: what is ordered there is a trial."""
        return self.production and self.stripe_secret_key.startswith(("sk_test_", "rk_test_"))

    @property
    def secure(self) -> bool:
        """Whether visitors come by HTTPS, so that cookies can insist on it."""
        return self.public_url.startswith("https://")


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings that ``environment`` describes; raise ``SettingError`` for the first wrong one."""
    public_url = _http_url(environment, "PUBLIC_URL", "http://127.0.0.1:8000")
    storage_path = _storage(environment)
    return Settings(
        database_url=_database_url(environment),
        redis_url=_choice_of_scheme(environment, "REDIS_URL", ("redis", "rediss", "unix")),
        secret_key=_secret_key(environment, public_url),
        public_url=public_url,
        stripe_secret_key=_text(environment, "STRIPE_SECRET_KEY"),
        stripe_webhook_secret=_text(environment, "STRIPE_WEBHOOK_SECRET"),
        stripe_api_base=_http_url(environment, "STRIPE_API_BASE", "https://api.stripe.com"),
        mail_server=_mail_server(environment),
        mail_from=_mail_from(environment, public_url),
        mail_keep_days=_whole_number(environment, "MAIL_KEEP_DAYS", THREE_YEARS, most=HUNDRED_YEARS),
        storage_path=storage_path,
        site_name=_text(environment, "SITE_NAME", "La Lettre du cadre territorial"),
        seller=Seller(
            name=_text(environment, "SELLER_NAME", "La Lettre du cadre territorial"),
            address=_text(environment, "SELLER_ADDRESS"),
            siret=_text(environment, "SELLER_SIRET"),
            vat_number=_text(environment, "SELLER_VAT_NUMBER"),
            iban=_iban(environment),
            bic=_bic(environment),
        ),
        default_timezone=_timezone(environment),
        proxy_hops=_whole_number(environment, "PROXY_HOPS", 0),
    )


def current() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.extensions["eventsapp.settings"]
    return settings


def zone(name: str) -> ZoneInfo:
    """Return the time zone called ``name``."""
    return ZoneInfo(name)


def _text(environment: Mapping[str, str], name: str, default: str = "") -> str:
    return environment.get(name, "").strip() or default


def _whole_number(environment: Mapping[str, str], name: str, default: int, *, most: int | None = None) -> int:
    text = _text(environment, name, str(default))
    if not text.isdecimal() or (most is not None and int(text) > most):
        accepted = "a whole number from 0" if most is None else f"a whole number from 0 to {most}"
        raise SettingError(f"{name} is {text!r}; accepted: {accepted}")
    return int(text)


def _http_url(environment: Mapping[str, str], name: str, default: str) -> str:
    text = _text(environment, name, default).rstrip("/")
    accepted = "accepted: http://host[:port] or https://host[:port], no path"
    parts = _parts(name, text, accepted)
    if "@" in text:
        raise SettingError(f"{name} holds an @; {accepted}")
    beyond = parts.path or parts.query or parts.fragment
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond:
        raise SettingError(f"{name} is {text!r}; {accepted}")
    return text


def _choice_of_scheme(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    text = _text(environment, name)
    if not text:
        return ""
    accepted = f"accepted: {', '.join(f'{scheme}://…' for scheme in schemes)} or nothing"
    if _parts(name, text, accepted).scheme not in schemes:
        raise _wrong_scheme(name, text, accepted)
    return text


def _database_url(environment: Mapping[str, str]) -> str:
    text = _text(environment, "DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'eventsapp.sqlite'}")
    accepted = "accepted: sqlite:///path or postgresql://user:password@host/name"
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in {"sqlite", "postgresql", "postgresql+psycopg", "postgres"}:
        raise _wrong_scheme("DATABASE_URL", text, accepted)
    address = text if scheme == "sqlite" else f"postgresql+psycopg://{rest}"
    try:
        host = sa.make_url(address).host
    except (ValueError, sa.exc.ArgumentError):
        raise _unreadable("DATABASE_URL", accepted) from None
    if scheme == "sqlite" and host:
        raise _unreadable("DATABASE_URL", accepted)
    return address


def _secret_key(environment: Mapping[str, str], public_url: str) -> str:
    text = _text(environment, "SECRET_KEY")
    if _is_loopback(urlsplit(public_url).hostname or ""):
        return text or TRIAL_SECRET_KEY
    accepted = f"accepted: any random string of {SECRET_KEY_LENGTH} characters or more"
    if not text:
        raise SettingError(f"SECRET_KEY is empty; {accepted}")
    if text == TRIAL_SECRET_KEY:
        raise SettingError(f"SECRET_KEY is the trial's, which everybody can read; {accepted}")
    if len(text) < SECRET_KEY_LENGTH:
        raise SettingError(f"SECRET_KEY has {len(text)} characters; {accepted}")
    return text


def _mail_server(environment: Mapping[str, str]) -> MailServer | None:
    text = _text(environment, "MAIL_URL")
    if not text:
        return None
    encryptions = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}
    accepted = "accepted: smtp://, smtp+starttls:// or smtps://user:password@host:port, or nothing"
    parts = _parts("MAIL_URL", text, accepted)
    if parts.scheme not in encryptions or not parts.hostname:
        raise _wrong_scheme("MAIL_URL", text, accepted)
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587 if parts.username else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encryption=encryptions[parts.scheme],
    )


def _mail_from(environment: Mapping[str, str], public_url: str) -> str:
    text = _text(environment, "MAIL_FROM")
    if text and not texts.is_mail_address(text):
        raise SettingError(f"MAIL_FROM is {text!r}; accepted: one address such as redaction@exemple.fr")
    return text or f"redaction@{urlsplit(public_url).hostname}"


def _iban(environment: Mapping[str, str]) -> str:
    text = _text(environment, "SELLER_IBAN")
    if text and not iban.is_valid(text):
        raise SettingError(f"SELLER_IBAN is {text!r}, which no account has; accepted: an IBAN, or nothing")
    return text


def _bic(environment: Mapping[str, str]) -> str:
    text = _text(environment, "SELLER_BIC")
    if text and not bic.is_valid(text):
        raise SettingError(f"SELLER_BIC is {text!r}; accepted: a BIC of 8 or 11 characters, or nothing")
    return text


def _storage(environment: Mapping[str, str]) -> Path:
    text = _text(environment, "STORAGE_URL", f"file://{ROOT / 'instance' / 'files'}")
    accepted = "accepted: file:///absolute/folder"
    parts = _parts("STORAGE_URL", text, accepted)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise _wrong_scheme("STORAGE_URL", text, accepted)
    return Path(unquote(parts.path))


def _timezone(environment: Mapping[str, str]) -> str:
    text = _text(environment, "DEFAULT_TIMEZONE", "Europe/Paris")
    if text not in available_timezones():
        raise SettingError(f"DEFAULT_TIMEZONE is {text!r}; accepted: a name such as Europe/Paris or Indian/Reunion")
    return text


def _is_loopback(host: str) -> bool:
    if host in {"localhost", ""} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(name: str, text: str, accepted: str) -> SplitResult:
    """Return the parts of an address; raise ``SettingError`` for what is none, its port included."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        # What Python says of it quotes a part, which may be a password: it is not shown as the cause.
        raise _unreadable(name, accepted) from None
    return parts


def _wrong_scheme(name: str, text: str, accepted: str) -> SettingError:
    """Return the refusal of an address by its beginning alone: what follows may hold a password."""
    scheme = _SCHEME.match(text)
    return SettingError(f"{name} begins with {scheme[0]!r}; {accepted}") if scheme else _unreadable(name, accepted)


def _unreadable(name: str, accepted: str) -> SettingError:
    return SettingError(f"{name} cannot be read; {accepted}")
