"""Commands about the people who sign in."""

import sys

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask

from eventsapp.accounts import service
from eventsapp.accounts.access import RoleName
from eventsapp.core import clock, settings, unit_of_work
from eventsapp.core.errors import Refusal

#: The roles by their French names too.
ROLES = {role.value: role for role in RoleName} | {
    "administrateur": RoleName.ADMINISTRATOR,
    "organisateur": RoleName.ORGANISER,
    "redacteur": RoleName.EDITOR,
    "comptable": RoleName.ACCOUNTANT,
    "accueil": RoleName.DOOR,
}

users = click.Group("users", help="People who sign in.")


@users.command("create")
@click.argument("email")
@click.option("--role", "roles", multiple=True, type=click.Choice(list(ROLES)), help="May repeat.")
@click.option("--first-name", default="")
@click.option("--last-name", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def create(email: str, roles: tuple[str, ...], first_name: str, last_name: str, *, password_stdin: bool) -> None:
    """Make somebody who signs in as EMAIL; without a password, print the link to choose one."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    link = ""
    try:
        with unit_of_work.transaction():
            now = clock.now()
            user = service.create_user(
                email=_address(email),
                roles=[ROLES[role] for role in roles],
                password=password,
                first_name=first_name,
                last_name=last_name,
                now=now,
            )
            if password is None:
                link = service.send_invitation(user, by=settings.current().site_name, now=now)
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"{email}: created" if password else f"{email}: created; password to be chosen at {link}")


def init_app(app: Flask) -> None:
    """Add the commands to ``app``."""
    app.cli.add_command(users)


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
