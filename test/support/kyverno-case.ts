/** One folder of Kyverno's own tests, as `kyverno test` reads it: policies, resources, given values, expected results. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { subjectOf } from '../../server/src/core/gitops/policy/subject';
import { ruleMatches, type Subject } from '../../server/src/core/gitops/policy/kyverno/match';
import { rulesOf } from '../../server/src/core/gitops/policy/kyverno/autogen';
import {
	get,
	isMap,
	listOf,
	mapOf,
	type PlainMap,
	textOf,
	textsOf,
} from '../../server/src/core/gitops/policy/kyverno/plain-values';
import type { PolicyEnvironment } from '../../server/src/core/gitops/policy/kyverno/policy-context';
import { type Outcome, ruleValidator } from '../../server/src/core/gitops/policy/kyverno/validate-rule';
import { resourceNameOf } from '../../server/src/core/gitops/policy/resource-names';
import { validatingPolicyEvaluator } from '../../server/src/core/gitops/policy/validating-policy';
import { type Plain, toPlain } from '../../server/src/core/yaml/node';
import type { Resource } from '../../server/src/core/kube/resource';
import { resourcesOf } from './resources';

export interface ExpectedResult {
	readonly policy: string;
	readonly rule: string | undefined;
	readonly kind: string;
	readonly resource: string;
	readonly result: string;
}

export interface ActualResult {
	readonly status: 'pass' | 'fail' | 'skip' | 'error' | 'not-evaluated' | 'no match' | 'no resource';
	readonly why: string;
}

export interface KyvernoCase {
	readonly expected: readonly ExpectedResult[];
	inScope(expected: ExpectedResult): boolean;
	judge(expected: ExpectedResult): ActualResult;
}

/** Whether a result's name for a resource means it: `name` or `namespace/name`. */
export function matchesResource(
	written: string,
	{ name, namespace }: Pick<Subject, 'kind' | 'name' | 'namespace'>,
): boolean {
	return written === name || written === `${namespace}/${name}`;
}

export function readCase(directory: string): KyvernoCase {
	const load = (path: string): readonly Resource[] => {
		const file = join(directory, path);
		return existsSync(file) ? resourcesOf(readFileSync(file, 'utf8')) : [];
	};
	const [test] = load('kyverno-test.yaml').map(({ node }) => toPlain(node));
	const policies = new Map(
		textsOf(test, 'policies')
			.flatMap(load)
			.map(({ node, id }) => [id.name, toPlain(node)]),
	);
	const resources = textsOf(test, 'resources').flatMap(load);
	const values = textOf(test, 'variables') ? load(textOf(test, 'variables')!).map(({ node }) => toPlain(node)) : [];
	const evaluators = evaluatorsOnce();
	return {
		expected: listOf(test, 'results').flatMap(expectedResults),
		inScope: expected => isValidation(policies.get(expected.policy), expected.rule),
		judge(expected) {
			const policy = policies.get(expected.policy);
			const found = resources.filter(
				resource =>
					resource.id.kind === expected.kind &&
					matchesResource(expected.resource, { ...resource.id, namespace: resource.id.namespace || 'default' }),
			);
			const results = found.map(resource => judgeOne(policy as PlainMap, expected, resource, values, evaluators));
			// Several resources of one name: the result that is expected may be of any of them.
			return (
				results.find(({ status }) => status === expected.result) ?? results[0] ?? { status: 'no resource', why: '' }
			);
		},
	};
}

function expectedResults(result: Plain): readonly ExpectedResult[] {
	const names = textsOf(result, 'resources');
	return (names.length > 0 ? names : [textOf(result, 'resource') ?? '']).map(resource => ({
		policy: textOf(result, 'policy') ?? '',
		rule: textOf(result, 'rule'),
		kind: textOf(result, 'kind') ?? '',
		resource,
		result: textOf(result, 'result') ?? '',
	}));
}

function isValidation(policy: Plain | undefined, rule: string | undefined): boolean {
	const kind = textOf(policy, 'kind');
	if (kind === 'ValidatingPolicy') return true;
	if (kind !== 'ClusterPolicy' && kind !== 'Policy') return false;
	const written = rulesOf(policy!).filter(
		({ original, rule: made }) => original === rule || textOf(made, 'name') === rule,
	);
	return written.length > 0 && written.every(({ rule: made }) => isMap(get(made, 'validate')));
}

function judgeOne(
	policy: PlainMap,
	{ policy: name, rule, resource: written }: ExpectedResult,
	resource: Resource,
	values: readonly Plain[],
	evaluators: ReturnType<typeof evaluatorsOnce>,
): ActualResult {
	const given = givenValues(values, name, rule, written);
	const environment: PolicyEnvironment = {
		namespaceLabels: () => undefined,
		configMap: () => undefined,
		known: given.known,
	};
	const namespace = resource.id.namespace || (CLUSTER_SCOPED.has(resource.id.kind) ? '' : 'default');
	const labels = given.namespaceLabels(namespace);
	const subject = subjectOf(
		{ ...resource, id: { ...resource.id, namespace } },
		{ operation: given.operation, namespaceLabels: labels ?? mapOf([]), resource: resourceNameOf(resource.id.kind) },
	);
	if (textOf(policy, 'kind') === 'ValidatingPolicy') {
		const outcome = evaluators.policy(policy)(subject);
		return outcome ? actualOf(outcome, 'fail') : { status: 'no match', why: '' };
	}
	for (const { rule: made, original } of rulesOf(policy)) {
		if (original !== rule && textOf(made, 'name') !== rule) continue;
		// Its runner takes whoever a rule is for as the sender.
		if (ruleMatches(made, subject) === 'no') continue;
		const outcome = evaluators.rule(policy, made)(subject, resource.node, environment);
		return actualOf(outcome, isMap(get(made, 'validate', 'cel')) ? 'fail' : 'error');
	}
	return { status: 'no match', why: '' };
}

/** One evaluator a policy and rule for all resources of a folder, as in one run of the product. */
function evaluatorsOnce() {
	const policies = new Map<PlainMap, ReturnType<typeof validatingPolicyEvaluator>>();
	const rules = new Map<PlainMap, Map<string, ReturnType<typeof ruleValidator>>>();
	const once = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
		if (!map.has(key)) map.set(key, make());
		return map.get(key)!;
	};
	return {
		policy: (policy: PlainMap) => once(policies, policy, () => validatingPolicyEvaluator(policy)),
		rule: (policy: PlainMap, rule: PlainMap) => {
			const ofPolicy = once(rules, policy, () => new Map<string, ReturnType<typeof ruleValidator>>());
			return once(ofPolicy, textOf(rule, 'name') ?? '', () => ruleValidator(rule));
		},
	};
}

/** An error in CEL denies, since failurePolicy is Fail by default. */
function actualOf(outcome: Outcome, errors: 'fail' | 'error'): ActualResult {
	const why = 'why' in outcome ? outcome.why : 'message' in outcome ? outcome.message : '';
	return { status: outcome.status === 'error' ? errors : outcome.status, why };
}

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
	'Namespace',
	'ClusterRole',
	'ClusterRoleBinding',
	'PersistentVolume',
	'StorageClass',
	'CustomResourceDefinition',
	'Node',
	'PriorityClass',
	'IngressClass',
	'ValidatingWebhookConfiguration',
	'MutatingWebhookConfiguration',
	'ClusterIssuer',
	'NodePool',
	'Provisioner',
	'FlowSchema',
	'ClusterPolicy',
]);

/** What `variables: values.yaml` gives: global values, those of a policy's rules and resources, labels of namespaces. */
function givenValues(values: readonly Plain[], policy: string, rule: string | undefined, resource: string) {
	const merged: { [key: string]: Plain } = {};
	const labels = new Map<string, PlainMap>();
	for (const file of values) {
		Object.assign(merged, get(file, 'globalValues'));
		for (const item of listOf(file, 'policies')) {
			if (textOf(item, 'name') !== policy) continue;
			for (const entry of listOf(item, 'rules'))
				if (textOf(entry, 'name') === rule) Object.assign(merged, get(entry, 'values'));
			for (const entry of listOf(item, 'resources'))
				if (textOf(entry, 'name') === resource) Object.assign(merged, get(entry, 'values'));
		}
		for (const item of listOf(file, 'namespaceSelector')) {
			const found = get(item, 'labels');
			if (isMap(found)) labels.set(textOf(item, 'name') ?? '', found);
		}
		for (const item of listOf(file, 'namespaces')) {
			const found = get(item, 'metadata', 'labels');
			if (isMap(found)) labels.set(textOf(item, 'metadata', 'name') ?? '', found);
		}
	}
	const nested: { [key: string]: Plain } = {};
	for (const [key, value] of Object.entries(merged)) {
		const [head, ...rest] = key.split('.');
		if (rest.length === 0) nested[head!] = value;
		else {
			const inner = rest.reduceRight<Plain>((below, part) => ({ [part]: below }), value);
			nested[head!] = merge(nested[head!], inner);
		}
	}
	const operation = textOf(merged, 'request.operation') ?? 'CREATE';
	return {
		known: mapOf(Object.entries(nested)),
		operation: operation as Subject['operation'],
		namespaceLabels: (name: string) => labels.get(name),
	};
}

function merge(a: Plain | undefined, b: Plain): Plain {
	if (!isMap(a) || !isMap(b)) return b;
	const out: { [key: string]: Plain } = { ...a };
	for (const [key, value] of Object.entries(b)) out[key] = merge(out[key], value);
	return out;
}
