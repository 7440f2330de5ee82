"""Examples of add_field: its tests and its documentation."""

from __future__ import annotations

from typing import Final

from bravo_agent.model.entities import Shape
from codemods._values import AddField, Example, KnownType

_DECIMAL: Final = ("from decimal import Decimal",)
_BOUNDED: Final = (*_DECIMAL, "from typing import Annotated", "from pydantic import Field")
_MONEY: Final = Shape("decimal", max_digits=12, decimal_places=2)

_CHANGED: Final = (
    Example(
        "after the last field, before methods and the configuration class",
        AddField("Campaign", "score", "Decimal", _DECIMAL),
        """\
from pydantic import BaseModel, field_validator


class Campaign(BaseModel):
    \"\"\"A campaign.\"\"\"

    id: int
    name: str = ""  # as customers see it

    _cache: dict = {}

    @field_validator("name")
    def check(cls, value):
        return value
""",
        """\
from decimal import Decimal

from pydantic import BaseModel, field_validator


class Campaign(BaseModel):
    \"\"\"A campaign.\"\"\"

    id: int
    name: str = ""  # as customers see it
    score: Decimal | None = None

    _cache: dict = {}

    @field_validator("name")
    def check(cls, value):
        return value
""",
    ),
    Example(
        "a named type of the application that means the same, into an import that is there",
        AddField(
            "Campaign",
            "spend_cap",
            "Annotated[Decimal, Field(max_digits=12, decimal_places=2)]",
            _BOUNDED,
            module="shop.models.campaigns",
            shape=_MONEY,
            known_types=(KnownType("shop.models.types", "Money", _MONEY),),
        ),
        """\
from pydantic import BaseModel

from .types import Device, Rate


class Campaign(BaseModel):
    bid: Rate
""",
        """\
from pydantic import BaseModel

from .types import Device, Money, Rate


class Campaign(BaseModel):
    bid: Rate
    spend_cap: Money | None = None
""",
    ),
    Example(
        "no named type means the same: written out",
        AddField(
            "Campaign",
            "spend_cap",
            "Annotated[Decimal, Field(max_digits=12, decimal_places=2)]",
            _BOUNDED,
            module="shop.models",
            shape=_MONEY,
            known_types=(KnownType("shop.models", "Rate", Shape("decimal", max_digits=8, decimal_places=4)),),
        ),
        """\
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel

Rate = Annotated[Decimal, "eight digits"]


class Campaign(BaseModel):
    bid: Rate
""",
        """\
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

Rate = Annotated[Decimal, "eight digits"]


class Campaign(BaseModel):
    bid: Rate
    spend_cap: Annotated[Decimal, Field(max_digits=12, decimal_places=2)] | None = None
""",
    ),
    Example(
        "a file that writes Optional and tabs goes on with both",
        AddField("Ad", "seen", "int"),
        "from typing import Optional\n\nfrom pydantic import BaseModel\n\n\n"
        "class Ad(BaseModel):\n\turl: Optional[str] = None\n",
        "from typing import Optional\n\nfrom pydantic import BaseModel\n\n\n"
        "class Ad(BaseModel):\n\turl: Optional[str] = None\n"
        "\tseen: Optional[int] = None\n",
    ),
    Example(
        "a body that is only pass",
        AddField("Empty", "seen", "int"),
        "from pydantic import BaseModel\n\n\nclass Empty(BaseModel):\n    pass\n",
        "from pydantic import BaseModel\n\n\nclass Empty(BaseModel):\n    seen: int | None = None\n",
    ),
    Example(
        "a body that is only a docstring",
        AddField("Empty", "seen", "int"),
        'from pydantic import BaseModel\n\n\nclass Empty(BaseModel):\n    """Nothing yet."""\n',
        "from pydantic import BaseModel\n\n\n"
        'class Empty(BaseModel):\n    """Nothing yet."""\n\n    seen: int | None = None\n',
    ),
    Example(
        "a name that Python cannot take",
        AddField("Ad", "class", "str"),
        "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    url: str",
        "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n    url: str\n"
        '    class_: str | None = Field(default=None, alias="class")',
    ),
    Example(
        "a type that a field of the model hides",
        AddField("Ad", "ends", "date", ("from datetime import date",)),
        "from datetime import date\n\nfrom pydantic import BaseModel\n\n\n"
        "class Ad(BaseModel):\n    date: str = ''\n",
        "from datetime import date, date as date_type\n\nfrom pydantic import BaseModel\n\n\n"
        "class Ad(BaseModel):\n"
        "    date: str = ''\n    ends: date_type | None = None\n",
    ),
    Example(
        "an import for type checkers alone is not enough",
        AddField("Ad", "cost", "Decimal", _DECIMAL),
        "import typing\n\nfrom pydantic import BaseModel\n\nif typing.TYPE_CHECKING:\n"
        "    from decimal import Decimal\n\n\nclass Ad(BaseModel):\n    url: str\n",
        "import typing\nfrom decimal import Decimal\n\nfrom pydantic import BaseModel\n\nif typing.TYPE_CHECKING:\n"
        "    from decimal import Decimal\n\n\nclass Ad(BaseModel):\n    url: str\n    cost: Decimal | None = None\n",
    ),
    Example(
        "a required field with a comment, Windows line ends, imports one on a line",
        AddField("Ad", "ref", "UUID", ("from uuid import UUID",), default=None, comment="of the network"),
        "from pydantic import (\r\n    BaseModel,\r\n)\r\n\r\n\r\nclass Ad(BaseModel):\r\n    url: str\r\n",
        "from uuid import UUID\r\n\r\nfrom pydantic import (\r\n    BaseModel,\r\n)\r\n\r\n\r\n"
        "class Ad(BaseModel):\r\n"
        "    url: str\r\n    ref: UUID  # of the network\r\n",
    ),
)

_COMPUTED: Final = (
    Example(
        "worked out from fields that stand before it, where nobody gives it",
        AddField(
            "Ad", "score", "int", default=None, expression="clicks * abs(size)", names=("clicks", "size")
        ),
        "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    clicks: int\n    size: float\n",
        "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n    clicks: int\n    size: float\n"
        '    score: int = Field(default_factory=lambda data: data["clicks"] * abs(data["size"]))\n',
    ),
)
_LEFT: Final = (
    Example(
        "an expression over what is no field",
        AddField("Ad", "score", "int", default=None, expression="clicks + open('x')", names=("clicks",)),
        "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    clicks: int\n",
        why="open is no field of the model",
    ),
    Example(
        "the field is there",
        AddField("Ad", "url", "str"),
        "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    url: str\n",
    ),
    Example(
        "the field is there under another name",
        AddField("Ad", "class", "str"),
        "from pydantic import BaseModel, Field\n\n\n"
        'class Ad(BaseModel):\n    kind: str = Field(alias="class")\n',
    ),
    Example(
        "no such class", AddField("Ad", "url", "str"), "class Other:\n    pass\n", why="there is no class Ad"
    ),
    Example(
        "made dynamically",
        AddField("Ad", "url", "str"),
        'from pydantic import create_model\n\nAd = create_model("Ad")\n',
        why="is made dynamically",
    ),
    Example("does not parse", AddField("Ad", "url", "str"), "class Ad(:\n", why="does not parse"),
    Example(
        "tabs and spaces",
        AddField("Ad", "url", "str"),
        "class Ad(Base):\n    a: int\n    if True:\n    \tb: int\n",
        why="mixes tabs and spaces",
    ),
    Example(
        "the name is a property",
        AddField("Ad", "url", "str"),
        "class Ad(Base):\n    a: int\n\n    @property\n    def url(self): ...\n",
        why="is not a field",
    ),
    Example(
        "a type that nothing imports",
        AddField("Ad", "cost", "Decimal"),
        "class Ad(Base):\n    a: int\n",
        why="nothing says where Decimal comes from",
    ),
    Example(
        "two classes of that name",
        AddField("Ad", "url", "str"),
        "if x:\n    class Ad(A):\n        a: int\nelse:\n    class Ad(B):\n        a: int\n",
        why="is defined 2 times",
    ),
)

EXAMPLES: Final = _CHANGED + _COMPUTED + _LEFT
