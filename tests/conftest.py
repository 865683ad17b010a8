"""Settings of all tests. Examples have no deadline: the first call of a kernel compiles it."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
