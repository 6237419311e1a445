/** Policies make messages of what they see; of a Secret's values nothing may be left in them, in whatever form. */
import { describe, expect, test } from 'vitest';
import { kyvernoProblems } from '../../../../server/src/core/gitops/policy/kyverno-policies';
import { resourcesOf } from '../../../support/resources';

const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: smtp-login, namespace: shop, labels: {team: payments-team}}
stringData: {password: hunter2plantedvalue and more of it}
`;
const DERIVED = /hunter2pla|HUNTER2|aHVudGVy|\b68756e74/i;

const messages = (validate: string) =>
	kyvernoProblems(
		resourcesOf(`apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  rules:
    - name: r
      match: {any: [{resources: {kinds: [Secret]}}]}
      validate: ${validate}
---
${SECRET}`),
		{ known: {} },
	).map(({ message, details = '' }) => `${message}\n${details}`);

describe('of a Secret', () => {
	test.each([
		'to_upper(request.object.stringData.password)',
		'truncate(request.object.stringData.password, `12`)',
		'base64_encode(request.object.stringData.password)',
		'request.object.stringData.password',
		'sha256(request.object.stringData.password)',
		"join('-', split(request.object.stringData.password, ' '))",
	])('%s', made => {
		const [message = ''] = messages(`{message: "it is {{ ${made} }} now", deny: {}}`);
		expect(message).toMatch(/it is \*{3}=* now/);
		expect(message).not.toMatch(DERIVED);
	});

	test('its name and labels may be told', () => {
		const [message] = messages(
			'{message: "secret {{ request.object.metadata.name }} of {{ request.object.metadata.labels.team }}.", deny: {}}',
		);
		expect(message).toContain('secret smtp-login of payments-team.');
	});

	test('assertions', () => {
		const [message] = messages('{message: Wrong., assert: {object: {stringData: {password: expected-text}}}}');
		expect(message).toContain('Wrong: object.stringData.password: Invalid value: Expected value: "expected-text"');
		expect(message).not.toMatch(DERIVED);
	});

	test('errors', () => {
		const [message] = messages('{assert: {object: {stringData: {(parse_json(password)): 1}}}}');
		expect(message).toContain('which is not shown for a Secret');
	});
});

test('an error does not quote what it is about', () => {
	const config = SECRET.replace('kind: Secret', 'kind: ConfigMap').replace('stringData', 'data');
	const [problem] = kyvernoProblems(
		resourcesOf(`apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  rules:
    - name: r
      match: {any: [{resources: {kinds: [ConfigMap]}}]}
      validate: {assert: {object: {data: {(parse_json(password)): 1}}}}
---
${config}`),
		{ known: {} },
	);
	expect(problem?.message).toContain('the text is no JSON');
	expect(problem?.message).not.toMatch(DERIVED);
});
