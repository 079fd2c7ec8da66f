"""Arrays as numpy.save writes them: tests/goldens/arrays.json.

    venv/bin/pip install numpy
    venv/bin/python scripts/goldens/arrays.py tests/goldens/arrays.json

For each dtype, byte order, memory order, version and number of axes a case: `bytes`, the file in hexadecimal; `rows`
and `columns`, all axes but the first together; `values`, row by row, as NumPy reads the file again.
"""

import io
import json
import sys

import numpy
from numpy.lib import format as npy

DTYPES = ["?", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8",
          "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]


def numbers(dtype, shape):
    """Both ends of what the dtype holds (and a double too), and what lies between."""
    dtype = numpy.dtype(dtype)
    count = int(numpy.prod(shape))
    if dtype.kind == "b":
        return (numpy.arange(count) % 3 == 0).reshape(shape)
    if dtype.kind == "f":
        info = numpy.finfo(dtype)
        ends = [info.max, info.min, info.smallest_normal, info.smallest_subnormal, info.eps, 1 / 3]
    else:
        info = numpy.iinfo(dtype)
        ends = [max(info.min, -(2**53)), min(info.max, 2**53), 1, info.max // 3 if dtype.itemsize < 8 else 2**52 + 1]
    values = numpy.array(ends, dtype)
    rest = numpy.arange(count).astype(dtype)
    rest[: len(values)] = values[:count]
    return rest.reshape(shape)


def case(array, version):
    file = io.BytesIO()
    npy.write_array(file, array, version=version, allow_pickle=False)
    file.seek(0)
    again = numpy.load(file, allow_pickle=False)
    rows = again.reshape(again.shape[0], -1)
    return {"name": f"{array.dtype.str} {'F' if array.flags.fnc else 'C'} {array.shape} {version[0]}.0",
            "bytes": file.getvalue().hex(), "rows": rows.shape[0], "columns": rows.shape[1],
            "values": rows.astype("f8").ravel().tolist()}


def cases():
    for dtype in DTYPES:
        yield case(numbers(dtype, (7,)), (1, 0))
        yield case(numbers(dtype, (3, 4)), (2, 0))
        yield case(numpy.asfortranarray(numbers(dtype, (3, 4))), (1, 0))
    for order in (numpy.ascontiguousarray, numpy.asfortranarray):
        yield case(order(numbers("<i2", (2, 3, 4))), (3, 0))
        yield case(order(numbers(">f4", (3, 2, 2, 2))), (1, 0))
        yield case(order(numbers("u1", (5, 1, 3))), (1, 0))


def main():
    lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in cases())
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(f'{{"versions": {{"numpy": "{numpy.__version__}"}},\n"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
