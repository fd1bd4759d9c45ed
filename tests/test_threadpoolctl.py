"""threadpoolctl sees and limits fastact's threads, in whatever order the two are imported."""

import pytest
from processes import STRICT, output_of

pytest.importorskip("threadpoolctl")

FASTACT, OTHER = "import fastact as fa", "import threadpoolctl"
ORDERS = {
    "threadpoolctl first": f"{OTHER}; {FASTACT}",
    "fastact first": f"{FASTACT}; {OTHER}",
    "after a call": f"{FASTACT}; fa.tanh([0.5] * 100_000); {OTHER}",
    "listed before": f"{OTHER}; threadpoolctl.threadpool_info(); {FASTACT}",
    "from import": f"{FASTACT}; from threadpoolctl import threadpool_limits; {OTHER}",
}


@pytest.mark.parametrize("order", ORDERS)
def test_it_is_listed_and_limited(order):
    found = output_of(
        f"""
        {ORDERS[order]}
        fa.set_num_threads(3)

        def listed():
            found = threadpoolctl.threadpool_info()
            return [pool for pool in found if pool["user_api"] == "fastact"]

        (pool,) = listed()
        print(pool["num_threads"], pool["version"] == fa.__version__, "_engine" in pool["filepath"])
        with threadpoolctl.threadpool_limits(1):
            print(fa.get_num_threads(), listed()[0]["num_threads"])
            with fa.threads(2):
                print(fa.get_num_threads())
        with threadpoolctl.threadpool_limits(2, user_api="fastact"):
            print(fa.get_num_threads())
        with threadpoolctl.threadpool_limits(1, user_api="blas"):
            print(fa.get_num_threads())
        print(fa.get_num_threads())
        """,
        arguments=STRICT,
    )
    assert found.splitlines() == ["3 True True", "1 1", "2", "2", "3", "3"]


def test_it_is_not_imported_and_other_imports_are_left_alone():
    found = output_of(
        """
        import sys
        before = list(sys.meta_path)
        import fastact
        print("threadpoolctl" in sys.modules, [f for f in before if f not in sys.meta_path])
        import threadpoolctl, json.tool
        print(sys.meta_path == before, threadpoolctl.__spec__.name, threadpoolctl.__file__[-16:])
        try:
            import threadpoolctl.missing
        except ImportError as error:
            print(error.name)
        """
    )
    assert found.splitlines() == [
        "False []",
        "True threadpoolctl threadpoolctl.py",
        "threadpoolctl.missing",
    ]


def test_where_it_is_not_there():
    found = output_of(
        """
        import sys
        import fastact as fa

        class Hidden:
            def find_spec(self, name, path=None, target=None):
                if name == "threadpoolctl":
                    raise ModuleNotFoundError("hidden", name=name)

        sys.meta_path.insert(1, Hidden())
        for _ in range(2):
            try:
                import threadpoolctl
            except ModuleNotFoundError as error:
                print(error, error.name)
        sys.meta_path.pop(1)
        import threadpoolctl
        print([p["user_api"] for p in threadpoolctl.threadpool_info()].count("fastact"))
        """,
        arguments=STRICT,
    )
    assert found.splitlines() == ["hidden threadpoolctl"] * 2 + ["1"]
