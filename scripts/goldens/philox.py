"""Dropout's random numbers, from the paper alone: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011).

Entry (row, column) of a layer's draw is the first word of Philox with the counter (column, row, steps done before,
stream) under the key `seed`; its top 24 bits make a number in [0, 1). The stream is the low half of the 64-bit FNV-1a
hash of the layer's name. A unit is dropped where that number is below p.
"""

import numpy

WORD = 0xFFFFFFFF


def philox4x32(counter, key):
    """Ten rounds on four 32-bit words under a key of two."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * c2, 1 << 32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


# The known answers of the paper's own library (Random123, kat_vectors).
assert philox4x32((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
assert philox4x32((WORD,) * 4, (WORD,) * 2) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)


def fnv1a(text):
    """The 64-bit FNV-1a hash."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value


def dropout_factors(layer, rows, columns, steps_before=0, seed=0):
    """What dropout multiplies by: 0 for a dropped unit, else 1 / (1 - p); [rows, columns]."""
    stream = fnv1a(layer["name"]) & WORD
    key = (seed & WORD, seed >> 32)
    drawn = [
        [(philox4x32((column, row, steps_before, stream), key)[0] >> 8) / (1 << 24) for column in range(columns)]
        for row in range(rows)
    ]
    return numpy.where(numpy.array(drawn) < layer["p"], 0.0, 1.0 / (1.0 - layer["p"]))
