# The two commands of this project are `make run` and `make test`; both set up all that they need.

PYTHON ?= python3.11
VENV := .venv
READY := $(VENV)/ready

.PHONY: run install test lint clean

run: install
	@$(VENV)/bin/thidua run

install: $(READY)

# torch first and pinned: a bare `torch` would pull gigabytes of CUDA on machines that have a CPU build.
$(READY): pyproject.toml
	@echo "Đang cài đặt (lần đầu mất vài phút)…"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --upgrade pip
	@$(VENV)/bin/python -m pip install --quiet torch==2.13.0
	@$(VENV)/bin/python -m pip install --quiet --editable '.[dev]'
	@touch $(READY)
	@echo "Đã cài đặt xong."

test: install
	@$(VENV)/bin/python -m pytest

lint: install
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .mypy_cache
