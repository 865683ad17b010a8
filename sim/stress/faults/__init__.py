"""Deterministic fault simulation: seeded worlds in which clients settle at once, and everything goes wrong that can.

The way of FoundationDB's simulator and TigerBeetle's VOPR: one seed is one world, one thread, no clock and no luck from
outside. The desks are the real ones (`sim.pipeline`); around them everything is simulated: the database with its row
locks and its log, the processes, the wire, the payout channel. A seed that breaks an invariant breaks it again.
"""
