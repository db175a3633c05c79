# One command each. `make demo` needs Python and make; everything else is brought along.

SHELL := /bin/sh
PYTHON := .venv/bin/python
UV := .tools/bin/uv
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
unexport VIRTUAL_ENV PYTHONHOME

# A production that exists only to be checked
CHECKED := DEPLOYMENT=production HTTPS=true ALLOWED_HOSTS=desk.example.cn \
	DATABASE_URL=postgres://app:app@127.0.0.1:1/desk REDIS_URL=redis://127.0.0.1:1/0

.PHONY: help setup up demo backup restore backups alterations bench-change bench-create bench-export bench-faces bench-history bench-pages bench-reads bench-workbooks races pollers histories histories-counted faults guesses fuzz test lint \
	format clean

help:
	@echo "make demo   the desk with the Luoyang data set, at http://127.0.0.1:8000 (PORT=...)"
	@echo "make up     the desk as it is configured by the environment"
	@echo "make backup TO=file  database and keys in one archive; PASSPHRASE_FILE=file, or it is asked"
	@echo "make restore FROM=file  into an empty database; all of it is compared, see docs/operations.md"
	@echo "make test   lint and every test"
	@echo "make histories  10,000 random histories of a desk, of each of three kinds"
	@echo "make faults what dies and what is lost, in full: some forty minutes"
	@echo "make guesses  1,000 guesses at a password: few are evaluated"
	@echo "make fuzz   20,000 odd requests and 1,000 sequences: about as long"
	@echo "make lint   style, types, architecture, migrations, deployment checks"
	@echo "make format put the code in its usual form"

setup: .venv/ready $(CATALOGUES)

# exec and STOP_WITH_PARENT: nothing stands between make and the stack, and neither outlives the other
up: setup
	@exec env STOP_WITH_PARENT=1 $(PYTHON) manage.py up

demo: setup
	@exec env STOP_WITH_PARENT=1 $(PYTHON) manage.py demo

# WITHOUT_KEYS=1 leaves SECRET_KEY out; docs/operations.md says when
backup: setup
	@test -n "$(TO)" || { echo "Name the archive: make backup TO=file" >&2; exit 2; }
	@exec $(PYTHON) manage.py backup --to "$(TO)" $(if $(PASSPHRASE_FILE),--passphrase-file "$(PASSPHRASE_FILE)") \
		$(if $(WITHOUT_KEYS),--without-keys)

restore: setup
	@test -n "$(FROM)" || { echo "Name the archive: make restore FROM=file" >&2; exit 2; }
	@exec $(PYTHON) manage.py restore "$(FROM)" $(if $(PASSPHRASE_FILE),--passphrase-file "$(PASSPHRASE_FILE)")

test: lint
	$(PYTHON) -m pytest -n 2 --dist worksteal

# random histories of a desk, of the turn of a year that is entered later, and of who can act;
# each told again by a witness that counts by hand. HISTORIES=n for another number, HISTORIES_SEED=n for others
histories: setup
	@HISTORIES=$${HISTORIES:-10000} $(PYTHON) -m pytest tests/coordination/tickets/clocks/test_histories.py \
		tests/coordination/tickets/clocks/test_year_histories.py \
		tests/coordination/groups/test_coverage_histories.py -n 2 --dist worksteal --timeout 3600

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) tests/lint/private_names.py
	$(PYTHON) manage.py makemigrations --check --dry-run
	@key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))'); \
	$(CHECKED) SECRET_KEY=$$key $(PYTHON) manage.py check --deploy --fail-level WARNING

# random histories whose bulletins, sealed counts and ledgers are counted by hand besides;
# HISTORIES=n for another number of each
histories-counted: setup
	@env BULLETIN_HISTORIES=$${HISTORIES:-1000} CARRIED_HISTORIES=$${HISTORIES:-1000} \
	LEDGER_HISTORIES=$${HISTORIES:-1000} $(PYTHON) -m pytest -n 2 --timeout 36000 \
	tests/coordination/bulletins/test_histories.py tests/coordination/bulletins/test_retold.py \
	tests/coordination/bulletins/test_carried.py \
	tests/coordination/workbench/ledger/test_book.py -k any_history

# a hundred who accept one ticket, and two who edit one at once; each a hundred times
races: setup
	@ROUNDS=100 CALLERS=100 $(PYTHON) -m pytest -q -s tests/concurrency/test_many_at_once.py

# rows of every kind altered past the application, by a superuser and by the application's own role
alterations: setup
	@$(PYTHON) -m pytest -q tests/coordination/audit tests/coordination/tickets/test_audit.py tests/projects/record/test_journal.py -n 0

# pollers by changed_since and by the event feed, among writers; POLLER_ROUNDS=n for another number
pollers: setup
	@POLLER_ROUNDS=$${POLLER_ROUNDS:-100} $(PYTHON) -m pytest -q tests/coordination/intake/feed/test_poller.py -n 2 --dist worksteal

# an export of 200,000 tickets: the memory that a worker takes at most
bench-export: setup
	@EXPORT_ROWS=200000 $(PYTHON) -m pytest -q -s tests/coordination/workbench/export/test_memory.py -k megabytes --timeout 900

# each part killed as often as the promise says; FAULT_... names a number, see tests/faults
faults: setup
	@env FAULT_TICKETS=$${FAULT_TICKETS:-5000} FAULT_KILLS=$${FAULT_KILLS:-50} \
	FAULT_WEB_KILLS=$${FAULT_WEB_KILLS:-20} FAULT_RACES=$${FAULT_RACES:-100} \
	FAULT_VALKEY_KILLS=$${FAULT_VALKEY_KILLS:-10} FAULT_VALKEY_AWAY=$${FAULT_VALKEY_AWAY:-60} \
	FAULT_VALKEY_SILENT=$${FAULT_VALKEY_SILENT:-120} \
	FAULT_DATABASE_RESTARTS=$${FAULT_DATABASE_RESTARTS:-10} FAULT_DEPLOYS=$${FAULT_DEPLOYS:-10} \
	FAULT_SLOW_SECONDS=$${FAULT_SLOW_SECONDS:-90} \
	FAULT_WEEKS=$${FAULT_WEEKS:-26} FAULT_BEAT_KILLS=$${FAULT_BEAT_KILLS:-20} \
	$(PYTHON) -m pytest -q tests/faults

# a thousand guesses at a password, each from an address that the client made up
guesses: setup
	@FAULT_GUESSES=$${FAULT_GUESSES:-1000} $(PYTHON) -m pytest -q tests/faults/test_guesses.py

# the demonstration backed up while it is up, dropped, restored elsewhere and compared; every refusal
backups: setup
	@$(PYTHON) -m pytest -q -s tests/projects/record/backups tests/projects/record/backups/in_full.py -n 0 --timeout 1800

fuzz: setup
	@env FUZZ_CASES=$${FUZZ_CASES:-450} FUZZ_SEQUENCES=$${FUZZ_SEQUENCES:-1000} \
	$(PYTHON) -m pytest -q -s tests/fuzz

# these on a database that waits for its disk, as at work: filing one over HTTP, and 500 at once, each against the least that could be written in its place
bench-create: setup
	@TEST_BED_SAFE=1 ROUNDS=5 REQUESTS=400 MANY=500 $(PYTHON) -m pytest -q -s tests/benchmarks/test_create.py \
		tests/benchmarks/test_file_many.py -n 0

# one verb over HTTP against the bare change of a state with its event
bench-change: setup
	@TEST_BED_SAFE=1 ROUNDS=9 CHANGES=60 $(PYTHON) -m pytest -q -s tests/benchmarks/test_change.py -n 0

# the staff's pages with 2,000,000 tickets against the same with 10,000
bench-pages: setup
	@SMALL=10000 LARGE=2000000 ROUNDS=9 $(PYTHON) -m pytest -q -s tests/benchmarks/test_staff_pages.py -n 0

# the running week, a quarter's ledger and the board with 1,000,000 tickets and with 2,000,000 of
# 5,000 projects; and the week's figures against plain SQL
bench-history: setup
	@HISTORY=1000000 HISTORY_PROJECTS=5000 ROUNDS=5 MOST=1.15 MOST_OF_SQL=1.9 $(PYTHON) -m pytest -q -s tests/benchmarks/test_history.py -n 0

# the API's lists and pages with 2,000,000 tickets, in what the least that could answer takes
bench-reads: setup
	@TICKETS=2000000 ROUNDS=5 $(PYTHON) -m pytest -q -s tests/benchmarks/test_api_reads.py --timeout 3600

# a bulletin's four files from its figures, and the memory of the process that makes them
bench-faces: setup
	@ROUNDS=9 $(PYTHON) -m pytest -q -s tests/benchmarks/test_faces.py -n 0

# a workbook of 6,000 rows, against openpyxl reading its values alone
bench-workbooks: setup
	@WORKBOOK_ROWS=6000 ROUNDS=5 IMPORTED=5000 $(PYTHON) -m pytest -q -s tests/benchmarks/test_workbooks.py \
		tests/benchmarks/test_import_projects.py tests/benchmarks/test_import_investment.py -n 0

format: setup
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis static
	find locale -name '*.mo' -delete 2>/dev/null || true

%.mo: %.po .venv/ready
	@.venv/bin/pybabel --quiet compile --domain django --input-file $< --output-file $@ \
		--locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

# uv from PyPI, then the locked environment. A Python of the machine's is taken where it is new
# enough; uv brings one where it may; where neither is so, one line says what to install.
.venv/ready: pyproject.toml uv.lock .python-version
	@python3 -c '' 2>/dev/null || { echo "Python is missing: install python3 (3.12 or newer) with its venv module." >&2; exit 1; }
	@test -x $(UV) || { echo "Setting up the environment..."; rm -rf .tools; \
		{ python3 -m venv .tools && .tools/bin/python -m pip install --quiet --disable-pip-version-check uv; } \
		> .tools.log 2>&1 || { rm -rf .tools; tail -n 3 .tools.log >&2; rm -f .tools.log; \
		echo "The tools could not be set up: install python3-venv, and see that pip reaches its index." >&2; exit 1; }; \
		rm -f .tools.log; }
	@wanted=$$(cat .python-version); \
	found=$$($(UV) python find --quiet --no-project --no-python-downloads --system "$$wanted" 2>/dev/null \
		|| $(UV) python find --quiet --no-project --no-python-downloads --system '>=3.12' 2>/dev/null \
		|| { $(UV) python install --quiet "$$wanted" >/dev/null 2>&1 \
			&& $(UV) python find --quiet --no-project "$$wanted" 2>/dev/null; }) \
		|| { echo "Python 3.12 or newer is missing and could not be brought: install it (for example with pyenv, or your system's python3.12 package)." >&2; exit 1; }; \
	$(UV) sync --quiet --locked --compile-bytecode --python "$$found"
	@touch $@
