"""The doors, in the order they are tried."""

from django.urls import include, path

from songda.config.health import health
from songda.config.metrics import metrics

urlpatterns = [
    path("healthz", health),
    path("metrics", metrics),
    path("", include("songda.api.urls")),
    path("", include("songda.portal.urls")),
    path("", include("songda.desk.urls")),
]
