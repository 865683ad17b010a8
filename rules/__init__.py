"""Commission rules: events and a book in, commission entries and a book out.

Pure: no randomness, no clock, no files. Money is integer fen, rates are integer parts per million.
"""
