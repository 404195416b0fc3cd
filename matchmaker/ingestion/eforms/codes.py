"""Code lists of the eForms SDK (CC BY 4.0) whose codes decide something here; others are kept as given, unchecked."""

RESERVED_PROCUREMENT = frozenset(("none", "res-pub-ser", "res-ws"))
APPLICABILITY = frozenset(("no", "not-known", "yes"))
SUBCONTRACTING_OBLIGATION = frozenset(("none", "subc-chng", "subc-min", "subc-oblig-2009-81"))
SUBCONTRACTING_INDICATION = frozenset(("none", "shar-subc", "subc-noblig", "subc-oblig", "subj-noblig", "subj-oblig"))
ADDITIONAL_TYPES = {
    "strategic-procurement": frozenset(("env-imp", "inn-pur", "none", "soc-obj")),
    "social-objective": frozenset(("acc-all", "et-eq", "gen-eq", "hum-right", "opp", "other", "work-cond")),
    "environmental-impact": frozenset(
        ("biodiv-eco", "circ-econ", "clim-adapt", "clim-mitig", "other", "pollu-prev", "water-mar")
    ),
}
FORM_TYPES = frozenset(
    ("bri", "change", "competition", "completion", "cont-modif", "consultation", "dir-awa-pre", "planning", "result")
)
RESULT_STATES = frozenset(("clos-nw", "open-nw", "selec-w"))
