"""Settings: typed, and wrong ones stop the start by name."""

import re
import traceback
from pathlib import Path

import pytest

from eventsapp.core import settings
from eventsapp.core.settings import SettingError

KEY = "k" * 32


def test_a_trial_on_one_machine_needs_no_setting() -> None:
    read = settings.read({})

    assert (read.production, read.mail_server, read.redis_url) == (False, None, "")
    assert read.database_url.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("public_url", "key", "trial"),
    [
        ("https://lettre.exemple.fr", "sk_test_1", True),
        ("https://lettre.exemple.fr", "rk_test_1", True),
        ("https://lettre.exemple.fr", "sk_live_1", False),
        ("https://lettre.exemple.fr", "", False),
        ("http://127.0.0.1:8000", "sk_test_1", False),
    ],
)
def test_a_shop_is_in_test_where_others_reach_it_and_stripe_takes_no_money(
    public_url: str, key: str, trial: bool
) -> None:
    read = settings.read({"PUBLIC_URL": public_url, "SECRET_KEY": KEY, "STRIPE_SECRET_KEY": key})

    assert read.trial is trial


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PUBLIC_URL": "https://lettre.exemple.fr"},
         "SECRET_KEY is empty; accepted: any random string of 32 characters or more"),
        ({"PUBLIC_URL": "https://lettre.exemple.fr", "SECRET_KEY": settings.TRIAL_SECRET_KEY},
         "SECRET_KEY is the trial's, which everybody can read"),
        ({"PUBLIC_URL": "https://lettre.exemple.fr", "SECRET_KEY": "court"}, "SECRET_KEY has 5 characters"),
        ({"PUBLIC_URL": "lettre.exemple.fr"}, "PUBLIC_URL is 'lettre.exemple.fr'; accepted: http://host"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL begins with 'mysql'; accepted: sqlite:///path or postgresql://"),
        ({"REDIS_URL": "memcached://x"}, "REDIS_URL begins with 'memcached'"),
        ({"MAIL_URL": "http://x"}, "MAIL_URL begins with 'http'; accepted: smtp://"),
        ({"MAIL_URL": "smtp://x:port"}, "MAIL_URL cannot be read"),
        ({"STORAGE_URL": "ftp://x"}, "STORAGE_URL begins with 'ftp'; accepted: file:///absolute/folder"),
        ({"DEFAULT_TIMEZONE": "Paris"}, "DEFAULT_TIMEZONE is 'Paris'"),
        ({"PUBLIC_URL": "http://[::1"}, "PUBLIC_URL cannot be read; accepted: http://host"),
        ({"PUBLIC_URL": "http://site.fr:abc"}, "PUBLIC_URL cannot be read"),
        ({"STRIPE_API_BASE": "https://[x"}, "STRIPE_API_BASE cannot be read"),
        ({"DATABASE_URL": "postgresql://h:abc/x"}, "DATABASE_URL cannot be read; accepted: sqlite:///path or"),
        ({"DATABASE_URL": "sqlite://relative/path"}, "DATABASE_URL cannot be read"),
        ({"REDIS_URL": "redis://h:abc/0"}, "REDIS_URL cannot be read; accepted: redis://…"),
        ({"MAIL_FROM": "not an address"}, "MAIL_FROM is 'not an address'; accepted: one address"),
        ({"SELLER_IBAN": "FR7630006000011234567890188"}, "SELLER_IBAN is 'FR7630006000011234567890188', which no"),
        ({"SELLER_BIC": "nonsense!"}, "SELLER_BIC is 'nonsense!'; accepted: a BIC"),
        ({"PROXY_HOPS": "two"}, "PROXY_HOPS is 'two'; accepted: a whole number from 0"),
        ({"MAIL_KEEP_DAYS": "-1"}, "MAIL_KEEP_DAYS is '-1'; accepted: a whole number from 0 to 36525"),
        ({"MAIL_KEEP_DAYS": "36526"}, "MAIL_KEEP_DAYS is '36526'; accepted: a whole number from 0 to 36525"),
        ({"MAIL_KEEP_DAYS": "999999"}, "MAIL_KEEP_DAYS is '999999'; accepted: a whole number from 0 to 36525"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_what_is_accepted(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingError, match=re.escape(message)):
        settings.read(environment)


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "postgresql:/bob:hunter2@db/x"},
        {"DATABASE_URL": "bob:hunter2@db"},
        {"DATABASE_URL": "bob:hunter2@postgresql://db"},
        {"DATABASE_URL": "postgresql://bob@db:hunter2/x"},
        {"REDIS_URL": "redis://bob:hunter2"},
        {"MAIL_URL": "bob:hunter2@mail"},
        {"MAIL_URL": "smtp://bob:hunter2"},
        {"STORAGE_URL": "s3://bob:hunter2@bucket"},
        {"STORAGE_URL": "file://bob:hunter2@host/folder"},
        {"PUBLIC_URL": "https://bob:hunter2@site.fr/x"},
        {"PUBLIC_URL": "https://bob:hunter2@site.fr"},
        {"PUBLIC_URL": "bob:hunter2@site.fr"},
    ],
)
def test_a_wrong_setting_tells_no_password(environment: dict[str, str]) -> None:
    with pytest.raises(SettingError) as raised:
        settings.read(environment)

    assert "hunter2" not in "".join(traceback.format_exception(raised.value))


def test_secrets_are_not_shown() -> None:
    read = settings.read(
        {"SECRET_KEY": KEY, "STRIPE_SECRET_KEY": "sk_live_x", "MAIL_URL": "smtp://u:motdepasse@h:25",
         "DATABASE_URL": "postgresql://u:secret@h/d"}
    )  # fmt: skip

    assert [word for word in (KEY, "sk_live_x", "motdepasse", "secret@") if word in repr(read)] == []


def test_a_mail_server_is_read_from_one_address() -> None:
    server = settings.read({"MAIL_URL": "smtps://moi%40x.fr:a%3Ab@mail.exemple.fr"}).mail_server

    assert server is not None
    assert (server.host, server.port, server.user, server.password, server.encryption) == (
        "mail.exemple.fr", 465, "moi@x.fr", "a:b", "tls",
    )  # fmt: skip


def test_postgresql_is_spoken_with_psycopg() -> None:
    assert settings.read({"DATABASE_URL": "postgres://h/d"}).database_url == "postgresql+psycopg://h/d"


def test_files_go_where_they_are_told() -> None:
    assert settings.read({"STORAGE_URL": "file:///srv/files"}).storage_path == Path("/srv/files")
