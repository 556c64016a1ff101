# The two commands of this project are `make run` and `make test`; both set up all that they need.

PYTHON ?= python3.11
VENV := .venv
READY := $(VENV)/ready

.PHONY: run install test outsiders lint clean

run: install
	@$(VENV)/bin/thidua run

install: $(READY)

# torch first and pinned: a bare `torch` would pull gigabytes of CUDA on machines that have a CPU build.
$(READY): pyproject.toml
	@echo "Cài đặt (chỉ lần đầu, vài phút) 1/3: môi trường Python…"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install -qq --upgrade pip
	@echo "Cài đặt 2/3: torch…"
	@$(VENV)/bin/python -m pip install -qq torch==2.13.0
	@echo "Cài đặt 3/3: các thư viện khác…"
	@$(VENV)/bin/python -m pip install -qq --editable '.[dev]'
	@touch $(READY)
	@echo "Đã cài đặt xong."

test: install
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile

# Other people's Telegram libraries, which judge the tests' fake; without them those tests are skipped.
outsiders:
	@$(PYTHON) -m venv .outsiders/aiogram
	@.outsiders/aiogram/bin/python -m pip install -qq 'aiogram>=3.31,<4'
	@npm install --silent --no-audit --no-fund --prefix .outsiders 'grammy@1'

lint: install
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

clean:
	rm -rf $(VENV) .outsiders build *.egg-info .pytest_cache .ruff_cache .mypy_cache
