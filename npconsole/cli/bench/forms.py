"""The forms of a report, and where it is written: stdout, a file, or the step summary of a CI job."""

import os
from enum import StrEnum
from pathlib import Path

import click

from npconsole.errors import NpconsoleError
from npconsole.model.benchmark import Benchmark, Comparison

SUMMARY = "GITHUB_STEP_SUMMARY"


class Form(StrEnum):
    """How a benchmark is written."""

    JSON = "json"
    MARKDOWN = "md"
    CSV = "csv"
    JUNIT = "junit"


def written(benchmark: Benchmark, form: Form, comparison: Comparison | None = None) -> str:
    """A benchmark, with what it was compared with, ending with a line break. JSON holds all that can be compared."""
    match form:
        case Form.JSON:
            import json

            from npconsole.reports.benchmark.plain import to_plain

            return json.dumps(to_plain(benchmark), ensure_ascii=True, allow_nan=False, indent=2) + "\n"
        case Form.MARKDOWN:
            from npconsole.reports.benchmark.markdown import markdown

            return markdown(benchmark, comparison)
        case Form.CSV:
            from npconsole.reports.benchmark.sheet import sheet

            return sheet(benchmark, comparison)
        case Form.JUNIT:
            from npconsole.reports.benchmark.junit import junit

            return junit(benchmark, comparison)


def save(text: str, path: Path) -> None:
    """Write a file, whole or not at all. Raises NpconsoleError saying why not."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise NpconsoleError(f"{path} cannot be written: {error.strerror}", hint="choose another --output") from None


def append_step_summary(text: str) -> None:
    """Add Markdown to the page of a CI job, where there is one; that there is none is said, and fails nothing."""
    path = os.environ.get(SUMMARY, "")
    if not path:
        click.echo(f"no step summary: ${SUMMARY} is not set", err=True)
        return
    try:
        with Path(path).open("a", encoding="utf-8") as summary:
            summary.write(f"{text.rstrip()}\n\n")
    except OSError as error:
        click.echo(f"no step summary: {path} cannot be written: {error.strerror}", err=True)
