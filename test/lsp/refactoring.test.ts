/** Refactorings over the wire: code actions that begin them, and edits that ask to be confirmed. */
import { beforeAll, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import type { OverridableResult, RefactoringResult } from '../../server/src/lsp/refactoring-protocol';
import { buildPrograms, repository } from '../support/programs';
import { connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

const tree = () =>
	repository(`
-- base/kustomization.yaml --
resources:
  - config.yaml
-- base/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  level: info
-- production/kustomization.yaml --
resources:
  - ../base
-- staging/kustomization.yaml --
resources:
  - ../base
`);

test('a field of a base is overridden by an edit that is shown before it is made', async () => {
	const client = await connect(programs, tree());
	const at = { textDocument: { uri: client.uri('base/config.yaml') }, position: { line: 5, character: 10 } };
	const range = { start: at.position, end: at.position };
	const params = { textDocument: at.textDocument, range, context: { diagnostics: [] } };
	const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
	expect(actions.map(({ title, kind }) => [title, kind])).toEqual([['Override in Environment...', 'refactor.rewrite']]);

	const found = await client.connection.sendRequest<OverridableResult>('strata/overridable', at);
	expect(found.environments.map(({ name, value }) => `${name} ${value}`)).toEqual(['production info', 'staging info']);

	const values = { production: 'debug' };
	const result = await client.connection.sendRequest<RefactoringResult>('strata/override', { ...at, values });
	expect(result).toEqual({
		edit: {
			changeAnnotations: {
				strata: { label: 'Override in production' },
				'strata preview': { label: 'Override in production', needsConfirmation: true },
			},
			documentChanges: [
				{
					kind: 'create',
					uri: client.uri('production/patches/configmap-patch.yaml'),
					options: { ignoreIfExists: true },
					annotationId: 'strata',
				},
				{
					textDocument: { uri: client.uri('production/patches/configmap-patch.yaml'), version: null },
					edits: [
						{
							range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
							newText: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  level: debug\n',
							annotationId: 'strata',
						},
					],
				},
				{
					textDocument: { uri: client.uri('production/kustomization.yaml'), version: null },
					edits: [
						{
							range: { start: { line: 1, character: 11 }, end: { line: 1, character: 11 } },
							newText: '\npatches:\n  - path: patches/configmap-patch.yaml',
							annotationId: 'strata',
						},
						// Asks the editor to show the rest, which it leaves checked.
						{
							range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
							newText: '',
							annotationId: 'strata preview',
						},
					],
				},
			],
		},
	});
	const same = await client.connection.sendRequest('strata/override', { ...at, values: { production: 'info' } });
	expect(same).toEqual({ why: '`data.level` of ConfigMap/web is so in production already.' });
});

test('nothing is offered where no base is', async () => {
	const client = await connect(programs, tree());
	const position = { line: 1, character: 6 };
	const textDocument = { uri: client.uri('production/kustomization.yaml') };
	const params = { textDocument, range: { start: position, end: position }, context: { diagnostics: [] } };
	expect(await client.connection.sendRequest('textDocument/codeAction', params)).toEqual([]);
	expect(await client.connection.sendRequest('strata/overridable', { textDocument, position })).toBeNull();
});
