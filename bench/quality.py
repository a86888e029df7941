"""The voice beside its peers: `python -m bench.quality --json FILE` writes every figure of docs/quality.md.

Every tuning step happens inside the training folds; texts that say the same stay in one fold. Peers see the same split
in the same run. `--quick` runs one repetition and few seeds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.planted import planted
from desirepath.voice import grams, learned
from desirepath.voice.bootstrap import bootstrap
from desirepath.voice.clusters import groups
from desirepath.voice.lexicon import lexicons
from desirepath.voice.quality import ece, macro_f1
from desirepath.voice.teaching import most_helpful
from desirepath.voice.texts import clean, folded, identical
from desirepath.voice.words import stem, words

LANGUAGE = {"hotel": "zh-Hans", "delivery": "zh-Hans", "olist": "pt", "airline": "en", "banks": "ru"}
PUBLISHED = {  # other splits, so only to place our figures
    "hotel": "BERT: F1 0.896 on ChnSentiCorp (a public ablation study's README); 0.950 accuracy on another split of it",
    "delivery": "BERT: F1 0.915 on waimai_10k (the same ablation study)",
    "airline": "BERT-base: macro-F1 0.76 (a public model card); RoBERTa: macro-F1 0.820 (a university coursework)",
    "banks": "BERT-NLI is best with SentiRuEval's own training set (Golubev & Loukachevitch, arXiv 2007.14310)",
}


def folder() -> Path:
    found = Path(os.environ.get("DESIREPATH_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not found.is_dir():
        sys.exit(f"the public data sets are not at {found}; set DESIREPATH_DATA")
    return found


def rows(name: str) -> list[dict[str, str]]:
    with (folder() / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _hotel() -> list[tuple[str, int]]:
    return [
        (r["review"], int(r["label"])) for r in rows("reviews_zh_hotel/ChnSentiCorp_htl_all.csv") if r["review"].strip()
    ]


def _delivery() -> list[tuple[str, int]]:
    return [(r["review"], int(r["label"])) for r in rows("reviews_zh_delivery/waimai_10k.csv")]


def _olist() -> list[tuple[str, int]]:
    found = rows("olist/olist_order_reviews_dataset.csv")
    said = [(r["review_comment_message"], int(r["review_score"])) for r in found if r["review_comment_message"].strip()]
    return [(text, int(stars > 3)) for text, stars in said if stars != 3]


def _airline() -> list[tuple[str, int]]:
    place = {"negative": 0, "neutral": 1, "positive": 2}
    return [(r["text"], place[r["airline_sentiment"]]) for r in rows("tweets_en_airline/Tweets_6col.csv")]


def _banks() -> list[tuple[str, int]]:
    found = []
    for table in ET.parse(folder() / "tweets_ru_banks/banks_test_etalon.xml").getroot().iter("table"):
        cells = {c.get("name"): c.text for c in table.iter("column")}
        marks = {
            int(v) for k, v in cells.items() if k not in ("id", "twitid", "date", "text") and v in ("-1", "0", "1")
        }
        if len(marks) == 1:
            found.append((cells["text"] or "", marks.pop() + 1))
    return found


SETS: dict[str, Callable[[], list[tuple[str, int]]]] = {  # the four that are taught first
    "hotel": _hotel, "delivery": _delivery, "olist": _olist, "airline": _airline, "banks": _banks,
}  # fmt: skip


@cache
def data(name: str) -> tuple[list[str], np.ndarray]:
    found = SETS[name]()
    return [t for t, _ in found], np.array([y for _, y in found])


def two_classes(name: str) -> tuple[list[str], np.ndarray]:
    texts, y = data(name)
    if y.max() < 2:
        return texts, y
    return [t for t, label in zip(texts, y, strict=True) if label != 1], y[y != 1] // 2


# Learned from own ratings

FRESH = 70_000  # seeds of splits that no decision about the model was made on


def rated(name: str, repeats: int) -> dict[str, Any]:
    texts, y = data(name)
    same, classes = np.array(identical(texts)), int(y.max()) + 1
    found: dict[str, list[float]] = {"macro_f1": [], "ece": [], "tfidf_f1": []}
    for seed in range(repeats):
        parts = learned.folds(y, same, 5, FRESH + seed)
        said, p, peer = np.zeros(len(y), int), np.zeros((len(y), classes)), np.zeros(len(y), int)
        for part in range(5):
            train, test = np.flatnonzero(parts != part), np.flatnonzero(parts == part)
            model = learned.fit([texts[i] for i in train], y[train])
            p[test] = model.probabilities([texts[i] for i in test])
            said[test] = model.calibration.classes(p[test])
            if seed == 0:
                peer[test] = _tfidf([texts[i] for i in train], y[train], [texts[i] for i in test])
        found["macro_f1"].append(macro_f1(y, said, classes))
        found["ece"].append(ece(p, y))
        if seed == 0:
            found["tfidf_f1"].append(macro_f1(y, peer, classes))
        print(f"{name}: repeat {seed}: F1 {found['macro_f1'][-1]:.4f}, ECE {found['ece'][-1]:.4f}", flush=True)
    majority = np.full(len(y), np.bincount(y).argmax())
    peers = {"majority": macro_f1(y, majority, classes), "tfidf_characters": found["tfidf_f1"][0], **_untaught(name)}
    return {
        "texts": len(y), "classes": classes, "macro_f1": float(np.mean(found["macro_f1"])),
        "macro_f1_each": found["macro_f1"], "ece": float(np.mean(found["ece"])), "peers": peers,
        "published": PUBLISHED.get(name),
    }  # fmt: skip


def _tfidf(train: list[str], y: np.ndarray, test: list[str]) -> np.ndarray:
    """Plain TF-IDF characters with defaults."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    model = LogisticRegression(max_iter=300).fit(vectoriser.fit_transform(train), y)
    return model.predict(vectoriser.transform(test))


def _untaught(name: str) -> dict[str, float]:
    """Peers that learn nothing, on all texts of the set."""
    texts, y = data(name)
    classes = int(y.max()) + 1
    found: dict[str, float] = {}
    for peer, score in peer_scores(name, texts).items():
        said = np.where(score < -0.05, 0, np.where(score > 0.05, 2, 1)) if classes == 3 else (score > 0).astype(int)
        found[peer] = macro_f1(y, said, classes)
    return found


def peer_scores(name: str, texts: list[str]) -> dict[str, np.ndarray]:
    """What word lists and ready models of others say, −1 … 1."""
    if name == "airline":
        from textblob import TextBlob
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        vader = SentimentIntensityAnalyzer()
        return {
            "vader": np.array([vader.polarity_scores(t)["compound"] for t in texts]),
            "textblob": np.array([TextBlob(t).sentiment.polarity for t in texts]),
        }
    if name in ("hotel", "delivery"):
        from snownlp import SnowNLP

        return {"snownlp": np.array([2 * SnowNLP(t).sentiments - 1 if t.strip() else 0.0 for t in texts])}
    return {}


# No labels at all


def unrated(name: str) -> dict[str, Any]:
    texts, y = two_classes(name)
    lexicon = lexicons()[LANGUAGE[name]]
    reading = bootstrap(texts, lexicon).read(texts)
    alone = np.array([lexicon.read(clean(t)).score for t in texts])
    out = {
        "texts": len(y),
        "macro_f1": macro_f1(y, (reading.score > 0).astype(int), 2),
        "lexicon_alone": macro_f1(y, (alone > 0).astype(int), 2),
        "chance": 0.5,
        "peers": {k: macro_f1(y, (s > 0).astype(int), 2) for k, s in peer_scores(name, texts).items()},
    }
    if data(name)[1].max() == 2:
        every, labels = data(name)
        out["macro_f1_three_classes"] = macro_f1(labels, bootstrap(every, lexicon).read(every).state, 3)
    print(f"{name}: no labels: {out['macro_f1']:.4f} (lexicon alone {out['lexicon_alone']:.4f})", flush=True)
    return out


# Teaching

LABELS = (0, 50, 100, 200, 500, 1_000)


def taught(name: str, seeds: int) -> dict[str, Any]:
    """Macro-F1 on a held-out 30 % after so many labels, taught or drawn at random; the same learner, the same hints."""
    texts, y = two_classes(name)
    counted = grams.count([folded(clean(t)) for t in texts])
    reading = bootstrap(texts, lexicons()[LANGUAGE[name]]).read(texts)
    curves: dict[str, list[list[float]]] = {"taught": [], "random": []}
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(len(y))
        test, pool = order[: int(0.3 * len(y))], order[int(0.3 * len(y)) :]
        for how in curves:
            curves[how].append(_lessons(counted, y, reading, test, pool, how == "taught", seed))
    out = {how: [float(m) for m in np.median(curve, axis=0)] for how, curve in curves.items()}
    print(f"{name}: taught {np.round(out['taught'], 4)}, random {np.round(out['random'], 4)}", flush=True)
    ahead = out["taught"][LABELS.index(500)] >= out["random"][LABELS.index(1_000)]
    return {"labels": list(LABELS), **out, "seeds": seeds, "taught_500_at_least_random_1000": bool(ahead)}


def _lessons(counted: Any, y: Any, reading: Any, test: Any, pool: Any, helped: bool, seed: int) -> list[float]:
    held = counted.rows(test)
    inside = counted.rows(pool)
    out = [macro_f1(y[test], (reading.score[test] > 0).astype(int), 2)]
    labelled = np.zeros(len(pool), bool)
    certainty = np.abs(reading.score[pool])
    guess = (reading.score[pool] > 0).astype(int)
    sure = np.where(np.abs(reading.score[pool]) > 0.3, np.abs(reading.score[pool]), 0)
    done = 0
    for goal in LABELS[1:]:
        while done < goal:
            batch = min(25 if done < 100 else 50, goal - done)
            if helped:
                chosen = most_helpful(certainty, labelled, batch, seed=seed * 1_000 + done)
            else:
                chosen = np.flatnonzero(~labelled)[:batch]
                batch = goal - done
                chosen = np.flatnonzero(~labelled)[:batch]
            labelled[chosen] = True
            done += len(chosen)
            if helped and done < goal:
                certainty = np.abs(_margin(inside, y[pool], labelled, guess, sure, inside))
            if not len(chosen):
                break
        out.append(macro_f1(y[test], (_margin(inside, y[pool], labelled, guess, sure, held) > 0).astype(int), 2))
        if helped:
            certainty = np.abs(_margin(inside, y[pool], labelled, guess, sure, inside))
    return out


def _margin(inside: Any, y: Any, labelled: Any, guess: Any, sure: Any, asked: Any) -> Any:
    hint = ~labelled & (sure > 0)
    used = np.flatnonzero(labelled | hint)
    weight = np.where(labelled, 1.0, sure * min(1.0, learned.HINTED / max(sure[hint].sum(), 1e-9)))[used]
    table = learned.teach(inside.rows(used), np.where(labelled, y, guess)[used], 1.0, weight)
    return learned.voted(table.margins(asked), 2)[:, 1]


# Speed


def speed() -> dict[str, Any]:
    texts, y = data("delivery")
    model = learned.fit(texts, y)
    model.probabilities(texts[:100])
    best = min(_timed(lambda: model.probabilities(texts)) for _ in range(5))
    from sklearn.feature_extraction.text import HashingVectorizer

    vectoriser = HashingVectorizer(analyzer="char_wb", ngram_range=(1, 6))
    peer = min(_timed(lambda: vectoriser.transform(texts)) for _ in range(2))
    return {"texts_a_second": len(texts) / best, "scikit_learn_hashing_alone": len(texts) / peer}


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


# Themes


def _complaints() -> tuple[list[str], list[str]]:
    found = [(r["text"], r["negativereason"]) for r in rows("tweets_en_airline/Tweets_6col.csv") if r["negativereason"]]
    return [t for t, _ in found], [r for _, r in found]


def _questions() -> tuple[list[str], list[str]]:
    found = rows("questions_en_banking/train.csv")
    return [r["text"] for r in found], [r["category"] for r in found]


def themes(name: str, pairs: int) -> dict[str, Any]:
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    texts, reasons = {"airline_complaints": _complaints, "banking_questions": _questions}[name]()
    k = len(set(reasons))
    stems = [[stem(w, "en") for w in words(t, "en")] for t in texts]
    makers: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "ours": lambda i: groups([stems[j] for j in i], k),
        "tfidf_kmeans": lambda i: _kmeans([texts[j] for j in i], k, None),
        "lsa_kmeans": lambda i: _kmeans([texts[j] for j in i], k, 100),
    }
    out: dict[str, Any] = {"texts": len(texts), "k": k}
    for maker, make in makers.items():
        v, agree = [], []
        for seed in range(pairs):
            rng = np.random.default_rng(seed)
            one, two = (np.sort(rng.permutation(len(texts))[: int(0.8 * len(texts))]) for _ in range(2))
            first, second = make(one), make(two)
            _, a, b = np.intersect1d(one, two, return_indices=True)
            agree.append(adjusted_rand_score(first[a], second[b]))
            v += [v_measure_score([reasons[j] for j in i], g) for i, g in ((one, first), (two, second))]
        out[maker] = {"v_measure": float(np.mean(v)), "ari": float(np.mean(agree))}
        print(f"{name}: {maker}: V {out[maker]['v_measure']:.4f}, ARI {out[maker]['ari']:.3f}", flush=True)
    return out


def _kmeans(texts: list[str], k: int, latent: int | None) -> np.ndarray:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    space = TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True).fit_transform(texts)
    if latent:
        space = normalize(TruncatedSVD(latent, random_state=0).fit_transform(space))
    return KMeans(k, n_init=3, random_state=0).fit(space).labels_


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="one repetition, few seeds")
    every = ["speed", "unrated", "rated", "themes", "taught", "planted"]
    parser.add_argument("--only", nargs="*", choices=every, default=None)
    parser.add_argument("--sets", nargs="*", help="only these sets")
    chosen = parser.parse_args()
    parts = chosen.only or every
    repeats, seeds, pairs, companies = (1, 3, 1, 2) if chosen.quick else (3, 10, 2, 20)
    figures: dict[str, Any] = {}
    if chosen.json and chosen.json.exists():
        figures = json.loads(chosen.json.read_text("utf-8"))
    work: dict[str, Callable[[str], Any]] = {
        "rated": lambda n: rated(n, repeats),
        "unrated": unrated,
        "taught": lambda n: taught(n, seeds),
        "themes": lambda n: themes(n, pairs),
        "speed": lambda _: speed(),
        "planted": lambda _: planted(companies, first=100),
    }
    asked = {"themes": ["airline_complaints", "banking_questions"], "speed": ["delivery"], "planted": ["simulated"]}
    asked["taught"] = list(SETS)[:4]
    for part in parts:
        for name in asked.get(part, list(SETS)):
            if chosen.sets and name not in chosen.sets:
                continue
            figures.setdefault(part, {})[name] = work[part](name)
            if chosen.json:  # after each set, so that a long run loses nothing
                chosen.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if not chosen.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
