"""Read one piece of the list of parties: name, kind, address, numbers."""

# ruff: noqa: E501  (a row of a table stays on its line; Chinese counts double)

import re

from songda.filing.extraction.words import (
    ADDRESS_LABELS,
    ADDRESS_STOPS,
    BARE_ID,
    BARE_PHONE,
    ID_NUMBER,
    JOBS,
    ORGANISATION,
    ORGANISATION_MARKS,
    PERSON_MARKS,
    PHONE,
)

_NAME = re.compile(r"(?:[^，。；：\n（\t]|（[^（）\n]*）(?=[^，。；：\n（]))+(?:（[^（）\n]*）)?")
_FORM_NAME = re.compile(r"(?:^|[\n，。）])(?:姓名|名称)(?:（[^（）]*）)?[：，]\s*(?P<name>[^\n，。；：]+)")
_KEPT_TAIL = re.compile(
    r"（(?:(?:有限|普通|特殊普通|特殊的普通)合伙|个体工商户|集团|筹|中国|[一-鿿]{2,6}分(?:公司|行|院|局))）$"
)
_TAIL = re.compile(r"（[^（）]*）?$")
_JOINED_TAIL = re.compile(r"(?<=[一-鿿×某\d])(?:系|均系|均为|男|女)(?=$|[一-鿿].{3,}$).*$")
_BLANK = re.compile(r"^(?:同|与|无|空|/|不详|缺|略|—+|-+|_+|＿+|[×Xx*]+|[□☑√]+.*)$")
# No name but a form left blank: 第三人：无.
NOBODY = re.compile(r"^(?:无|空|/|不详|略|\[.*\]|【.*】|[—_＿-]+)$")
_LIST = re.compile(r"[、]")
_PERSON_NAME = re.compile(
    r"^(?:[一-鿿㐀-䶿]{1,3}[某甲乙丙丁一-鿿×]{1,3}\d?|[一-鿿]{1,8}(?:[·•．][一-鿿]{1,12})+|[A-Za-z .'\-]{3,40})$"
)
_ADDRESS_EDGE = r"(?:^|[，。；：\n（）\s]|(?<=生)|(?<=族)|(?<=出生)|(?<=农民)|(?<=居民)|(?<=职工)|(?<=无业)|(?<=文化)|(?<=务工)|(?<=日))"
_ADDRESSES = [
    (
        rank,
        re.compile(
            rf"{_ADDRESS_EDGE}(?:{label})(?:（[^（）]*）)*(?:位于|为|是|系|在|：|，(?=.{{2,6}}[省市区县州]))*(?P<value>[^，。；\n]+)"
        ),
    )
    for rank, label in ADDRESS_LABELS
]
_STOPS = re.compile(ADDRESS_STOPS)
_LEAD = re.compile(r"^(?:住(?!房)|：|于|址：|所：)+")


def name_of(body: str) -> str:
    """The name at the head of a piece, as written, without what brackets add about the person."""
    form = _FORM_NAME.search(body[:80])
    if form:
        return form["name"].strip()
    found = _NAME.match(body.lstrip("：， \n"))
    return _tidy(found[0]) if found else ""


def _tidy(name: str) -> str:
    name = name.strip(" \n、")
    while (tail := _TAIL.search(name)) and not _KEPT_TAIL.search(name):
        name = name[: tail.start()].strip()
    if len(name) > 2 and not ORGANISATION.search(name):
        name = _JOINED_TAIL.sub("", name)
    return name


def speaker_of(body: str) -> str | None:
    """The name of an agent or representative, without the office he holds; None where the paper leaves it blank."""
    name = name_of(body)
    job = JOBS.search(name)
    if job and 2 <= job.start() <= 4:
        name = name[: job.start()]
    return name if name and not _BLANK.match(name) else None


def names_in(name: str) -> list[str]:
    """One name, or several that 、 joins when each of them reads as a name."""
    parts = [_tidy(part) for part in _LIST.split(name)]
    reads = [bool(part) and bool(_PERSON_NAME.match(part) or ORGANISATION.search(part)) for part in parts]
    return parts if len(parts) > 1 and all(reads) else [_tidy(name)]


def kind_of(name: str, body: str) -> str:
    """person or organisation: by the name's last words, else by what is said of a person only."""
    bare = re.sub(r"（[^（）]*）$", "", name)
    if re.search(r"公司$|合伙企业$|委员会$|检察院$|人民政府$", bare) and len(bare) > 2:
        return "organisation"
    if PERSON_MARKS.search(body):
        return "person"
    if ORGANISATION.search(name) and (len(bare) >= 4 or bare.endswith("公司")):
        return "organisation"
    return "organisation" if ORGANISATION_MARKS.search(body) else "person"


def _cut(value: str) -> str:
    stop = _STOPS.search(value)
    value = value[: stop.start()] if stop else value
    value = _LEAD.sub("", value.strip(" （：、"))
    if value.count("）") > value.count("（"):
        value = value[: value.index("）")]
    return value.strip(" ：、")


def addresses_in(body: str) -> list[tuple[int, int, str]]:
    """Every address of a piece as (rank, where, value), the best first."""
    found = [
        (rank, match.start("value"), value)
        for rank, pattern in _ADDRESSES
        for match in pattern.finditer(body)
        if (value := _cut(match["value"])) and not _BLANK.match(value)
    ]
    return sorted(found)


def address_of(body: str) -> str | None:
    """The present dwelling before the domicile, the domicile before the household register, a former dwelling last."""
    found = addresses_in(body)
    return found[0][2] if found else None


def id_number_of(body: str) -> str | None:
    """An identity number or credit code as written; None where nothing of it is left readable."""
    found = ID_NUMBER.search(body) or BARE_ID.search(body)
    value = found["value"] if found else ""
    return value if sum(letter.isdigit() for letter in value) >= 2 else None


def phone_of(body: str) -> str | None:
    found = PHONE.search(body) or BARE_PHONE.search(body)
    return found["value"].strip() if found else None
