#!/usr/bin/env bash
# Install Flux in the current cluster and point it at one environment.
#
# usage: scripts/cluster/bootstrap.sh local|staging|production
set -euo pipefail
cd "$(dirname "$0")/../.."

environment="${1:?usage: scripts/cluster/bootstrap.sh local|staging|production}"
if [ ! -d "clusters/$environment/flux-system" ]; then
  echo "there is no environment $environment in clusters/" >&2
  exit 2
fi

flux check --pre
flux install --components source-controller,kustomize-controller,helm-controller,notification-controller
kubectl apply --kustomize "clusters/$environment/flux-system"
flux reconcile kustomization flux-system --with-source
