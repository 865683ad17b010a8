import pytest
from report_synthetic import report_data


@pytest.fixture(scope="session")
def data():
    """Three plans: `three_tier` wins, `steep` breaks the rulebook."""
    return report_data()


@pytest.fixture(scope="session")
def run_data():
    """One plan, one replication."""
    return report_data(arms=("one_level",), replications=1)
