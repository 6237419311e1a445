#!/usr/bin/env bash
# Show what the working copy would change in the cluster of staging.
#
# Needs a context for staging; changes nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

# `flux diff` ends with 1 where there is a difference.
flux diff kustomization infrastructure --path ./clusters/staging/infrastructure || true
flux diff kustomization cluster-issuers --path ./clusters/staging/infrastructure/cluster-issuers || true
flux diff kustomization observability --path ./clusters/staging/observability || true
flux diff kustomization applications --path ./clusters/staging/applications || true
