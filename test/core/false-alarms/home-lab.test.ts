/** Home labs: `kubernetes/apps/<namespace>/<app>/{ks.yaml,app}`, charts from OCI, variables that come out of secrets made elsewhere. */
import { expect, test } from 'vitest';
import { said } from './said';

const SYNC = `-- kubernetes/flux/cluster/ks.yaml --
---
# yaml-language-server: $schema=https://kubernetes-schemas.pages.dev/kustomize.toolkit.fluxcd.io/kustomization_v1.json
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: cluster-apps
  namespace: flux-system
spec:
  decryption:
    provider: sops
    secretRef:
      name: sops-age
  interval: 1h
  path: ./kubernetes/apps
  postBuild:
    substituteFrom:
      - kind: Secret
        name: cluster-secrets
  prune: true
  retryInterval: 2m
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  timeout: 5m
  wait: false
  patches:
    - # Add Sops decryption to child Kustomizations
      patch: |-
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: _
        spec:
          decryption:
            provider: sops
            secretRef:
              name: sops-age
          postBuild:
            substituteFrom:
              - kind: Secret
                name: cluster-secrets
          patches:
            - patch: |-
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: _
                spec:
                  install:
                    crds: CreateReplace
                    strategy:
                      name: RetryOnFailure
                  rollback:
                    cleanupOnFail: true
                  upgrade:
                    cleanupOnFail: true
                    crds: CreateReplace
              target:
                group: helm.toolkit.fluxcd.io
                kind: HelmRelease
      target:
        group: kustomize.toolkit.fluxcd.io
        kind: Kustomization
`;

const INSTANCE = `-- kubernetes/apps/flux-system/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: flux-system
components:
  - ../../components/common
resources:
  - ./flux-instance/ks.yaml
-- kubernetes/apps/flux-system/flux-instance/ks.yaml --
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-instance
spec:
  dependsOn:
    - name: flux-operator
  interval: 1h
  path: ./kubernetes/apps/flux-system/flux-instance/app
  prune: false
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  targetNamespace: flux-system
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-operator
spec:
  interval: 1h
  path: ./kubernetes/apps/flux-system/flux-operator/app
  prune: false
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  targetNamespace: flux-system
-- kubernetes/apps/flux-system/flux-operator/app/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ./helmrelease.yaml
  - ./ocirepository.yaml
-- kubernetes/apps/flux-system/flux-operator/app/ocirepository.yaml --
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: flux-operator
spec:
  interval: 1h
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  ref:
    tag: 0.24.0
  url: oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator
-- kubernetes/apps/flux-system/flux-operator/app/helmrelease.yaml --
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: flux-operator
spec:
  chartRef:
    kind: OCIRepository
    name: flux-operator
  interval: 1h
  values:
    serviceMonitor:
      create: true
-- kubernetes/apps/flux-system/flux-instance/app/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ./externalsecret.yaml
  - ./helmrelease.yaml
  - ./ocirepository.yaml
configMapGenerator:
  - name: flux-instance-values
    files:
      - values.yaml=./helm/values.yaml
configurations:
  - ./helm/kustomizeconfig.yaml
-- kubernetes/apps/flux-system/flux-instance/app/helm/kustomizeconfig.yaml --
---
nameReference:
  - kind: ConfigMap
    version: v1
    fieldSpecs:
      - path: spec/valuesFrom/name
        kind: HelmRelease
-- kubernetes/apps/flux-system/flux-instance/app/helm/values.yaml --
---
instance:
  distribution:
    # renovate: datasource=github-releases depName=controlplaneio-fluxcd/distribution
    version: 2.7.5
  cluster:
    networkPolicy: false
  components:
    - source-controller
    - kustomize-controller
    - helm-controller
    - notification-controller
  sync:
    kind: GitRepository
    url: https://github.com/someone/home-ops
    ref: refs/heads/main
    path: kubernetes/flux/cluster
    interval: 1h
-- kubernetes/apps/flux-system/flux-instance/app/externalsecret.yaml --
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: github-webhook-token
spec:
  secretStoreRef:
    kind: ClusterSecretStore
    name: onepassword-connect
  target:
    name: github-webhook-token-secret
    template:
      engineVersion: v2
      data:
        token: "{{ .FLUX_GITHUB_WEBHOOK_TOKEN }}"
  dataFrom:
    - extract:
        key: flux
-- kubernetes/apps/flux-system/flux-instance/app/ocirepository.yaml --
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: flux-instance
spec:
  interval: 1h
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  ref:
    tag: 0.24.0
  url: oci://ghcr.io/controlplaneio-fluxcd/charts/flux-instance
-- kubernetes/apps/flux-system/flux-instance/app/helmrelease.yaml --
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: flux-instance
spec:
  chartRef:
    kind: OCIRepository
    name: flux-instance
  interval: 1h
  valuesFrom:
    - kind: ConfigMap
      name: flux-instance-values
`;

const COMMON = `-- kubernetes/components/common/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources:
  - ./namespace.yaml
  - ./alerts
components:
  - ./sops
-- kubernetes/components/common/namespace.yaml --
---
apiVersion: v1
kind: Namespace
metadata:
  name: _
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
-- kubernetes/components/common/alerts/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ./alert.yaml
-- kubernetes/components/common/alerts/alert.yaml --
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: alertmanager
spec:
  type: alertmanager
  address: http://alertmanager-operated.observability.svc.cluster.local:9093/api/v2/alerts/
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: alertmanager
spec:
  providerRef:
    name: alertmanager
  eventSeverity: error
  eventSources:
    - kind: HelmRelease
      name: "*"
  exclusionList:
    - error.*lookup github\\.com
  suspend: false
-- kubernetes/components/common/sops/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources:
  - ./cluster-secrets.sops.yaml
-- kubernetes/components/common/sops/cluster-secrets.sops.yaml --
apiVersion: v1
kind: Secret
metadata:
    name: cluster-secrets
stringData:
    SECRET_DOMAIN: ENC[AES256_GCM,data:S1x7yXkQ1Q==,iv:8hOQ2gI1Z5rUq4pJrF3m2b1nq9o1o0fYq9a4uH2v6no=,tag:5y0o3b1Zq2r7yH2m0nQ0Zg==,type:str]
sops:
    age:
        - recipient: age1qs3ju4k2nr8d0sw0sqjf3xw4a0skzgu3dv0u4hhqvu4q4vyyaqms4xr7zh
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBPcW5CMnJaQ2xYbFpDdkxD
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2025-05-02T12:00:00Z"
    mac: ENC[AES256_GCM,data:Zm9v,iv:8hOQ2gI1Z5rUq4pJrF3m2b1nq9o1o0fYq9a4uH2v6no=,tag:5y0o3b1Zq2r7yH2m0nQ0Zg==,type:str]
    encrypted_regex: ^(data|stringData)$
    mac_only_encrypted: true
    version: 3.10.2
-- kubernetes/components/volsync/kustomization.yaml --
---
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources:
  - ./claim.yaml
  - ./replicationsource.yaml
-- kubernetes/components/volsync/claim.yaml --
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: "\${VOLSYNC_CLAIM:-\${APP}}"
spec:
  accessModes: ["\${VOLSYNC_ACCESSMODES:-ReadWriteOnce}"]
  dataSourceRef:
    kind: ReplicationDestination
    apiGroup: volsync.backube
    name: "\${APP}-dst"
  resources:
    requests:
      storage: "\${VOLSYNC_CAPACITY:=5Gi}"
  storageClassName: "\${VOLSYNC_STORAGECLASS:-ceph-block}"
-- kubernetes/components/volsync/replicationsource.yaml --
---
apiVersion: volsync.backube/v1alpha1
kind: ReplicationSource
metadata:
  name: "\${APP}"
spec:
  sourcePVC: "\${VOLSYNC_CLAIM:-\${APP}}"
  trigger:
    schedule: "0 * * * *"
  restic:
    copyMethod: "\${VOLSYNC_COPYMETHOD:-Snapshot}"
    repository: "\${APP}-volsync-secret"
    moverSecurityContext:
      runAsUser: \${VOLSYNC_PUID:=1000}
      runAsGroup: \${VOLSYNC_PGID:=1000}
    retain:
      hourly: 24
-- .sops.yaml --
---
creation_rules:
  - path_regex: talos/.*\\.sops\\.ya?ml
    mac_only_encrypted: true
    age: age1qs3ju4k2nr8d0sw0sqjf3xw4a0skzgu3dv0u4hhqvu4q4vyyaqms4xr7zh
  - path_regex: kubernetes/.*\\.sops\\.ya?ml
    encrypted_regex: "^(data|stringData)$"
    mac_only_encrypted: true
    age: age1qs3ju4k2nr8d0sw0sqjf3xw4a0skzgu3dv0u4hhqvu4q4vyyaqms4xr7zh
-- Taskfile.yaml --
---
version: "3"
vars:
  KUBERNETES_DIR: "{{.ROOT_DIR}}/kubernetes"
tasks:
  reconcile:
    cmd: flux --namespace flux-system reconcile kustomization flux-system --with-source
-- .renovaterc.json5 --
{ extends: ["config:recommended"] }
-- .github/workflows/flux-local.yaml --
---
name: Flux Local
on:
  pull_request:
    branches: ["main"]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: docker://ghcr.io/allenporter/flux-local:v7.5.4
        with:
          args: >-
            test --enable-helm --all-namespaces --path /github/workspace/kubernetes/flux/cluster -v
-- bootstrap/helmfile.yaml --
---
helmDefaults:
  wait: true
releases:
  - name: cilium
    namespace: kube-system
    chart: oci://ghcr.io/home-operations/charts-mirror/cilium
    version: 1.17.5
    values:
      - ../kubernetes/apps/kube-system/cilium/app/helm/values.yaml
-- talos/talconfig.yaml --
clusterName: kubernetes
nodes:
  - hostname: k8s-1
`;

const MEDIA = `-- kubernetes/apps/media/kustomization.yaml --
---
# yaml-language-server: $schema=https://json.schemastore.org/kustomization
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: media
components:
  - ../../components/common
resources:
  - ./jellyfin/ks.yaml
-- kubernetes/apps/media/jellyfin/ks.yaml --
---
# yaml-language-server: $schema=https://kubernetes-schemas.pages.dev/kustomize.toolkit.fluxcd.io/kustomization_v1.json
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &app jellyfin
  namespace: &namespace media
spec:
  commonMetadata:
    labels:
      app.kubernetes.io/name: *app
  components:
    - ../../../../components/volsync
  dependsOn:
    - name: flux-instance
      namespace: flux-system
  interval: 1h
  path: ./kubernetes/apps/media/jellyfin/app
  postBuild:
    substitute:
      APP: *app
      VOLSYNC_CAPACITY: 50Gi
  prune: true
  retryInterval: 2m
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  targetNamespace: *namespace
  timeout: 5m
  wait: false
-- kubernetes/apps/media/jellyfin/app/kustomization.yaml --
---
# yaml-language-server: $schema=https://json.schemastore.org/kustomization
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ./externalsecret.yaml
  - ./helmrelease.yaml
  - ./ocirepository.yaml
configMapGenerator:
  - name: jellyfin-scripts
    files:
      - ./resources/clean.sh
generatorOptions:
  disableNameSuffixHash: true
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
-- kubernetes/apps/media/jellyfin/app/resources/clean.sh --
#!/bin/sh
rm -rf "\${CACHE_DIR}/transcodes" \${HOME}/x
-- kubernetes/apps/media/jellyfin/app/externalsecret.yaml --
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: &name jellyfin
spec:
  secretStoreRef:
    name: onepassword-connect
    kind: ClusterSecretStore
  target:
    name: jellyfin-secret
    creationPolicy: Owner
    template:
      engineVersion: v2
      data:
        JELLYFIN_KEY: "{{ .JELLYFIN_KEY }}"
  dataFrom:
    - extract:
        key: *name
-- kubernetes/apps/media/jellyfin/app/ocirepository.yaml --
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: jellyfin
spec:
  interval: 15m
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  ref:
    tag: 4.1.2
  url: oci://ghcr.io/bjw-s-labs/helm/app-template
-- kubernetes/apps/media/jellyfin/app/helmrelease.yaml --
---
# yaml-language-server: $schema=https://raw.githubusercontent.com/bjw-s-labs/helm-charts/main/charts/other/app-template/schemas/helmrelease-helm-v2.schema.json
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: &app jellyfin
spec:
  chartRef:
    kind: OCIRepository
    name: jellyfin
  interval: 1h
  dependsOn:
    - name: flux-operator
      namespace: flux-system
  values:
    controllers:
      jellyfin:
        annotations:
          reloader.stakater.com/auto: "true"
        containers:
          app:
            image:
              repository: ghcr.io/jellyfin/jellyfin
              tag: 10.10.7@sha256:7ae36aab93ef9b6aaff02b37f8bb23df84bb2d7a3f6054ec8fc466072a648ce2
            env:
              DOTNET_SYSTEM_IO_DISABLEFILELOCKING: "true"
              TZ: \${TIMEZONE:=Etc/UTC}
            envFrom:
              - secretRef:
                  name: jellyfin-secret
            probes:
              liveness: &probes
                enabled: true
                custom: true
                spec:
                  httpGet:
                    path: /health
                    port: &port 8096
              readiness: *probes
            resources:
              requests:
                cpu: 100m
              limits:
                memory: 4Gi
        pod:
          nodeSelector:
            intel.feature.node.kubernetes.io/gpu: "true"
    defaultPodOptions:
      securityContext:
        runAsNonRoot: true
        fsGroupChangePolicy: OnRootMismatch
    service:
      app:
        ports:
          http:
            port: *port
    route:
      app:
        hostnames: ["{{ .Release.Name }}.\${SECRET_DOMAIN}"]
        parentRefs:
          - name: external
            namespace: kube-system
            sectionName: https
    persistence:
      config:
        existingClaim: *app
      scripts:
        type: configMap
        name: jellyfin-scripts
        defaultMode: 0775
      media:
        type: nfs
        server: nas.internal
        path: /mnt/media
`;

test('begun by the values of the flux-instance chart', () => {
	expect(said(SYNC + INSTANCE + COMMON + MEDIA)).toEqual([]);
});

test('begun by nothing in the tree', () => {
	expect(said(SYNC + COMMON + MEDIA)).toEqual([]);
});
