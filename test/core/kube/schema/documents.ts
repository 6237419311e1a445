/** Resources without a fault, of kinds that trees are full of; mutated one field at a time by tests. */
export const VALID = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      terminationGracePeriodSeconds: 30
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
          imagePullPolicy: IfNotPresent
          ports:
            - { name: http, containerPort: 8080 }
            - { name: dns, containerPort: 53, protocol: TCP }
            - { name: dns-udp, containerPort: 53, protocol: UDP }
          env:
            - { name: A, value: "1" }
            - { name: B, valueFrom: { secretKeyRef: { name: s, key: k } } }
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 1Gi, cpu: 0.5 } }
          livenessProbe: { httpGet: { path: /, port: http }, periodSeconds: 10 }
          securityContext: { runAsNonRoot: true, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: data, mountPath: /data }]
      volumes: [{ name: data, emptyDir: { sizeLimit: 1Gi } }]
      tolerations: [{ key: x, operator: Exists, effect: NoSchedule }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  type: ClusterIP
  selector: { app: web }
  ports:
    - { name: http, port: 80, targetPort: http }
    - { name: dns, port: 53, targetPort: 53, protocol: UDP }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { a: b } }
spec:
  ingressClassName: nginx
  rules:
    - host: web.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
  tls: [{ hosts: [web.example.com], secretName: tls }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  minReplicas: 1
  maxReplicas: 5
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  metrics:
    - { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: clean }
spec:
  schedule: "0 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 1
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: clean, image: busybox, command: [sh, -c, "true"] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [web] }] }
  policyTypes: [Ingress]
  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: 8080, protocol: TCP }] }]
---
apiVersion: v1
kind: Secret
metadata: { name: s }
type: Opaque
data: { k: dmFsdWU= }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { minAvailable: 50%, selector: { matchLabels: { app: web } } }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop }
spec:
  interval: 10m
  releaseName: web
  chart:
    spec:
      chart: web
      version: 1.x
      sourceRef: { kind: HelmRepository, name: charts, namespace: flux-system }
  install: { crds: CreateReplace, remediation: { retries: 3 } }
  upgrade: { remediation: { retries: 3, strategy: rollback } }
  valuesFrom: [{ kind: ConfigMap, name: values, valuesKey: values.yaml }]
  values: { anything: [goes, { here: 1 }] }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1h
  path: ./apps
  prune: true
  wait: true
  timeout: 5m0s
  sourceRef: { kind: GitRepository, name: flux-system }
  dependsOn: [{ name: infrastructure }]
  postBuild: { substitute: { a: b }, substituteFrom: [{ kind: ConfigMap, name: vars, optional: true }] }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: "https://example.com/repo.git", ref: { branch: main } }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec:
  secretName: tls
  duration: 2160h
  dnsNames: [web.example.com]
  issuerRef: { kind: ClusterIssuer, name: letsencrypt }
  privateKey: { algorithm: ECDSA, size: 256, rotationPolicy: Always }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  endpoints: [{ port: http, interval: 30s, relabelings: [{ action: labeldrop, regex: pod }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: gateway }]
  hostnames: [web.example.com]
  rules:
    - matches: [{ path: { type: PathPrefix, value: / } }]
      backendRefs: [{ name: web, port: 80 }]
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: s }
spec: { encryptedData: { k: AgB }, template: { type: Opaque } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: s }
spec:
  refreshInterval: 1h
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target: { name: s, creationPolicy: Owner }
  data: [{ secretKey: k, remoteRef: { key: path, property: k } }]
`;
