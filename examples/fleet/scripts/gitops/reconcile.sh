#!/usr/bin/env bash
# Fetch the repository now and reconcile the layers in their order.
set -euo pipefail

flux reconcile source git flux-system
for layer in infrastructure cluster-issuers observability applications; do
  flux reconcile kustomization "$layer"
done
