"""How often a door was knocked at, so that nobody guesses their way in."""

from django.db import models


class Knock(models.Model):
    """Tries at one door from one network address within one window of time. The address is kept as a keyed digest."""

    id = models.BigAutoField(primary_key=True)
    door = models.CharField(max_length=16)
    who = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # One count for each door, address and window.
            models.UniqueConstraint(fields=["door", "who", "window"], name="knock_counted_once"),
        ]
