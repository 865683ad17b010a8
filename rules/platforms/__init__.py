"""Platforms 平台: how live systems compute, one file each: what a plan with `platform: NAME` gets by default.

A profile fills `semantics`, `settlement`, `withdrawal` and `attribution`; a key that the plan states itself wins.
The facts are readings of the platforms' own code, tests and documentation; each file says which.
"""
