from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from songda.desk.pages import acts, centre, doors, files, hand_over, orders, policy, services, sheet, work

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="desk:work"), name="home"),
    path("login/", doors.Login.as_view(), name="login"),
    path("logout/", doors.Logout.as_view(), name="logout"),
    path("password/", doors.password, name="password"),
    path("court/", doors.at_court, name="at_court"),
    path("clock/", doors.clock, name="clock"),
    path("work/", work.work, name="work"),
    path("work/<uuid:item_id>/", work.item, name="item"),
    path("work/<uuid:item_id>/complete/", work.complete, name="complete"),
    path("work/<uuid:item_id>/claim/", work.claim, name="claim"),
    path("work/<uuid:item_id>/pass/", work.pass_on, name="pass_on"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:order_id>/", orders.order, name="order"),
    path("hand-over/", hand_over.hand_over, name="hand_over"),
    path("hand-over/confirm/", hand_over.confirm, name="confirm"),
    path("hand-over/sheet/", sheet.sheet, name="excel"),
    path("hand-over/sheet/template/", sheet.template, name="excel_template"),
    path("services/<uuid:service_id>/", services.service, name="service"),
    path("services/<uuid:service_id>/do/<slug:code>/", acts.act, name="act"),
    path("services/<uuid:service_id>/reveal/<slug:what>/", acts.reveal, name="reveal"),
    path("documents/<uuid:document_id>/", files.document, name="document"),
    path("papers/<uuid:paper_id>/", files.paper, name="paper"),
    path("exhibits/<uuid:exhibit_id>/", files.exhibit, name="exhibit"),
    path("approvals/", centre.approvals, name="approvals"),
    path("calls/", centre.calls, name="calls"),
    path("mail/", centre.mail, name="mail"),
    path("visits/", centre.visits, name="visits"),
    path("policy/", policy.policy, name="policy"),
]
