from kpicore.definitions.curves import BUILT_IN_CURVES, FORM_PARAMETERS


def test_built_in_curves_have_what_their_form_needs() -> None:
    assert [curve.name for curve in BUILT_IN_CURVES] == ["ratio", "linear"]
    for curve in BUILT_IN_CURVES:
        assert tuple(curve.params) == FORM_PARAMETERS[curve.form]
