#!/usr/bin/env python3
"""Prints the polynomials of src/backends/cpu/math-inl.h. Needs mpmath.

Each is the best weighted fit by Lawson's method: least squares on Chebyshev nodes, whose weights
are multiplied by the error until the largest errors are equal, as in a minimax approximation.
"""

import struct

from mpmath import mp, mpf

mp.dps = 50


def lawson(function, weight, low, high, degree, steps=60):
    """Coefficients, lowest first, of p with the least max |weight (p - function)|."""
    count = 12 * (degree + 1)
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * count))
             for i in range(count)]
    values = [function(x) for x in nodes]
    scale = [weight(x) for x in nodes]
    lawson_weights = [mpf(1)] * count
    centre, half = (low + high) / 2, (high - low) / 2
    for _ in range(steps):
        rows = mp.matrix(count, degree + 1)
        right = mp.matrix(count, 1)
        for i, x in enumerate(nodes):
            w = scale[i] * mp.sqrt(lawson_weights[i])
            t = (x - centre) / half
            for j in range(degree + 1):
                rows[i, j] = w * t**j
            right[i] = w * values[i]
        solved = mp.lu_solve(rows.T * rows, rows.T * right)
        errors = [abs(scale[i] * (mp.polyval(list(solved)[::-1], (x - centre) / half) - values[i]))
                  for i, x in enumerate(nodes)]
        total = sum(w * e for w, e in zip(lawson_weights, errors))
        lawson_weights = [w * e / total for w, e in zip(lawson_weights, errors)]
    return expand(list(solved), centre, half), max(errors)


def expand(coefficients, centre, half):
    """From powers of (x - centre) / half to powers of x."""
    result = [mpf(0)] * len(coefficients)
    power = [mpf(1)]
    for c in coefficients:
        for i, p in enumerate(power):
            result[i] += c * p
        stretched = [mpf(0)] * (len(power) + 1)
        for i, p in enumerate(power):
            stretched[i] -= p * centre / half
            stretched[i + 1] += p / half
        power = stretched
    return result


def as_float(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def show(name, fit, single):
    coefficients, error = fit
    numbers = [f"{as_float(c):.9g}f" if single else f"{float(c):.17g}" for c in coefficients]
    print(f"{name}: weighted error 2^{float(mp.log(error, 2)):.1f}\n  {', '.join(numbers)}")


def main():
    half_ln2 = mp.log(2) / 2 * mpf("1.001")

    def exp_rest(r):  # e^r = 1 + r + r^2 p(r)
        return (mp.exp(r) - 1 - r) / r**2 if r else mpf(1) / 2

    def log_rest(z):  # log((1 + s) / (1 - s)) = 2 s + s p(s^2)
        s = mp.sqrt(z)
        return mp.log((1 + s) / (1 - s)) / s - 2 if z else mpf(0)

    def over(function):  # so that p(0) = 0: z q(z)
        return lambda z: function(z) / z

    s_most = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
    for single, exp_degree, log_degree in ((True, 4, 3), (False, 10, 6)):
        show("exp", lawson(exp_rest, lambda r: r**2, -half_ln2, half_ln2, exp_degree), single)
        show("log", lawson(over(log_rest), lambda z: z, mpf(0), s_most**2, log_degree), single)

    def erf_rest(z):  # erf(x) = x + x p(x^2)
        x = mp.sqrt(z)
        return mp.erf(x) / x - 1

    show("erf below 1", lawson(erf_rest, lambda z: mpf(1), mpf(0), mpf(1), 6), True)
    show("log erfc from 1 to 4", lawson(lambda t: mp.log(mp.erfc(t)), mp.erfc, mpf(1), mpf(4), 7), True)

    quarter = (mp.pi / 4 * mpf("1.001"))**2

    def sin_rest(z):  # sin x = x + x^3 p(x^2)
        x = mp.sqrt(z)
        return (mp.sin(x) / x - 1) / z

    def cos_rest(z):  # cos x = 1 - x^2 / 2 + x^4 p(x^2)
        return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2

    show("sin", lawson(sin_rest, lambda z: z, mpf(0), quarter, 2), True)
    show("cos", lawson(cos_rest, lambda z: z**2, mpf(0), quarter, 2), True)


if __name__ == "__main__":
    main()
