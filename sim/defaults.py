"""What is taken where nobody says otherwise."""

from __future__ import annotations

SEED = 20260105
"""The seed of a command or a page that is given none: the same for everybody."""
