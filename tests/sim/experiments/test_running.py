"""Running many: one whose process dies is a failure, and the others come."""

from __future__ import annotations

import os
from dataclasses import dataclass

from sim.experiments.failure import Failure
from sim.experiments.running import Means, run_all


@dataclass(frozen=True)
class Square:
    """A number that is squared, unless it is 3, which kills whoever does it."""

    number: int

    @property
    def key(self) -> str:
        return str(self.number)

    def run(self) -> int:
        if self.number == 3:
            os._exit(3)
        return self.number**2

    def __str__(self) -> str:
        return f"the square of {self.number}"


def test_a_process_that_dies_is_a_failure_and_the_others_come() -> None:
    came = dict(run_all([Square(number) for number in (1, 2, 3, 4, 5)], Means(workers=2), None))
    lost = came.pop(2)
    assert came == {0: 1, 1: 4, 3: 16, 4: 25}
    assert isinstance(lost, Failure)
    assert lost.case == "the square of 3"
    assert lost.reason.startswith("the process that ran it died")
