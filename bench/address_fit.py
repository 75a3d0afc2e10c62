"""Fit the model of `songda address match` and say how well it does on pairs it has not seen.

    pip install scikit-learn    (a scratch environment: the product does not need it)
    python bench/address_fit.py ../shared/data/addresses

Prints accuracy and macro-F1 by cross-validation over queries (a query's candidates never stand on both sides), beside a
single similarity ratio with tuned thresholds, and writes songda/finding/addresses/data/match.json fitted on everything.
"""

import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

try:
    import numpy as np
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
    from sklearn.preprocessing import StandardScaler
except ImportError:
    sys.exit("address_fit needs scikit-learn: pip install scikit-learn")

from songda.finding.addresses.likeness import likeness, names  # noqa: E402 - after the path is set
from songda.finding.addresses.matching import RELATIONS, settled  # noqa: E402
from songda.finding.addresses.reading import parse  # noqa: E402

LABELS = {"不匹配": 0, "部分匹配": 1, "完全匹配": 2}
WEIGHTS = [1.0, 1.0, 1.5]  # the rare "same" counts more, as macro-F1 counts it
TREES_SHARE = 2.0  # votes of the trees for each one of the linear part
FOLDS = 5
SHUFFLES = 3  # cross-validations, each over folds of its own
RARE = 4  # pairs of characters seen in fewer texts are as telling as can be, and not stored


def rarity_of(texts: list[str]) -> dict[str, float]:
    """How telling pairs of characters are, from counts over all texts; only common ones are kept."""
    counts = Counter(pair for text in texts for pair in {text[at : at + 2] for at in range(len(text) - 1)})
    most = math.log(len(texts) / RARE)
    kept = {pair: count for pair, count in counts.items() if count >= RARE and not any(map(str.isdigit, pair))}
    return {pair: round(math.log(len(texts) / count) / most, 2) for pair, count in sorted(kept.items())}


def load(folder: Path) -> tuple[Any, Any, Any, Any, dict[str, float]]:
    """Figures, labels, query numbers and rules' verdicts (-1: none) of all pairs, and the rarity table used."""
    rows = [json.loads(line) for line in (folder / "pairs.jsonl").read_text().splitlines()]
    texts = [json.loads(line)["text"] for line in (folder / "neuralcap_dev.jsonl").read_text().splitlines()]
    texts += [row["query"] for row in rows] + [c["text"] for row in rows for c in row["candidate"]]
    rarity = rarity_of(texts)
    figures, labels, queries, ruled = [], [], [], []
    for query, row in enumerate(rows):
        a = parse(row["query"])
        for candidate in row["candidate"]:
            b = parse(candidate["text"])
            found, rule = likeness(a, b, lambda pair: rarity.get(pair, 1.0)), settled(a, b)
            figures.append(list(found.values()))
            labels.append(LABELS[candidate["label"]])
            queries.append(query)
            ruled.append(RELATIONS.index(rule.relation) if rule else -1)
    return np.array(figures), np.array(labels), np.array(queries), np.array(ruled), rarity


def grow(figures: Any, labels: Any) -> GradientBoostingClassifier:
    model = GradientBoostingClassifier(
        n_estimators=150,
        max_depth=4,
        learning_rate=0.04,
        max_features=0.1,
        min_samples_leaf=20,
        subsample=0.5,
        random_state=1,
    )
    return model.fit(figures, labels)


def fit(figures: Any, labels: Any) -> tuple[StandardScaler, LogisticRegression, GradientBoostingClassifier]:
    scaler = StandardScaler().fit(figures)
    linear = LogisticRegression(C=0.01, max_iter=1000).fit(scaler.transform(figures), labels)
    return scaler, linear, grow(figures, labels)


def guess(model: tuple[Any, Any, Any], figures: Any) -> Any:
    scaler, linear, trees = model
    chances = linear.predict_proba(scaler.transform(figures)) + TREES_SHARE * trees.predict_proba(figures)
    return (chances * WEIGHTS).argmax(1)


def best_cuts(ratio: Any, labels: Any) -> list[float]:
    """The two thresholds on a ratio that give the best macro-F1."""
    steps = [step / 50 for step in range(5, 50)]
    cuts = [[low, high] for low in steps for high in steps if low < high]
    return max(cuts, key=lambda pair: f1_score(labels, np.digitize(ratio, pair), average="macro"))


def cross_validate(figures: Any, labels: Any, queries: Any, shuffle: int) -> tuple[Any, Any]:
    """Guesses of the model and of the single ratio for every pair, each from folds without its query."""
    shuffled = np.random.RandomState(shuffle).permutation(queries.max() + 1)
    folds = shuffled[queries] % FOLDS
    ratio = figures[:, names().index("ratio")]
    guesses, simple = np.zeros_like(labels), np.zeros_like(labels)
    for fold in range(FOLDS):
        known, asked = folds != fold, folds == fold
        guesses[asked] = guess(fit(figures[known], labels[known]), figures[asked])
        simple[asked] = np.digitize(ratio[asked], best_cuts(ratio[known], labels[known]))
    return guesses, simple


def tree_nodes(tree: Any, rate: float) -> list[list[float]]:
    """Nodes as (figure, threshold, left, right, mean): -1 as figure marks a leaf."""
    t = tree.tree_
    means = np.zeros(t.node_count)
    for node in range(t.node_count - 1, -1, -1):
        left, right = t.children_left[node], t.children_right[node]
        if left < 0:
            means[node] = t.value[node].item() * rate
        else:
            sizes = t.weighted_n_node_samples
            means[node] = (means[left] * sizes[left] + means[right] * sizes[right]) / (sizes[left] + sizes[right])
    return [
        [int(max(t.feature[n], -1)), round(float(t.threshold[n]), 4), int(t.children_left[n]), int(t.children_right[n])]
        + [round(float(means[n]), 5)]
        for n in range(t.node_count)
    ]


def rounded(values: Any) -> Any:
    return np.round(values, 5).tolist()


def stored(model: tuple[Any, Any, Any], rarity: dict[str, float]) -> dict[str, Any]:
    scaler, linear, trees = model
    priors = np.log(trees.init_.class_prior_)
    return {
        "names": list(names()),
        "weights": WEIGHTS,
        "trees_share": TREES_SHARE,
        "mean": rounded(scaler.mean_),
        "scale": rounded(scaler.scale_),
        "coefficients": rounded(linear.coef_),
        "intercepts": rounded(linear.intercept_),
        "start": rounded(priors),
        "rarity": rarity,
        "trees": [[tree_nodes(tree, trees.learning_rate) for tree in stage] for stage in trees.estimators_],
    }


def report(name: str, labels: Any, guesses: Any) -> None:
    each = "  ".join(f"{value:.3f}" for value in f1_score(labels, guesses, average=None))
    accuracy, macro = accuracy_score(labels, guesses), f1_score(labels, guesses, average="macro")
    print(f"{name:<28} accuracy {accuracy:.4f}  macro-F1 {macro:.4f}  (different, part, same: {each})")


def by_relation(labels: Any, guesses: Any) -> None:
    precision, recall, _, pairs = precision_recall_fscore_support(labels, guesses)
    confused = confusion_matrix(labels, guesses)
    for at, relation in enumerate(RELATIONS):
        answers = ", ".join(f"{count} {said}" for said, count in zip(RELATIONS, confused[at], strict=True))
        print(f"  {relation:<10} precision {precision[at]:.3f}  recall {recall[at]:.3f}  of {pairs[at]}: {answers}")


def main(folder: Path) -> None:
    figures, labels, queries, ruled, rarity = load(folder)
    print(f"{len(labels)} pairs, {queries.max() + 1} queries, {figures.shape[1]} figures, {FOLDS} folds")
    for shuffle in range(SHUFFLES):
        guesses, simple = cross_validate(figures, labels, queries, shuffle)
        report("one ratio, tuned thresholds", labels, simple)
        report("the model alone", labels, guesses)
        report("match: rules, then the model", labels, np.where(ruled >= 0, ruled, guesses))
        by_relation(labels, np.where(ruled >= 0, ruled, guesses))
    fitted = fit(figures, labels)
    report("on what it was fitted to", labels, np.where(ruled >= 0, ruled, guess(fitted, figures)))
    target = ROOT / "songda/finding/addresses/data/match.json"
    numbers = stored(fitted, rarity)
    target.write_text(json.dumps(numbers, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"wrote {target.relative_to(ROOT)} ({target.stat().st_size // 1024} KB)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
