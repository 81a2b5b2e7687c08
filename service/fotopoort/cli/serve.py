"""`fotopoort serve`: the HTTP service on this machine."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from fotopoort.errors import UseError
from fotopoort.files import write_secret
from fotopoort.policy_file import load_policy
from fotopoort.screening.processes.pool import ScreeningPool
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text

SECONDS_TO_FINISH = 10  # for requests under way when the service is told to stop


def serve(
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
) -> None:
    """Judge photos over HTTP, for programs on this machine. The first start writes an API key to a file."""
    # Imported here: these take a quarter of a second, which no other command nor its processes should have to wait for.
    from fotopoort.api.app import create_app
    from fotopoort.api.limits.connections import ConnectionLimits, server
    from fotopoort.api.middleware import is_loopback
    from fotopoort.cli.registry_session import open_registry, read_people, require_one_school
    from fotopoort.registry.access import api_keys
    from fotopoort.registry.access.roles import Act, KeyRole

    settings = load_settings()
    settings = settings.model_copy(
        update={"host": host or settings.host, "port": settings.port if port is None else port}
    )
    if not is_loopback(settings.host) and not allow_remote:
        raise UseError(
            Text(
                nl="Op dat adres kunnen andere computers foto's sturen en nieuwe foto's ophalen, zonder versleuteling.",
                en="Listening on that address lets other machines send photos and read renditions over plain HTTP.",
            ),
            hint=Text(
                nl="Gebruik 127.0.0.1, of voeg --allow-remote toe als er een proxy met HTTPS voor staat.",
                en="Use 127.0.0.1, or add --allow-remote where a proxy in front speaks HTTPS.",
            ),
        )
    policy = load_policy(settings.policy_file)
    people = read_people(registry, policy) if registry else None
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    with (
        _listen(settings.host, settings.port) as listener,
        open_registry(settings, make=True) as (opened, caller),
        ScreeningPool.open(settings, policy) as screeners,
    ):
        if people is not None:
            require_one_school(opened)
        with opened.write(caller, Act.MANAGE_KEYS) as session:
            if new_key or not api_keys.keys(session):
                made, secret = api_keys.make(session, KeyRole.MACHINE, "fotopoort serve")
                key_file = settings.data_folder / f"api-key-{made.id}.txt"
                write_secret(key_file, secret)  # never printed: whatever is said here may be kept in a journal
                typer.echo(f"API key in the file {key_file}", err=True)
        app = create_app(settings, screeners=screeners, policy=policy, registry=opened, class_list=people)
        _log_to_stderr()
        typer.echo(f"Fotopoort listens on {_address(listener)}", err=True)
        server(app, ConnectionLimits(), seconds_to_finish=SECONDS_TO_FINISH).run(sockets=[listener])


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


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", force=True
    )
    logging.getLogger("fotopoort").setLevel(logging.INFO)


def _stop(*_: object) -> NoReturn:
    """Exit through the stack, so that the screening processes are stopped as well."""
    sys.exit(0)
