#!/usr/bin/env bash
# Seal a filled-in template for one environment.
#
# usage: scripts/gitops/seal.sh ENVIRONMENT LAYER/COMPONENT FILE
#
# FILE is a copy of the component's sealed-secrets/template-NAME.yaml with real values, outside of
# this repository. For clusters/base/observability/loki/sealed-secrets/template-loki-gateway-auth.yaml:
#
#   scripts/gitops/seal.sh staging observability/loki /tmp/template-loki-gateway-auth.yaml
set -euo pipefail
cd "$(dirname "$0")/../.."

usage='usage: scripts/gitops/seal.sh ENVIRONMENT LAYER/COMPONENT FILE'
environment="${1:?$usage}"
component="${2:?$usage}"
file="${3:?$usage}"

name="$(basename "$file")"
target="clusters/$environment/$component/sealed-secrets/actual-${name#template-}"
kubeseal --format yaml --scope strict \
  --cert "clusters/$environment/infrastructure/sealed-secrets/pub-cert.pem" \
  < "$file" > "$target"
echo "sealed $target; list it under resources of the overlay's kustomization.yaml"
