/** A repository that is no GitOps tree: Strata says nothing of it, and parses nothing. */
import { expect, test } from 'vitest';
import { analyse, type Analysed, diagnostics } from '../support/check';

const service = (number: number) => `-- services/${number}/config.yaml --
name: service-${number}
ports: [80, 443]
`;

const REPOSITORY = `
${[...Array(300).keys()].map(service).join('')}-- node_modules/x/kustomization.yaml --
resources: [gone.yaml]
-- .git/x/kustomization.yaml --
resources: [gone.yaml]
-- .github/workflows/ci.yaml --
on: push
jobs: {a: {b: [}
-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
-- charts/web/templates/service.yaml --
{{- if .Values.on }}
kind: Service
{{- end }}
-- charts/web/templates/apps.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {{ .Release.Name }}
spec:
  path: ./{{ .Values.path }}
`;

const parsed = ({ analysis }: Analysed) => analysis.db.runs.get('syntax') ?? 0;

test('nothing of it is parsed, whatever is in it', () => {
	const nothing = analyse(REPOSITORY);
	expect(diagnostics(nothing)).toEqual([]);
	expect(parsed(nothing)).toBe(0);
	// The same with one kustomization: that is parsed, with what it lists.
	const one = analyse(`${REPOSITORY}-- deploy/kustomization.yaml --\nresources: [../services/1/config.yaml]\n`);
	expect(diagnostics(one)).toEqual(['services/1/config.yaml:1 kustomize/invalid-resource "name: service-1"']);
	expect(parsed(one)).toBe(2);
});
