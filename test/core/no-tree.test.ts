/** A repository that is no GitOps tree: Strata says nothing of it, and parses nothing. */
import { expect, test, vi } from 'vitest';
import { parseSyntax } from '../../server/src/core/yaml/syntax';
import { analyse, diagnostics } from '../support/check';

vi.mock('../../server/src/core/yaml/syntax', async importOriginal => {
	const real = await importOriginal<typeof import('../../server/src/core/yaml/syntax')>();
	return { ...real, parseSyntax: vi.fn(real.parseSyntax) };
});

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

test('nothing of it is parsed, whatever is in it', () => {
	expect(diagnostics(analyse(REPOSITORY))).toEqual([]);
	expect(vi.mocked(parseSyntax).mock.calls.length).toBe(0);
	// The same with one kustomization: that is parsed, with what it lists.
	expect(
		diagnostics(analyse(`${REPOSITORY}-- deploy/kustomization.yaml --\nresources: [../services/1/config.yaml]\n`)),
	).toEqual(['services/1/config.yaml:1 kustomize/invalid-resource "name: service-1"']);
	expect(vi.mocked(parseSyntax).mock.calls.length).toBeLessThan(5);
});
