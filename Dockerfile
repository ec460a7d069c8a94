# Two stages on one base: the first makes the Python environment and builds the app; the second
# carries only what runs. BASE is any image whose python3 is 3.11 or newer.
ARG BASE=docker.io/library/python:3.13-slim-bookworm

FROM ${BASE} AS making
WORKDIR /ajar
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
COPY pyproject.toml uv.lock README.md ./
COPY scripts scripts
COPY server server
COPY pwa pwa
RUN bash -c '. scripts/_environment && build_app && find_uv && \
    "$UV" sync --quiet --locked --no-default-groups'

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin ajar && \
    install --directory --owner ajar --group ajar --mode 700 /data
WORKDIR /ajar
COPY --from=making /ajar/.venv .venv
COPY --from=making /ajar/server server
COPY --from=making /ajar/pwa/dist pwa/dist
ENV AJAR_DATA=/data PYTHONUNBUFFERED=1
USER ajar
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["/ajar/.venv/bin/python", "-m", "ajar"]
CMD ["serve"]
