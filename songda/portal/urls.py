from django.urls import URLPattern, URLResolver, path

from songda.portal.pages import law_firms, link, papers, public

app_name = "portal"
_PAPER = "sd/<uuid:access_id>/paper/<uuid:document_id>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sd", link.link, name="link"),
    path("sd/not-me", link.not_me, name="not_me"),
    path("sd/<uuid:access_id>/", papers.papers, name="papers"),
    path("sd/<uuid:access_id>/leave", papers.leave, name="leave"),
    path("sd/<uuid:access_id>/all.zip", papers.everything, name="everything"),
    path("sd/<uuid:access_id>/kept/<uuid:paper_id>.pdf", papers.kept, name="kept"),
    path(f"{_PAPER}/", papers.document, name="document"),
    path(f"{_PAPER}/file.pdf", papers.file, name="file"),
    path(f"{_PAPER}/page/<int:number>", papers.picture, name="picture"),
    path("verify-message", public.message, name="message"),
    path("verify", public.proof, name="proof"),
    path("verify/<str:serial>", public.proof, name="proof_of"),
    path("notices", public.notices, name="notices"),
    path("notices/<slug:slug>", public.notice, name="notice"),
    path("notices/<slug:slug>/sheet.pdf", public.sheet, name="sheet"),
    path("zxfw/", link.law_firm_page, name="law_firm"),
    path(
        "zxfw/file/<uuid:access_id>/<uuid:document_id>/<int:until>/<str:mark>.pdf", law_firms.file, name="law_firm_file"
    ),
    path("yzw/yzw-zxfw-sdfw/api/v1/sdfw/getWsListBySdbhNew", law_firms.listing, name="law_firm_list"),
]
