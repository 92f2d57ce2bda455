"""The reader for a file: text, JSON Lines, Parquet or Arrow, as declared or by the end of its name."""

from __future__ import annotations

from pathlib import Path

from kpicore.errors import InvalidInput, Refused
from kpicore.sources.blocks import Reader
from kpicore.sources.columnar import ArrowFile, ParquetFile
from kpicore.sources.jsonlines import JsonLinesFile
from kpicore.sources.maps import FORMATS, FileOptions
from kpicore.sources.opened import InputFile
from kpicore.sources.text import TextFile

_NOT_BUILT = {
    ".xlsx": "save the sheet as CSV (UTF-8)",
    ".xlsm": "save the sheet as CSV (UTF-8)",
    ".xls": "save the sheet as CSV (UTF-8)",
    ".gz": "unpack the file first",
    ".zip": "unpack the file first",
    ".bz2": "unpack the file first",
    ".zst": "unpack the file first",
}
_OTHERS = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
}


def refuse_unbuilt(path: Path, options: FileOptions) -> None:
    """Refuse, by name, formats that are not read yet, and files that nobody says how to read.

    Raises:
        Refused: The name says that it is a workbook or an archive.
        InvalidInput: Neither the map nor the name says what it is.
    """
    hint = _NOT_BUILT.get(path.suffix.lower())
    if hint is not None:
        raise Refused(f"{path.suffix.lower()} files are not read yet", code="not_built", where=path.name, hint=hint)
    if path.is_dir():
        raise InvalidInput(
            "a folder is not a file to import", code="not_a_file", where=str(path), hint=f"name its files: {path}/*.csv"
        )
    if options.format_of(path) is None:
        raise InvalidInput(
            f"nothing says how to read a file named {path.name}",
            code="unknown_format",
            where=path.name,
            hint=f"add format under [file], or name it {', '.join(FORMATS)}",
        )


def open_reader(file: InputFile, options: FileOptions) -> Reader:
    """The reader for an opened file.

    Raises:
        InvalidInput: The file is not what it is said to be.
    """
    match options.format_of(file.path):
        case "parquet":
            return ParquetFile(file, options.null)
        case "arrow":
            return ArrowFile(file, options.null)
    start = file.handle.read(8)
    file.handle.seek(0)
    for magic, kind in _OTHERS.items():
        if start.startswith(magic):
            raise file.bad(
                f"it is {kind}, not a text file", code="wrong_format", hint="name it or declare it as what it is"
            )
    if options.format_of(file.path) == "jsonl":
        return JsonLinesFile(file, options)
    return TextFile(file, options)
