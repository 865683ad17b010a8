"""What comes after the last day of an operator's data: futures of its customers, and what plans would pay for them."""
