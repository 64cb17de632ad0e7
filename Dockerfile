# The chat for others: docker build -t article-qa . && docker run -p 7860:7860 article-qa
# Without an NVIDIA card, keep CUDA out: --build-arg TORCH_INDEX=ADDRESS, see README.
FROM python:3.12-slim-bookworm AS build

ARG TORCH_INDEX=""
WORKDIR /src
RUN python -m venv /opt/article-qa
ENV PATH="/opt/article-qa/bin:$PATH"

# What changes seldom first: the layers below are kept from one build to the next.
COPY constraints.txt .
RUN pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -c constraints.txt torch
COPY pyproject.toml README.md LICENSE ./
COPY index index
COPY qa qa
COPY ui ui
COPY seeds seeds
RUN pip install --no-cache-dir -c constraints.txt ".[llm,mcp]"

FROM python:3.12-slim-bookworm

RUN useradd --create-home --uid 1000 reader \
    && mkdir /library \
    && chown reader /library
COPY --from=build /opt/article-qa /opt/article-qa
ENV PATH="/opt/article-qa/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    HF_HUB_OFFLINE=1
USER 1000
WORKDIR /home/reader
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
# Exec form: the stop reaches the server, which finishes what it is answering.
ENTRYPOINT ["article-qa", "chat", "--host", "0.0.0.0"]
