"""A court, its people, a key and print sites, in the database that `DATABASE_URL` names; prints the key.

Run as `python -m tests.house.town IPP_PORT`: the processes of a test live in a world of their own.
"""

import sys

import django

django.setup()

from songda.courts import actions as courts  # noqa: E402
from songda.courts.models import Person, PrintSite  # noqa: E402


def main(ipp_port: str) -> None:
    court = courts.found(
        code="川0191",
        name="成都高新技术产业开发区人民法院",
        short_name="成都高新",
        division_code="510109",
        address="四川省成都市高新区天府大道北段966号",
        phone="028-85000001",
    )
    an = Person.objects.create_user("an", "songda-demo-2026", name="安雨", organisation="court")
    courts.enrol(an, court, ("clerk", "judge"))
    for division in ("510107", "510108"):
        PrintSite.objects.create(
            division_code=division,
            name=f"打印点{division}",
            address="四川省成都市",
            ipp_uri=f"ipp://127.0.0.1:{ipp_port}/ipp/print/{division}",
        )
    sys.stdout.write(courts.issue_key(court, an, "案件系统"))


if __name__ == "__main__":
    main(sys.argv[1])
