"""Commands about the tokens of programs."""

import click
from flask import Flask

from eventsapp.api import queries, rules, service
from eventsapp.api.statuses import Scope
from eventsapp.core import clock, texts, unit_of_work
from eventsapp.core.errors import Refusal

tokens = click.Group("tokens", help="Tokens by which programs use the API.")


@tokens.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]),
    help="What it opens; may repeat.",
)  # fmt: skip
def create(name: str, scopes: tuple[str, ...]) -> None:
    """Make a token called NAME and print it, this once and nothing else."""
    name = texts.one_line(name)
    if not name or len(name) > rules.NAME_LENGTH or not texts.is_printable(name):
        raise click.BadParameter(f"1 to {rules.NAME_LENGTH} printable characters", param_hint="NAME")
    with unit_of_work.transaction():
        _row, token = service.create_token(name=name, scopes={Scope(code) for code in scopes}, now=clock.now())
    click.echo(token)


@tokens.command("list")
def show() -> None:
    """List the tokens: number, name, scopes, since when, revoked or not; never the token itself."""
    for row in queries.tokens():
        state = f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else "live"
        click.echo(f"{row.id}\t{row.name}\t{','.join(row.scopes)}\t{row.created_at:%Y-%m-%d}\t{state}")


@tokens.command("revoke")
@click.argument("number", type=click.IntRange(min=1, max=2**31 - 1))
def revoke(number: int) -> None:
    """Let the token NUMBER (see ``tokens list``) open nothing any more."""
    try:
        with unit_of_work.transaction():
            row = queries.token(number)
            if row is None:
                raise click.BadParameter(f"there is no token {number}", param_hint="NUMBER")
            service.revoke_token(row, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"{number}: revoked")


def init_app(app: Flask) -> None:
    """Add the commands to ``app``."""
    app.cli.add_command(tokens)
