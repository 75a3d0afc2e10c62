"""What a watchdog reads (Prometheus): numbers of the house, nothing of cases."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from songda.evidence.queries import waiting


@never_cache
def metrics(_: HttpRequest) -> HttpResponse:
    registry, found = CollectorRegistry(), waiting()
    Gauge("songda_unsealed_facts", "Facts that wait for their seal.", registry=registry).set(found.facts)
    lag = Gauge("songda_sealing_lag_seconds", "How long the oldest of them has waited.", registry=registry)
    lag.set(found.longest.total_seconds())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
