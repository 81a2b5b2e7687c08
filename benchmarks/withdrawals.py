"""Withdrawals, in a real WordPress: for how long it still shows what must go, also after it was away for two days."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx
from integrations.demo_cms import school
from integrations.demo_cms.receiver import Receiver
from sqlalchemy import and_, select, update
from tests.cms.client import WordPress
from tests.cms.servers import web_server
from tests.cms.wordpress import site
from tests.ports import free_port
from tests.waiting import PATIENCE, wait_for

from benchmarks.processes import with_descendants
from benchmarks.service import PHOTO, another
from benchmarks.table import markdown, marked
from fotopoort.cli.demo.school import GROUP
from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import KeyRole
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import job, webhook_delivery
from fotopoort.registry.webhooks.endpoints import EventType
from fotopoort.settings import Settings

PHOTOS = 20
NOT_IN_IT = ["p2", "p9", "p14", "p20", "s3"]  # of fixtures/classlist.csv: who may not be on a website
SECONDS_BETWEEN_RUNS = 60  # of WordPress's own schedule, as the crontab of a server has it
AT_ONCE, AFTER_OUTAGE = 60, 300  # seconds, the targets
TWO_DAYS = 48 * 3600
TRIED = 8  # times within two days, by the schedule of the specification; the next time is hours later
# In WordPress: what it noted of time, and when it is to do something next.
TWO_DAYS_AGO = f"""(function () {{
    global $wpdb;
    $wpdb->query("UPDATE wp_fotopoort_photos SET checked_at = checked_at - {TWO_DAYS}");
    update_option('fotopoort_asked_at', time() - {TWO_DAYS});
    wp_unschedule_hook('fotopoort_ask');
    wp_schedule_event(time() - {TWO_DAYS}, 'fotopoort_minutes', 'fotopoort_ask');
    return true;
}})()"""  # noqa: S608 - a number
UNTIL_NEXT_TRY = timedelta(hours=3)


def report() -> str:
    """The section about this in the results."""
    port = free_port()
    receiver = Receiver(f"http://127.0.0.1:{port}/wp-json/fotopoort/v1/hook")
    with school.serving(receiver) as service:
        settings = {"FOTOPOORT_ADDRESS": service.url, "FOTOPOORT_KEY": service.keys[KeyRole.CMS]}
        with site(port=port, settings=settings) as running, _schedule(running.url):
            wordpress = WordPress(running)
            wordpress.set_options(fotopoort={"groups": {"author:1": GROUP}, "webhook_key": receiver.key})
            numbers = itertools.count()
            told = _seconds_shown(_published(service, wordpress, numbers, []), _withdraw(service, "p5"))

            shown = _published(service, wordpress, numbers, ["p5"])
            _end(port)
            _withdraw(service, "p7")
            _two_days_pass(service, PHOTOS)
            with web_server(running.folder, port):
                back = time.monotonic()
                wordpress.php(TWO_DAYS_AGO)
                after = _seconds_shown(shown, back)
    rows = [
        ("it was there", marked(f"{told:.0f}", told <= AT_ONCE), f"≤ {AT_ONCE}"),
        ("it had been away for two days", marked(f"{after:.0f}", after <= AFTER_OUTAGE), f"≤ {AFTER_OUTAGE}"),
    ]
    about = (
        f"Seconds until WordPress {running.version} shows no size of {PHOTOS} photos any more, from the moment at which"
        " the office withdraws consent, and from that at which WordPress is there again. For two days that pass the"
        " clocks in both databases are set back."
    )
    return f"## Withdrawals\n\n{about}\n\n{markdown(('', 'seconds', 'target'), rows)}"


def _published(service: school.School, wordpress: WordPress, numbers: Iterator[int], not_in_it: list[str]) -> list[str]:
    """Photos that a teacher answered for and that everybody can see: the addresses of all their sizes."""
    attachments, photo = [], PHOTO.with_name("IMG_2031.jpg").read_bytes()
    for number in itertools.islice(numbers, PHOTOS):
        answer = wordpress.upload(another(photo, number), f"foto-{number}.jpg")
        assert answer.status_code == 201, answer.text
        attachments.append(answer.json()["id"])
    wait_for(lambda: all(_photo(wordpress, id)["review"] or _ask_again(wordpress) for id in attachments))
    reviews = {_photo(wordpress, id)["review"] for id in attachments}
    for review in reviews:
        service.answer(review.partition("#post=")[2], {"absent": NOT_IN_IT + not_in_it})
    wait_for(lambda: all(_photo(wordpress, id)["state"] == "cleared" or _ask_again(wordpress) for id in attachments))
    files = [file for id in attachments for file in wordpress.files(id).values()]
    assert all(file.status_code == httpx.codes.OK for file in files)
    return [str(file.url) for file in files]


def _photo(wordpress: WordPress, attachment: int) -> dict[str, str]:
    found = wordpress.photo(attachment)
    assert found is not None
    return found


def _ask_again(wordpress: WordPress) -> bool:
    wordpress.due()
    wordpress.run_schedule()
    return False


def _withdraw(service: school.School, person: str) -> float:
    """Returns when it began."""
    began = time.monotonic()
    objection = {"person": person, "channel": "website", "word": "withdrawn"}
    service.done(KeyRole.OFFICE, "POST", "/v1/registry/objections", json=objection)
    return began


def _seconds_shown(addresses: list[str], since: float) -> float:
    with httpx.Client(timeout=PATIENCE) as visitor:

        def is_gone() -> bool:
            return all(visitor.get(address).status_code == httpx.codes.NOT_FOUND for address in addresses)

        wait_for(is_gone, 10 * AFTER_OUTAGE)
    return time.monotonic() - since


def _end(port: int) -> None:
    """End the web server on a port, without a word."""
    for pid in with_descendants(os.getpid()):
        with suppress(FileNotFoundError):  # it has ended
            if f"127.0.0.1:{port}" in Path(f"/proc/{pid}/cmdline").read_text():
                os.killpg(pid, signal.SIGKILL)
                return
    raise ProcessLookupError


def _two_days_pass(service: school.School, revocations: int) -> None:
    """Every message about it failed as often as it does in two days, and waits for hours."""
    of_job = and_(job.c.tenant == webhook_delivery.c.tenant, job.c.id == webhook_delivery.c.id)
    is_revocation = webhook_delivery.c.type == EventType.VERDICT_REVOKED.value
    waiting = select(job.c.id).join(webhook_delivery, of_job).where(job.c.state == "waiting", is_revocation)
    tried = waiting.where(job.c.attempts > 0, job.c.worker.is_(None))
    with open_registry(Settings(data_folder=service.data)) as (registry, _):

        def is_told_in_vain() -> bool:
            with registry.database.read() as connection:
                is_tried = connection.execute(tried).first() is not None
                return is_tried and len(connection.execute(waiting).all()) == revocations

        wait_for(is_told_in_vain)
        with registry.database.write() as connection:
            due = database_clock(connection) + UNTIL_NEXT_TRY
            connection.execute(update(job).where(job.c.id.in_(waiting)).values(attempts=TRIED, worker=None, due=due))


@contextmanager
def _schedule(url: str) -> Iterator[None]:
    """Has WordPress do what is due, once a minute, while it is there."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(SECONDS_BETWEEN_RUNS):
            try:
                httpx.get(f"{url}/wp-cron.php", timeout=SECONDS_BETWEEN_RUNS)
            except httpx.TransportError:
                continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
