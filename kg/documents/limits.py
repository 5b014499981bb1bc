"""How much of a document is read: beyond, it is refused in a sentence. All are counted by seeing, none is believed."""

from typing import Final

MAX_FILE: Final = 25_000_000
"""Bytes of a Word, Excel or web file; a text dump may have less."""
MAX_TEXT_FILE: Final = 10_000_000
MAX_UNPACKED: Final = 200_000_000
MAX_ENTRIES: Final = 3_000
"""Files inside a Word or Excel file."""
MAX_SHEETS: Final = 100
MAX_TABLES: Final = 1_000
MAX_ROWS: Final = 20_000
"""Rows that print something, in all tables or sheets."""
MAX_COLUMNS: Final = 100
"""Columns that print something, in one table."""
MAX_CELLS: Final = 400_000
MAX_CELL_LENGTH: Final = 20_000
MAX_WORDS: Final = 30_000_000
"""Characters of all cells and notes."""
MAX_MERGED: Final = 20_000
MAX_NOTES: Final = 2_000
MAX_STYLES: Final = 70_000
MAX_STRINGS: Final = 400_000
SECONDS: Final = 60
MEMORY: Final = 1024**3
"""Bytes of address space the process that reads a document may have."""
