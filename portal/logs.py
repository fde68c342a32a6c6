"""Log lines as JSON, each with the id of its request. No names, NIPs, addresses or texts of people go in here."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from accounts import request_id


def add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the current request's id into the line, when there is one."""
    if current := request_id.current():
        event.setdefault("request_id", current)
    return event


class WithoutAddress(logging.Filter):
    """Cuts the address off Django's own request lines: it can carry receipt codes, tokens and search words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, shortened to what happened."""
        record.msg, record.args = record.getMessage().split(":", 1)[0], ()
        return True


def configure(options: dict[str, Any]) -> None:
    """Set logging up: ``level`` (a number or name) and ``lines_for_people`` (plain lines instead of JSON)."""
    shared: list[Processor] = [
        add_request_id,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if options["lines_for_people"]:
        last: list[Processor] = [structlog.dev.ConsoleRenderer()]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
                    "foreign_pre_chain": [*shared, structlog.stdlib.PositionalArgumentsFormatter()],
                }
            },
            "filters": {"without_address": {"()": WithoutAddress}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                "django": {"handlers": [], "level": options["level"], "propagate": True},
                "django.request": {"level": "ERROR", "filters": ["without_address"]},
                "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
                "celery": {"level": "WARNING"},
                "pikepdf": {"level": "WARNING"},
                "weasyprint": {"level": "ERROR"},
                "fontTools": {"level": "ERROR"},
            },
        }
    )
