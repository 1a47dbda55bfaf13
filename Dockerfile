# Build first: ./mvnw -DskipTests package. Then: docker build -t anabranch .
FROM eclipse-temurin:25-jre

LABEL org.opencontainers.image.title="Anabranch" \
      org.opencontainers.image.description="Branches of a live Postgres that know which of their answers are still true" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN groupadd --system --gid 6480 anabranch && \
    useradd --system --uid 6480 --gid anabranch --home-dir /var/lib/anabranch --shell /usr/sbin/nologin anabranch && \
    install -d -o anabranch -g anabranch -m 0700 /var/lib/anabranch

# Main's major version, for its pg_basebackup and its branches; without it, only the embedded main works.
ARG POSTGRES=
RUN if [ -n "$POSTGRES" ]; then \
      apt-get update && \
      apt-get install -y --no-install-recommends ca-certificates postgresql-common && \
      sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf && \
      /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && \
      apt-get install -y --no-install-recommends "postgresql-$POSTGRES" && \
      rm -rf /var/lib/apt/lists/*; \
    fi

COPY dist/target/anabranch /opt/anabranch
# Keeps the client's classes as this Java has them loaded: the health check is a short command.
RUN ln -s /opt/anabranch/bin/anabranch /usr/local/bin/anabranch && anabranch --version

USER anabranch
ENV ANABRANCH_DATA=/var/lib/anabranch \
    ANABRANCH_HTTP_HOST=0.0.0.0 \
    ANABRANCH_GATEWAY_HOST=0.0.0.0
VOLUME /var/lib/anabranch
EXPOSE 6480 6432
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m CMD ["anabranch", "status"]
ENTRYPOINT ["anabranch"]
CMD ["up"]
