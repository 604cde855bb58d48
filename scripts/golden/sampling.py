#!/usr/bin/env python3
"""Expected distributions for the sampler's tests, computed with NumPy from the formulas alone.

    python3 scripts/golden/sampling.py > Tests/SamplingTests/Golden/sampling.json

Each case has logits, settings by their names in session files, a token history, and the remaining tokens with their
probabilities, likeliest first. Tokens are bytes, so that DRY's sequence breakers can be texts.
"""

import json
import numpy as np

OFF = dict(temperature=1.0, topK=0, topP=1.0, minP=0.0)


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def order(x):
    """Indices by descending logit; of equal logits, earlier ones come first."""
    return np.lexsort((np.arange(len(x)), -x))


def drop(x, keep):
    y = x.copy()
    y[~keep] = -np.inf
    return y


def present(x):
    return x > -np.inf


def penalties(x, s, history):
    x = x.copy()
    last = s.get("repeatLastN", 64)
    recent = history if last < 0 else history[len(history) - min(last, len(history)):]
    for token in set(recent):
        logit = x[token]
        logit = logit / s.get("repeatPenalty", 1) if logit > 0 else logit * s.get("repeatPenalty", 1)
        logit -= recent.count(token) * s.get("frequencyPenalty", 0) + s.get("presencePenalty", 0)
        x[token] = logit
    return x


def dry(x, s, history):
    if not s.get("dryMultiplier"):
        return x
    x = x.copy()
    base, allowed = s.get("dryBase", 1.75), s.get("dryAllowedLength", 2)
    last = s.get("dryPenaltyLastN", -1)
    h = history if last < 0 else history[len(history) - min(last, len(history)):]
    text = bytes(h)
    breakers = [b.encode() for b in s.get("drySequenceBreakers", ["\n", ":", '"', "*"])]
    limit = len(h)
    for b in breakers:
        at = text.rfind(b)
        if at >= 0:
            limit = min(limit, len(h) - at - len(b))
    longest = {}
    for at in range(len(h) - 1):  # the token after `at` would continue the sequence that ends at `at`
        length = 0
        while length <= at and h[at - length] == h[len(h) - 1 - length]:
            length += 1
        length = min(length, limit)
        if length >= allowed:
            longest[h[at + 1]] = max(longest.get(h[at + 1], 0), length)
    for token, length in longest.items():
        if bytes([token]) not in breakers:
            x[token] -= s["dryMultiplier"] * base ** (length - allowed)
    return x


def top_n_sigma(x, n):
    finite = x[present(x)]
    return drop(x, x >= finite.max() - n * finite.std())


def top_k(x, k):
    keep = np.zeros(len(x), bool)
    keep[order(x)[:k]] = True
    return drop(x, keep)


def prefix(x, ranking, p, more):
    probabilities = softmax(x)
    total, keep = 0.0, np.zeros(len(x), bool)
    for i in ranking:
        keep[i] = True
        total += probabilities[i]
        if total > p if more else total >= p:
            break
    return drop(x, keep)


def typical_p(x, p):
    q = softmax(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = -np.log(q)
        entropy = np.nansum(np.where(q > 0, q * surprise, 0))
    return prefix(x, np.argsort(np.abs(surprise - entropy), kind="stable"), p, True)


def min_p(x, p):
    q = softmax(x)
    return drop(x, q >= p * q.max())


def xtc(x, threshold):
    q = softmax(x)
    good = [i for i in order(x) if q[i] >= threshold]
    keep = np.ones(len(x), bool)
    keep[good[:-1]] = False
    return drop(x, keep)


def temperature(x, s):
    t, r = s.get("temperature", 0.8), s.get("dynamicTemperatureRange", 0)
    if r > 0:
        q = softmax(x)[present(x)]
        if len(q) > 1:
            spread = -(q * np.log(q)).sum() / np.log(len(q))
            low, high = max(0, t - r), t + r
            t = low + (high - low) * spread ** s.get("dynamicTemperatureExponent", 1)
        else:
            t = 1
    return x / t if t > 0 else top_k(x, 1)


def mirostat(x, s):
    mu = 2 * s.get("mirostatTau", 5)
    q = softmax(x)
    if s["mirostat"] == 2:
        with np.errstate(divide="ignore"):
            return drop(x, (-np.log2(q) <= mu) | (q == q.max()))
    best = q[order(x)[:100]]
    i = np.arange(len(best) - 1)
    t, b = np.log((i + 2) / (i + 1)), np.log(best[:-1] / best[1:])
    exponent = (t * b).sum() / (t * t).sum()
    epsilon = exponent - 1
    k = (epsilon * 2**mu / (1 - float(len(x)) ** -epsilon)) ** (1 / exponent)
    return top_k(x, int(min(max(k, 1), len(x))))


def chain(x, s, history):
    for token, bias in s.get("logitBias", {}).items():
        x = x.copy()
        x[int(token)] += float(bias)
    x = dry(penalties(x, s, history), s, history)
    if s.get("mirostat"):
        return mirostat(temperature(x, s), s)
    if s.get("topNSigma", 0) > 0:
        x = top_n_sigma(x, s["topNSigma"])
    if s.get("topK", 40) > 0:
        x = top_k(x, s.get("topK", 40))
    if s.get("typicalP", 1) < 1:
        x = typical_p(x, s["typicalP"])
    if s.get("topP", 0.95) < 1:
        x = prefix(x, order(x), s.get("topP", 0.95), False)
    if s.get("minP", 0.05) > 0:
        x = min_p(x, s.get("minP", 0.05))
    if s.get("xtcProbability", 0) == 1:
        x = xtc(x, s.get("xtcThreshold", 0.1))
    return temperature(x, s)


def case(name, settings, seed, scale=2.5, size=128, history=()):
    random = np.random.default_rng(seed)
    # Float32 values with few digits keep the file small and are exactly the same on both sides.
    logits = np.round(random.normal(0, scale, size), 2).astype(np.float32).astype(np.float64)
    settings32 = {k: float(np.float32(v)) if isinstance(v, float) else v for k, v in settings.items()}
    result = chain(logits, settings32, list(history))
    kept = [int(i) for i in order(result) if result[i] > -np.inf]
    q = softmax(result)
    return dict(
        name=name, logits=[round(float(x), 2) for x in logits], settings=settings, history=list(history),
        tokens=kept, probabilities=[float(f"{q[i]:.6g}") for i in kept])


def only(**settings):
    return {**OFF, **settings}


def cases():
    words = list(b"the cat sat on the mat. the cat sat: on the cat")
    yield case("nothing", only(), 1)
    for k in (1, 5, 40, 128, 1000):
        yield case(f"top-k {k}", only(topK=k), k)
    for p in (0.0, 0.1, 0.5, 0.95, 0.999):
        yield case(f"top-p {p}", only(topP=p), 11)
        yield case(f"top-p {p} after top-k", only(topP=p, topK=30), 12)
    yield case("top-p over many", only(topP=0.9), 13, scale=1.0, size=1500)
    yield case("top-p, nearly flat", only(topP=0.5), 14, scale=0.05, size=600)
    for p in (0.01, 0.05, 0.5, 1.0):
        yield case(f"min-p {p}", only(minP=p), 21)
    for p in (0.05, 0.3, 0.6, 0.95):
        yield case(f"typical-p {p}", only(typicalP=p), 31, scale=1.2)
    for n in (0.5, 1.0, 2.5):
        yield case(f"top-n-sigma {n}", only(topNSigma=n), 41)
    for t in (0.01, 0.05, 0.1, 0.5):
        yield case(f"XTC {t}", only(xtcProbability=1.0, xtcThreshold=t), 51)
    for t in (0.2, 0.8, 1.7):
        yield case(f"temperature {t}", only(temperature=t), 61)
    for t, r, e in ((0.8, 0.5, 1.0), (0.5, 0.5, 2.0), (1.5, 1.0, 0.7)):
        yield case(f"dynamic temperature {t} {r} {e}", only(
            temperature=t, dynamicTemperatureRange=r, dynamicTemperatureExponent=e, topK=20), 71)
    yield case("bias", only(logitBias={"5": 3.5, "9": -100.0, "127": 8.0}), 81)
    for n in (-1, 0, 4, 64):
        yield case(f"repeat penalty over {n}", only(repeatPenalty=1.3, repeatLastN=n), 91, history=words)
    yield case("presence and frequency", only(presencePenalty=0.6, frequencyPenalty=0.25), 92, history=words)
    yield case("negative penalties", only(presencePenalty=-0.6, frequencyPenalty=-0.25), 93, history=words)
    for multiplier, base, allowed, last in ((0.8, 1.75, 2, -1), (2.0, 1.2, 1, -1), (0.8, 1.75, 3, 20), (1.0, 1.0, 0, -1)):
        yield case(f"DRY {multiplier} {base} {allowed} {last}", only(
            dryMultiplier=multiplier, dryBase=base, dryAllowedLength=allowed, dryPenaltyLastN=last), 101, history=words)
    yield case("DRY without breakers", only(dryMultiplier=0.8, drySequenceBreakers=[]), 102, history=words)
    yield case("DRY, breaker of two tokens", only(dryMultiplier=0.8, drySequenceBreakers=["t "]), 103, history=words)
    yield case("DRY, long repetition", only(dryMultiplier=0.8), 104, history=list(b"abcdefgh" * 40))
    for version in (1, 2):
        for tau in (1.0, 3.0, 5.0):
            yield case(f"Mirostat {version} {tau}", only(mirostat=version, mirostatTau=tau, temperature=0.9), 111)
    yield case("defaults", {}, 121)
    yield case("defaults, many", {}, 122, size=1500)
    yield case("everything", dict(
        temperature=1.2, dynamicTemperatureRange=0.4, topNSigma=2.0, topK=60, typicalP=0.9, topP=0.85, minP=0.02,
        xtcProbability=1.0, xtcThreshold=0.08, repeatPenalty=1.15, presencePenalty=0.2, frequencyPenalty=0.1,
        dryMultiplier=0.7, logitBias={"3": 2.0}), 123, history=words)


print(json.dumps(list(cases()), separators=(",", ":")).replace("},{", "},\n{"))
