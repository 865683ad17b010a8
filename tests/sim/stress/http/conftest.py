"""Lets the tests of the server use httpx, which Starlette's newest versions would like to see replaced."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import starlette.testclient  # noqa: F401
