"""The `fenxiao` command: one file per group of commands, loaded when it is asked for."""

from __future__ import annotations

import importlib
import keyword
import os
import sys
from collections.abc import Sequence

import click

from rules.errors import InputError
from sim.interrupts import keep_interrupts

COMMANDS = {
    "run": "simulate one plan in one market",
    "compare": "compare plans: the same people, the same luck",
    "sweep": "a plan and a market at many points of a space",
    "sensitivity": "which rates, rewards and assumptions a figure depends on",
    "optimise": "the plan that earns most within the law and a budget, and the whole front",
    "adapt": "an operator who learns week by week, against the best fixed plan",
    "trial": "what a live A/B test would have said: designs of a trial against the known truth",
    "watch": "a live store beside the forecast of the plan that was adopted: alarm, and what to do",
    "import": "your own exports as a folder for replay: every row kept or set aside, nobody named",
    "replay": "what plans would have paid for orders that happened",
    "explain": "why each amount was paid, step by step",
    "statement": "what moved in a wallet, line by line, with tax and payouts",
    "check": "a plan against a rulebook: proved, violated with the case that shows it, or unknown",
    "risk": "a drill of the risk desk against cheats that are known: precision, recall, cost",
    "spread": "who passed the word to whom: paths of orders, hot nodes, cascades, a forecast",
    "segments": "kinds of members by how they behave, each with a name and an offer",
    "content": "share texts against wording that is forbidden: superlatives, cures, promised pay",
    "redteam": "cheats look for the most profitable abuse of a plan",
    "load": "bring a scenario's events to a real database, kill it, and count",
    "staging": "a shop of one's own behind HTTP, to bring a load to",
    "capacity": "what a promo day does to the machines, what breaks first, how many workers are enough",
    "faults": "seeded worlds of clients at one store in which everything goes wrong; what must hold all the same",
    "store": "a store on a database: create it, back it up, restore it, verify its ledger",
    "rulesheet": "the rules of a plan for members, with worked examples",
    "diff": "what changed between two plans, and who gains",
    "cases": "run case files: what must come out, to the cent",
    "vectors": "events with the entries that must come out, to test your own code",
    "plan-from": "a platform's configuration as a plan",
    "plan-to": "a plan as a platform's configuration, and what is lost",
    "forecast": "what comes after the last day of your data, under several plans, and how sure that is",
    "calibrate": "fit people to your own data, with what it leaves open",
    "validate": "the simulation against data and literature, claim by claim, with charts",
    "claims": "what is said of referral stores, put to the test: under which assumptions it holds",
    "reconcile": "orders, channels, ledger, wallets and payouts held against each other; the money flow",
    "schema": "the formats of plans, cases, scenarios, rulebooks and other files, for editors",
    "app": "open the app in a browser",
}
"""Every command and its one line of help; each is the function of its name in the module of its name, with _ for -,
and a _ behind a word of Python's own."""


class Commands(click.Group):
    """Commands that are imported only when they are called, so that help comes at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_") + "_" * keyword.iskeyword(cmd_name)
        command: click.Command = getattr(importlib.import_module(f"sim.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def fenxiao() -> None:
    """A whole referral-commission store, simulated, to test a commission plan before it goes live.

    分销商城仿真工作台：方案上线之前，先在这里试。
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 the answer is no, 2 bad input with one message and no traceback."""
    keep_interrupts()
    try:
        code = fenxiao.main(arguments, prog_name="fenxiao", standalone_mode=False)
    except InputError as error:
        _refuse(str(error))
    except click.ClickException as error:
        _refuse(_said(error))
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        os._exit(0)  # whoever read our output has had enough of it
    except OSError as error:
        _refuse(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(message: str) -> None:
    print(message, file=sys.stderr)
    sys.exit(2)


def _said(error: click.ClickException) -> str:
    """What click says of a wrong call, and where help is."""
    context = getattr(error, "ctx", None)
    where = f"\nhelp: {context.command_path} --help" if context else "\nhelp: fenxiao --help"
    return error.format_message() + where
