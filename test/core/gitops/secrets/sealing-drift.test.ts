/** What the history of a file adds: values that were sealed before the file said what it says now. */
import { expect, test } from 'vitest';
import { sealingHistoryOf } from '../../../../server/src/core/gitops/secrets/sealing-history';
import { selfSigned } from '../../../support/certificate';
import { analyse, applied, diagnostics, NOW } from '../../../support/check';
import { ROOT } from '../../../support/fixture';

const CIPHERTEXT = 'AgB' + 'x'.repeat(500).replace(/x/g, (_, i: number) => 'abcdefgh'.charAt((i * 7 + (i >> 3)) % 8));
const OTHER = CIPHERTEXT.replaceAll('a', 'b');
const DAY = 24 * 60 * 60 * 1000;

interface Said {
	readonly name?: string;
	readonly namespace?: string;
	readonly scope?: 'namespace-wide' | 'cluster-wide';
	/** Name and namespace of the template. */
	readonly template?: readonly [string, string];
	readonly values?: Readonly<Record<string, string>>;
}

function secret({ name = 'db', namespace = 'shop', scope, template, values = { password: CIPHERTEXT } }: Said): string {
	return [
		'apiVersion: bitnami.com/v1alpha1',
		'kind: SealedSecret',
		'metadata:',
		`  name: ${name}`,
		...(namespace ? [`  namespace: ${namespace}`] : []),
		...(scope ? ['  annotations:', `    sealedsecrets.bitnami.com/${scope}: "true"`] : []),
		'spec:',
		'  encryptedData:',
		...Object.entries(values).map(([key, text]) => `    ${key}: ${text}`),
		...(template
			? ['  template:', '    metadata:', `      name: ${template[0]}`, `      namespace: ${template[1]}`]
			: []),
		'',
	].join('\n');
}

/** The analysis of a tree whose `db.yaml` has been what is said, one commit a day; the last one is not committed. */
function withHistory(
	said: readonly Said[],
	{ kustomization = '', committed = said.length - 1, daysAgo = 0, more = '' } = {},
) {
	const texts = said.map(secret);
	const analysed = analyse(`-- kustomization.yaml --
resources: [db.yaml]
${kustomization}-- db.yaml --
${texts.at(-1)!}${more}`);
	const { analysis } = analysed;
	const versions = texts
		.slice(0, committed)
		.map((text, i) => ({ commit: `${i}abcdef01234`, time: NOW - (committed - i + daysAgo) * DAY, text }));
	const histories = new Map(
		analysis.wantedHistories().map(({ file, sealed }) => {
			const reading = sealingHistoryOf(file, sealed, versions);
			let step = reading.next();
			while (!step.done) step = reading.next();
			return [file, step.value] as const;
		}),
	);
	analysis.apply({ histories });
	return analysed;
}

const DRIFT = /drift/;
const found = (...args: Parameters<typeof withHistory>) =>
	diagnostics(withHistory(...args)).filter(line => DRIFT.test(line));
const severities = (...args: Parameters<typeof withHistory>) =>
	withHistory(...args)
		.analysis.diagnostics(`${ROOT}/db.yaml`)
		.filter(({ code }) => DRIFT.test(code))
		.map(({ severity }) => severity);

test.each<[string, readonly Said[], readonly string[]]>([
	['nothing has changed', [{}, {}], []],
	['it was renamed', [{}, { name: 'cache' }], ['db.yaml:4 sealed-secret/name-drift "cache"']],
	['it was moved', [{}, { namespace: 'web' }], ['db.yaml:5 sealed-secret/namespace-drift "web"']],
	[
		'renamed and moved',
		[{}, { name: 'cache', namespace: 'web' }],
		['db.yaml:4 sealed-secret/name-drift "cache"', 'db.yaml:5 sealed-secret/namespace-drift "web"'],
	],
	[
		'renamed with its template',
		[{ template: ['db', 'shop'] }, { name: 'cache', template: ['cache', 'shop'] }],
		['db.yaml:4 sealed-secret/name-drift "cache"'],
	],
	['renamed and back', [{}, { name: 'cache' }, {}], []],
	['renamed and sealed anew', [{}, { name: 'cache', values: { password: OTHER } }], []],
	[
		'renamed, and a value added since',
		[{}, { name: 'cache', values: { password: OTHER, more: CIPHERTEXT } }],
		['db.yaml:4 sealed-secret/name-drift "cache"'],
	],
	['the namespace was left to others', [{ namespace: '' }, { namespace: 'web' }], []],
	['the name was a variable', [{ name: '${APP}' }, { name: 'cache' }], []],
	['namespace-wide and renamed', [{ scope: 'namespace-wide' }, { name: 'cache', scope: 'namespace-wide' }], []],
	[
		'namespace-wide and moved',
		[{ scope: 'namespace-wide' }, { namespace: 'web', scope: 'namespace-wide' }],
		['db.yaml:5 sealed-secret/namespace-drift "web"'],
	],
	['cluster-wide and moved', [{ scope: 'cluster-wide' }, { namespace: 'web', scope: 'cluster-wide' }], []],
	['its scope was widened', [{}, { scope: 'cluster-wide' }], ['db.yaml:6 sealed-secret/scope-drift "annotations"']],
	['its scope was narrowed', [{ scope: 'cluster-wide' }, {}], ['db.yaml:3 sealed-secret/scope-drift "metadata"']],
	['the template said at first what the file says now', [{ template: ['cache', 'shop'] }, { name: 'cache' }], []],
	['committed only now', [{ name: 'cache' }], []],
])('%s', (_, said, expected) => {
	expect(found(said)).toEqual(expected);
});

test('the finding tells the commit, what changed, and the words of the controller; one fix takes the change back', () => {
	const analysed = withHistory([{}, { name: 'cache' }]);
	const file = `${ROOT}/db.yaml`;
	const [finding] = analysed.analysis.diagnostics(file).filter(({ code }) => DRIFT.test(code));
	expect(finding).toMatchObject({
		severity: 'error',
		details: 'no key could decrypt secret (password)',
		message:
			'SealedSecret/cache was sealed for the name "db" (commit 0abcdef0 of 2025-12-31) and is called "cache" by now without having been sealed anew, so the controller cannot decrypt it (scope: strict). Seal it anew for the name "cache" (or with the scope namespace-wide), or give it back the name "db".',
	});
	const fixes = analysed.analysis.fixes(file, finding!.range.start, finding!.range.end);
	expect(fixes.map(({ title }) => title)).toEqual(['Change the name back to "db"']);
	expect(applied(analysed.fixture, fixes[0]!.change)['db.yaml']).toBe(secret({}));
});

test('a transformer is judged by what the values were sealed for, and not by what the file says by now', () => {
	const kustomization = 'namePrefix: my-\n';
	expect(found([{}, {}], { kustomization })).toEqual([
		'db.yaml:4 sealed-secret/name-drift "db"',
		'kustomization.yaml:2 sealed-secret/name-drift "my-"',
	]);
	// Somebody took the prefix out of the file when the kustomization got it.
	expect(found([{ name: 'my-db' }, {}], { kustomization })).toEqual([]);
	expect(found([{ name: 'your-db' }, {}], { kustomization })).toEqual([
		'db.yaml:4 sealed-secret/name-drift "db"',
		'kustomization.yaml:2 sealed-secret/name-drift "my-"',
	]);
});

test('what somebody has lived with for a month was a correction, for all that one knows', () => {
	const said = [{}, { name: 'cache' }, { name: 'cache' }];
	expect(severities(said)).toEqual(['error']);
	expect(severities(said, { daysAgo: 31 })).toEqual(['information']);
	expect(severities([{}, { name: 'cache' }], { daysAgo: 400 })).toEqual(['error']);
});

test('ciphertexts that stand under two names in one commit are not judged', () => {
	const twice = `${secret({})}---\n${secret({ name: 'cache' })}`;
	const { analysis } = withHistory([{ name: 'cache' }]);
	const [wanted] = analysis.wantedHistories();
	const reading = sealingHistoryOf(wanted!.file, wanted!.sealed, [{ commit: 'a', time: 0, text: twice }]);
	let step = reading.next();
	while (!step.done) step = reading.next();
	expect(step.value.size).toBe(0);
});

test('a history that is known is not asked for again until there is a new ciphertext', () => {
	const { analysis } = withHistory([{}, {}]);
	expect(analysis.wantedHistories()).toEqual([]);
	const file = `${ROOT}/db.yaml`;
	analysis.apply({ texts: new Map([[file, secret({ name: 'x' })]]) });
	expect(analysis.wantedHistories()).toEqual([]);
	analysis.apply({ texts: new Map([[file, secret({ values: { password: OTHER } })]]) });
	expect(analysis.wantedHistories().map(each => each.file)).toEqual([file]);
});

/** What is found where an overlay of `db.yaml` says something more. */
function overlaid(said: Said, overlay: string): string[] {
	return diagnostics(
		analyse(`-- base/kustomization.yaml --
resources: [db.yaml]
-- base/db.yaml --
${secret(said)}-- overlay/kustomization.yaml --
resources: [../base]
${overlay}`),
	).filter(line => DRIFT.test(line));
}

const WIDENED = 'commonAnnotations: {sealedsecrets.bitnami.com/cluster-wide: "true"}\n';
const NARROWED = `patches:
  - patch: |-
      apiVersion: bitnami.com/v1alpha1
      kind: SealedSecret
      metadata:
        name: db
        namespace: shop
        annotations:
          sealedsecrets.bitnami.com/cluster-wide: VALUE
`;

test.each<[string, Said, string, readonly string[]]>([
	[
		'an annotation for all of them',
		{ template: ['db', 'shop'] },
		WIDENED,
		[
			'base/db.yaml:3 sealed-secret/scope-drift "metadata"',
			'overlay/kustomization.yaml:2 sealed-secret/scope-drift "\\"true\\""',
		],
	],
	// Values that were sealed with `kubeseal --raw` stand in files that somebody wrote.
	['an annotation for those that were written by hand', {}, WIDENED, []],
	['an annotation that is there', { scope: 'cluster-wide', template: ['db', 'shop'] }, WIDENED, []],
	[
		'a patch that takes the annotation away',
		{ scope: 'cluster-wide' },
		NARROWED.replace('VALUE', 'null'),
		[
			'base/db.yaml:3 sealed-secret/scope-drift "metadata"',
			'overlay/kustomization.yaml:10 sealed-secret/scope-drift "null"',
		],
	],
	[
		'a patch that turns it off',
		{ scope: 'cluster-wide' },
		NARROWED.replace('VALUE', '"false"'),
		[
			'base/db.yaml:3 sealed-secret/scope-drift "metadata"',
			'overlay/kustomization.yaml:10 sealed-secret/scope-drift "\\"false\\""',
		],
	],
	[
		'a patch that adds what counts for less',
		{ scope: 'cluster-wide' },
		WIDENED.replace('cluster-w', 'namespace-w'),
		[],
	],
])('the scope is changed by %s', (_, said, overlay, expected) => {
	expect(overlaid(said, overlay)).toEqual(expected);
});

test('a key that is newer than what is sealed', () => {
	const found = (daysAgo: number) => {
		const { certificate } = selfSigned(NOW - daysAgo * DAY, NOW + 1000 * DAY);
		const more = `-- pub-sealed-secrets.pem --\n${certificate}`;
		const values = { password: CIPHERTEXT, token: OTHER };
		const analysed = withHistory([{ values }, { values }], { committed: 1, daysAgo: 20, more });
		return analysed.analysis
			.diagnostics(`${ROOT}/pub-sealed-secrets.pem`)
			.map(({ code, severity, message }) => `${severity} ${code}: ${message}`);
	};
	expect(found(10)).toEqual([
		'hint sealed-secret/key-rotated: The key of this certificate was made on 2025-12-22, and 2 values, "password" of SealedSecret/db among them, were sealed before, so with an older key, which the controller must still have. `kubeseal --re-encrypt` seals them with the new one.',
	]);
	expect(found(20.5)).toEqual([]);
	expect(found(40)).toEqual([]);
});
