from rules.payout.channel import channel_order_no


def test_a_withdrawal_has_one_number_for_life_that_no_other_has():
    assert channel_order_no(1) == "FX000000000001"
    assert channel_order_no(1) == channel_order_no(1)
    numbers = [0, 1, 12, 10**11, 10**12, 10**12 + 1, 2**62]
    assert len({channel_order_no(one) for one in numbers}) == len(numbers)
