"""Reconciliation 对账: what the shop says it sold, owes and paid, against the channels' files, the ledger and the wallets."""
