"""Ledoit-Wolf and minimum-variance weights with scikit-learn and SciPy on one thread. Arguments: periods, assets, seconds. Makes the returns that
bench/markowitz.ts makes, and prints estimates a second, the shrinkage and the weights as JSON."""

import json
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from sklearn.covariance import ledoit_wolf

periods, assets, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
state = 7


def draw():
    global state
    state = state * 48271 % 2147483647
    return state / 2147483647 - 0.5


rows = []
for _ in range(periods):
    market = draw() * 0.03
    rows.append([market + draw() * 0.04 for _ in range(assets)])
returns = np.array(rows)
ones = np.ones(assets)


def estimate():
    covariance, shrinkage = ledoit_wolf(returns)
    weights = cho_solve(cho_factor(covariance), ones)
    return shrinkage, weights / weights.sum()


for _ in range(50):
    estimate()
count = 0
start = time.perf_counter()
while time.perf_counter() - start < seconds:
    for _ in range(20):
        shrinkage, weights = estimate()
    count += 20
rate = count / (time.perf_counter() - start)
print(json.dumps({"rate": rate, "shrinkage": float(shrinkage), "weights": weights.tolist()}))
