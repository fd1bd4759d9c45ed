"""`with fa.use_backend(...)` and `with fa.threads(...)`: what they choose ends with the block."""

import signal

import pytest
from processes import output_of

import fastact as fa


def test_use_backend_is_undone_also_after_an_error():
    before = fa.get_backend()
    with fa.use_backend("numpy"):
        assert fa.get_backend() == "numpy"
        with fa.use_backend("cython-baseline"):
            assert fa.get_backend() == "cython-baseline"
        assert fa.get_backend() == "numpy"
        with pytest.raises(ZeroDivisionError), fa.use_backend("cython-baseline"):
            raise ZeroDivisionError
        assert fa.get_backend() == "numpy"
    assert fa.get_backend() == before


def test_a_block_within_itself_and_around_a_function():
    before = fa.get_num_threads()
    one = fa.threads(1)
    with one:
        with one:
            assert fa.get_num_threads() == 1
        assert fa.get_num_threads() == 1

    @fa.use_backend("numpy")
    @one
    def chosen(depth):
        return chosen(depth - 1) if depth else (fa.get_backend("gelu"), fa.get_num_threads())

    assert chosen(2) == ("numpy", 1)
    assert fa.get_num_threads() == before


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such signals on this system")
def test_an_interrupt_leaves_no_choice_behind():
    """Ctrl-C between what a block sets and what it remembers of that would keep the choice."""
    code = """
        import random, signal
        import fastact as fa

        def interrupt(*arguments):
            global armed
            if armed:
                armed = False
                raise KeyboardInterrupt

        before = fa.get_backend("gelu"), fa.get_num_threads()
        signal.signal(signal.SIGALRM, interrupt)
        for _ in range(1000):
            armed = True
            try:
                signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 1e-3))
                while armed:
                    with fa.use_backend("numpy"), fa.threads(1):
                        pass
            except KeyboardInterrupt:
                pass
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert (fa.get_backend("gelu"), fa.get_num_threads()) == before
        print("as before")
    """
    assert output_of(code, FASTACT_NUM_THREADS="2") == "as before"
