"""A queueing model of a store's settlement path, in SimPy: workers, queue, cache, row locks, connections, database,
flush, batches, reviewers and payout channel.

It answers what a promo day does to the store, what breaks first, and how many workers are enough. Time is in seconds
within the model and in milliseconds in settings and answers.
"""
