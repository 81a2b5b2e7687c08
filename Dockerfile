# Fotopoort as a service, models included.
#
#   docker build -t fotopoort .
#   docker run -p 127.0.0.1:8470:8470 -v fotopoort:/data fotopoort
#
# Its first start writes an API key to /data/api-key-….txt, and says so: read it with `docker exec`, then delete the file.
# Publish the port on loopback, or behind a proxy that speaks https. The RUN lines are plain on purpose: .ci/container
# runs the same ones where there is no Docker.
FROM python:3.12-slim

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONUNBUFFERED=1 \
    FOTOPOORT_DATA_FOLDER=/data \
    FOTOPOORT_MODELS_FOLDER=/models \
    FOTOPOORT_HOST=0.0.0.0

WORKDIR /build
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY fixtures fixtures
COPY service service
RUN pip install --no-deps .

RUN useradd --uid 10001 --create-home fotopoort && mkdir -p /data /models/compiled && chown -R fotopoort /data /models
USER fotopoort
RUN fotopoort models pull

WORKDIR /data
VOLUME /data
EXPOSE 8470
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD python -c "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('FOTOPOORT_PORT', '8470') + '/healthz', timeout=4)"
# On every address of the container; which of them others reach is for whoever publishes the port.
CMD ["fotopoort", "serve", "--allow-remote"]
