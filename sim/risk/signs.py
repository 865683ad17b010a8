"""Signs of a day 当日迹象: what a day's acts, logins and refusals say by themselves."""

from __future__ import annotations

import numpy as np

from rules.events import Kind, Records
from sim.risk.credit import found
from sim.risk.rules import Sign, Thresholds
from sim.risk.service import RISKY, Seen, Verdicts
from sim.risk.traces import Traces

LOGIN_LASTS = 2
"""Days after a risky login in which a sensitive act is one of its."""


class DeviceCounts:
    """How many accounts each device has registered.

    Args:
        traces: of everybody.
    """

    def __init__(self, traces: Traces) -> None:
        self._device = traces.device
        self._accounts = np.zeros(1 + int(traces.device.max(initial=0)), np.int64)

    def crowded(self, seen: Seen, given: Thresholds) -> Records:
        """All accounts of a device on which another one was registered today, where they are too many."""
        events = seen.events
        devices = self._device[events["member"][events["kind"] == Kind.register]]
        if not len(devices):
            return found(Sign.device, devices, 0, 0)
        np.add.at(self._accounts, devices, 1)
        many = np.unique(devices[self._accounts[devices] > given.accounts_per_device])
        if not len(many):
            return found(Sign.device, many, 0, 0)
        joined = seen.book.members["joined_at"] >= 0
        members = np.flatnonzero(np.isin(self._device, many) & joined)
        return found(Sign.device, members, self._accounts[self._device[members]], given.accounts_per_device)


class RiskyLogins:
    """Logins from a new device in a new place, for as long as they matter.

    Args:
        traces: of everybody.

    Attributes:
        until: by member, the last day (of the run) on which a sensitive act is suspicious.
    """

    def __init__(self, traces: Traces) -> None:
        self._traces = traces
        self.until = np.full(len(traces.device), -1, np.int32)

    def note(self, day: int, logins: Records) -> None:
        """Remember today's."""
        who = logins["member"]
        new = (logins["device"] != self._traces.device[who]) & (logins["place"] != self._traces.place[who])
        self.until[who[new]] = day + LOGIN_LASTS - 1

    def used(self, seen: Seen) -> Records:
        """Who asked for a withdrawal today after one, whether or not a second check stopped it."""
        acts = (seen.events, seen.refused)
        asked = np.unique(np.concatenate([part["member"][part["kind"] == Kind.withdraw] for part in acts]))
        return found(Sign.login, asked[self.until[asked] >= seen.day], 1, 1)


def bursts(seen: Seen, given: Thresholds) -> Records:
    """Inviters who brought many accounts in one day."""
    events = seen.events
    inviters = events["other"][(events["kind"] == Kind.register) & (events["other"] >= 0)]
    members, count = np.unique(inviters, return_counts=True)
    many = count >= given.invited_a_day
    return found(Sign.burst, members[many], count[many], given.invited_a_day)


def scraping(seen: Seen, given: Thresholds) -> Records:
    """Accounts that viewed more pages than people read."""
    members, place = np.unique(seen.logins["member"], return_inverse=True)
    views = np.bincount(place, seen.logins["views"], len(members)).astype(np.int64)
    many = views >= given.views_a_day
    return found(Sign.scraping, members[many], views[many], given.views_a_day)


def met_caps(seen: Seen) -> Records:
    """Members who were refused something that was too much for a day."""
    members, count = np.unique(seen.capped, return_counts=True)
    return found(Sign.capped, members, count, 1)


def forbidden_texts(seen: Seen) -> Records:
    """Members who wanted to share a text that the content rules refuse."""
    members, count = np.unique(seen.forbidden, return_counts=True)
    return found(Sign.text, members, count, 1)


def told(verdicts: Verdicts, people: int) -> Records:
    """Members whom a service that was plugged in takes for risky.

    Raises:
        ValueError: it speaks of somebody who is not in the market.
    """
    if unknown := [member for member in verdicts if not 0 <= member < people]:
        raise ValueError(f"a risk service spoke of member {unknown[0]}; members are 0 to {people - 1}")
    risky = sorted((member, score) for member, score in verdicts.items() if score >= RISKY)
    members = np.array([member for member, _ in risky], np.int64)
    return found(Sign.outside, members, np.array([score for _, score in risky], np.int64), RISKY)
