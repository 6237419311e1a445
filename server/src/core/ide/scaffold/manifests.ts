/** The manifests that a new component begins with: a Deployment that the restricted Pod Security Standard admits, and its Service. */
import { type FilePath, join } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { sourceFilesOf } from '../../model/bases';
import type { Component } from '../../model/documentation';
import { contentOf } from '../../workspace/documents';
import { textAt } from '../../yaml/node';
import { copiedText, renaming } from './scaffolding';

/** The files of the base; it brings its namespace where the sibling brings its own. */
export function manifests(db: Database, sibling: Component, directory: FilePath, name: string): SourceEdit[] {
	const namespace = namespaceFile(db, sibling);
	const file = (path: string, text: string): SourceEdit => ({ kind: 'create-file', file: join(directory, path), text });
	return [
		...(namespace === undefined
			? []
			: [file('namespace.yaml', copiedText(db, namespace, [], renaming(sibling.name, name)))]),
		file('kustomization.yaml', kustomization(name, namespace === undefined ? [] : ['namespace.yaml'])),
		file('deployment.yaml', deployment(name)),
		file('service.yaml', service(name)),
	];
}

function namespaceFile(db: Database, { base, name }: Component): FilePath | undefined {
	return sourceFilesOf(base).find(file => {
		const documents = contentOf(db, file);
		const [first] = documents;
		const isNamespace = textAt(first?.root, 'kind') === 'Namespace' && textAt(first?.root, 'metadata', 'name') === name;
		return documents.length === 1 && isNamespace;
	});
}

function kustomization(name: string, namespace: readonly string[]): string {
	return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${name}
resources:
${[...namespace, 'deployment.yaml', 'service.yaml'].map(path => `  - ${path}\n`).join('')}`;
}

function deployment(name: string): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ${name}
          image: registry.example.com/${name}:0.1.0
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
            limits:
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
`;
}

function service(name: string): string {
	return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;
}
