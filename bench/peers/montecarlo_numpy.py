"""Geometric Brownian motion in NumPy, for comparison: MODE PATHS STEPS as arguments, prints seconds, processor seconds and the mean of S_T as JSON.

matrix     all normals at once, cumulative sum, exponential: the code one writes first
blocked    blocks of paths that stay in the cache, SFC64, float64 normals, two threads; terminal values only
blocked32  the same with float32 normals
"""

import json
import sys
import threading
import time

import numpy as np

SPOT, DRIFT, VOLATILITY, YEARS = 100.0, 0.05, 0.2, 1.0
THREADS = 2
BLOCK = 256


def matrix(paths, steps):
    dt = YEARS / steps
    random = np.random.default_rng(42)
    normals = random.standard_normal((paths, steps))
    increments = (DRIFT - VOLATILITY**2 / 2) * dt + VOLATILITY * np.sqrt(dt) * normals
    prices = SPOT * np.exp(np.cumsum(increments, axis=1))
    return prices[:, -1]


def blocked(paths, steps, dtype):
    ends = np.empty(paths)
    half = paths // THREADS

    def fill(thread):
        random = np.random.Generator(np.random.SFC64([42, thread]))
        normals = np.empty((BLOCK, steps), dtype=dtype)
        start, stop = thread * half, paths if thread == THREADS - 1 else (thread + 1) * half
        for first in range(start, stop, BLOCK):
            last = min(first + BLOCK, stop)
            random.standard_normal(out=normals, dtype=dtype)
            ends[first:last] = normals.sum(axis=1, dtype=np.float64)[: last - first]

    threads = [threading.Thread(target=fill, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scale = VOLATILITY * np.sqrt(YEARS / steps)
    return SPOT * np.exp((DRIFT - VOLATILITY**2 / 2) * YEARS + scale * ends)


def main():
    mode, paths, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    runs = {
        "matrix": lambda: matrix(paths, steps),
        "blocked": lambda: blocked(paths, steps, np.float64),
        "blocked32": lambda: blocked(paths, steps, np.float32),
    }
    begin, cpu_begin = time.perf_counter(), time.process_time()
    prices = runs[mode]()
    mean = float(prices.mean())
    seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - cpu_begin
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "mean": mean}))


main()
