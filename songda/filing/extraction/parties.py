"""Put the pieces of the list together: parties, each with those who speak for it."""

import re

from songda.filing.extraction import person
from songda.filing.extraction.block import Piece, pieces
from songda.filing.extraction.result import Agent, ExtractedParty
from songda.filing.extraction.words import (
    AGENT_WORDS,
    COUNT_VALUES,
    ORGANS,
    PERSON_MARKS,
    REPRESENTATIVE,
    ROLE,
    SAME_AS,
    SPEAKER,
)

_NOT_A_SECOND = re.compile(
    r"董事|安全员|施工员|程序员|高管|常务|任职|经理|职员|员工|律师|主任|干部|法务|工作者|族|男|女|系|住|特别|一般|均"
)
_SECOND = re.compile(
    r"^[，、](?P<name>[一-鿿]{2,3})，(?:均|系|[^，。]{2,30}(?:律师事务所|法律服务所))(?P<rest>.*)", re.DOTALL
)
_ORG_FIELDS = re.compile(r"(?:住所地|住所|主要办事机构所在地|营业场所|经营场所|注册地址|地址)[：:]?")
_GROUP_IN_BRACKETS = re.compile(
    r"(?P<group>(?:以上|上述|上列)?[一二两三四五六七八九十]?(?:被告|原告|上诉人|被上诉人|被申请人|申请人)?共同)(?:特别)?(?:授权|委托)"
)
_GROUP_ADDRESS = re.compile(
    rf"(?:以上|上述|上列)(?P<count>[一二两三四五六七八九十\d]*)(?:名|位)?(?P<role>{ROLE})均?住(?P<value>[^，。；\n]+)"
)


_ALSO = re.compile(rf"[兼暨](?P<whom>[^，。：；\n]*?)(?:的|之)?(?P<word>{SPEAKER})")
_BRACKETED_REPRESENTATIVE = re.compile(rf"^（{REPRESENTATIVE}[：为是]?(?P<name>[^，；：）]{{2,30}})")
_EVERYBODY_ELSE = re.compile(r"其[他余它]|以上|上述|上列|各|[二两三四五六七八九十]")
_NUMBERED = re.compile(
    rf"(?:{ROLE})?第?(?P<number>[一二三四五六七八九十]|\d{{1,2}})(?:{ROLE})?(?:的|之)?(?:[、和及与]|共同|$)"
)


class Assembly:
    """The parties read so far; a piece is added to them at a time."""

    def __init__(self) -> None:
        self.parties: list[ExtractedParty] = []
        self._besides: list[tuple[ExtractedParty, str]] = []
        self._last_sort = ""
        self._is_person = False

    def add(self, piece: Piece) -> None:
        add = {"party": self._add_party, "agent": self._add_agent, "representative": self._add_representative}
        if piece.sort in add:
            add[piece.sort](piece)
            self._last_sort = piece.sort

    def _add_party(self, piece: Piece) -> None:
        written = person.name_of(piece.body)
        for name in person.names_in(written):
            if not name or len(name) > 60 or person.NOBODY.match(name):
                continue
            party = self._read(name, piece)
            if self._told_of(party, piece):
                continue
            bracket = _bracket_after(written, piece.body)
            if spoken := _BRACKETED_REPRESENTATIVE.search(bracket):
                party.legal_representative = spoken["name"]
            self.parties.append(party)
            self._besides.append((party, piece.also + piece.position + bracket))
        self._is_person = bool(PERSON_MARKS.search(piece.body))
        self._address_group(piece.body)

    def _read(self, name: str, piece: Piece) -> ExtractedParty:
        kind = "organisation" if piece.word in ORGANS else person.kind_of(name, piece.body)
        return ExtractedParty(
            role=piece.word,
            name=name,
            kind=kind,
            address=self._resolve(person.address_of(piece.body), piece.body),
            id_number=person.id_number_of(piece.body),
            phone=person.phone_of(piece.body),
        )

    def _told_of(self, party: ExtractedParty, piece: Piece) -> bool:
        """Whether words behind the list tell of a party already named, and describe nobody."""
        named = any((other.role, other.name) == (party.role, party.name) for other in self.parties)
        return named and not (party.address or party.id_number or PERSON_MARKS.search(piece.body))

    def finish(self) -> list[ExtractedParty]:
        """All parties, once those are known for whom some of them speak besides (兼)."""
        for party, told in self._besides:
            also = _ALSO.search(told)
            for other in self._meant(party, also["whom"]) if also else ():
                if also and also["word"] in AGENT_WORDS:
                    other.agents.append(Agent(party.name, also["word"]))
                elif other.kind == "organisation":
                    other.legal_representative = other.legal_representative or party.name
        return self.parties

    def _meant(self, speaker: ExtractedParty, whom: str) -> list[ExtractedParty]:
        """The other parties whom words such as 原告乙、丙 or 其他原告 mean."""
        others = [party for party in self.parties if party is not speaker]
        named = [party for party in others if party.name in whom]
        if named or not _EVERYBODY_ELSE.search(whom):
            return named
        return [party for party in others if party.role == speaker.role]

    def _resolve(self, address: str | None, body: str) -> str | None:
        """住址同上 means the address of whoever was named before, or of the one it names."""
        alone = re.search(r"[，。（](?:地址|住址|住所)?(同上)[，。）\n]?", body)
        same = SAME_AS.match(address) if address else SAME_AS.match(alone[1]) if alone else None
        if same is None or not self.parties:
            return None if same else address
        who = re.sub(r"^上述|的$|所述$", "", same["who"] or same["who2"] or "")
        named = [party for party in self.parties if who and (party.name in who or who.endswith(party.role))]
        return (named or self.parties)[-1].address

    def _address_group(self, body: str) -> None:
        for found in _GROUP_ADDRESS.finditer(body):
            for party in self._last(found["role"], found["count"]):
                party.address = party.address or found["value"]

    def _last(self, role: str, count: str) -> list[ExtractedParty]:
        """The last so many parties of a role; all of them where no number is given."""
        alike = [party for party in self.parties if party.role.endswith(role) or role in party.role]
        many = COUNT_VALUES.get(count) or (int(count) if count.isdigit() else len(alike))
        return alike[-many:]

    def _add_representative(self, piece: Piece) -> None:
        if not self.parties or self._is_person or (piece.aside and self._last_sort == "agent"):
            return
        party = self.parties[-1]
        if piece.word != "代表人":
            party.kind = "organisation"
        name = person.speaker_of(piece.body)
        if name and party.legal_representative is None:
            party.legal_representative = name
        after = piece.body
        if piece.word in ("经营者", "业主", "经营业主"):
            party.address = party.address or self._resolve(person.address_of(after), after)
        elif party.kind == "organisation" and _ORG_FIELDS.search(after):
            party.address = party.address or person.address_of(after)
        if "信用代码" in after or "组织机构代码" in after:
            party.id_number = party.id_number or person.id_number_of(after)
        party.phone = party.phone or person.phone_of(after)

    def _add_agent(self, piece: Piece) -> None:
        for name in _agents_in(piece.body):
            for party in self._spoken_for(piece):
                if all(agent.name != name for agent in party.agents):
                    party.agents.append(Agent(name, piece.word))

    def _spoken_for(self, piece: Piece) -> list[ExtractedParty]:
        """Whom an agent acts for: the party before him, or the group that the paper names."""
        if not self.parties:
            return []
        bracketed = _GROUP_IN_BRACKETS.search(piece.position + piece.body)
        told = piece.group or (bracketed["group"] if bracketed else "")
        group = re.match(
            r"(?:以上|上述|上列|前述|前列)?(?P<count>[一二两三四五六七八九十\d]*)(?:各|诸)?(?:位|名|个)?(?P<role>.*?)(?:的|之)*(?P<joint>共同)?(?:的)?$",
            told,
        )
        if group is None or not told:
            return self.parties[-1:]
        if named := self._named(told):
            return named
        role = group["role"]
        plural = bool(group["count"] or group["joint"] or re.match("以上|上述|上列|前", told))
        if not plural:
            return self.parties[-1:]
        if role and role != "当事人":
            return self._last(role, group["count"]) or self.parties[-1:]
        if group["count"]:
            return self._last("", group["count"])
        return self._run_without_agents()

    def _named(self, group: str) -> list[ExtractedParty]:
        """Those whom 被告甲、乙共同 names, or 被告1、被告2共同 counts."""
        named = [party for party in self.parties if party.name in group]
        role = re.search(ROLE, group)
        counted = [found["number"] for found in _NUMBERED.finditer(group)] if role else []
        if named or role is None or len(counted) < 2:
            return named
        alike = [party for party in self.parties if party.role == role[0]]
        places = [COUNT_VALUES.get(number) or int(number) for number in counted]
        return [alike[place - 1] for place in places if 0 < place <= len(alike)]

    def _run_without_agents(self) -> list[ExtractedParty]:
        """The last parties that share a role and had nobody named for them yet."""
        last = self.parties[-1]
        run: list[ExtractedParty] = []
        for party in reversed(self.parties):
            if party.role != last.role or (party.agents and party is not last):
                break
            run.insert(0, party)
        return run


def _agents_in(body: str) -> list[str]:
    first = person.speaker_of(body)
    if first is None:
        return []
    names = [name for name in (person.speaker_of(part) for part in person.names_in(first)) if name]
    second = _SECOND.match(body[body.find(first) + len(first) :])
    if second and not _NOT_A_SECOND.search(second["name"]):
        names.append(second["name"])
    return names


def parties_in(folded: str, start: int, end: int) -> list[ExtractedParty]:
    """The parties of a list, in its order."""
    assembly = Assembly()
    for piece in pieces(folded, start, end):
        assembly.add(piece)
    return assembly.finish()


def _bracket_after(name: str, body: str) -> str:
    """What stands in brackets right behind a name: 甲（兼乙的法定代理人）."""
    found = re.match(r"（[^（）]*）", body[body.find(name) + len(name) :])
    return found[0] if found else ""


def as_written(parties: list[ExtractedParty], cleaned: str, folded: str, start: int) -> None:
    """Put back the brackets and digits of the width in which the paper writes them."""

    def original(value: str) -> str:
        at = folded.find(value, start)
        return cleaned[at : at + len(value)] if at >= 0 else value

    for party in parties:
        party.name = original(party.name)
        for field in ("address", "id_number", "phone", "legal_representative"):
            value = getattr(party, field)
            setattr(party, field, original(value) if value else None)
        for agent in party.agents:
            agent.name = original(agent.name)
