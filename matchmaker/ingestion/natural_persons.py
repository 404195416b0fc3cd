"""Which winners are people rather than organisations: marked so (BT-633), or so by the form of their name.

Two kinds are recognised by form: a name with the form of a sole trader (``Tmi``, ``s.p.``, ``e.v.`` in Hungary), and a name
with a personal title that names no company. Merchants entered in a commercial register under a firm of their own (Bulgarian
``ЕТ``, Romanian ``Întreprindere Individuală``) count as undertakings, like a company of one person. A bare personal name, or
a list of them, is recognised by its given name, and only where no register number speaks for a firm.
"""

import re

from matchmaker.ingestion.given_names import GIVEN_NAME

_COMPANY_FORM = re.compile(
    r"ab|ad|ag|aps|as|asa|bt|bv|bvba|cic|cio|co|coop|corp|cv|cvba|dac|doo|dooel|ead|eeig|eood|gbr|gie|gmbh|ges|ltd|inc"
    r"|kda|kft|kg|kgaa|kht|lda|limited|llc|llp|ltda|mbb|mbh|nv|nyrt|oe|oho|ohg|ood|oü|oy|oyj|partg|partgmbb|plc|pte|rt"
    r"|sa|sarl|sas|sasu|sàrl|sca|scarl|scop|scp|scrl|selarl|selas|sia|sl|slu|slp|snc|soc|spa|spj|spk|sprl|spz|srl|srls|sro"
    r"|ug|uab|vof|vzw|vos|vš|zrt|zoo|ад|еад|еоод|оод|аедооел|доо|дооел|αε|εε|επε|ικε|οε"
)
_COMPANY_WORD = re.compile(
    r"associés|association|asociación|asociace|fundacja|fondation|fondazione|fundación|foundation|stiftung|säätiö"
    r"|cooperativa|coopérative|cooperative|spółdzielnia|stowarzyszenie|society|sociedad|sociedade|società|société"
    r"|gesellschaft|társaság|spółka|company|partners|partner|group|gruppe|groupe|holding|trust|council|university"
    r"|universität|institut|instytut|institute|hospital|centre|center|agency|verein|konsortium|consorzio|consortium"
    r"|cabinet"
)
_SOLE_TRADER = re.compile(
    r"\b(?:egyéni vállalkozó|prowadząc\w* działalność|osoba fizyczna|osoby fizycznej|persoană fizică autorizată"
    r"|toiminimi|tmi|eenmanszaak|einzelunternehme\w*|entrepr(?:ise|eneur) individuel\w*"
    r"|auto-?entrepreneur|micro-?entrepreneur"
    r"|ditta individuale|libero professionista|autónomo|pašnodarbināt\w*|individuali veikla|fyzická osoba|osvč"
    r"|ατομική επιχείρηση|enkeltmandsvirksomhed|enkeltpersonforetak|enskild firma|preduzetnik|sole trader)\b",
    re.IGNORECASE,
)
_BY_COUNTRY = {
    "HU": re.compile(r"\be\.\s?v\.?(?:\W|$)", re.IGNORECASE),
    "SI": re.compile(r"\bs\.\s?p\.?(?:\W|$)", re.IGNORECASE),
    "EE": re.compile(r"\bFIE\b"),
    "RO": re.compile(r"\b(?:PFA|P\.F\.A\.)(?:\W|$)"),
    "NO": re.compile(r"\bENK\b"),
    "FR": re.compile(r"\bEI\b$"),
}
_TITLE = re.compile(
    r"(?:dr|mr|mrs|ms|miss|herr|frau|dott(?:\.ssa)?|avv|ing|arch|prof|mgr|mudr|judr|phdr|monsieur|madame|mme|m|me|maître|sig(?:\.ra)?"
    r"|adw|lek|don|doña|d\.ª|docteur)\b\.?\s+\S",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*[,;/]\s*|\s+(?:i|und|et|e|and|og|och|ja|și|a)\s+")
_PROPER = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_TRADE = re.compile(
    r"architect|architekt|arkitekt|archi|bau|build|cars|cater|center|centr|clean|coach|consult|construct|design|engineer|garage|hotel"
    r"|ingen|inżyn|medic|home|museum|pharma|publi|school|service|shop|solution|stud|system|taxi|techn|trans|travel|werk|works",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")


def is_natural_person(name: str, country: str | None, *, stated: bool, numbered: bool) -> bool:
    """Whether a winner is a person; a company form in the name outweighs a mark set by mistake.

    ``stated``: the notice says so (BT-633); ``numbered``: it gives a register number.
    """
    national = _BY_COUNTRY.get(country or "")
    if _SOLE_TRADER.search(name) or (national and national.search(name)):
        return True
    if names_company(name):
        return False
    return stated or bool(_TITLE.match(name)) or (not numbered and _names_people(name))


def _names_people(name: str) -> bool:
    """Whether the name is one or several of two or three capitalised words, the first or last of each a given name."""
    return all(_names_person(part.split()) for part in _SEVERAL.split(name.strip(" .")))


def _names_person(words: list[str]) -> bool:
    proper = all(_PROPER.fullmatch(word) and word[0].isupper() and not _TRADE.search(word) for word in words)
    return 2 <= len(words) <= 3 and proper and bool(GIVEN_NAME.fullmatch(words[0]) or GIVEN_NAME.fullmatch(words[-1]))


def names_company(name: str) -> bool:
    """Whether the name carries the form of a company or another organisation."""
    words = [word.replace(".", "").lower() for word in _WORD.findall(name)]
    forms = any(_COMPANY_FORM.fullmatch(word) for word in words[1:])
    spaced = re.search(r"\b(?:z\s*o\.?\s*o|s\.\s*[arp]\.?\s*[lasoj]?\.?|a\.\s*s|d\.\s*o\.\s*o)\.?(?:\W|$)", name, re.IGNORECASE)
    return forms or any(_COMPANY_WORD.fullmatch(word) for word in words) or "&" in name or bool(spaced and len(words) > 2)
