"""Ctrl-C while C code calls back."""

import signal
import time

import pytest

from sim import interrupts

CALLED_BACK = """
def called_back(signal):
    signal.raise_signal(signal.SIGINT)
    return "whole"
"""


def test_ctrl_c_waits_until_llvm_has_returned() -> None:
    """What LLVM called comes to its end; then the interrupt is there, without another Ctrl-C."""
    compiler = {"__name__": "llvmlite.binding.executionengine"}
    exec(CALLED_BACK, compiler)
    before = signal.signal(signal.SIGINT, interrupts._interrupt)
    try:
        assert compiler["called_back"](signal) == "whole"
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            time.sleep(30)
        assert time.monotonic() - began < 10
    finally:
        signal.signal(signal.SIGINT, before)
        interrupts.forget_interrupts()


def test_what_was_interrupted_before_is_not_asked_of_a_command_that_begins_later() -> None:
    before = signal.signal(signal.SIGINT, interrupts._interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        interrupts.keep_interrupts()
        interrupts.raise_if_lost()
    finally:
        signal.signal(signal.SIGINT, before)
        interrupts.forget_interrupts()
