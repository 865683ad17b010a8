"""Reconciliation 对账: what the shop sold, owes and paid, against the channels' files, ledger and wallets."""
