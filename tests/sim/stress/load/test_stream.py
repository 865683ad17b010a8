"""The events of a market as tasks: nothing is lost, and what belongs together stays with one client, in order."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from small import small

from rules.events import Kind
from rules.orders import is_on_order
from sim.stress.load.stream import LEFT_OUT


def test_every_client_has_its_own_and_together_they_have_all():
    stream = small()
    parts = [stream.of_client(client, 3) for client in range(3)]
    assert sorted(task.source for part in parts for task in part) == list(range(len(stream.tasks)))
    assert all(part for part in parts)


def test_what_happens_to_an_order_is_brought_by_one_client_in_order():
    placed: dict[int, int] = {}
    last: dict[int, int] = defaultdict(int)
    for task in small().tasks:
        order = int(task.events["order"][0])
        if task.kind == Kind.order:
            placed[order] = task.person
            assert {int(one) for one in task.events["order"]} == {order}
            assert task.events["line"].tolist() == list(range(1, len(task.events) + 1))
        elif is_on_order(task.kind):
            assert task.person == placed[order]
            assert task.time >= last[order]
        last[order] = task.time


def test_refunds_of_an_order_are_counted_from_zero():
    numbers = defaultdict(list)
    for task in small(900, 110).tasks:
        if task.kind == Kind.refund:
            numbers[int(task.events["order"][0])].append(task.number)
    assert numbers
    assert all(found == list(range(len(found))) for found in numbers.values())


def test_time_and_channel_answer_for_themselves():
    stream = small()
    assert {Kind(task.kind) for task in stream.tasks}.isdisjoint(LEFT_OUT)
    assert [task.time for task in stream.tasks] == sorted(task.time for task in stream.tasks)
    wanted = np.concatenate([task.events["sku"] for task in stream.tasks if task.kind == Kind.order])
    assert stream.hottest() == np.bincount(wanted).argmax()
