"""Lets the tests of `sim` import the helpers that stand beside this file."""
