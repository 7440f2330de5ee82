from untrusted_scene import Hostile
def test_x(hostile: Hostile) -> None:
    found = hostile.json("detect", code=None)
    print(found.keys())
    from collections import Counter
    print(Counter((c["kind"], c["state"]) for c in found["changes"]))
    assert 0
