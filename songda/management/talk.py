"""What court and post of the demonstration have said to one another: on the first order of each court, once."""

from songda.courts.models import Court, Person
from songda.filing.models import Service
from songda.liaison import actions, improving, irregularities, queries


def begin(court: Court, clerk: Person, caller: Person, mailer: Person) -> None:
    """A few words, something wrong and something to improve; nothing where there is no order yet."""
    service = Service.objects.filter(court=court).order_by("number").first()
    if service is None:
        return
    whole, about = queries.subject("order", service.order_id), queries.subject("service", service.id)
    assert whole is not None, "a service has an order"
    assert about is not None, "what was just read is there"
    actions.say(whole, clerk, "@电子 这件开庭在即，请先打电话。", key="demo:order")
    actions.say(about, clerk, "原告说被告白天不接电话，傍晚容易打通。", key="demo:service")
    actions.say(about, caller, "收到，安排今天傍晚六点半再打。", key="demo:answer")
    irregularities.raise_one(about, mailer, "papers", "normal", "传票第二页印得很淡，请核对原件后重新上传。")
    asked = improving.submit(court.id, caller, "专递封皮加印二维码", "投递员扫码就能看到注意事项，不用打电话问。")
    improving.vote(asked, mailer)
