"""Settings of the metrics for Prometheus."""

from pathlib import Path

from pydantic import ValidationInfo, field_validator

from dropbox_agent.settings import metrics_values
from dropbox_agent.settings.groups.group import Group, setting


class MetricsSettings(Group):
    """Where metrics are given out."""

    metrics_file: metrics_values.PromFileOrNone = setting(
        "AGENT_METRICS_FILE", "",
        "A file for the node exporter's textfile collector, such as metrics/dropbox-agent.prom, "
        "replaced every ten seconds; empty for none.",
    )  # fmt: skip
    metrics_listen: metrics_values.AddressOrNone = setting(
        "AGENT_METRICS_LISTEN", "",
        "Where Prometheus can fetch the metrics over HTTP, such as 9464 (from this machine only) "
        "or 192.0.2.7:9464; empty for nowhere.",
    )  # fmt: skip

    @field_validator("metrics_file")
    @classmethod
    def _metrics_file_from_home(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return None if path is None else (info.data["home"] / path)
