/** One kustomization over many resources, with patches, labels and a prefix. */

/** The files of a kustomization that gives so many resources. */
export function manyResources(count: number): Map<string, string> {
	const files = new Map<string, string>();
	const names: string[] = [];
	for (let i = 0; i < count / 4; i++) {
		const name = `service-${String(i).padStart(4, '0')}`;
		names.push(name);
		files.set(`resources/${name}.yaml`, application(name, i));
	}
	const patched = names.filter((_, i) => i % 10 === 0);
	for (const name of patched) files.set(`patches/${name}.yaml`, patch(name));
	files.set(
		'kustomization.yaml',
		`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namePrefix: large-
namespace: large
labels:
  - pairs:
      app.kubernetes.io/part-of: large
    includeSelectors: true
resources:
${names.map(name => `  - resources/${name}.yaml\n`).join('')}patches:
${patched.map(name => `  - path: patches/${name}.yaml\n`).join('')}  - target:
      kind: Deployment
    patch: |-
      - op: add
        path: /metadata/annotations
        value:
          reviewed: "yes"
`,
	);
	return files;
}

function application(name: string, index: number): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${1 + (index % 5)}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      serviceAccountName: ${name}
      containers:
        - name: main
          image: registry.example.com/${name}:1.${index % 40}.0
          ports:
            - containerPort: 8080
          env:
            - name: LEVEL
              value: info
          envFrom:
            - configMapRef:
                name: ${name}
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  timeout: "${10 + (index % 50)}"
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
`;
}

function patch(name: string): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: main
          env:
            - name: LEVEL
              value: debug
          resources:
            limits:
              memory: 128Mi
`;
}
