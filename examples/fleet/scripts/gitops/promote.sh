#!/usr/bin/env bash
# Compare what staging and production run, before main is merged into release.
set -euo pipefail
cd "$(dirname "$0")/../.."

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

kubectl kustomize clusters/staging/applications > "$work/staging.yaml"
kubectl kustomize clusters/production/applications > "$work/production.yaml"
git --no-pager diff --no-index -- "$work/staging.yaml" "$work/production.yaml" || true
