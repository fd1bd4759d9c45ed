"""Which backend runs: use_backend, set_backend, get_backend, available_backends, show_config."""

import asyncio
import threading

import numpy as np
import pytest
from operations import ELEMENTWISE, ROWWISE, VARIANTS, Operations

import fastact as fa


@pytest.fixture(autouse=True)
def default_backend():
    """set_backend is process-wide: put back what it was."""
    before = fa.get_backend()
    yield
    fa.set_backend(before)


def test_all_kinds_of_backend_are_here():
    assert {"cython-baseline", "numpy"} <= set(VARIANTS)
    assert len(set(VARIANTS)) == len(VARIANTS)
    reasons = fa.available_backends()
    assert {"cython", "numba", "numpy"} <= set(reasons)
    assert all(
        reason is None or (isinstance(reason, str) and reason) for reason in reasons.values()
    )


def test_every_variant_runs_its_own_loops(variant):
    with fa.use_backend(variant):
        for activation in [*ELEMENTWISE, *ROWWISE]:
            assert fa.get_backend(activation) == variant


def test_variants_are_distinct_kernels():
    """A test that compares a backend with itself would be green for ever."""
    ufuncs = {}
    for variant in VARIANTS:
        with fa.use_backend(variant):
            for activation in ELEMENTWISE:
                required = Operations(activation, variant).required
                ufuncs[variant, activation] = recorded_ufunc(getattr(fa, activation), *required)
    assert len({id(ufunc) for ufunc in ufuncs.values()}) == len(VARIANTS) * len(ELEMENTWISE)


def recorded_ufunc(call, *arguments):
    class Recorder:
        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            return ufunc

    return call(Recorder(), *arguments)


def test_operations_are_distinct_kernels(activation, variant):
    face, required = getattr(fa, activation), Operations(activation, variant).required
    with fa.use_backend(variant):
        ufuncs = [
            recorded_ufunc(face, *required),
            recorded_ufunc(face.backward, 1.0, *required),
            recorded_ufunc(face.forward_backward, 1.0, *required),
            recorded_ufunc(face.derivative, *required),
        ]
    assert len({id(ufunc) for ufunc in ufuncs}) == 4


def test_overrides():
    with fa.use_backend("numpy,tanh=cython-baseline,softmax=cython-baseline"):
        assert fa.get_backend("tanh") == fa.get_backend("softmax") == "cython-baseline"
        assert fa.get_backend("sigmoid") == fa.get_backend("logsumexp") == "numpy"


def test_set_backend_is_process_wide_and_use_backend_is_not():
    seen = {}

    def look(key):
        seen[key] = fa.get_backend()

    fa.set_backend("numpy")
    with fa.use_backend("cython-baseline"):
        look("here")
        run_in_thread(look, "thread")
        fa.set_backend("cython-baseline,tanh=numpy")
        run_in_thread(look, "later thread")
    look("after")
    assert seen["here"] == "cython-baseline"
    assert seen["thread"] == "numpy"
    assert seen["later thread"] == seen["after"] == "cython-baseline,tanh=numpy"


def run_in_thread(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_threads_do_not_see_each_others_choice():
    barrier = threading.Barrier(len(VARIANTS))
    seen = {}

    def work(variant):
        with fa.use_backend(variant):
            for _ in range(20):
                barrier.wait(30)
                seen.setdefault(variant, set()).add(fa.get_backend("tanh"))
                fa.tanh(np.ones(3))

    threads = [threading.Thread(target=work, args=(variant,)) for variant in VARIANTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {variant: {variant} for variant in VARIANTS}


def test_tasks_do_not_see_each_others_choice():
    seen = {}

    async def work(variant):
        with fa.use_backend(variant):
            for _ in range(5):
                await asyncio.sleep(0)
                seen.setdefault(variant, set()).add(fa.get_backend("softmax"))

    async def main():
        await asyncio.gather(*(work(variant) for variant in VARIANTS))

    asyncio.run(main())
    assert seen == {variant: {variant} for variant in VARIANTS}


@pytest.mark.parametrize("choose", ["use_backend", "set_backend"])
def test_wrong_names_raise_at_once_and_list_the_choices(choose):
    before = fa.get_backend()
    choices = ("cython", "numba", "numpy", "sigmoid")
    wrong = (
        "fortran",
        "numpy,tanh=fortran",
        "numpy,nosuch=numpy",
        "numpy,tanh",
        "",
        "numpy,,",
        "cython-avx9",
    )
    for spec in wrong:
        with pytest.raises(ValueError, match="|".join(choices)):
            enter(choose, spec)
    with pytest.raises(ValueError, match=r"(?s)fortran.*cython.*numba.*numpy"):
        enter(choose, "fortran")
    with pytest.raises(ValueError, match=r"(?s)nosuch.*sigmoid.*softmax"):
        enter(choose, "numpy,nosuch=numpy")
    with pytest.raises(TypeError):
        enter(choose, 3)
    assert fa.get_backend() == before


def enter(choose, spec):
    if choose == "set_backend":
        fa.set_backend(spec)
    else:
        with fa.use_backend(spec):
            pass


def test_aliases_name_an_activation():
    with fa.use_backend("numba,hardtanh=numpy"):
        assert fa.get_backend("hardtanh") == fa.get_backend("hard_tanh") == "numpy"
    with pytest.raises(ValueError, match="two backends for hardtanh"):
        fa.set_backend("auto,hard_tanh=numpy,hardtanh=numba")


def test_a_comma_too_many():
    for given in ("numpy,", "numba,softmax=cython,", ",numpy"):
        with pytest.raises(ValueError, match="a comma too many"):
            fa.set_backend(given)


def test_columns_are_as_wide_as_the_longest_name(capsys):
    fa.show_config()
    lines = capsys.readouterr().out.partition("activations\n")[2].splitlines()
    names = [line.split()[0] for line in lines]
    columns = {line.index(fa.get_backend(name)) for name, line in zip(names, lines, strict=True)}
    assert len(columns) == 1


def test_get_backend_of_an_unknown_activation():
    with pytest.raises(ValueError, match="nosuch"):
        fa.get_backend("nosuch")


def test_results_come_from_the_chosen_backend():
    """A face must not keep the ufunc of an earlier choice."""
    seen = {}
    for variant in [*VARIANTS, *reversed(VARIANTS)]:
        fa.set_backend(variant)
        chosen = recorded_ufunc(fa.tanh)
        assert seen.setdefault(variant, chosen) is chosen
        with fa.use_backend(variant):
            assert recorded_ufunc(fa.tanh) is chosen
    assert len({id(ufunc) for ufunc in seen.values()}) == len(VARIANTS)


def test_show_config_tells_the_truth(capsys):
    config = fa.show_config(mode="dict")
    assert capsys.readouterr().out == ""
    assert config["version"] == fa.__version__
    assert config["versions"]["numpy"] == np.__version__
    assert config["backends"] == fa.available_backends()
    assert config["threads"] == fa.get_num_threads()
    assert config["instruction_set"] in config["instruction_sets"]
    with fa.use_backend("numpy,tanh=cython-baseline"), fa.threads(3):
        config = fa.show_config(mode="dict")
        assert config["selected"]["tanh"]["backend"] == "cython-baseline"
        assert config["selected"]["sigmoid"]["backend"] == "numpy"
        assert config["threads"] == 3
        assert fa.show_config() is None
        printed = capsys.readouterr().out
    for word in [fa.__version__, "cython-baseline", "numpy", "numba", *ELEMENTWISE, *ROWWISE]:
        assert word in printed
    with pytest.raises(ValueError, match="dict"):
        fa.show_config(mode="xml")


def test_thread_counts():
    before = fa.get_num_threads()
    assert isinstance(before, int)
    assert before >= 1
    with fa.threads(3):
        assert fa.get_num_threads() == 3
        with fa.threads(1):
            assert fa.get_num_threads() == 1
        assert fa.get_num_threads() == 3
    assert fa.get_num_threads() == before
    seen = []
    try:
        fa.set_num_threads(2)
        run_in_thread(lambda: seen.append(fa.get_num_threads()))
        with fa.threads(5):
            run_in_thread(lambda: seen.append(fa.get_num_threads()))
    finally:
        fa.set_num_threads(before)
    assert seen == [2, 2]


@pytest.mark.parametrize("count", [0, -1, 1.5, "two", None])
def test_wrong_thread_counts(count):
    before = fa.get_num_threads()
    with pytest.raises((ValueError, TypeError)):
        fa.set_num_threads(count)
    with pytest.raises((ValueError, TypeError)), fa.threads(count):
        pass
    assert fa.get_num_threads() == before
