"""What the losses are, mathematically, one row or one number at a time. Imports nothing of fastact.

Everything is a sum of terms of one sign, so that mpmath loses nothing, however small a result is.
"""

from oracle import mp

INF = mp.inf


def shares_of(label, n, smoothing=0.0, weight=None):
    """The shares of n classes: of a label that is a number, or that is a probability for each."""
    weight = [mp.one] * n if weight is None else [mp.mpf(float(w)) for w in weight]
    smoothing = mp.mpf(float(smoothing))
    if isinstance(label, int):
        plain = [mp.one if k == label else mp.zero for k in range(n)]
    else:
        plain = [mp.mpf(float(p)) for p in label]
    return [w * ((1 - smoothing) * p + smoothing / n) for w, p in zip(weight, plain, strict=True)]


def cross_entropy(row, shares):
    """The loss, its gradient, and the size of the terms that cancel in each component of that."""
    row = [float(x) for x in row]
    n = len(row)
    top = max(row) if all(x == x for x in row) else mp.nan
    undefined = [mp.nan] * n
    if top != top or top == -INF:
        return mp.nan, undefined, undefined
    if top == INF:
        return infinite(row, shares)
    e = [mp.exp(mp.mpf(x) - mp.mpf(top)) for x in row]
    total = mp.fsum(e)
    first = row.index(top)
    log_sum = mp.log1p(mp.fsum(e[:first] + e[first + 1 :]))
    loss = mp.fsum(q * (top - mp.mpf(x) + log_sum) for x, q in zip(row, shares, strict=True) if q)
    gradient, size = [], []
    for k, (mine, share) in enumerate(zip(e, shares, strict=True)):
        other_shares = mp.fsum(shares[:k] + shares[k + 1 :])
        other_e = mp.fsum(e[:k] + e[k + 1 :])
        # sum(q) p - q = p (sum of the other q) - q (sum of the other p)
        gradient.append((mine * other_shares - share * other_e) / total)
        size.append((mine * other_shares + share * other_e) / total)
    return loss, gradient, size


def infinite(row, shares):
    """One +inf is a softmax of 1; of several, each is as undefined as inf/inf."""
    winners = [k for k, x in enumerate(row) if x == INF]
    elsewhere = mp.fsum(q for k, q in enumerate(shares) if k not in winners)
    loss = INF if elsewhere else mp.zero
    if len(winners) > 1 and any(shares[k] for k in winners):
        loss = mp.nan
    certain = elsewhere if len(winners) == 1 else mp.nan
    gradient = [certain if k in winners else -q for k, q in enumerate(shares)]
    return loss, gradient, [abs(value) for value in gradient]


def binary(x, target, pos_weight=1.0, weight=1.0):
    """The loss of one logit, its gradient, and the size of the terms that cancel in that."""
    numbers = [float(v) for v in (x, target, pos_weight, weight)]
    if any(v != v for v in numbers):
        return mp.nan, mp.nan, mp.nan
    x, target, pos_weight, weight = map(mp.mpf, numbers)
    no, yes = weight * (1 - target), weight * pos_weight * target
    e = mp.exp(-abs(x))
    slant = no if x > 0 else yes
    loss = (slant * abs(x) if slant else mp.zero) + (no + yes) * mp.log1p(e)
    near, far = 1 / (1 + e), e / (1 + e)
    plus, minus = (near, far) if x > 0 else (far, near)
    return loss, no * plus - yes * minus, abs(no) * plus + abs(yes) * minus
