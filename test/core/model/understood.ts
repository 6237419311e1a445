/** Trees of a few files, and what is understood of them. */
import { analyse, diagnostics } from '../../support/check';

export const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${name}
spec:
  ports: [{port: 80}]
`;

export const kustomization = (...resources: string[]) =>
	`resources:\n${resources.map(each => `  - ${each}\n`).join('')}`;

export const flux = (name: string, path: string, extra = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 1h
  path: ${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
${extra}`;

export const SOURCE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@example.com/org/repo
---
`;

export function tree(files: Record<string, string>): string {
	return Object.entries(files)
		.map(([path, text]) => `-- ${path} --\n${text}`)
		.join('');
}

export function understood(files: Record<string, string>) {
	const analysed = analyse(tree(files));
	const { environments, entryPoints, components } = analysed.analysis.outline();
	return {
		environments,
		entries: entryPoints.map(({ path, environment, setAside }) =>
			[path, environment, setAside ? '(set aside)' : ''].filter(Boolean).join(' '),
		),
		components: components.map(
			({ path, missing }) => path + (missing.length > 0 ? ` without ${missing.join(', ')}` : ''),
		),
		findings: diagnostics(analysed),
	};
}

export const onlyBase = (from: string) => kustomization(from);
