"""Gradient boosting with objectives of fastact: what XGBoost, LightGBM and CatBoost ask of a user.

    pip install ".[examples]"
    python examples/boosting.py

An objective takes the raw scores and the labels, and returns the gradient and the second derivative
of the loss in each score. Here trees of scikit-learn are fitted to them.
"""

import argparse

import numpy as np
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.tree import DecisionTreeRegressor

import fastact as fa

LEAST_CURVATURE = 1e-6  # a step is gradient / curvature


def yes_or_no(scores, labels):
    """Binary cross-entropy."""
    gradient = fa.binary_cross_entropy_with_logits.backward(scores, labels, reduction="sum")
    return gradient, fa.sigmoid.derivative(scores)


def one_of_several(scores, labels):
    """Softmax cross-entropy of scores (n, classes): p - 1 of the label, p of others; p (1 - p)."""
    gradient = fa.softmax_cross_entropy.backward(scores, labels, reduction="sum")
    p = fa.softmax(scores)
    likely = p > 0.5  # of which 1 - p, as a difference, has few digits or none
    others = np.sum(p, axis=1, keepdims=True, where=~likely)
    return gradient, p * np.where(likely, others, 1 - p)


@fa.define
def focal(score, gamma=2.0):
    """-(1 - p)**gamma * log(p), of the score of the right answer, and its slope."""
    p, q, log_p = fa.sigmoid(score), fa.sigmoid(-score), fa.log_sigmoid(score)
    return -(q**gamma) * log_p, q**gamma * (gamma * p * log_p - q)


@fa.define
def focal_slope(score, gamma=2.0):
    """That slope, and the slope of it."""
    p, q, log_p = fa.sigmoid(score), fa.sigmoid(-score), fa.log_sigmoid(score)
    curvature = p * q**gamma * ((1 + 2 * gamma) * q + gamma * log_p * (q - gamma * p))
    return q**gamma * (gamma * p * log_p - q), curvature


def hard_ones_first(scores, labels):
    """Focal loss (Lin et al. 2017, arXiv:1708.02002): what is right already counts for little."""
    sign = 2 * labels - 1
    slope, curvature = focal_slope.forward_backward(sign * scores)
    return sign * slope, curvature


def boosted(objective, features, labels, others, outputs, rounds=20, rate=0.3):
    """Scores of other features after some rounds of Newton's method, a tree per output in each."""
    shape = () if outputs == 1 else (outputs,)
    scores = np.zeros((len(features), *shape), order="F")  # those of a class lie together
    other_scores = np.zeros((len(others), *shape), order="F")
    for _ in range(rounds):
        gradient, curvature = objective(scores, labels)
        curvature = np.maximum(curvature, LEAST_CURVATURE)
        for output in np.ndindex(shape):
            g, h = gradient[:, *output], curvature[:, *output]
            tree = DecisionTreeRegressor(max_depth=3, min_samples_leaf=5, random_state=0)
            tree.fit(features, -g / h, sample_weight=h)
            scores[:, *output] += rate * tree.predict(features)
            other_scores[:, *output] += rate * tree.predict(others)
    return other_scores


def accuracy(objective, features, labels, outputs=1):
    """Share of right answers on a third of the data that nothing was fitted to."""
    test = np.arange(len(labels)) % 3 == 0
    scores = boosted(objective, features[~test], labels[~test], features[test], outputs)
    answers = scores > 0 if outputs == 1 else np.argmax(scores, axis=1)
    return np.mean(answers == labels[test])


def main():
    explained = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=explained).parse_args()
    tumours, wines = load_breast_cancer(return_X_y=True), load_wine(return_X_y=True)
    print(f"yes_or_no        {accuracy(yes_or_no, *tumours):.1%} of the test data right")
    print(f"hard_ones_first  {accuracy(hard_ones_first, *tumours):.1%}")
    print(f"one_of_several   {accuracy(one_of_several, *wines, outputs=3):.1%}")


if __name__ == "__main__":
    main()
