"""The command that looks whether all is well."""

import click
from flask.cli import with_appcontext

from eventsapp.core import clock
from eventsapp.ops import doctor


@click.command("doctor")
@with_appcontext
def command() -> None:
    """Check settings, services, the invariants of orders and money, and the payment journal; say what is wrong."""
    wrong = 0
    for name, problems in doctor.examine(now=clock.now()):
        print(f"{name}: {'ok' if not problems else ''}".rstrip())
        for problem in problems:
            print(f"  {problem}")
        wrong += len(problems)
    if wrong:
        raise click.ClickException(f"{wrong} wrong" if wrong > 1 else "1 thing wrong")
