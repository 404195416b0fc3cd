"""Firms so small that their status tells something of a person's health or origin: special-category data (Art. 9 GDPR).

The share of disabled workers in a firm of three is close to saying who is disabled. Such a status is shown as it is only with the
firm's explicit consent; without it everybody else sees one thing: whether the firm says that it holds a status at all.
"""

from matchmaker.domain.organisation import Organisation

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
