"""Grafana's annotations, by its HTTP API. https://grafana.com/docs/grafana/latest/developers/http_api/annotations/"""

from npconsole.controls.grafana.annotations import GrafanaAccess, GrafanaAnnotations

__all__ = ["GrafanaAccess", "GrafanaAnnotations"]
