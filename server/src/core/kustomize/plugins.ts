/**
 * Objects listed in `generators`, `transformers` and `validators`: configurations of built-in plugins
 * (`api/internal/plugins/loader`). Containers, programs and helm are named and left out.
 */
import { type Address, below } from '../base/address';
import { changeTo } from '../base/change-to';
import { nearest } from '../base/nearest';
import type { Problem } from '../base/problem';
import { kustomizeScope } from '../kube/kustomize-facts';
import { formatId } from '../kube/resource-id';
import { child, type Node, type Origin } from '../yaml/node';
import { asFieldSpec } from './configuration-files';
import { type Generated, generate } from './generators/generate';
import { iamPolicy } from './generators/iam-policy';
import { PLUGINS } from './plugin-transformers';
import { Decoder, type Fields } from './read/decode';
import { readFieldSpec, readGenerator } from './read/entries';
import { PLUGIN_MANNER } from './read/structs';
import type { Tracked, TransformContext, Transformer } from './tracked';

const GENERATORS = ['ConfigMapGenerator', 'SecretGenerator', 'IAMPolicyGenerator', 'HelmChartInflationGenerator'];

/** Runs a generator's configuration. */
export function runGenerator(context: TransformContext, config: Tracked): Generated {
	const left = leftOut(config, GENERATORS);
	if (left) return { resource: undefined, problems: [left] };
	const { kind } = config.id;
	const { fields, decoder } = open(config);
	if (!fields) return { resource: undefined, problems: wrapped(config, decoder.problems) };
	switch (kind) {
		case 'ConfigMapGenerator':
		case 'SecretGenerator': {
			const metadata = fields.structAt('metadata', 'ObjectMeta', each => ({
				name: each.string('name'),
				namespace: each.string('namespace'),
			}));
			const entry = readGenerator(fields);
			const named = { ...entry, name: entry.name ?? metadata?.name, namespace: entry.namespace ?? metadata?.namespace };
			const result = generate(context, kind === 'SecretGenerator' ? 'Secret' : 'ConfigMap', named, undefined);
			return { ...result, problems: [...wrapped(config, decoder.problems), ...result.problems] };
		}
		default: {
			const origin: Origin = { ...config.node.origin, step: 'generator' };
			const service = fields.structAt('kubernetesService', 'KubernetesService', nameAndNamespace);
			const account = fields.structAt('serviceAccount', 'ServiceAccount', each => ({
				name: each.text('name'),
				projectId: each.text('projectId'),
			}));
			const policy = {
				cloud: fields.text('cloud'),
				kubernetesService: service ?? { name: '', namespace: '' },
				serviceAccount: account ?? { name: '', projectId: '' },
			};
			const result = iamPolicy(policy, config.from, origin);
			return { ...result, problems: [...wrapped(config, decoder.problems), ...result.problems] };
		}
	}
}

function nameAndNamespace(fields: Fields): { readonly name: string; readonly namespace: string } {
	return { name: fields.text('name'), namespace: fields.text('namespace') };
}

/** Turns a transformer's configuration into the transformer; nothing where it cannot be. */
export function configuredTransformer(config: Tracked): {
	readonly transformer: Transformer | undefined;
	readonly problems: readonly Problem[];
} {
	const left = leftOut(config, Object.keys(PLUGINS));
	if (left) return { transformer: undefined, problems: [left] };
	const { fields, decoder } = open(config);
	if (!fields) return { transformer: undefined, problems: wrapped(config, decoder.problems) };
	const configure = PLUGINS[config.id.kind]!;
	const fieldSpecs = fields.structs('fieldSpecs', 'FieldSpec', readFieldSpec).map(asFieldSpec);
	const origin: Origin = { ...config.node.origin, step: 'transformer' };
	const configured = configure({ fields, fieldSpecs, at: config.from, origin });
	const problems = wrapped(config, decoder.problems);
	return typeof configured === 'function'
		? { transformer: configured, problems }
		: {
				transformer: undefined,
				problems: [...problems, invalidPlugin(config, configured.at, configured.message, configured.details)],
			};
}

function open(config: Tracked): { readonly fields: Fields | undefined; readonly decoder: Decoder } {
	const decoder = new Decoder(PLUGIN_MANNER);
	return { fields: decoder.open(config.node, config.id.kind), decoder };
}

/** Why an object is no plugin that runs here; nothing where it is one of the kinds. */
function leftOut(config: Tracked, kinds: readonly string[]): Problem | undefined {
	const { kind, group, version } = config.id;
	const at = config.from;
	const builtin = (group === '' && version === 'builtin') || (group === 'builtin' && version === '');
	const kindAt = below(at, 'kind');
	const notRun = (message: string, details: string): Problem => ({
		code: 'kustomize/not-supported',
		severity: 'information',
		message,
		at: kindAt,
		details,
	});
	if (!builtin)
		return (
			notBuiltIn(config) ??
			notRun(
				`${kind} is ${howItRuns(config.node)}, which is not run here; what it would do is left out`,
				externalPlugin(kind),
			)
		);
	if (kind === 'HelmChartInflationGenerator')
		return notRun('helm charts are not inflated here; what this one would bring is left out', WITHOUT_HELM);
	if (kinds.includes(kind)) return undefined;
	const near = nearest(kind, kinds);
	const message = `there is no built-in plugin ${kind} for this field${near ? `; did you mean ${near}?` : ''}`;
	return {
		code: 'kustomize/invalid-plugin',
		severity: 'error',
		fatal: true,
		message,
		at: kindAt,
		...changeTo(kindAt, near),
		details: `unable to load builtin ${formatId(config.id).split('/')[0]}`,
	};
}

/** An object of Kubernetes' own, or a plugin of kustomize's with another version, is a mistake and no plugin of somebody's. */
function notBuiltIn(config: Tracked): Problem | undefined {
	const { kind, group } = config.id;
	const isPlugin = kind in PLUGINS || GENERATORS.includes(kind);
	if (!isPlugin && kustomizeScope(config.id) === undefined && group !== '') return undefined;
	if (functionAnnotation(config.node) !== '') return undefined;
	return {
		code: 'kustomize/invalid-plugin',
		severity: 'error',
		fatal: true,
		message: isPlugin
			? `the apiVersion of a ${kind} must be \`builtin\``
			: `${kind} is no plugin that kustomize knows; only objects of \`apiVersion: builtin\` and functions can be listed here`,
		at: below(config.from, isPlugin ? 'apiVersion' : 'kind'),
		...(isPlugin && changeTo(below(config.from, 'apiVersion'), 'builtin')),
		details: externalPlugin(kind),
	};
}

function externalPlugin(kind: string): string {
	return `external plugins disabled; unable to load external plugin '${kind}'`;
}

/** What kustomize says of a chart unless it is told to run helm. */
export const WITHOUT_HELM = 'must specify --enable-helm';

function functionAnnotation(node: Node): string {
	const annotations = child(child(node, 'metadata'), 'annotations');
	const how = child(annotations, 'config.kubernetes.io/function') ?? child(annotations, 'config.k8s.io/function');
	return how?.kind === 'scalar' ? how.text : '';
}

function howItRuns(node: Node): string {
	const text = functionAnnotation(node);
	if (/\bcontainer\b/.test(text)) return 'a function in a container';
	return /\bexec\b/.test(text) ? 'a function in a program' : 'a plugin outside of kustomize';
}

function wrapped(config: Tracked, problems: readonly Problem[]): readonly Problem[] {
	return problems.map(problem => ({
		...problem,
		code: 'kustomize/invalid-plugin',
		details: `plugin ${formatId(config.id)} fails configuration: ${problem.details ?? problem.message}`,
	}));
}

function invalidPlugin(config: Tracked, at: Address, message: string, details: string): Problem {
	return {
		code: 'kustomize/invalid-plugin',
		severity: 'error',
		fatal: true,
		message,
		at,
		details: `plugin ${formatId(config.id)} fails configuration: ${details}`,
	};
}
