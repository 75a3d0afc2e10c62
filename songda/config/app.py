"""The one Django app."""

from django.apps import AppConfig


class SongdaConfig(AppConfig):
    name = "songda"
    label = "songda"
    verbose_name = "送达"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rooms above the engine tell it what they keep of a case: it may not look up to them."""
        from songda.engine.keeping import retention
        from songda.liaison import keeping

        for owner in keeping.OWNERS:
            retention.also(owner)
