/** The schemas that hold for the tree, and what its rendered resources say against them. */
import { once } from '../base/once';
import type { Problem, Severity } from '../base/problem';
import { type Database, longQuery, query } from '../base/query';
import type { Resource } from '../kube/resource';
import { parseApiVersion } from '../kube/resource-id';
import type { CelProgram } from '../gitops/policy/cel/program';
import { celScope } from '../gitops/policy/cel/environment';
import { celValueOf } from '../gitops/policy/cel/cel-values';
import { isSopsEncrypted } from '../gitops/secrets/sops';
import { customKindsIn, customKindsOf, type CustomKinds } from '../kube/schema/crd';
import { withDefaults } from '../kube/schema/defaults';
import { schemaOfNode, type SchemaOptions } from '../kube/schema/store';
import { validateResource } from '../kube/schema/validate';
import type { RuleEvaluator } from '../kube/schema/walk';
import { survived } from '../workspace/inputs';
import { setting } from '../workspace/settings';
import { type MapNode, type Node, withoutEntry } from '../yaml/node';
import { filesOfTree } from './entries';
import { kubernetesVersionOf } from './kubernetes-version';

/** Where kinds are looked up, whatever the release: what the tree declares first. */
export const schemaOptions = longQuery<SchemaOptions>('schemaOptions', function* (db) {
	const kubernetesVersion = setting(db, 'kubernetesVersion');
	return {
		customKinds: yield* customKindsIn(db, filesOfTree(db)),
		...(kubernetesVersion !== undefined && { kubernetesVersion }),
	};
});

/** What has been found of a tree that is still the same object, by the release it is for; begun anew when the schemas change. */
const known = query<WeakMap<Node, readonly Problem[]>>('knownSchemaProblems', db => {
	db.get(schemaOptions, '');
	return new WeakMap();
});

/** The problems of resources that an environment renders. Trees that no step has touched are not looked at twice. */
export function schemaProblems(db: Database, resources: readonly Resource[], environment: string): readonly Problem[] {
	const kubernetesVersion = kubernetesVersionOf(db, environment);
	const memo = db.get(known, kubernetesVersion ?? '');
	const options = optionsFor(db, kubernetesVersion);
	return resources.flatMap(({ node }) => {
		let problems = memo.get(node);
		if (!problems) memo.set(node, (problems = findProblems(db, node, options)));
		return problems;
	});
}

/** The problems of a resource by kinds that are not the tree's own. */
export function schemaProblemsWith(
	db: Database,
	{ node }: Resource,
	environment: string,
	customKinds: CustomKinds,
): readonly Problem[] {
	return findProblems(db, node, { ...optionsFor(db, kubernetesVersionOf(db, environment)), customKinds });
}

/** The fields of a resource of a built-in kind that are none in any release: what can be said without knowing the tree. */
export function unknownFieldsAlone(db: Database, { node }: Resource): readonly Problem[] {
	const kubernetesVersion = setting(db, 'kubernetesVersion');
	const options: SchemaOptions = {
		customKinds: customKindsOf([]),
		...(kubernetesVersion !== undefined && { kubernetesVersion }),
	};
	if (schemaOfNode(db, node, options)?.from !== 'kubernetes') return [];
	return findProblems(db, node, options).filter(({ code }) => code === 'schema/unknown-field');
}

/** What the API server adds to custom resources, by their definitions. */
export function customDefaults(db: Database, environment: string): <N extends Node>(node: N) => N {
	const options = schemaOptionsOf(db, environment);
	return <N extends Node>(node: N) => {
		const known = schemaOfNode(db, node, options);
		return known?.schema && known.from !== 'kubernetes' ? (withDefaults(node, known.schema) as N) : node;
	};
}

/** Whether it says no more than that nothing is known about a kind. */
export function isOfUnknownKind({ code }: Problem): boolean {
	return code === 'schema/unknown-kind';
}

/** Where the kinds of an environment are looked up. */
export function schemaOptionsOf(db: Database, environment: string): SchemaOptions {
	return optionsFor(db, kubernetesVersionOf(db, environment));
}

function optionsFor(db: Database, kubernetesVersion: string | undefined): SchemaOptions {
	return {
		...db.get(schemaOptions, ''),
		...(kubernetesVersion === undefined ? undefined : { kubernetesVersion }),
	};
}

function findProblems(db: Database, node: Node, options: SchemaOptions): readonly Problem[] {
	const known = schemaOfNode(db, node, options);
	const ofFlux = parseApiVersion(known?.apiVersion ?? '').group.endsWith('toolkit.fluxcd.io');
	const evaluateRule = db.get(ruleEvaluator, '');
	const validate = () => validateResource(db, asDecrypted(node), { ...options, mode: 'resource', evaluateRule });
	return survived(db, `the schema of ${known?.kind ?? 'kinds that nobody knows'}`, validate, [])
		.filter(problem => !(ofFlux && isSaidBetter(problem)))
		.map(problem => ({
			...problem,
			severity: severityInTree(problem.severity, known?.from === 'well-known' && !ofFlux ? 'shipped' : 'sure'),
		}));
}

/** An object that SOPS encrypted as it will be applied: without the metadata, and with texts that may become anything for the ciphertexts. */
function asDecrypted(node: Node): Node {
	return isSopsEncrypted(node) ? withUnknownValues(withoutEntry(node as MapNode, 'sops')) : node;
}

function withUnknownValues(node: Node): Node {
	switch (node.kind) {
		case 'scalar':
			return node.text.startsWith('ENC[') ? { ...node, text: '${DECRYPTED}' } : node;
		case 'seq':
			return { ...node, items: node.items.map(withUnknownValues) };
		case 'map':
			return { ...node, entries: node.entries.map(entry => ({ ...entry, value: withUnknownValues(entry.value) })) };
	}
}

/** Rules of CustomResourceDefinitions, each compiled once. What cannot be evaluated here is passed over. */
const ruleEvaluator = query<RuleEvaluator>('ruleEvaluator', () => {
	const scope = once(() => celScope([]));
	const programs = new Map<string, CelProgram>();
	const run = (expression: string, self: Node) => {
		let program = programs.get(expression);
		if (!program) programs.set(expression, (program = scope().compile(expression)));
		return program.run({ self: celValueOf(self) });
	};
	return (rule, self) => {
		const result = run(rule.rule, self);
		if (result.kind !== 'value' || result.value === true)
			return { kind: result.kind === 'value' ? 'holds' : 'unknown' };
		const made = rule.messageExpression ? run(rule.messageExpression, self) : undefined;
		const text = made?.kind === 'value' && typeof made.value === 'string' ? made.value : rule.message;
		return { kind: 'fails', message: text ?? '' };
	};
});

/**
 * The versions of Flux's own kinds are `flux/deprecated-api-version`'s to report, which knows the Flux in the tree, and the chart of a
 * HelmRelease is `helm/chart-reference-invalid`'s.
 */
function isSaidBetter({ code, details }: Problem): boolean {
	const ofLife = code === 'schema/deprecated-api' || code === 'schema/removed-api';
	return ofLife || (code === 'schema/rule-failed' && /self\.chartRef|chart or chartRef/.test(details ?? ''));
}

/**
 * The cluster has the last word, and its release is only assumed; a CRD that Strata ships may be older than the one in the cluster. So
 * nothing here is an error.
 */
export function severityInTree(severity: Severity, schema: 'sure' | 'shipped'): Severity {
	if (severity !== 'error' && severity !== 'warning') return severity;
	return schema === 'shipped' ? 'information' : 'warning';
}
