"""The reference server: an event happens once, other contents are a conflict, and nothing hostile gets through."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from starlette.testclient import TestClient

from rules.errors import InputError
from rules.records import WithdrawalStatus
from sim.cli.common import given
from sim.store.asks import Result
from sim.store.sql.connect import engine_for
from sim.store.sql.facts import StoreFacts
from sim.store.sql.schema import orders, withdrawals
from sim.stress.http.contract import KINDS
from sim.stress.http.models import BODY, Event, OrderLine
from sim.stress.http.opening import opened
from sim.stress.http.server import staging_app
from sim.stress.http.shop import StagingShop

PEOPLE = 60


def _opened(url: str, people: int = PEOPLE) -> StoreFacts:
    market, plan, people, days = given("three_tier", None, people, 30)
    return opened(url, market, plan, people, days, 1)


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('staging') / 'shop.db'}"


@pytest.fixture(scope="module")
def shop(url: str) -> Iterator[TestClient]:
    """A shop in which members 1 to 4 have registered, 2 by way of 1."""
    with TestClient(staging_app(StagingShop(url, _opened(url), 2)), raise_server_exceptions=False) as client:
        for member in range(1, 5):
            told = {"member": member} | ({"inviter": 1} if member == 2 else {})
            assert _brought(client, 100 + member, "register", **told) == (200, "done")
        yield client


def _event(number: int, kind: str, **told: object) -> dict[str, object]:
    return {"number": number, "kind": kind, "time": "2026-01-06T10:00:00"} | told


def _brought(client: TestClient, number: int, kind: str, **told: object) -> tuple[int, str]:
    answer = client.post("/events", json=_event(number, kind, **told))
    assert answer.json()["number"] == number
    return answer.status_code, answer.json()["result"]


@pytest.fixture(scope="module")
def line(url: str) -> dict[str, object]:
    names = StoreFacts.load(engine_for(url)).names
    return {"sku": names.skus[0], "category": names.categories[0], "quantity": 1, "price": 10_000}


def test_an_event_happens_once(shop, line):
    assert _brought(shop, 1, "order", order=1, member=2, lines=[line]) == (200, "done")
    assert _brought(shop, 1, "order", order=1, member=2, lines=[line]) == (200, "again")
    for _ in range(3):
        assert _brought(shop, 2, "ship", order=1) == (200, "refused")  # nobody has paid
    assert [_brought(shop, 3, "pay", order=1) for _ in range(4)] == [(200, "done"), *[(200, "again")] * 3]
    assert _brought(shop, 4, "share", member=1) == (200, "done")
    assert _brought(shop, 4, "share", member=1) == (200, "again")
    assert _brought(shop, 101, "register", member=1) == (200, "again")


def test_what_is_refused_is_said_in_a_word(shop):
    answer = shop.post("/events", json=_event(10, "pay", order=77)).json()
    assert answer == {"result": "refused", "refusal": "unknown_order", "number": 10}
    answer = shop.post("/events", json=_event(11, "withdraw", withdrawal=5, member=3, amount=10_000)).json()
    assert answer["result"] == "refused"
    again = shop.post("/events", json=_event(11, "withdraw", withdrawal=5, member=3, amount=10_000)).json()
    assert again == answer


def test_a_refund_that_comes_too_early_can_come_later(shop, line):
    assert _brought(shop, 20, "order", order=20, member=3, lines=[line]) == (200, "done")
    assert _brought(shop, 21, "pay", order=20) == (200, "done")
    assert _brought(shop, 23, "refund", order=20, refund=1, line=1, amount=100) == (200, "early")
    assert _brought(shop, 22, "refund", order=20, refund=0, line=1, amount=100) == (200, "done")
    assert _brought(shop, 23, "refund", order=20, refund=1, line=1, amount=100) == (200, "done")
    assert _brought(shop, 23, "refund", order=20, refund=1, line=1, amount=100) == (200, "again")


def test_a_shelf_that_is_empty_is_short(shop, line):
    assert _brought(shop, 30, "order", order=30, member=3, lines=[line | {"quantity": 2**31 - 1, "price": 1}])[1] == (
        "short"
    )


def test_other_contents_are_a_conflict_and_change_nothing(shop, url, line):
    assert _brought(shop, 40, "order", order=40, member=4, lines=[line]) == (200, "done")
    before = _count(url)
    assert _brought(shop, 40, "order", order=40, member=4, lines=[line | {"price": 9_999}]) == (409, "conflict")
    assert _brought(shop, 41, "order", order=40, member=3, lines=[line]) == (409, "conflict")
    assert _brought(shop, 40, "order", order=41, member=4, lines=[line]) == (409, "conflict")
    assert _brought(shop, 40, "share", member=4) == (409, "conflict")
    assert _brought(shop, 103, "register", member=33) == (409, "conflict")
    assert _count(url) == before
    assert _brought(shop, 42, "register", member=33) == (200, "done")


def _count(url: str) -> int:
    with engine_for(url).connect() as connection:
        return connection.execute(select(func.count()).select_from(orders)).scalar_one()


GOOD = _event(50, "share", member=1)
BODIES = [
    b"", b"null", b"{", b"\xff", b"[" * 50_000, b'{"a":' * 30_000, b'{"number": NaN}',
    json.dumps(GOOD | {"member": "1 OR 1=1"}).encode(),
    json.dumps(GOOD | {"sku": "x'; DROP TABLE members; --"}).encode(),
    json.dumps(GOOD | {"member": PEOPLE}).encode(),
    json.dumps(GOOD | {"time": "2025-12-31T00:00:00"}).encode(),
    json.dumps(GOOD | {"time": "2199-01-01T00:00:00"}).encode(),
    json.dumps(_event(51, "order", order=51, member=1, lines=[])).encode(),
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_what_is_malformed_is_refused(shop, body):
    answer = shop.post("/events", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert "Traceback" not in answer.text


def test_amounts_that_no_order_can_have_are_refused(shop, line):
    told = _event(52, "order", order=52, member=1, lines=[line | {"discount": 10_001}])
    answer = shop.post("/events", json=told)
    assert (answer.status_code, "discount 10001" in answer.json()["error"]) == (422, True)
    told["lines"] = [line | {"price": 9_000_000_000_000, "quantity": 2**31 - 1}]
    assert shop.post("/events", json=told).status_code == 422


def test_what_is_too_long_or_of_another_kind_is_refused(shop):
    headers = {"Content-Type": "application/json"}
    assert shop.post("/events", content=b" " * (BODY + 1), headers=headers).status_code == 413
    chunks = (b" " * 65_536 for _ in range(8))
    assert shop.post("/events", content=chunks, headers=headers).status_code == 413
    # what a page in a browser may send to any address without asking has to be another kind
    assert shop.post("/events", content=json.dumps(GOOD), headers={"Content-Type": "text/plain"}).status_code == 415
    assert shop.get("/events").status_code == 405
    assert shop.get("/nothing").status_code == 404
    assert shop.get("/nothing").json()["error"]


def test_withdrawals_are_told(shop, url):
    drawn = {
        "asked_at": 1,
        "sent_at": 1,
        "done_at": -1,
        "book": b"",
        "amount": 5000,
        "fee": 100,
        "tax": 50,
        "member": 7,
    }
    with engine_for(url).begin() as connection:
        for number, status in ((900, WithdrawalStatus.sent), (901, WithdrawalStatus.paid)):
            told = {"id": number, "status": int(status), "channel_order_no": f"T{number}"}
            connection.execute(insert(withdrawals), drawn | told)
    # 50.00 yuan less a fee of 1.00 and tax of 0.50
    sent = {"withdrawal": 900, "member": 7, "status": "sent", "net": 4850}
    assert shop.get("/withdrawals/900").json() == sent
    assert shop.get("/withdrawals?status=open").json() == {"withdrawals": [sent], "next": None}
    assert [one["withdrawal"] for one in shop.get("/withdrawals?status=paid").json()["withdrawals"]] == [901]
    assert shop.get("/withdrawals?status=open&after=900").json()["withdrawals"] == []
    assert shop.get("/withdrawals/902").status_code == 404
    for path in ("/withdrawals/x", "/withdrawals/" + "9" * 40, "/withdrawals?status=lost", "/withdrawals?after=%27"):
        assert shop.get(path).status_code == 422


def test_the_shop_goes_on_with_the_store_that_is_there(shop, url):
    assert _opened(url).people == PEOPLE
    with pytest.raises(InputError, match="60 people"):
        _opened(url, 61)


def test_a_token_is_asked_for(url):
    with TestClient(staging_app(StagingShop(url, _opened(url), 1), "s3cret")) as client:
        assert client.get("/health").json() == {"ok": True, "contract": 1}
        for headers in ({}, {"Authorization": "Bearer s3cre"}, {"Authorization": "s3cret"}):
            refused = client.get("/withdrawals", headers=headers)
            assert refused.status_code == 401
            assert "s3cret" not in refused.text
        assert client.post("/events", json=GOOD).status_code == 401
        assert client.get("/withdrawals", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_without_its_database_the_shop_asks_to_come_again(url, tmp_path):
    away = StagingShop(f"sqlite:///{tmp_path / 'no' / 'where.db'}", _opened(url), 1)
    with TestClient(staging_app(away)) as client:
        answer = client.post("/events", json=GOOD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert str(tmp_path) not in answer.text


def test_when_too_many_wait_the_shop_asks_to_come_again(url):
    busy, free = StagingShop(url, _opened(url), threads=1, room=1), threading.Event()
    begun = threading.Event()

    def held(_: object) -> None:
        begun.set()
        free.wait(30)

    with TestClient(staging_app(busy)) as client:
        busy.ask(held)
        assert begun.wait(30)
        busy.ask(held)
        assert client.post("/events", json=GOOD).status_code == 503
        free.set()


def test_the_page_of_the_contract_names_every_kind_field_and_result():
    page = (Path(__file__).parents[4] / "docs" / "STAGING.md").read_text("utf-8")
    fields = {field for model in (*Event.__args__, OrderLine) for field in model.model_fields}
    missing = [word for word in (*KINDS, *fields, *(one.value for one in Result)) if f"`{word}`" not in page]
    assert missing == []
    assert f"{BODY:,} bytes" in page
