#!/usr/bin/env bash
# Create the local cluster with kind and hand it to Flux.
#
# Ports 80 and 443 of this machine reach the node, and node port 31198 (podinfo) too.
# A sealing key that scripts/cluster/backup-sealing-key.sh saved is restored, so that
# what is sealed under clusters/local opens in the new cluster.
set -euo pipefail
cd "$(dirname "$0")/../.."

key="${FLEET_SEALING_KEY:-$HOME/.config/fleet/local-sealing-key.yaml}"

kind create cluster --name fleet --config - <<'CONFIG'
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    labels:
      ingress-ready: "true"
    extraPortMappings:
      - containerPort: 80
        hostPort: 80
      - containerPort: 443
        hostPort: 443
      - containerPort: 31198
        hostPort: 31198
CONFIG

if [ -f "$key" ]; then
  kubectl create namespace sealed-secrets
  kubectl apply --filename "$key"
else
  echo "no sealing key in $key: secrets under clusters/local have to be sealed anew" >&2
fi

scripts/cluster/bootstrap.sh local
