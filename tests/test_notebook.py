"""The worked notebook runs from a fresh kernel, and gives what it shows (`python tests/test_notebook.py` writes it)."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "docs" / "notebook.ipynb"


def run(notebook: nbformat.NotebookNode) -> None:
    """Run every cell, in the folder of the notebook."""
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()


def outputs(notebook: nbformat.NotebookNode) -> list[list[object]]:
    """What each cell of code shows; what libraries have to say on standard error is none of it."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [[one["data"]["text/plain"] for one in cell.outputs if "data" in one] for cell in cells]


def test_the_notebook_gives_what_it_shows() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    shown = outputs(notebook)
    assert all(shown)
    run(notebook)
    assert outputs(notebook) == shown


if __name__ == "__main__":
    written = nbformat.read(NOTEBOOK, as_version=4)
    run(written)
    for cell in written.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if "data" in one]
    nbformat.write(written, NOTEBOOK)
