/**
 * `secret/template-not-placeholder`, `secret/missing-template`, `secret/missing-key`, `secret/unknown-key`: a `template-*` file says which keys a secret has and none
 * of their values; the `actual-*` files of the environments hold just these keys, sealed.
 */
import { basename, type FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { placeholderIn } from '../gitops/secrets/placeholders';
import { actualsWithoutTemplate, templates } from '../model/secret-templates';
import { contentOf } from '../workspace/documents';
import { addressOf, child, entriesOf, type MapEntry, type Node, nodeAt, textAt } from '../yaml/node';
import type { CodeInfo } from '../base/problem';
import type { Finding, Rule } from './rule';

export const secretTemplateNotPlaceholder: Rule = {
	code: 'secret/template-not-placeholder',
	severity: 'error',
	summary: 'A template of a secret holds a value that is no placeholder.',
	check: db => [...templates(db).keys()].flatMap(file => secretsIn(db, file).flatMap(notPlaceholders)),
};

export const secretMissingTemplate: Rule = {
	code: 'secret/missing-template',
	severity: 'warning',
	summary: 'An actual secret has no template in the base.',
	check: db =>
		actualsWithoutTemplate(db).flatMap(file =>
			secretsIn(db, file)
				.slice(0, 1)
				.map(actual => ({
					code: secretMissingTemplate.code,
					severity: secretMissingTemplate.severity,
					message: `${textAt(actual, 'metadata', 'name') ?? 'this secret'} has no \`${basename(file).replace(/^actual/, 'template')}\` in the base that this overlay builds on; write one with its keys and a placeholder for each, so that other environments know what they need`,
					at: addressOf((child(actual, 'kind') ?? actual).origin),
				})),
		),
};

const MISSING: CodeInfo = {
	code: 'secret/missing-key',
	severity: 'warning',
	summary: 'An actual secret lacks a key of its template.',
};
const UNKNOWN: CodeInfo = {
	code: 'secret/unknown-key',
	severity: 'warning',
	summary: 'An actual secret has a key that its template does not have.',
};

export const secretMissingKey: Rule = { ...MISSING, check: db => pairs(db).flatMap(missingKeys) };
export const secretUnknownKey: Rule = { ...UNKNOWN, check: db => pairs(db).flatMap(unknownKeys) };

function secretsIn(db: Database, file: FilePath): Node[] {
	return contentOf(db, file).flatMap(({ root }) =>
		root && /^(Sealed)?Secret$/.test(textAt(root, 'kind') ?? '') ? [root] : [],
	);
}

/** The keys of a Secret or SealedSecret, with their values. */
function keysOf(secret: Node): readonly MapEntry[] {
	return [
		...entriesOf(child(secret, 'data')),
		...entriesOf(child(secret, 'stringData')),
		...entriesOf(nodeAt(secret, ['spec', 'encryptedData'])),
		...entriesOf(nodeAt(secret, ['spec', 'template', 'data'])),
	];
}

function notPlaceholders(secret: Node): Finding[] {
	const templated = new Set(entriesOf(nodeAt(secret, ['spec', 'template', 'data'])).map(({ key }) => key));
	return keysOf(secret).flatMap(({ key, value }): Finding[] => {
		if (value.kind !== 'scalar' || value.tag === '!!null' || templated.has(key) || placeholderIn(value.text)) return [];
		return [
			{
				code: secretTemplateNotPlaceholder.code,
				severity: secretTemplateNotPlaceholder.severity,
				message: `a template holds keys, not values: write a placeholder such as \`<${key}>\` here, and change the secret if it has been pushed`,
				at: addressOf(value.origin),
				anchor: 'key',
			},
		];
	});
}

interface Pair {
	readonly template: Node;
	readonly actual: Node;
}

/** Templates and actual secrets of one name. */
function pairs(db: Database): Pair[] {
	return [...templates(db)].flatMap(([templateFile, actualFiles]) =>
		secretsIn(db, templateFile).flatMap(template =>
			actualFiles.flatMap(file =>
				secretsIn(db, file)
					.filter(actual => textAt(actual, 'metadata', 'name') === textAt(template, 'metadata', 'name'))
					.map(actual => ({ template, actual })),
			),
		),
	);
}

function missingKeys({ template, actual }: Pair): Finding[] {
	const has = new Set(keysOf(actual).map(({ key }) => key));
	const missing = keysOf(template).filter(({ key }) => !has.has(key));
	if (missing.length === 0) return [];
	const name = textAt(actual, 'metadata', 'name') ?? '';
	const keys = missing.map(({ key }) => `\`${key}\``).join(', ');
	return [
		{
			...pick(MISSING),
			message: `${name} lacks ${keys}, which its template has; seal ${missing.length > 1 ? 'them' : 'it'}, or take ${missing.length > 1 ? 'them' : 'it'} out of the template`,
			at: addressOf((child(actual, 'spec') ?? actual).origin),
			anchor: 'key',
			related: missing.map(({ key, value }) => ({
				message: `\`${key}\` in the template`,
				at: addressOf(value.origin),
			})),
		},
	];
}

function unknownKeys({ template, actual }: Pair): Finding[] {
	const known = new Set(keysOf(template).map(({ key }) => key));
	return keysOf(actual)
		.filter(({ key }) => !known.has(key))
		.map(({ key, value }) => ({
			...pick(UNKNOWN),
			message: `the template has no key \`${key}\`; add it there, so that the other environments know of it, or remove it here`,
			at: addressOf(value.origin),
			anchor: 'key',
			related: [{ message: 'the template', at: addressOf(template.origin) }],
		}));
}

function pick({ code, severity }: CodeInfo): Pick<CodeInfo, 'code' | 'severity'> {
	return { code, severity };
}
