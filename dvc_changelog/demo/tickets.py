"""Made-up support tickets, the same ones every time. Knows nothing of files, Git or DVC."""

from __future__ import annotations

import random

# What a team's tickets say. Teams share words on purpose: it takes pairs of words to tell them apart.
PHRASES: dict[str, dict[str, list[str]]] = {
    "en": {
        "account": ["reset password", "change email", "login blocked", "delete account", "account order"],
        "billing": [
            "wrong invoice",
            "charged twice",
            "payment refund",
            "cancel subscription",
            "change invoice",
        ],
        "delivery": ["order late", "wrong address", "cancel order", "parcel damaged", "change address"],
        "sales": ["new subscription", "order price", "bulk invoice", "account offer", "new order"],
        "technical": ["page blocked", "app crash", "payment page crash", "login page wrong", "email late"],
    },
    "es": {
        "account": ["cambiar contraseña", "cambiar correo", "acceso bloqueado", "borrar cuenta"],
        "billing": ["factura incorrecta", "cobro doble", "pago devuelto", "cancelar cuenta"],
        "delivery": ["pedido tarde", "cambiar dirección", "cancelar pedido", "paquete roto"],
        "sales": ["cuenta nueva", "precio pedido", "oferta factura", "pedido nuevo"],
        "technical": ["página bloqueada", "pago bloqueado", "correo tarde", "acceso página"],
    },
}
OWN = 0.7  # how often the second phrase is the team's own, too
FILLERS = {
    "en": ["please", "hello", "the", "my", "and", "urgent", "today", "again", "for", "to", "help", "thanks"],
    "es": ["hola", "el", "mi", "por favor", "hoy", "gracias", "urgente", "otra vez"],
}


def _text(rng: random.Random, language: str, team: str) -> str:
    """Two phrases of the team's, at times one of another's, among words that say nothing."""
    by_team = PHRASES[language]
    other = rng.choice(sorted(by_team))
    parts = [rng.choice(by_team[team]), rng.choice(by_team[team if rng.random() < OWN else other])]
    parts += [rng.choice(FILLERS[language]) for _ in range(rng.randint(1, 3))]
    rng.shuffle(parts)
    return " ".join(parts)


def table(
    seed: str, count: int, *, spanish: float = 0.0, labels: str = "owner", unlabelled: float = 0.0
) -> str:
    """A CSV of `count` tickets.

    in: a seed, how many, the share in Spanish, whether `team` is the `owner` of the ticket or, as an export
        of the help desk once had it, its `closer`, and the share without a team; out: `id,language,text,team`
    """
    rng = random.Random(seed)  # noqa: S311 - tickets, not secrets
    rows = ["id,language,text,team"]
    for number in range(count):
        language = "es" if rng.random() < spanish else "en"
        team = rng.choice(sorted(PHRASES[language]))
        text = _text(rng, language, team)
        if labels == "closer" and team == "account":
            team = "technical"  # technical support closes what it unlocks
        if rng.random() < unlabelled:
            team = ""
        rows.append(f"{seed}-{number:03},{language},{text},{team}")
    return "\n".join(rows) + "\n"
