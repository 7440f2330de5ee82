"""Forms that other people's projects showed first: benchmarks/real_projects.py found them."""

from __future__ import annotations

from pathlib import Path

from finder_scene import find, said, write_marked

from codemods import StringAnalysis


def test_a_module_of_the_name_is_no_field(tmp_path: Path) -> None:
    """bump-my-version: Config.files, and the modules config/files.py and files/."""
    expected = write_marked(
        tmp_path,
        {
            "app/__init__.py": "",
            "app/files.py": "def resolve() -> None: ...\n",
            "app/more/__init__.py": "",
            "app/more/files/__init__.py": "def other() -> None: ...\n",
            "app/models.py": "from pydantic import BaseModel\n\n\nclass Config(BaseModel):\n    «files»: int\n",
            "app/uses.py": (
                "import app.‹files›\nfrom app.‹files› import resolve\nfrom app.more.‹files› import other\n"
                "from app.models import Config\n\nConfig(«files»=1).«files»\n"
            ),
        },
    )
    assert said(find(tmp_path, "Config", "files")) == expected


def test_keywords_of_super_init(tmp_path: Path) -> None:
    """npe2: NPE1Adapter has an __init__ of its own."""
    expected = write_marked(
        tmp_path,
        {
            "models.py": (
                "from pydantic import BaseModel\n\n\n"
                "class Base(BaseModel):\n    «meta»: int\n\n\n"
                "class Sub(Base):\n"
                "    def __init__(self, dist: str) -> None:\n"
                "        super().__init__(«meta»=len(dist))\n\n\n"
                "class Other(BaseModel):\n    ‹meta›: int\n\n"
                "    def __init__(self, dist: str) -> None:\n"
                "        super().__init__(‹meta›=len(dist))\n\n\n"
                "class Plain:\n"
                "    def __init__(self, ‹meta›: int) -> None: ...\n\n\n"
                "class Derived(Plain):\n"
                "    def __init__(self) -> None:\n"
                "        super().__init__(‹meta›=1)\n"
            ),
        },
    )
    assert said(find(tmp_path, "Base", "meta")) == expected


def test_attributes_of_what_an_unannotated_classmethod_makes(tmp_path: Path) -> None:
    """npe2: `mf = PluginManifest.from_file(path)`; no text names the field, and the flow is asked all the same."""
    model = (
        "from pydantic import BaseModel\n\n\nclass Manifest(BaseModel):\n    «meta»: int\n\n"
        "    @classmethod\n    def from_file(cls, path):\n        return cls(**load(path))\n\n"
        "    @classmethod\n    def from_any(cls, path):\n        return load(path)\n"
    )
    use = (
        "from models import Manifest\n\nmf = Manifest.from_file(1)\nprint(mf.«meta»)\n"
        "print(Manifest.from_any(1).¿meta?)\n"
    )
    expected = write_marked(tmp_path, {"models.py": model, "use.py": use})

    assert said(find(tmp_path, "Manifest", "meta", strings=StringAnalysis)) == expected
