"""Whether this site can do its work: for a load balancer, a watchdog and the supervisor. Says nothing of cases."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from songda.evidence.queries import waiting


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _sealing() -> str:
    return "late" if waiting().is_late else "ok"


@never_cache
def health(_: HttpRequest) -> JsonResponse:
    """200 where this site can work, else 503; the body names each part's state."""
    parts = {"database": _database()}
    if parts["database"] == "ok":
        parts["migrations"] = _migrations()
    sound = all(state == "ok" for state in parts.values())
    # A late seal is for people to look at; taking the site away would make it later.
    parts["sealing"] = _sealing() if sound else "unknown"
    status = "failing" if not sound else "ok" if parts["sealing"] == "ok" else "degraded"
    return JsonResponse({"status": status, **parts}, status=200 if sound else 503)
