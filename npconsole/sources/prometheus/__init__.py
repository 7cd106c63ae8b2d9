"""Vital figures and history by PromQL, from Prometheus or any store with its API (Mimir, Thanos, Grafana Cloud)."""

from npconsole.sources.prometheus.client import PromqlClient
from npconsole.sources.prometheus.figures import PrometheusFigures, PrometheusVitals
from npconsole.sources.prometheus.history import PrometheusHistory
from npconsole.sources.prometheus.login import Login

__all__ = ["Login", "PrometheusFigures", "PrometheusHistory", "PrometheusVitals", "PromqlClient"]
