"""Orders handed over: a lot of rows set-wise, as a sheet is loaded, beside the same orders handed over one by one.

Run: .venv/bin/python bench/intake.py [--rows 10000] [--single 500]

Every order has a case, two parties and one paper; the baseline is one transaction for each order in the same run."""

import argparse
import base64
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
_var = tempfile.TemporaryDirectory(prefix="songda-bench-")
Path(_var.name).chmod(0o755)
os.environ |= {
    "SONGDA_MODE": "test",
    "SONGDA_VAR": _var.name,
    "SONGDA_VAULT": f"{_var.name}/vault",
    "SONGDA_DATA_KEY": base64.b64encode(bytes(32)).decode(),
    "SONGDA_SECRET_KEY": "a key for benchmarks, known to everybody, of some length",
    "DJANGO_SETTINGS_MODULE": "songda.config.settings",
}
LOT = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--single", type=int, default=500)
    asked = parser.parse_args()
    from songda.config.environment import own_database

    cluster = own_database()
    assert cluster is not None
    cluster.start()
    try:
        _measure(asked.rows, asked.single)
    finally:
        cluster.stop()


def _measure(rows: int, single: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from songda.courts import actions as courts
    from songda.courts.models import Person
    from songda.engine.intake import hand_over, hand_over_many
    from songda.filing.draft import OrderDraft, PartyDraft, Upload
    from songda.lib import clock
    from songda.lib.tenancy import acting_for
    from songda.papers import renditions

    call_command("migrate", verbosity=0)
    court = courts.found(code="川0191", name="成都高新技术产业开发区人民法院", short_name="成都高新")
    clerk = Person.objects.create_user("an", None, name="安雨", organisation="court")
    content = renditions.of_text("起诉状副本", made_at=clock.now())
    paper = Upload("起诉状副本.pdf", content, "complaint", "起诉状副本")

    def draft(serial: int) -> OrderDraft:
        phone, road = f"139{serial:08d}", f"四川省成都市武侯区人民南路四段{serial}号2栋1单元301室"
        parties = (
            PartyDraft("原告", "刘建国", serve=False),
            PartyDraft("被告", f"邓春生{serial}", phone=phone, address=road),
        )
        return OrderDraft(f"（2026）川0191民初{serial}号", "ordinary", parties, (paper,), door="excel")

    def one_by_one() -> None:
        for serial in range(1, single + 1):
            with acting_for(court.id):
                hand_over(court, clerk, draft(serial))

    def set_wise() -> None:
        with acting_for(court.id):
            for start in range(single + 1, single + rows + 1, LOT):
                hand_over_many(court, clerk, [draft(serial) for serial in range(start, start + LOT)])

    alone = single / _took(one_by_one)
    together = rows / _took(set_wise)
    print(f"{'orders one by one, each its transaction':45}{alone:10,.0f} /s")
    print(f"{f'orders in lots of {LOT}, one transaction':45}{together:10,.0f} /s {together / alone:8.1f} x one by one")


def _took(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
