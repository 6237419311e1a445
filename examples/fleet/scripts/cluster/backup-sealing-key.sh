#!/usr/bin/env bash
# Save the sealing key of the local cluster outside of git, for the next cluster.
set -euo pipefail
cd "$(dirname "$0")/../.."

key="${FLEET_SEALING_KEY:-$HOME/.config/fleet/local-sealing-key.yaml}"

umask 077
mkdir -p "$(dirname "$key")"
kubectl get secret --namespace sealed-secrets \
  --selector sealedsecrets.bitnami.com/sealed-secrets-key=active \
  --output yaml > "$key"
kubeseal --fetch-cert --controller-namespace sealed-secrets \
  > clusters/local/infrastructure/sealed-secrets/pub-cert.pem
echo "saved $key and its certificate"
