"""The one Django app."""

from django.apps import AppConfig


class SongdaConfig(AppConfig):
    name = "songda"
    label = "songda"
    verbose_name = "送达"
    default_auto_field = "django.db.models.BigAutoField"
