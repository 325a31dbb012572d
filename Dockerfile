# The wheel is built apart, so that the image holds no sources and no build tools.
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY docs/dropbox-agent.1 docs/
COPY dropbox_agent dropbox_agent
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[metrics,notify]" && rm -r /wheels

# The group is the one that senders share; its number is the one in compose.yaml.
RUN groupadd --gid 1500 senders \
    && useradd --uid 1500 --gid senders --no-create-home --shell /usr/sbin/nologin agent \
    && install -d -o agent -g senders -m 2770 /drop
USER agent

# One volume for all folders: files cannot be renamed from one volume to another.
VOLUME /drop
WORKDIR /drop

# Secrets lie there; /run/secrets/connectif_api_key is read like a credential of systemd.
ENV AGENT_HOME=/drop \
    CREDENTIALS_DIRECTORY=/run/secrets \
    PYTHONFAULTHANDLER=1 \
    PYTHONUNBUFFERED=1

HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["dropbox-agent", "status", "--check", "--alive"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["dropbox-agent"]
CMD ["run"]
