"""Identity 身份: one member behind the accounts of several channels, one order behind the numbers it has in them.

Names become numbers where a log is read; there, accounts become members and a repeated order is found, so that
whatever counts, counts once.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.errors import InputError


class Identities:
    """Who is behind an account, and which order came first.

    Args:
        accounts: member by account, such as {"wx:1": "B", "dy:7": "B"}; whoever is not in it is who they are.
    """

    def __init__(self, accounts: Mapping[str, str] | None = None) -> None:
        self._members: dict[str, str] = {}
        self._first: dict[str, str] = {}
        for account, member in (accounts or {}).items():
            self.link(account, member)

    def link(self, account: str, member: str) -> None:
        """Let an account belong to a member.

        Raises:
            InputError: it belongs to another one, or is or has accounts of its own.
        """
        known = self._members.get(account, member)
        if known != member:
            raise InputError(
                f"account {account!r} belongs to {known!r}, not to {member!r}", allowed="one member an account"
            )
        if account == member or member in self._members or account in self._members.values():
            raise InputError(
                f"account {account!r} of {member!r} is a member itself", allowed="accounts of members only"
            )
        self._members[account] = member

    def member(self, account: str) -> str:
        """The member behind an account, or the name itself."""
        return self._members.get(account, account)

    def first_order(self, order: str, external: str | None = None, same_as: str | None = None) -> str | None:
        """The order that this one repeats, or None if it is the first.

        Args:
            order: its own number.
            external: its number outside, the same in every channel.
            same_as: the order that it is said to repeat.
        """
        first = self._first.setdefault(external, order) if external is not None else order
        if same_as is not None:
            first = same_as
        return None if first == order else first
