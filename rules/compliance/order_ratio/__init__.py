"""How much of what is paid for goods an order can pay out, to all or to one person: decided over all orders.

A limit that can be broken comes with the smallest order that breaks it. The argument in plain words
stands in docs/COMPLIANCE.md.
"""

from rules.compliance.order_ratio.decide import PERHAPS_SMALLER, SMALLEST, order_ratio, person_ratio

__all__ = ["PERHAPS_SMALLER", "SMALLEST", "order_ratio", "person_ratio"]
