"""Commissions that a platform recorded, held against those of a replay: matched to the fen, differences by cause."""
