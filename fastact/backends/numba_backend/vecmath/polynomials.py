"""Polynomials with coefficients per type."""

from ..number import mul_add


def polynomial(float32, float64, careful=False):
    """A function of x with these coefficients, from the constant term on.

    Terms are taken by pairs, which halves the latency. That rounds the first pair once more than
    Horner's rule does; with `careful` the first two terms come last, one by one.
    """

    def evaluate(x):
        coefficients = [x.constant(c) for c in (float32 if x.single else float64)]
        first, rest = (coefficients[:2], coefficients[2:]) if careful else ([], coefficients)
        square = x * x
        pairs = [
            mul_add(x, pair[1], pair[0]) if len(pair) == 2 else pair[0]
            for pair in (rest[k : k + 2] for k in range(0, len(rest), 2))
        ]
        result = pairs.pop()
        while pairs:
            result = mul_add(square, result, pairs.pop())
        while first:
            result = mul_add(x, result, first.pop())
        return result

    evaluate.coefficients = {"float32": float32, "float64": float64}
    return evaluate
