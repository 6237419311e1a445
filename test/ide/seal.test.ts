import { describe, expect, test } from 'vitest';
import { relative } from '../../server/src/core/base/paths';
import type { Sealable } from '../../server/src/core/ide/seal';
import type { SealedValues } from '../../server/src/core/gitops/secrets/sealed-document';
import { canUnseal, readPrivateKeys, sealValue } from '../../server/src/host/seal';
import { selfSigned } from '../support/certificate';
import { analyse, type Analysed, applied, diagnostics, NOW } from '../support/check';
import { ROOT } from '../support/fixture';

const { certificate, privateKey } = selfSigned(0, NOW + 1e12);
const keys = readPrivateKeys(privateKey);

const TEMPLATE = `-- base/kustomization.yaml --
resources: [namespace.yaml]
-- base/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: shop}
-- base/sealed-secrets/template-db.yaml --
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
  labels: {app: db}
  annotations:
    config.kubernetes.io/local-config: "true"
    reloader: "on"
type: kubernetes.io/basic-auth
stringData:
  username: app
  password: $0<sealed per environment>
-- production/kustomization.yaml --
# Keep this comment.
resources:
  - ../base
-- production/pub-cert.pem --
${certificate}-- staging/kustomization.yaml --
namePrefix: staging-
namespace: shop-staging
resources:
  - ../base
`;

function ask({ analysis, fixture: { caret } }: Analysed): Sealable {
	const found = analysis.sealable(caret!.file, caret!.offset);
	if (found.kind === 'failure') throw new Error(found.failure);
	return found;
}

/** The files after sealing `values` for the `index`th place, as its proposal says or as `other` says. */
function seal(
	analysed: Analysed,
	index: number,
	values: Readonly<Record<string, string>>,
	other: Partial<Omit<SealedValues, 'values'>> = {},
) {
	const { analysis, fixture } = analysed;
	const place = ask(analysed).places[index]!;
	const target = { scope: place.scope, name: place.name, namespace: place.namespace, ...other };
	const sealed = Object.entries(values).map(([key, text]): [string, string] => {
		const result = sealValue(Buffer.from(text), certificate, target, NOW);
		if ('failure' in result) throw new Error(result.failure);
		return [key, result.sealed];
	});
	const change = analysis.sealed(fixture.caret!.file, fixture.caret!.offset, place.file, {
		...target,
		values: new Map(sealed),
	});
	if ('failure' in change) throw new Error(change.failure);
	const after = applied(fixture, change);
	const opens = (key: string) =>
		Object.values(after).some(text => {
			const written = new RegExp(`^ +${key}: (\\S+)$`, 'm').exec(text ?? '')?.[1];
			return written !== undefined && canUnseal(written, keys, target);
		});
	return { after, target, opens: Object.keys(values).every(opens) };
}

/** The tree with some of its files as they are after a change. */
function again(text: string, after: Record<string, string | undefined>): Analysed {
	const rest = text.replace('$0', '').split(/^(?=-- .+ --$)/m);
	const kept = rest.filter(part => !(/^-- (.+) --$/m.exec(part)![1]! in after));
	return analyse(
		[...kept, ...Object.entries(after).map(([path, body]) => `-- ${path} --\n${body}`)].join('').replace('$0', ''),
	);
}

const withoutCiphertext = (text: string | undefined) => text?.replace(/\bA[gQ][A-Za-z0-9+/=]{100,}/g, 'SEALED');

test('the answer is found however short the turns are in which it is looked for', () => {
	const { analysis, fixture } = analyse(TEMPLATE);
	const { file, offset } = fixture.caret!;
	const turns = (function* () {
		for (let turn = 0; turn < 5_000; turn++) {
			const known = analysis.db.attempt(
				() => true,
				() => analysis.sealable(file, offset),
			);
			if (known) yield known.value;
		}
	})();
	expect(turns.next().value).toMatchObject({ kind: 'sealable', places: [{ name: 'db' }, { name: 'staging-db' }] });
});

describe('a template of the base', () => {
	test('can be sealed for each environment, under the name that it will have there', () => {
		const analysed = analyse(TEMPLATE);
		const { places, keys, key } = ask(analysed);
		expect(key).toBe('password');
		expect(keys).toEqual([
			{ key: 'username', value: 'written' },
			{ key: 'password', value: 'wanted' },
		]);
		expect(
			places.map(({ file, certificates, ...place }) => ({
				...place,
				file: relative(ROOT, file),
				certificates: certificates.map(each => relative(ROOT, each)),
			})),
		).toEqual([
			{
				environment: 'production',
				file: 'production/sealed-secrets/actual-db.yaml',
				isNew: true,
				scope: 'strict',
				name: 'db',
				namespace: 'shop',
				certificates: ['production/pub-cert.pem'],
			},
			{
				environment: 'staging',
				file: 'staging/sealed-secrets/actual-db.yaml',
				isNew: true,
				scope: 'strict',
				name: 'staging-db',
				namespace: 'shop-staging',
				certificates: [],
			},
		]);
		// What was supposed for the question is gone again.
		expect(analysed.analysis.files().some(file => file.includes('actual-'))).toBe(false);
		expect(diagnostics(analysed).filter(line => line.includes('actual-'))).toEqual([]);
	});

	test('becomes a SealedSecret that its kustomization lists', () => {
		const { after, opens } = seal(analyse(TEMPLATE), 0, { username: 'app', password: 'hunter2' });
		expect(opens).toBe(true);
		expect(after['production/kustomization.yaml']).toBe(
			'# Keep this comment.\nresources:\n  - ../base\n  - sealed-secrets/actual-db.yaml\n',
		);
		expect(withoutCiphertext(after['production/sealed-secrets/actual-db.yaml'])).toBe(`apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: shop
spec:
  encryptedData:
    username: SEALED
    password: SEALED
  template:
    metadata:
      annotations:
        reloader: "on"
      labels:
        app: db
      name: db
      namespace: shop
    type: kubernetes.io/basic-auth
`);
	});

	test.each(['namespace-wide', 'cluster-wide'] as const)('in the scope %s', scope => {
		const { after, opens } = seal(analyse(TEMPLATE), 0, { password: 'hunter2' }, { scope });
		expect(opens).toBe(true);
		const text = after['production/sealed-secrets/actual-db.yaml']!;
		expect(text.match(new RegExp(`sealedsecrets.bitnami.com/${scope}: "true"`, 'g'))).toHaveLength(2);
		expect(diagnostics(again(TEMPLATE, after)).filter(line => line.includes('sealed-secret/'))).toEqual([]);
	});

	test('sealed for the name that transformers give it, it has not drifted', () => {
		const { after, opens, target } = seal(analyse(TEMPLATE), 1, { username: 'app', password: 'hunter2' });
		expect(opens).toBe(true);
		expect(target).toMatchObject({ name: 'staging-db', namespace: 'shop-staging' });
		expect(after['staging/sealed-secrets/actual-db.yaml']).toMatch(/^metadata:\n {2}name: db\n {2}namespace: shop\n/m);
		expect(diagnostics(again(TEMPLATE, after)).filter(line => line.includes('sealed-secret/'))).toEqual([]);
	});
});

const SEALED = `-- kustomization.yaml --
namePrefix: my-
resources: [db.yaml]
-- db.yaml --
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: shop
spec:
  encryptedData:
    password: $0AgAB
    token: AgAC
`;

describe('a SealedSecret', () => {
	test('takes a value in the place of the one that is there, and another beside it', () => {
		const analysed = analyse(SEALED);
		expect(ask(analysed)).toMatchObject({
			key: 'password',
			places: [{ isNew: false, scope: 'strict', name: 'my-db', namespace: 'shop' }],
		});
		const { after, opens } = seal(analysed, 0, { password: 'a', extra: 'b' });
		expect(opens).toBe(true);
		expect(withoutCiphertext(after['db.yaml'])).toBe(
			`${SEALED.split('db.yaml --\n')[1]!.replace('$0AgAB', 'SEALED')}    extra: SEALED\n`,
		);
	});

	test('keeps its scope as long as values of that scope stay', () => {
		expect(() => seal(analyse(SEALED), 0, { password: 'a' }, { scope: 'cluster-wide' })).toThrow(/scope strict/);
		const { after, opens } = seal(analyse(SEALED), 0, { password: 'a', token: 'b' }, { scope: 'namespace-wide' });
		expect(opens).toBe(true);
		expect(withoutCiphertext(after['db.yaml'])).toBe(`apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: shop
  annotations:
    sealedsecrets.bitnami.com/namespace-wide: "true"
spec:
  encryptedData:
    password: SEALED
    token: SEALED
  template:
    metadata:
      annotations:
        sealedsecrets.bitnami.com/namespace-wide: "true"
      name: my-db
      namespace: shop
`);
	});

	test('sealed anew as a whole, it says what it was sealed for, and has not drifted any more', () => {
		const drifted = SEALED.replace('$0AgAB', '$0' + 'Ag'.padEnd(600, 'A'));
		expect(diagnostics(analyse(drifted)).filter(line => line.includes('name-drift'))).not.toEqual([]);
		const { after } = seal(analyse(drifted), 0, { password: 'a', token: 'b' });
		expect(diagnostics(again(drifted, after)).filter(line => line.includes('sealed-secret/'))).toEqual([]);
	});
});

test.each([
	['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: $0x}\n', /no Secret and no SealedSecret/],
	['apiVersion: v1\nkind: Secret\nmetadata: {name: $0x}\n', /nowhere to list/],
])('elsewhere it says why not', (text, why) => {
	const { analysis, fixture } = analyse(`-- x.yaml --\n${text}`);
	expect(analysis.sealable(fixture.caret!.file, fixture.caret!.offset)).toMatchObject({
		kind: 'failure',
		failure: expect.stringMatching(why) as string,
	});
});
