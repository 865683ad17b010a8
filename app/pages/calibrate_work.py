"""A calibration as a job: what `fenxiao calibrate` does, with the files that it would write."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.jobs import Tell
from sim.experiments.metric_names import Text
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.calibration.backtest import ByFrequency, Tracking
    from sim.calibration.estimate import Calibration

FOLDER = "calibrated"
"""What the folder of results is called in commands that are shown."""


@dataclass(frozen=True)
class Asked:
    """What is calibrated on: the folder of an import, or None and the name of a public data set; and the base market.

    Attributes:
        name: what the data are called in results. title: what the visitor knows them by.
        data: the option that names them on the command line, with the space before it.
    """

    folder: Path | None
    name: str
    title: Text
    data: str
    base: str

    @property
    def command(self) -> str:
        """The command that finds the same."""
        return f"fenxiao calibrate{self.data} --base {shlex.quote(self.base)} --out {FOLDER}"


@dataclass(frozen=True)
class Calibrated:
    """What was found, how it foretells, and the market made of it: read, and as files by name."""

    found: Calibration
    track: Tracking | None
    groups: list[ByFrequency]
    market: Scenario
    files: dict[str, str]


def work(tell: Tell, asked: Asked) -> Calibrated:
    """Calibrate; tells the steps that it begins."""
    from scenarios.find import find
    from sim.behaviour.parameters import settled
    from sim.calibration.backtest import back_test
    from sim.calibration.estimate import calibrated
    from sim.calibration.folder import read_shop, shipped_shop
    from sim.calibration.market import write_market
    from sim.scenario import read_scenario

    shop = read_shop(asked.folder, asked.name) if asked.folder else shipped_shop(asked.name)
    assumed = settled(read_scenario(*find("markets", asked.base)).behaviour)
    found = calibrated(shop, assumed, asked.folder is None, tell)
    track, groups = back_test(found.fit, shop.purchases())
    with TemporaryDirectory() as place:
        market = write_market(Path(place), found, asked.base)
        files = {file.name: file.read_text("utf-8") for file in sorted(Path(place).iterdir())}
    return Calibrated(found, track, groups, market, files)
