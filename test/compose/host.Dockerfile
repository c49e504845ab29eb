# Machines to follow the guide on: Debian with systemd as its first process, as after an installation without extras.
ARG BASE=debian:bookworm-slim
ARG KUMA_IMAGE=louislam/uptime-kuma:2
ARG NODE_TAG=22-bookworm-slim

FROM ${KUMA_IMAGE} AS kuma
FROM node:${NODE_TAG} AS runtime

FROM ${BASE} AS host
USER root
# Images of containers keep services from being started, and OpenResty's sends its files to the output.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates curl dbus iproute2 libatomic1 logrotate openssl procps systemd systemd-sysv \
    && rm -f /usr/sbin/policy-rc.d /usr/local/openresty/nginx/logs/*.log
# No figures of progress, and an end to each line.
RUN printf '%s\n' silent show-error 'write-out = "\n"' > /root/.curlrc
# Releases that would rather have cgroup v2 take what the engine has.
ENV container=docker SYSTEMD_PROC_CMDLINE="SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 systemd.unified_cgroup_hierarchy=0"
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT []
CMD ["/sbin/init"]

# Where Uptime Kuma and Node.js have been installed already.
FROM host AS node
COPY --from=runtime /usr/local/bin/node /usr/local/bin/
COPY --from=kuma /app /opt/uptime-kuma
