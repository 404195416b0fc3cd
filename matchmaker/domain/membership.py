"""Belonging to an organisation: what is told by mail, and when an address proves that somebody speaks for a record."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation


class MembershipNews(StrEnum):
    """What a mail about a team says."""

    INVITED = "invited"
    ASKED = "asked"
    """Somebody asks to join; goes to the members."""
    JOINED = "joined"
    """The request or the claim was accepted; goes to who made it."""
    PROVE_CLAIM = "prove-claim"
    """Somebody says that it works for the organisation; goes to an address of the organisation."""
    CLAIM_REFUSED = "claim-refused"


SUBJECTS: dict[MembershipNews, Message] = {
    MembershipNews.INVITED: Message("You are invited to join %(team)s on Matchmaker"),
    MembershipNews.ASKED: Message("Somebody asks to join %(team)s"),
    MembershipNews.JOINED: Message("You now belong to %(team)s"),
    MembershipNews.PROVE_CLAIM: Message("Does this person work for %(team)s?"),
    MembershipNews.CLAIM_REFUSED: Message("About your request for %(team)s"),
}


@dataclass(frozen=True, slots=True)
class MembershipMail:
    """What such a mail is written from. ``reference`` is the id of the invitation or claim its link is for."""

    news: MembershipNews
    team_key: str
    team_name: str
    who: str = ""
    """Address of the person it is about."""
    reference: str = ""


_SHARED = """
gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr hotmail.it hotmail.es live.com live.fr msn.com yahoo.com
yahoo.fr yahoo.it yahoo.es yahoo.de yahoo.co.uk icloud.com me.com aol.com gmx.de gmx.net gmx.at web.de t-online.de proton.me
protonmail.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it pec.it legalmail.it
arubapec.it wp.pl onet.pl o2.pl interia.pl ziggo.nl kpnmail.nl telenet.be skynet.be btinternet.com eircom.net seznam.cz mail.com
facebook.com instagram.com linkedin.com twitter.com x.com youtube.com wordpress.com wixsite.com blogspot.com weebly.com
jimdo.com jimdofree.com google.com business.site github.io pagesperso-orange.fr e-monsite.com
"""
SHARED_HOSTS = frozenset(_SHARED.split())
"""Where many unrelated people have addresses or pages: an address there proves nothing about an organisation."""


def proves(address: str, organisation: Organisation) -> bool:
    """Whether a mail read at ``address`` shows that the reader speaks for the organisation.

    It does at the very address in the record, and at any address of the domain of its website or of its own address, subdomains
    included, unless that domain is shared by many. ``address`` is as ``domain.access.normal_email`` writes it.
    """
    if organisation.email and address == organisation.email.strip().lower():
        return True
    host = address.rpartition("@")[2]
    return any(host == domain or host.endswith(f".{domain}") for domain in proving_domains(organisation))


def proving_domains(organisation: Organisation) -> tuple[str, ...]:
    """Domains of the record at which any address is proof, without repetition."""
    found = []
    if organisation.website:
        site = organisation.website.strip()
        found.append((urlsplit(site if "://" in site else f"https://{site}").hostname or "").removeprefix("www."))
    if organisation.email:
        found.append(organisation.email.strip().lower().rpartition("@")[2])
    return tuple(dict.fromkeys(domain for domain in found if "." in domain and not _shared(domain)))


def _shared(domain: str) -> bool:
    return any(domain == host or domain.endswith(f".{host}") for host in SHARED_HOSTS)
