# The image of Fairlead.
#   docker build -t fairlead .                                        compiles it in the build
#   ./mvnw package && docker build --build-arg APP=prebuilt -t fairlead .   takes app/target/dist
# Needs BuildKit (DOCKER_BUILDKIT=1 before Docker 23) and nothing newer than its first versions.
ARG APP=compiled

FROM eclipse-temurin:25-jdk AS compiled
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -q -B -Dmaven.test.skip -pl app,training -am package && \
    mv app/target/dist /dist && mv training/target/training.jar /

FROM scratch AS prebuilt
COPY app/target/dist /dist
COPY training/target/training.jar /

FROM ${APP} AS app

# The JVM of the image runs a proxy under load, and writes down what it has loaded and learnt: the next start of these
# jars by this JVM is faster by that. Where it is another one, the file is ignored. The modes are those of whoever checked
# the sources out; here all may read what none may write.
FROM eclipse-temurin:25-jre AS trained
COPY --from=app /dist /opt/fairlead
COPY --from=app /training.jar /
COPY build/train /
RUN chmod -R a=rX,u+w /opt/fairlead && sh /train /opt/fairlead /training.jar

FROM eclipse-temurin:25-jre
ARG VERSION=unversioned
LABEL org.opencontainers.image.title="Fairlead" \
      org.opencontainers.image.description="Reverse proxy and load balancer for Docker Swarm" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25-jre"

# The command for people, and for the probe below. The directories: the storage of certificates, and where a copy of it may
# be kept; a new, empty volume takes over owner and mode from here.
COPY build/command /usr/local/bin/fairlead
RUN chmod 755 /usr/local/bin/fairlead && \
    mkdir -m 0700 /var/lib/fairlead /var/lib/fairlead-copy && \
    chown 10001:10001 /var/lib/fairlead /var/lib/fairlead-copy

# The seldom changed first: an update of Fairlead then moves few layers.
COPY --from=trained /opt/fairlead/native /opt/fairlead/native
COPY --from=trained /opt/fairlead/lib /opt/fairlead/lib
COPY --from=trained /opt/fairlead/fairlead.jar /opt/fairlead/fairlead.jvm /opt/fairlead/fairlead.aot /opt/fairlead/

USER 10001:10001
VOLUME /var/lib/fairlead
EXPOSE 80 443
STOPSIGNAL SIGTERM

# A probe is a small JVM of its own (build/command). Time and patience are ample, because a machine that
# is merely busy must not lose its proxy over a slow probe: six in a row is a minute. Swarm calls a task
# running only after the first good one, and old engines make that one an interval late; ports published
# in host mode serve before.
HEALTHCHECK --interval=10s --timeout=10s --start-period=5s --retries=6 CMD ["fairlead", "health"]

# The flags are in fairlead.jvm, each with its reason. The native libraries of epoll and BoringSSL lie in the image,
# because /tmp is mounted noexec.
ENTRYPOINT ["java", "@/opt/fairlead/fairlead.jvm", "-XX:AOTCache=/opt/fairlead/fairlead.aot", \
            "-Djava.library.path=/opt/fairlead/native", "-jar", "/opt/fairlead/fairlead.jar"]
CMD ["run"]
