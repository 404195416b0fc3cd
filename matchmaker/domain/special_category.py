"""Firms so small that their status tells something of a person's health or origin: special-category data (Art. 9 GDPR).

The share of disabled workers in a firm of three is close to saying who is disabled. Such a status is shown as it is only with the
firm's explicit consent; without it everybody else sees one thing: whether the firm says that it holds a status at all.
"""

from collections.abc import Mapping
from dataclasses import replace

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, SocialStatus
from matchmaker.domain.reservation_evidence import Finding

FEWEST_STAFF = 10
"""Below it a status or a share says something about single people."""


def is_small(organisation: Organisation) -> bool:
    """Whether it says that it has fewer than ten employees, the self-employed (none) included; an unknown headcount is no."""
    return organisation.size.employees is not None and organisation.size.employees < FEWEST_STAFF


def only_verdict(organisation: Organisation) -> bool:
    """Whether others may learn of its status no more than yes or no.

    It holds for records that the organisation keeps itself; what a public register says of it is the register's to answer for.
    """
    return is_small(organisation) and organisation.provenance.claimed and organisation.status_consent is None


def shown_statuses(organisation: Organisation) -> tuple[SocialStatus, ...]:
    """Its statuses as far as others may read them."""
    return () if only_verdict(organisation) else organisation.statuses


ONLY: Mapping[Verdict, Message] = {
    Verdict.ELIGIBLE: Message("Yes, by what it states about its status. A firm of few people: the details are not shown."),
    Verdict.NOT_ELIGIBLE: Message("No, by what it states about its status. A firm of few people: the details are not shown."),
    Verdict.UNKNOWN: Message("What it states about its status does not decide. A firm of few people: the details are not shown."),
}
"""All that others are told of such a firm's status under a condition of the law."""


def told(organisation: Organisation, finding: Finding) -> Finding:
    """A finding about its status or share as others may read it: the same verdict, and without consent neither the kind, the
    name and the share behind it nor which of them is missing.
    """
    if not organisation.statuses or not only_verdict(organisation):
        return finding
    return replace(finding, sentence=ONLY[finding.verdict], missing="statuses" if finding.missing else "")
