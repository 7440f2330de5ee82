"""Random schemas and what happens to them, with the truth: which column is which afterwards.

Names are made of words, styles and habits, not taken from a list of names; a column's fate is drawn without a look
at what bravo-agent weighs. Words come in two sets: the weights were chosen with ``CHOSEN_WITH``, ``HELD_OUT`` was
measured and never looked at.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bravo_agent.model.catalog import Catalog, Column, ColumnType, ForeignKey, Index, Table

CHOSEN_WITH = [
    "account", "activity", "address", "age", "agent", "amount", "approval", "area", "asset", "author",
    "balance", "bank", "batch", "billing", "block", "bonus", "branch", "brand", "budget", "campaign",
    "capacity", "card", "category", "channel", "charge", "city", "class", "client", "code", "color",
    "comment", "company", "contact", "content", "contract", "cost", "count", "country", "coupon", "credit",
    "currency", "customer", "date", "day", "deadline", "delivery", "deposit", "description", "device",
    "discount", "district", "document", "domain", "duration", "email", "employee", "end", "error", "event",
    "expense", "factor", "fee", "file", "first", "flag", "format", "freight", "goal", "grade", "gross",
    "group", "height", "history", "hour", "image", "income", "index", "insurance", "interest", "invoice",
    "item", "job", "key", "kind", "label", "language", "last", "length", "level", "limit", "line", "link",
    "list", "loan", "locale", "location", "login", "logo", "manager", "margin", "market", "max", "member",
    "message", "method", "min", "minute", "mode", "model", "month", "name", "net", "note", "notice",
    "number", "order", "origin", "owner", "package", "page", "parent", "partner", "password", "payment",
    "percent", "period", "person", "phone", "picture", "plan", "position", "post", "price", "priority",
    "product", "profile", "project", "promotion", "quality", "quantity", "quota", "rank", "rate", "rating",
    "reason", "receipt", "record", "reference", "region", "remark", "report", "request", "result",
    "revenue", "role", "room", "route", "salary", "sale", "sales", "schedule", "score", "season", "section",
    "segment", "seller", "serial", "service", "session", "shipping", "size", "source", "stage", "start",
    "state", "status", "step", "stock", "store", "street", "subject", "supplier", "tag", "target", "task",
    "tax", "team", "term", "text", "theme", "ticket", "time", "title", "token", "total", "tracking", "type",
    "unit", "url", "user", "value", "vendor", "version", "video", "view", "visit", "volume", "warehouse",
    "website", "weight", "width", "year", "zip", "zone",
]  # fmt: skip
HELD_OUT = [
    "abteilung", "adresse", "anzahl", "artikel", "auftrag", "bemerkung", "bestand", "betrag", "bezeichnung",
    "datum", "einheit", "empfaenger", "farbe", "gehalt", "gewicht", "hersteller", "kategorie", "konto",
    "kunde", "lager", "lieferung", "menge", "nachname", "nummer", "ort", "preis", "rechnung", "strasse",
    "telefon", "termin", "umsatz", "verkauf", "vorname", "waehrung", "zahlung", "almacen", "apellido",
    "cantidad", "ciudad", "cliente", "codigo", "correo", "cuenta", "descuento", "direccion", "empresa",
    "estado", "factura", "fecha", "impuesto", "moneda", "nombre", "pago", "pedido", "precio", "proveedor",
    "saldo", "sucursal", "telefono", "tienda", "usuario", "valor", "ventas", "adet", "adres", "bakiye",
    "fiyat", "gonderi", "hesap", "indirim", "isim", "kargo", "musteri", "odeme", "renk", "sehir", "siparis",
    "soyad", "stok", "tarih", "tutar", "urun", "vergi", "yorum", "achat", "adherent", "caisse", "commande",
    "couleur", "devis", "echeance", "facture", "fournisseur", "heure", "livraison", "montant", "naissance",
    "prenom", "quantite", "remise", "rue", "solde", "taille", "ville", "admission", "allergy", "anatomy",
    "bed", "biopsy", "blood", "cardiac", "chart", "clinic", "diagnosis", "dosage", "dose", "fever",
    "genome", "glucose", "heart", "hematocrit", "icd", "infusion", "lesion", "medication", "nurse",
    "oxygen", "pathology", "patient", "physician", "plasma", "pressure", "pulse", "radiology", "recovery",
    "specimen", "surgery", "symptom", "systolic", "diastolic", "triage", "tumor", "urine", "vaccine",
    "vital", "ward", "aileron", "altitude", "azimuth", "beam", "buoy", "cargo", "chassis", "draft",
    "engine", "fuel", "harbor", "heading", "hull", "knot", "latitude", "longitude", "mast", "mileage",
    "odometer", "payload", "pilot", "pitch", "port", "propeller", "roll", "rotor", "rudder", "runway",
    "sail", "sensor", "sonar", "speed", "throttle", "thrust", "torque", "turbine", "vessel", "voltage",
    "waypoint", "wind", "yaw", "abstract", "appendix", "citation", "doi", "edition", "editor", "isbn",
    "journal", "keyword", "manuscript", "preprint", "publisher", "reviewer", "volume", "amplitude", "boson",
    "decay", "energy", "frequency", "isotope", "lattice", "mass", "momentum", "neutron", "phase", "photon",
    "proton", "quark", "spectrum", "spin", "tensor", "wave",
]  # fmt: skip
_TYPES = (
    [ColumnType("text")] * 6
    + [ColumnType("int4")] * 4
    + [ColumnType("varchar", length=length) for length in (20, 50, 100, 255, 255)]
    + [ColumnType("numeric", precision=12, scale=2)] * 2
    + [ColumnType("int8"), ColumnType("float8"), ColumnType("bool"), ColumnType("jsonb"), ColumnType("uuid")]
    + [ColumnType("date"), ColumnType("timestamptz"), ColumnType("timestamptz")]
)
_HEADS = ("id", "at", "date", "name", "code", "type", "count", "flag", "no")
STYLES = ("snake", "camel", "joined", "upper")


@dataclass(frozen=True)
class History:
    """One table before and after; ``truth`` is old name -> new name of what was renamed, and nothing else."""

    before: Catalog
    after: Catalog
    truth: tuple[tuple[str, str], ...]

    @property
    def tables(self) -> tuple[Table, Table]:
        """The only one, before and after."""
        return self.before.tables[0], self.after.tables[0]


@dataclass
class _Maker:
    rng: random.Random
    words: Sequence[str]
    style: str
    table: tuple[str, ...] = ()

    def name_words(self) -> tuple[str, ...]:
        pick, rng = self.words, self.rng
        size = rng.choices((1, 2, 3), (3, 6, 2))[0]
        own = tuple(rng.choice(pick) for _ in range(size))
        habit = rng.random()
        if habit < 0.2:
            own = (*own[:2], rng.choice(_HEADS))
        elif habit < 0.26:
            own = (rng.choice(("is", "has", "max", "min", "first", "last", "old", "new")), *own[:2])
        elif habit < 0.31:
            own = (*own[:2], str(rng.randint(1, 3)))
        elif habit < 0.4:
            own = (*self.table, *own[:1])
        return tuple(shortened(word, rng) if rng.random() < 0.1 else word for word in own)

    def written(self, words: Sequence[str]) -> str:
        match self.style:
            case "camel":
                return words[0] + "".join(word.capitalize() for word in words[1:])
            case "joined":
                return "".join(words)
            case "upper":
                return "_".join(words).upper()
            case _:
                return "_".join(words)

    def column(self, words: Sequence[str], number: int) -> Column:
        rng, last = self.rng, words[-1]
        type_ = rng.choice(_TYPES)
        if last in ("at", "date"):
            type_ = ColumnType("timestamptz")
        elif last in ("id", "count", "no"):
            type_ = ColumnType("int8")
        elif words[0] in ("is", "has") or last == "flag":
            type_ = ColumnType("bool")
        default = rng.choice(("0", "now()", "''::text")) if rng.random() < 0.12 else None
        return Column(self.written(words), type_, rng.random() < 0.75, default, number=number)

    def renamed(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Another name for the same thing, as people choose them."""
        rng, at = self.rng, self.rng.randrange(len(words))
        change = rng.choices(
            ("affix", "less", "short", "long", "turned", "misspelt", "one word", "all words"),
            (18, 12, 14, 8, 8, 6, 19, 15),
        )[0]
        match change:
            case "affix":
                extra = rng.choice((*self.words, *_HEADS, *self.table))
                return (*words, extra) if rng.random() < 0.6 else (extra, *words)
            case "less" if len(words) > 1:
                return words[:at] + words[at + 1 :]
            case "short":
                return (*words[:at], shortened(words[at], rng), *words[at + 1 :])
            case "turned" if len(words) > 1:
                return (*words[1:], words[0])
            case "misspelt" if len(words[at]) > 4:
                place = rng.randrange(1, len(words[at]) - 1)
                wrong = words[at][:place] + words[at][place + 1 :]
                return (*words[:at], wrong, *words[at + 1 :])
            case "all words":
                return self.name_words()
            case "one word":
                return (*words[:at], rng.choice(self.words), *words[at + 1 :])
            case _:
                whole = [
                    word for word in self.words if word[:2] == words[at][:2] and len(word) > len(words[at])
                ]
                return (*words[:at], rng.choice(whole or list(self.words)), *words[at + 1 :])


def shortened(word: str, rng: random.Random) -> str:
    """``word`` as somebody in a hurry writes it: cut, without vowels, or first and last letters."""
    if len(word) < 5:
        return word
    consonants = word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")
    return rng.choice((word[:3], word[:4], consonants[:4], consonants[:2] + word[-1]))


def history(seed: int, words: Sequence[str], *, calm: bool = False) -> History:
    """One table of 4 to 40 columns and its next state; ``calm``: nothing is renamed, all that goes is gone."""
    rng = random.Random(seed)
    maker = _Maker(rng, words, rng.choices(STYLES, (6, 2, 1, 1))[0])
    maker.table = (rng.choice(words),)
    names = _names(maker, rng.randint(4, 40), set())
    columns = [maker.column(own, place + 2) for place, own in enumerate(names)]
    key = Column("id", ColumnType("int8"), False, number=1)
    before = _table(rng, maker, (key, *columns))
    taken = {column.name for column in before.columns}
    now, truth, moved = [key], [], {"id": "id"}
    busy = rng.choice((0.05, 0.15, 0.4))
    for own, column in zip(names, columns, strict=True):
        fate = rng.random()
        if fate < busy * (0 if calm else 0.6):
            new = maker.written(maker.renamed(own))
            if new not in taken:
                taken.add(new)
                truth.append((column.name, new))
                moved[column.name] = new
                now.append(_aged(rng, replace(column, name=new)))
        elif fate > busy:
            moved[column.name] = column.name
            now.append(_aged(rng, column))
    gone = [own for own, column in zip(names, columns, strict=True) if column.name not in moved]
    now += _added(maker, gone or names, taken, len(names) + 2)
    after = _follow(replace(before, columns=tuple(now)), moved)
    return History(Catalog((before,), "prod", "1"), Catalog((after,), "prod", "1"), tuple(truth))


def _names(maker: _Maker, count: int, taken: set[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    while len(found) < count:
        own = maker.name_words()
        # Tables have brothers: billing_city and shipping_city, line_1 and line_2.
        if found and maker.rng.random() < 0.25:
            brother = maker.rng.choice(found)
            at = maker.rng.randrange(len(brother))
            own = (*brother[:at], maker.rng.choice(maker.words), *brother[at + 1 :])
        name = maker.written(own)
        if name not in taken and name != "id":
            taken.add(name)
            found.append(own)
    return found


def _added(maker: _Maker, gone: Sequence[tuple[str, ...]], taken: set[str], number: int) -> list[Column]:
    """New columns, a third of them brothers of what is gone: the traps."""
    found = []
    for place in range(maker.rng.choice((0, 0, 1, 1, 2, 4))):
        own = maker.name_words()
        if maker.rng.random() < 0.33:
            brother = maker.rng.choice(gone)
            at = maker.rng.randrange(len(brother))
            own = (*brother[:at], maker.rng.choice(maker.words), *brother[at + 1 :])
        if maker.written(own) not in taken:
            taken.add(maker.written(own))
            found.append(maker.column(own, number + place))
    return found


def _aged(rng: random.Random, column: Column) -> Column:
    if rng.random() < 0.05:
        column = replace(column, type=rng.choice(_TYPES))
    return replace(column, nullable=not column.nullable) if rng.random() < 0.05 else column


def _table(rng: random.Random, maker: _Maker, columns: tuple[Column, ...]) -> Table:
    keys, indexes, checks = [], [], []
    for column in columns[1:]:
        if column.type.name == "int8" and rng.random() < 0.5:
            refers = f"public.{rng.choice(maker.words)}s"
            keys.append(ForeignKey(f"fk_{column.name}", (column.name,), refers, ("id",)))
        if rng.random() < 0.1:
            indexes.append(Index(f"ix_{column.name}", (column.name,), rng.random() < 0.3, column.name))
        if column.type.name == "int4" and rng.random() < 0.15:
            checks.append(f"({column.name} >= 0)")
    return Table(
        "public", f"{maker.table[0]}s", columns, ("id",), tuple(keys), tuple(indexes), tuple(checks), oid=1
    )


def _follow(table: Table, moved: dict[str, str]) -> Table:
    """Keys, indexes and checks go where their column goes."""
    return replace(
        table,
        foreign_keys=tuple(
            replace(key, columns=(moved[key.columns[0]],))
            for key in table.foreign_keys
            if key.columns[0] in moved
        ),
        indexes=tuple(
            replace(index, columns=(moved[index.columns[0]],), definition=moved[index.columns[0]])
            for index in table.indexes
            if index.columns[0] in moved
        ),
        checks=tuple(f"({moved[check[1:-6]]} >= 0)" for check in table.checks if check[1:-6] in moved),
    )


def restored(found: History) -> History:
    """After a dump and restore: other identities, the same order."""
    (table,) = found.after.tables
    columns = tuple(replace(column, number=place) for place, column in enumerate(table.columns, 1))
    return replace(found, after=Catalog((replace(table, oid=7, columns=columns),), "prod", "2"))


def unordered(found: History) -> History:
    """Written anew: neither identity nor order tells."""
    columns = tuple(sorted(found.after.tables[0].columns, key=lambda column: column.name))
    (table,) = restored(found).after.tables
    numbered = tuple(replace(column, number=place) for place, column in enumerate(columns, 1))
    return replace(found, after=Catalog((replace(table, columns=numbered),), "prod", "2"))
