from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def contract() -> str:
    """The plan of the contract, as it stands."""
    return Path(__file__).with_name("contract_plan.yaml").read_text("utf-8")
