"""A desk per test."""

import shutil
from collections.abc import Iterator

import pytest

from tests.actions.desk import Desk
from tests.actions.memory import new_folder


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(new_folder())
    yield made
    made.journal.close()
    shutil.rmtree(made.folder)
