// What every team's overlays stand on: rules that each namespace gets. Its users are many, so an edit here reaches far.
const POLICIES = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes:
    - Ingress
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-ingress-controller
spec:
  podSelector:
    matchLabels:
      reachable: "true"
  policyTypes:
    - Ingress
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress-nginx
`;

const QUOTA = `apiVersion: v1
kind: ResourceQuota
metadata:
  name: team-quota
spec:
  hard:
    requests.cpu: "8"
    requests.memory: 16Gi
    pods: "60"
`;

const LIMITS = `apiVersion: v1
kind: LimitRange
metadata:
  name: container-defaults
spec:
  limits:
    - type: Container
      default:
        memory: 256Mi
      defaultRequest:
        cpu: 25m
        memory: 64Mi
`;

export const SHARED_BASE = {
	'shared/guardrails/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - network-policies.yaml
  - quota.yaml
  - limits.yaml
labels:
  - pairs:
      app.kubernetes.io/managed-by: guardrails
`,
	'shared/guardrails/network-policies.yaml': POLICIES,
	'shared/guardrails/quota.yaml': QUOTA,
	'shared/guardrails/limits.yaml': LIMITS,
	'shared/guardrails/README.md': `# guardrails

What each namespace gets: a \`NetworkPolicy\` that denies all ingress by default and one that lets the ingress controller in
(\`network-policies.yaml\`), a \`ResourceQuota\` (\`quota.yaml\`) and defaults for containers (\`limits.yaml\`).
`,
};
