#!/usr/bin/env bash
# Build everything that Flux builds, in all environments or in one.
#
# usage: scripts/gitops/build.sh [local|staging|production]
set -euo pipefail
cd "$(dirname "$0")/../.."

build() {
  echo "building $1"
  kubectl kustomize "$1" > /dev/null
}

for environment in ${1:-local staging production}; do
  build "clusters/$environment"
  build "clusters/$environment/infrastructure"
  build "clusters/$environment/infrastructure/cluster-issuers"
  build "clusters/$environment/observability"
  build "clusters/$environment/applications"
done
