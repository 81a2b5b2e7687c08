"""HTML pages that are made from a template: everything in them is escaped unless the template says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(package: str, filters: Mapping[str, Callable[..., str]]) -> Environment:
    """The templates of a package, which are read once: for a program that makes many pages.

    Args:
        package: in whose folder `templates` they are.
    """
    templates = Environment(
        loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters.update(filters)
    return templates


def render(package: str, template: str, filters: Mapping[str, Callable[..., str]], **values: object) -> str:
    """The page that a template makes of these values.

    Args:
        package: in whose folder `templates` the template is.

    Raises:
        UndefinedError: the template uses a value that is not there.
    """
    return environment(package, filters).get_template(template).render(values)
