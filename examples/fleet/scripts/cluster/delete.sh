#!/usr/bin/env bash
# Delete the local cluster.
set -euo pipefail

kind delete cluster --name fleet
