"""Settings of all tests. Examples have no deadline: the first call of a kernel compiles it."""

import os

from hypothesis import Phase, settings

settings.register_profile("patient", deadline=None)
settings.register_profile("mutants", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
settings.load_profile("mutants" if os.environ.get("FENXIAO_MUTANTS") else "patient")
