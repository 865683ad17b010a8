"""`python -m sim.exports crmeb_php RUN FOLDER`: a run as a platform's tables, recorded under the run's own plan."""

from __future__ import annotations

import sys
from pathlib import Path

from rules.errors import InputError
from sim.exports.crmeb_php import crmeb_php
from sim.exports.lived import Lived, write_tables
from sim.exports.yudao import yudao
from sim.history.replay import walk
from sim.history.shipped import past_of_run

WRITERS = {"crmeb_php": crmeb_php, "yudao": yudao}


def main(platform: str, run: Path, folder: Path) -> None:
    """Write the tables of a run.

    Raises:
        InputError: no such platform, or a run that its tables cannot hold.
    """
    if platform not in WRITERS:
        raise InputError(f"there is no export for {platform!r}", allowed=", ".join(WRITERS))
    past = past_of_run(run)
    book = walk(past.log, past.plans(), past.start_day, past.opening).book
    write_tables(folder, WRITERS[platform](Lived(past.log, book)))


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    except InputError as error:
        raise SystemExit(str(error)) from error
    except IndexError:
        raise SystemExit("python -m sim.exports crmeb_php|yudao RUN FOLDER") from None
