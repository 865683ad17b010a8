"""One member behind several accounts, one order behind several numbers."""

import pytest

from rules.cases.read import parse_case
from rules.errors import InputError
from rules.people.identity import Identities


def test_accounts_lead_to_their_member_and_others_to_themselves() -> None:
    identities = Identities({"wx:1": "B", "dy:7": "B"})
    identities.link("tb:3", "C")
    identities.link("wx:1", "B")
    assert [identities.member(one) for one in ("wx:1", "dy:7", "tb:3", "B", "D")] == ["B", "B", "C", "B", "D"]


@pytest.mark.parametrize(
    ("account", "member", "told"),
    [
        ("wx:1", "C", "account 'wx:1' belongs to 'B', not to 'C'"),
        ("B", "C", "account 'B' of 'C' is a member itself"),
        ("D", "wx:1", "account 'D' of 'wx:1' is a member itself"),
        ("D", "D", "account 'D' of 'D' is a member itself"),
    ],
)
def test_an_account_has_one_owner(account: str, member: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Identities({"wx:1": "B"}).link(account, member)


def test_an_order_is_the_first_with_its_outside_number_or_repeats_it() -> None:
    identities = Identities()
    assert identities.first_order("O1", "88001") is None
    assert identities.first_order("O1", "88001") is None
    assert identities.first_order("O2", "88001") == "O1"
    assert identities.first_order("O3", "88002") is None
    assert identities.first_order("O4") is None
    assert identities.first_order("O5", same_as="O1") == "O1"
    assert identities.first_order("O6", "88003", same_as="O1") == "O1"


BAD = [
    ([{"id": "A", "accounts": ["x"]}, {"id": "B", "accounts": ["x"]}], "account 'x' belongs to 'A'"),
    ([{"id": "A", "accounts": ["B"]}, {"id": "B"}], "'B' is a member"),
    ([{"id": "A", "inviter": "y"}, {"id": "B", "accounts": ["y"], "inviter": "A"}], "cycle of inviters: A → B → A"),
    ([{"id": "A", "accounts": ["x"], "inviter": "x"}], "cycle of inviters: A → A"),
]


@pytest.mark.parametrize(("members", "told"), BAD)
def test_accounts_of_a_case_hang_together(members: list[dict[str, object]], told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_case({"name": "x", "plan": "p", "members": members})
