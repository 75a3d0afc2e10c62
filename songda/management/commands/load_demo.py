"""`songda load_demo`: the demonstration's courts, people and cases, and the list of its log-ins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songda.config import environment
from songda.management import demo


class Command(BaseCommand):
    help = "Load the demonstration; loading again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=int, default=8, help="orders for each court")

    def handle(self, *_args: Any, **options: Any) -> None:
        if environment.mode() == "production":
            raise CommandError("the demonstration does not go into production")
        demo.load(options["orders"])
        self.stdout.write(f"\n演示账号（密码都是 {demo.PASSWORD}）：")
        for username, who, where in demo.logins():
            self.stdout.write(f"  {username:<14}{who}　{where}")
