"""Draws: three implementations give the same bits, and the bits look like luck in every direction we use
them.

The statistical tests are fixed computations: they pass or fail for ever, not now and then. Limits are those
that a fair generator would break once in some 10,000 test suites.
"""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from scipy import stats

from sim import draws
from sim.draws import Purpose, bits, bits_array, draw, draw_array, key, stream, uniform, uniform_array

MASK = (1 << 64) - 1
G, D = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95
SEEDS = (0, 1, 7, 20_260_105)
WORDS = [(s, p, d) for s in (0, 1, -3, 2**63, 2**64 + 5) for p in (Purpose.HISTORY_PAY, 12_345) for d in (-1, 0, 364)]


def plain_mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def plain_key(seed: int, purpose: int, day: int) -> int:
    seeded = plain_mix((seed + G) & MASK)
    return plain_mix((plain_mix((seeded + (purpose + 1) * G) & MASK) + (day + 1) * D) & MASK)


def plain_draw(word: int, person: int) -> int:
    return plain_mix((word + (person + 1) * G) & MASK)


def plain_bits(word: int, person: int, k: int) -> int:
    return plain_mix((plain_draw(word, person) + (k + 1) * G) & MASK)


@pytest.mark.parametrize(("seed", "purpose", "day"), WORDS)
def test_keys_are_the_plain_ones(seed, purpose, day):
    assert int(key(seed, purpose, day)) == plain_key(seed, purpose, day)
    assert draws.on_day(stream(seed, purpose), day) == plain_key(seed, purpose, day)


def test_splitmix64_reference():
    """The published first outputs of SplitMix64 from state 1234567: our persons 0, 1, 2, ..."""
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert [draw(np.uint64(1234567), person) for person in range(4)] == published


def test_kernel_numpy_and_plain_python_give_the_same_bits():
    luck = np.random.default_rng(4)
    person = np.concatenate([luck.integers(0, 10**7, 500), [0, 1, 2**31, 2**53 + 1]])
    k = np.concatenate([luck.integers(0, 1000, 500), [0, 1, 2**40, 3]])
    for seed in SEEDS:
        word = key(seed, Purpose.HISTORY_HOUR, 17)
        expected = [plain_bits(int(word), int(p), int(n)) for p, n in zip(person, k, strict=True)]
        assert bits_array(word, person, k).tolist() == expected
        assert [bits(word, p, n) for p, n in zip(person, k, strict=True)] == expected
        assert draw_array(word, person).tolist() == [plain_draw(int(word), int(p)) for p in person]
        assert [draw(word, p) for p in person] == draw_array(word, person).tolist()
        floats = [(b >> 11) * 2.0**-53 for b in expected]
        assert uniform_array(np.array(expected, np.uint64)).tolist() == floats
        assert [uniform(np.uint64(b)) for b in expected] == floats


def test_a_chance_in_plain_python_is_that_of_the_kernels():
    for word in (0, 1, int(key(7, 312, 3)), (1 << 64) - 1):
        for person, k in ((0, 0), (5, 1), (2**31 - 1, 10**6)):
            assert draws.chance(np.uint64(word), person, k) == uniform(np.uint64(bits(np.uint64(word), person, k)))


def test_fields_and_picks_are_the_plain_ones():
    words = draw_array(key(5, 1), np.arange(300))
    for low, width in ((0, 16), (16, 24), (40, 24), (0, 62), (63, 1)):
        expected = [(int(w) >> low) & ((1 << width) - 1) for w in words]
        assert draws.field_array(words, low, width).tolist() == expected
        assert [draws.field(w, low, width) for w in words] == expected
    for n in (1, 3, 1000, 2**31):
        expected = [((int(w) >> 32) * n) >> 32 for w in words]
        assert draws.pick_array(words, n).tolist() == expected
        assert [draws.pick(w, n) for w in words] == expected


def test_kernels_stay_whole_numbers_inside_other_kernels():
    """The trap: int64 + uint64 is a float in Numba. Indices must survive a loop of signed persons."""

    @numba.njit
    def walk(word, people):
        total, seen = np.uint64(0), np.zeros(7, np.int64)
        for person in range(people):
            value = bits(word, person, person % 3)
            total ^= value
            seen[draws.pick(value, 7)] += 1
            seen[draws.field(value, 3, 2)] += 1
        return total, seen

    word = key(9, 9, 9)
    total, seen = walk(word, 1000)
    expected = bits_array(word, np.arange(1000), np.arange(1000) % 3)
    assert total == int(np.bitwise_xor.reduce(expected))
    assert seen.sum() == 2000


def test_uniform_stays_below_one():
    assert uniform(np.uint64(MASK)) == 1 - 2.0**-53
    assert uniform(np.uint64(0)) == 0.0
    assert draws.pick(np.uint64(MASK), 10) == 9


def test_exponential():
    assert draws.exponential(0.0) == 0.0
    assert draws.exponential(0.5) == pytest.approx(math.log(2))
    assert draws.exponential(1 - 2.0**-53) == pytest.approx(53 * math.log(2))


def test_purposes_are_numbered_once():
    assert len({int(p) for p in Purpose}) == len(Purpose.__members__)


# What the draws look like. Every neighbourhood gives a pair of columns that must be unrelated.


def neighbours(n: int, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pairs of columns of words that differ in one thing: the next person, day, k, purpose, seed."""
    people, pay = np.arange(n), Purpose.HISTORY_PAY
    base, here = key(seed, pay, 10), draw_array(key(seed, pay, 10), people)
    return {
        "person": (here, draw_array(base, people + 1)),
        "person 64 on": (here, draw_array(base, people + 64)),
        "day": (here, draw_array(key(seed, pay, 11), people)),
        "week": (here, draw_array(key(seed, pay, 17), people)),
        "purpose": (here, draw_array(key(seed, Purpose.HISTORY_RECEIPT, 10), people)),
        "seed": (here, draw_array(key(seed + 1, pay, 10), people)),
        "seed bit 40": (here, draw_array(key(seed ^ (1 << 40), pay, 10), people)),
        "draw and k": (here, bits_array(base, people, 0)),
        "k": (bits_array(base, people, 0), bits_array(base, people, 1)),
        "k and person": (bits_array(base, people, 1), bits_array(base, people + 1, 0)),
        "day and person": (draw_array(key(seed, pay, 11), people), draw_array(base, people + 1)),
    }


def z_of_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Standard normal if the two columns of uniforms are unrelated."""
    return float(np.mean((a - 0.5) * (b - 0.5)) * 12 * np.sqrt(len(a)))


def z_values(n: int, seeds: tuple[int, ...]) -> np.ndarray:
    """One z per seed, neighbourhood and view: full words, low halves, a rare event, equal upper bits."""
    found = []
    for seed in seeds:
        for one, two in neighbours(n, seed).values():
            a, b = uniform_array(one), uniform_array(two)
            low_a, low_b = uniform_array(one << np.uint64(32)), uniform_array(two << np.uint64(32))
            both, p = np.mean((a < 0.05) & (b < 0.05)), 0.05**2
            equal = np.mean((one >> np.uint64(60)) == (two >> np.uint64(60)))
            found += [
                z_of_correlation(a, b),
                z_of_correlation(low_a, low_b),
                z_of_correlation(a, low_b),
                (both - p) / math.sqrt(p * (1 - p) / n),
                (equal - 1 / 16) / math.sqrt(15 / 256 / n),
            ]
    return np.array(found)


def check_z(z: np.ndarray) -> None:
    """As a set of standard normal values: none too large, spread one, no drift."""
    limit = stats.norm.isf(1e-4 / 2 / len(z))
    assert np.abs(z).max() < limit
    assert abs(z.mean()) * math.sqrt(len(z)) < 4
    assert abs(z.std() - 1) * math.sqrt(2 * len(z)) < 4


def chi_square_z(values: np.ndarray, cells: int) -> float:
    """Uniformity over `cells` equally likely values, as a standard normal value (Wilson-Hilferty)."""
    counts = np.bincount(values, minlength=cells)
    expected = len(values) / cells
    chi, df = float(((counts - expected) ** 2).sum() / expected), cells - 1
    return ((chi / df) ** (1 / 3) - (1 - 2 / (9 * df))) / math.sqrt(2 / (9 * df))


def bit_z(words: np.ndarray) -> np.ndarray:
    """For every bit, how far its share of ones is from a half, in standard errors."""
    ones = np.array([np.count_nonzero((words >> np.uint64(i)) & np.uint64(1)) for i in range(64)])
    return (ones - len(words) / 2) / math.sqrt(len(words) / 4)


def test_neighbours_are_unrelated():
    check_z(z_values(50_000, SEEDS))


def test_every_bit_is_fair_and_unrelated_to_its_neighbours_bit():
    found = []
    for one, two in neighbours(50_000, 7).values():
        found += [bit_z(one), bit_z(one ^ two), bit_z(one ^ (two << np.uint64(1) | two >> np.uint64(63)))]
    check_z(np.concatenate(found))


def test_uniformity_in_every_field_and_direction():
    people, found = np.arange(200_000), []
    for seed in SEEDS:
        by_person = draw_array(key(seed, 1), people)
        by_day = np.array([draw(key(seed, 1, day), 5) for day in range(20_000)], np.uint64)
        by_k = bits_array(key(seed, 1), np.zeros(200_000, np.int64), people)
        for words in (by_person, by_day, by_k):
            found += [chi_square_z(draws.field_array(words, low, 8), 256) for low in range(0, 64, 8)]
            found.append(chi_square_z(draws.pick_array(words, 1000), 1000))
            pairs = draws.pick_array(words[0::2], 16) * 16 + draws.pick_array(words[1::2], 16)
            found.append(chi_square_z(pairs, 256))
    check_z(np.array(found))


def test_an_input_bit_moves_half_of_the_output_bits():
    people = np.arange(2000)
    base = draw_array(key(3, 2), people)
    for bit in range(40):
        moved = np.bitwise_count(base ^ draw_array(key(3, 2), people ^ (1 << bit))).mean()
        assert abs(moved - 32) * math.sqrt(len(people)) / 4 < 4.5, bit


def test_keys_do_not_meet():
    keys = [int(key(s, p, d)) for s in range(20) for p in range(20) for d in range(-5, 100)]
    assert len(set(keys)) == len(keys)


def test_a_person_is_the_same_whatever_is_asked_before():
    one = [draw(key(1, 2, 3), person) for person in (5, 6, 7)]
    assert [draw(key(1, 2, 3), person) for person in (7, 5)] == [one[2], one[0]]


@pytest.mark.slow
def test_neighbours_are_unrelated_at_length():
    check_z(z_values(1_000_000, tuple(range(100, 112))))


@pytest.mark.slow
def test_uniformity_at_length():
    found = []
    for seed in range(6):
        words = draw_array(key(seed, 3), np.arange(10_000_000))
        found += [chi_square_z(draws.field_array(words, low, 16), 65_536) for low in (0, 16, 32, 48)]
        found.append(chi_square_z(draws.pick_array(words, 997), 997))
    check_z(np.array(found))
