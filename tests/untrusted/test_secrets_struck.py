"""What is struck out of other programs' words, and that the rest still says what is wrong."""

from __future__ import annotations

import pytest
from secrets_corpus import SIGN

from bravo_agent.stores.application._struck import struck


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://u:{SIGN}@h/d",
        f"redis+tls://:{SIGN}@h",
        f"mongodb+srv://u:{SIGN}...cut",
        f"https://me:{SIGN}@host/path",
        f"host=h password={SIGN} user=u",
        f"host=h password='a {SIGN}' user=u",
        f"{{'password': '{SIGN}', 'user': 'u'}}",
        f'{{"api_key": "{SIGN}"}}',
        f"Settings(secret_token='{SIGN}', debug=True)",
        f"int_parsing, input_value='{SIGN[:3]}...{SIGN}', input_type=str]",
        f"a very own way to say {SIGN}-of-the-environment",
    ],
)
def test_what_looks_like_a_secret_is_struck(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_API_TOKEN", f"{SIGN}-of-the-environment")
    assert SIGN not in struck(text)


@pytest.mark.parametrize(
    "text",
    [
        'File "/srv/app/models.py", line 3, in <module>',
        "ModuleNotFoundError: No module named 'campaigns.settings'",
        "KeyError: 'DATABASE_URL'",
        "see https://errors.pydantic.dev/2.13/v/missing",
        "value is not a valid integer [type=int_parsing, input_type=str]",
        "NameError: name 'token' is not defined",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert struck(text) == text
