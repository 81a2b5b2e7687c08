"""When a job that failed is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.application.gate import notices
from fotopoort.application.posts import photo_jobs
from fotopoort.jobs.queue import SECONDS_LEASED
from fotopoort.jobs.retry import HOUR, MINUTE, UNTIL_IT_WORKS, WEBHOOK_DELIVERY, RetrySchedule
from fotopoort.jobs.runner import POLL_INTERVAL
from fotopoort.webhooks import incoming

DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("attempts", "delay"),
    [
        pytest.param(0, 0, id="at once"),
        pytest.param(1, 5, id="5 seconds after the first"),
        pytest.param(2, 5 * MINUTE, id="5 minutes"),
        pytest.param(3, 30 * MINUTE, id="30 minutes"),
        pytest.param(4, 2 * HOUR, id="2 hours"),
        pytest.param(5, 5 * HOUR, id="5 hours"),
        pytest.param(6, 10 * HOUR, id="10 hours"),
        pytest.param(7, 14 * HOUR, id="14 hours"),
        pytest.param(8, 20 * HOUR, id="20 hours"),
        pytest.param(9, 24 * HOUR, id="24 hours"),
        pytest.param(10, None, id="dead after the tenth"),
        pytest.param(11, None, id="and stays so"),
    ],
)
def test_webhooks_are_delivered_as_their_specification_says(attempts: int, delay: float | None) -> None:
    assert WEBHOOK_DELIVERY.delay(attempts, chance=0) == delay


@pytest.mark.parametrize(
    ("attempts", "chance", "retry_after", "delay"),
    [
        pytest.param(1, 0, None, 5, id="nothing asked"),
        pytest.param(1, 1, None, 5.5, id="with all of the jitter"),
        pytest.param(1, 0.5, None, 5.25, id="with half of it"),
        pytest.param(1, 0, 120, 120, id="asked to wait longer"),
        pytest.param(1, 0, 1, 5, id="asked to come sooner than the schedule"),
        pytest.param(1, 0, -10, 5, id="asked for the past"),
        pytest.param(1, 0, 365 * DAY, DAY, id="asked for a year"),
        pytest.param(9, 1, 365 * DAY, 26.4 * HOUR, id="the schedule itself is longer than the cap"),
        pytest.param(10, 0, 120, None, id="asked, when no attempt is left"),
    ],
)
def test_what_the_other_side_asks_for_is_obeyed_and_capped(
    attempts: int, chance: float, retry_after: float | None, delay: float | None
) -> None:
    found = WEBHOOK_DELIVERY.delay(attempts, chance=chance, retry_after=retry_after)
    assert found == (None if delay is None else pytest.approx(delay))


@pytest.mark.parametrize(("attempts", "delay"), [(0, 0), (1, 10 * MINUTE), (2, 10 * MINUTE), (1_000, 10 * MINUTE)])
def test_what_must_happen_is_tried_for_ever(attempts: int, delay: float) -> None:
    assert UNTIL_IT_WORKS.delay(attempts, chance=0) == delay


@pytest.mark.parametrize(
    "wrong",
    [
        {"delays": ()},
        {"delays": (0, -1)},
        {"delays": (0,), "jitter": -0.1},
        {"delays": (0,), "max_retry_after": -1},
    ],
    ids=str,
)
def test_a_schedule_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="none is negative"):
        RetrySchedule(**wrong)  # type: ignore[arg-type]


SECONDS = st.floats(0, 1e6)
SCHEDULES = st.builds(
    RetrySchedule,
    st.lists(SECONDS, min_size=1, max_size=12).map(tuple),
    forever=st.booleans(),
    jitter=st.floats(0, 1),
    max_retry_after=SECONDS,
)
CHANCE = st.floats(0, 1)
ASKED = st.none() | st.floats(-1e9, 1e9)


@given(SCHEDULES, st.integers(0, 30), CHANCE, ASKED)
def test_a_wait_is_within_its_bounds(
    schedule: RetrySchedule, attempts: int, chance: float, asked: float | None
) -> None:
    delay = schedule.delay(attempts, chance=chance, retry_after=asked)
    assert (delay is None) == (attempts >= len(schedule.delays) and not schedule.forever)
    if delay is not None:
        base = schedule.delays[min(attempts, len(schedule.delays) - 1)]
        assert base <= delay <= max(base * (1 + schedule.jitter), schedule.max_retry_after)


@given(SCHEDULES, st.integers(0, 30), CHANCE, ASKED, ASKED)
def test_asking_for_more_never_gives_less(
    schedule: RetrySchedule, attempts: int, chance: float, first: float | None, second: float | None
) -> None:
    shorter, longer = sorted([first or 0.0, second or 0.0])
    delays = [schedule.delay(attempts, chance=chance, retry_after=asked) for asked in (None, shorter, longer)]
    if None not in delays:
        assert delays == sorted(delays)  # type: ignore[type-var]


@pytest.mark.parametrize("schedule", [WEBHOOK_DELIVERY, incoming.SCHEDULE, notices.SCHEDULE, photo_jobs.SCHEDULE])
def test_what_a_machine_tried_first_and_died_of_goes_on_elsewhere_within_a_minute(schedule: RetrySchedule) -> None:
    wait = schedule.delay(1, chance=1.0)
    assert wait is not None
    assert SECONDS_LEASED + wait + POLL_INTERVAL < MINUTE
