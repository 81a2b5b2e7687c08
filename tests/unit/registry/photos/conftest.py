"""A school with a group of two, who may be shown on the website."""

from __future__ import annotations

import pytest

from fotopoort.registry.access.roles import Caller
from fotopoort.registry.registry import Registry

from ..screened_photos import fill


@pytest.fixture
def school(registry: Registry, caller: Caller) -> Registry:
    fill(registry, caller)
    return registry
