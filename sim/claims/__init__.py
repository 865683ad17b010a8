"""Claims put to the test: what people say of referral stores, as comparisons whose verdict names its assumptions."""
