"""Pages from templates: everything that is put into one is text, unless it was drawn here."""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING, Any

from kpicore.reports.words import clean

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: Any) -> str:
    """A page from a template of this package.

    Args:
        template: Its name.
        values: What it shows. Texts are escaped, and what would steer a reader's eye (an override of the direction of
            writing, something without width) is made visible.
    """
    return _environment().get_template(template).render(**values) + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("kpicore.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_text,
    )
    made.filters["quoted"] = shlex.quote
    return made


def _text(value: Any) -> Any:
    return clean(re.sub(r"[\t\n\r]+", " ", value)) if type(value) is str else value
