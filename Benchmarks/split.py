"""Splits a .npy file of float32 rows: the last COUNT rows are queries, the others the base.

usage: split.py VECTORS.npy COUNT BASE.fbin QUERIES.fbin

Writes .fbin: rows (u32), dimension (u32), then the values. Needs Python's standard library only.
"""

import ast
import os
import struct
import sys

CHUNK_BYTES = 1 << 22


def read_header(file, path):
    """Returns (rows, dimension) and leaves the file at its first value."""
    magic = file.read(8)
    if len(magic) < 8 or magic[:6] != b"\x93NUMPY":
        sys.exit(f"split.py: {path} is not a .npy file")
    size = struct.unpack("<H", file.read(2)) if magic[6] == 1 else struct.unpack("<I", file.read(4))
    header = ast.literal_eval(file.read(size[0]).decode("utf-8"))
    if header["descr"] != "<f4" or header["fortran_order"] or len(header["shape"]) != 2:
        sys.exit(f"split.py: {path} holds {header}; expected rows of little-endian float32")
    return header["shape"]


def write_part(source, path, rows, dimension):
    """Copies the next rows. The file gets its name when it is complete."""
    with open(path + ".part", "wb") as part:
        part.write(struct.pack("<II", rows, dimension))
        left = rows * dimension * 4
        while left > 0:
            chunk = source.read(min(left, CHUNK_BYTES))
            if not chunk:
                sys.exit(f"split.py: {source.name} is shorter than its header says")
            part.write(chunk)
            left -= len(chunk)
    os.replace(path + ".part", path)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    path, base, queries = sys.argv[1], sys.argv[3], sys.argv[4]
    count = int(sys.argv[2])
    with open(path, "rb") as source:
        rows, dimension = read_header(source, path)
        if not 0 < count < rows:
            sys.exit(f"split.py: {path} has {rows} rows; cannot take {count} as queries")
        write_part(source, base, rows - count, dimension)
        write_part(source, queries, count, dimension)


main()
