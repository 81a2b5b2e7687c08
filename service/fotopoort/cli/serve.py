"""`fotopoort serve`: the HTTP service on this machine."""

from __future__ import annotations

import logging
import signal
import socket
import ssl
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from fotopoort import allocator, logs
from fotopoort.cli.language import choice_of
from fotopoort.errors import UseError
from fotopoort.files import remove, write_secret
from fotopoort.logs import LogFormat
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Language, Text

if TYPE_CHECKING:
    from fotopoort.api.limits.connections import Tls
    from fotopoort.registry.access.roles import Caller
    from fotopoort.registry.registry import Registry

log = logging.getLogger(__name__)

SETUP_CODE = "setup-code.txt"  # in the data folder
SECONDS_TO_FINISH = 10  # for requests under way when the service is told to stop
NOT_WITH_DEMO: Final = Text(
    nl="--demo draait alleen op deze computer, met een eigen school.",
    en="--demo serves a school of its own, on this machine alone.",
)


def serve(
    context: typer.Context,
    registry: Annotated[
        Path | None, typer.Option(help="A class list (CSV). Where the registry has people, it only tightens.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; FOTOPOORT_HOST or 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(help="FOTOPOORT_PORT or 8470; 0 takes a free one.", min=0, max=65535)
    ] = None,
    allow_remote: Annotated[
        bool,
        typer.Option("--allow-remote", help="Let other machines in. Put HTTPS before it: photos and key are plain."),
    ] = False,
    new_key: Annotated[bool, typer.Option("--new-key", help="Make another API key, in a file, then serve.")] = False,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", help="Speak HTTPS: the certificate, with those of who signed it (PEM).")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="The certificate's private key (PEM).")] = None,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="A made-up school to try things with. Tells how to log in; keeps nothing."),
    ] = False,
) -> None:
    """Judge photos over HTTP, and let people log in. The first start writes an API key and a setup code to files."""
    # Imported here: these take a quarter of a second, which no other command nor its processes should have to wait for.
    from fotopoort.api.app import create_app, has_pages
    from fotopoort.api.limits.connections import ConnectionLimits, server
    from fotopoort.api.middleware import is_loopback
    from fotopoort.cli.demo.school import LOOPBACK, demo_settings, fill, tell
    from fotopoort.cli.registry_session import open_registry, read_people, require_one_school
    from fotopoort.registry.access import api_keys
    from fotopoort.registry.access.roles import Act, KeyRole

    allocator.limit_arenas()
    language = choice_of(context).of_errors
    settings = load_settings()
    host = host or (LOOPBACK if demo else settings.host)
    settings = settings.model_copy(update={"host": host, "port": settings.port if port is None else port})
    tls = tls_files(tls_cert, tls_key)
    if demo and (registry or allow_remote or new_key or tls or not is_loopback(settings.host)):
        raise UseError(NOT_WITH_DEMO, hint=Text(nl="Noem alleen --port erbij.", en="Name nothing but --port with it."))
    if not is_loopback(settings.host) and not allow_remote and tls is None:
        raise UseError(
            Text(
                nl="Op dat adres kunnen andere computers foto's sturen en nieuwe foto's ophalen, zonder versleuteling.",
                en="Listening on that address lets other machines send photos and read renditions over plain HTTP.",
            ),
            hint=Text(
                nl="Gebruik 127.0.0.1, of --tls-cert en --tls-key, of --allow-remote als er een proxy met HTTPS voor "
                "staat.",
                en="Use 127.0.0.1, or --tls-cert and --tls-key, or --allow-remote where a proxy in front speaks HTTPS.",
            ),
        )
    _log_to_stderr(LogFormat(settings.log_format))  # before the screening processes, which log as this one does
    policy = load_policy(None if demo else settings.policy_file)
    people = read_people(registry, policy) if registry else None
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    with (
        demo_settings(settings) if demo else nullcontext(settings) as settings,
        _listen(settings.host, settings.port) as listener,
        open_registry(settings, make=True) as (opened, caller),
        ScreeningPool.open(settings, policy) as screeners,
    ):
        if people is not None:
            require_one_school(opened)
        with opened.write(caller, Act.MANAGE_KEYS) as session:
            if new_key or not (demo or api_keys.keys(session)):
                made, secret = api_keys.make(session, KeyRole.MACHINE, "fotopoort serve")
                key_file = settings.data_folder / f"api-key-{made.id}.txt"
                write_secret(key_file, secret)  # never printed: whatever is said here may be kept in a journal
                told = Text(nl=f"De API-sleutel staat in het bestand {key_file}", en=f"API key in the file {key_file}")
                _say(f"{told:{language}}")
        app = create_app(
            settings,
            screeners=screeners,
            policy=policy,
            registry=opened,
            class_list=people,
            tls=tls is not None,
        )
        address = _address(listener, "https" if tls else "http")
        if demo:
            tell(fill(opened, caller, settings), address, language)
        elif has_pages(settings, tls=tls is not None):
            offer_setup(settings, opened, caller, settings.public_url or address, language)
        _say(f"{Text(nl='Fotopoort luistert op', en='Fotopoort listens on'):{language}} {address}")
        server(app, ConnectionLimits(), seconds_to_finish=SECONDS_TO_FINISH, tls=tls).run(sockets=[listener])


def offer_setup(
    settings: Settings, registry: Registry, caller: Caller, address: str, language: Language = Language.EN
) -> None:
    """As long as there is no account, write a new code with which the first one is made; earlier ones hold no more."""
    from fotopoort.registry.access import accounts, invitations
    from fotopoort.registry.access.roles import Act

    code_file = settings.data_folder / SETUP_CODE
    remove(code_file)
    with registry.write(caller, Act.MANAGE_ACCOUNTS) as session:
        code = None if accounts.are_there(session) else invitations.invite_first(session)[0]
    if code is not None:
        write_secret(code_file, code)
        told = Text(
            nl=f"Maak het eerste account op {address}/setup, met de code in het bestand {code_file}",
            en=f"Make the first account on {address}/setup with the code in the file {code_file}",
        )
        _say(f"{told:{language}}")


def tls_files(certificate: Path | None, key: Path | None) -> Tls | None:
    """The files with which to speak HTTPS, after a look at them."""
    from fotopoort.api.limits.connections import Tls

    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UseError(
            Text(nl="Voor HTTPS zijn er twee bestanden nodig.", en="HTTPS takes two files."),
            hint=Text(nl="Noem --tls-cert en --tls-key.", en="Name --tls-cert and --tls-key."),
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ValueError):  # of which ssl.SSLError is one
        raise UseError(
            Text(
                nl="Het certificaat of de sleutel voor HTTPS is niet bruikbaar.",
                en="The certificate or the key for HTTPS cannot be used.",
            ),
            hint=Text(
                nl="Noem PEM-bestanden die bij elkaar horen, met een sleutel zonder wachtwoord.",
                en="Name PEM files that belong together, with a key without a password.",
            ),
        ) from None
    return Tls(certificate, key)


def _no_password() -> str:
    """For a key that has one: by itself, OpenSSL would ask for it on the terminal."""
    raise ValueError


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UseError(
            Text(
                nl=f"De service kan niet luisteren op dat adres en die poort ({error.strerror}).",
                en=f"The service cannot listen on that address and port ({error.strerror}).",
            ),
            hint=Text(
                nl="Stop wat er gebruik van maakt, of kies andere met --host en --port.",
                en="Stop what is using it, or choose others with --host and --port.",
            ),
        ) from None


def _address(listener: socket.socket, scheme: str) -> str:
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _log_to_stderr(log_format: LogFormat) -> None:
    logs.configure(log_format, logging.WARNING)
    logging.getLogger(logs.OURS).setLevel(logging.INFO)
    logs.log_what_nobody_caught()


def _say(line: str) -> None:
    """Tell whoever started this, on stderr; in the log where that is for a machine, which reads nothing else."""
    if logs.configured()[0] is LogFormat.JSON:
        log.info("%s", line)
    else:
        typer.echo(line, err=True)


def _stop(*_: object) -> NoReturn:
    """Exit through the stack, so that the screening processes are stopped as well."""
    sys.exit(0)
