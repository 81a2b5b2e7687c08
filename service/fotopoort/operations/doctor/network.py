"""The network: the port, the certificate, and proxies that are set for programs."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from fotopoort.operations.doctor.finding import Finding, Subject, fail, ok, warn
from fotopoort.vocabulary import Text

SECONDS: Final = 5.0
DAYS_BEFORE: Final = 21  # a certificate ends: by then those of Let's Encrypt were renewed
ALIVE: Final = {"status": "alive"}  # what `/healthz` says
PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
RENEW: Final = Text(nl="Vernieuw het certificaat.", en="Renew the certificate.")
ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is listened on, and where it is reached


def port(subject: Subject) -> Iterator[Finding]:
    """Whether the port is free, or the service has it."""
    number, host = subject.settings.port, ANY.get(subject.settings.host, subject.settings.host)
    if number == 0:
        yield ok("port", Text(nl="Elke vrije poort is goed.", en="Any free port will do."))
        return
    try:
        socket.create_connection((host, number), SECONDS).close()
    except OSError:
        yield ok(
            "port",
            Text(
                nl=f"Poort {number} is vrij; de service draait niet.",
                en=f"Port {number} is free; the service does not run.",
            ),
        )
        return
    if _is_ours(host, number):
        yield ok(
            "port", Text(nl=f"De service antwoordt op poort {number}.", en=f"The service answers on port {number}.")
        )
        return
    text = Text(nl=f"Iets anders gebruikt poort {number}.", en=f"Something else uses port {number}.")
    yield fail("port", text, Text(nl="Stop dat, of kies FOTOPOORT_PORT.", en="Stop that, or choose FOTOPOORT_PORT."))


def _is_ours(host: str, number: int) -> bool:
    """Whether Fotopoort answers there, with HTTPS or without. A certificate is looked at elsewhere."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for connection in (
        http.client.HTTPConnection(host, number, timeout=SECONDS),
        http.client.HTTPSConnection(host, number, timeout=SECONDS, context=context),
    ):
        with closing(connection):
            try:
                connection.request("GET", "/healthz", headers={"Host": "localhost"})
                return bool(json.loads(connection.getresponse().read(100)) == ALIVE)
            except (OSError, http.client.HTTPException, ValueError):
                continue
    return False


def certificate(subject: Subject) -> Iterator[Finding]:
    """Until when the certificate is valid: of a file that is named, or else of the public address."""
    if subject.certificate is not None:
        try:
            read = x509.load_pem_x509_certificate(subject.certificate.read_bytes())
        except (OSError, ValueError):
            text = Text(nl="Het certificaat is niet te lezen.", en="The certificate cannot be read.")
            yield fail("certificate", text, Text(nl="Noem een PEM-bestand.", en="Name a PEM file."))
            return
        yield _until(read.not_valid_after_utc, subject.clock())
    elif subject.settings.public_url is not None:
        yield _of_address(subject.settings.public_url, subject.clock())
    else:
        yield ok("certificate", Text(nl="Er is geen HTTPS ingesteld.", en="HTTPS is not set up."))


def _of_address(url: str, now: datetime) -> Finding:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        with socket.create_connection((host, parts.port or 443), SECONDS) as plain:
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured:
                told = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        text = Text(
            nl=f"Browsers vertrouwen het certificaat van {host} niet ({error.verify_message}).",
            en=f"Browsers do not trust the certificate of {host} ({error.verify_message}).",
        )
        return fail("certificate", text, RENEW)
    except OSError:
        text = Text(nl=f"{host} is vanaf hier niet te bereiken.", en=f"{host} cannot be reached from here.")
        return warn(
            "certificate", text, Text(nl="Kijk het na vanaf een andere computer.", en="Check it from another machine.")
        )
    return _until(datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC), now)


def _until(end: datetime, now: datetime) -> Finding:
    days, day = (end - now).days, f"{end:%Y-%m-%d}"
    text = Text(nl=f"Het certificaat geldt tot {day}.", en=f"The certificate is valid until {day}.")
    if end <= now:
        return fail("certificate", text, RENEW)
    return warn("certificate", text, RENEW) if days < DAYS_BEFORE else ok("certificate", text)


def proxies(subject: Subject) -> Iterator[Finding]:
    """Proxies in the environment: models are fetched through them."""
    given = sorted(name for name in subject.environment if name.lower() in PROXIES and subject.environment[name])
    if given:
        names = ", ".join(given)
        yield ok(
            "proxies", Text(nl=f"Modellen worden opgehaald via {names}.", en=f"Models are fetched by way of {names}.")
        )
    else:
        yield ok("proxies", Text(nl="Er is geen proxy ingesteld.", en="No proxy is set."))
