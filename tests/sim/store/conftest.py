"""Lets the tests of stores import the helpers beside this file."""
