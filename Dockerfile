# The image of Fairlead.
#   docker build -t fairlead .                                        compiles it in the build
#   ./mvnw package && docker build --build-arg APP=prebuilt -t fairlead .   takes app/target/dist
# Needs BuildKit (DOCKER_BUILDKIT=1 before Docker 23) and nothing newer than its first versions.
ARG APP=compiled

FROM eclipse-temurin:25-jdk AS compiled
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -q -B -Dmaven.test.skip -pl app -am package && mv app/target/dist /dist

FROM scratch AS prebuilt
COPY app/target/dist /dist

FROM ${APP} AS app

FROM eclipse-temurin:25-jre
ARG VERSION=unversioned
LABEL org.opencontainers.image.title="Fairlead" \
      org.opencontainers.image.description="Reverse proxy and load balancer for Docker Swarm" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25-jre"

# The storage of certificates. A new, empty volume takes over owner and mode from here.
RUN mkdir -m 0700 /var/lib/fairlead && chown 10001:10001 /var/lib/fairlead

# The seldom changed first: an update of Fairlead then moves one small layer.
COPY --from=app /dist/native /opt/fairlead/native
COPY --from=app /dist/lib /opt/fairlead/lib
COPY --from=app /dist/fairlead.jar /opt/fairlead/

USER 10001:10001
VOLUME /var/lib/fairlead
EXPOSE 80 443
STOPSIGNAL SIGTERM

# A probe is a small JVM of its own; the compiler's first tier is enough for it. Time and patience are
# ample, because a machine that is merely busy must not lose its proxy over a slow probe: six in a row
# is a minute. Swarm calls a task running only after the first good one, and old engines make that one
# an interval late; ports published in host mode serve before.
HEALTHCHECK --interval=10s --timeout=10s --start-period=5s --retries=6 \
    CMD ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-XX:-UsePerfData", \
         "-jar", "/opt/fairlead/fairlead.jar", "health"]

# Heap and direct memory (network buffers) together leave room for the JVM itself in 512 MB. A JVM
# without memory must end, so that Swarm starts another. The native libraries of epoll and BoringSSL
# lie in the image, because /tmp is mounted noexec. More flags: the variable JDK_JAVA_OPTIONS.
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=40", "-XX:MaxDirectMemorySize=128m", \
            "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", \
            "-Djava.library.path=/opt/fairlead/native", "-jar", "/opt/fairlead/fairlead.jar"]
CMD ["run"]
