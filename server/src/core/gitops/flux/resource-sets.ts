/**
 * ResourceSets of the flux-operator, as far as they are static: inputs that stand in them or in a Static provider, put into the templates of
 * resources. What comes of them is applied like everything else, and may be Kustomizations and HelmReleases.
 */
import { didYouMean } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { describeId, resourceIdOf } from '../../kube/resource-id';
import type { ResourceIndex } from '../../kube/resource-index';
import { readContent } from '../../yaml/content';
import {
	addressOf,
	child,
	entriesOf,
	itemsOf,
	type MapEntry,
	type Node,
	nodeAt,
	type Origin,
	type ScalarNode,
	stringNode,
	textAt,
} from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { fillTemplate, hasAction } from './input-template';
import { type Rewriting, type Rewritten, rewritePrinted } from './printed-text';

const GROUP = 'fluxcd.controlplane.io';

export interface GeneratedResources {
	readonly resources: readonly Resource[];
	readonly problems: readonly Problem[];
	/** Whether these are all that it makes. */
	readonly coverage: 'whole' | 'part';
}

/** Whether the resource is a ResourceSet that is at work. */
export function isResourceSet({ id, node }: Resource): boolean {
	return (
		id.group === GROUP && id.kind === 'ResourceSet' && textAt(node, 'metadata', 'annotations', RECONCILE) !== 'disabled'
	);
}

/** Whether its inputs stand elsewhere. */
export function hasProviders({ node }: Resource): boolean {
	return nodeAt(node, ['spec', 'inputsFrom']) !== undefined;
}

const RECONCILE = `${GROUP}/reconcile`;
/** The data of such an object comes from another one in the cluster. */
const COPIES = new Set([`${GROUP}/copyFrom`, `${GROUP}/convertKubeConfigFrom`, `${GROUP}/checksumFrom`]);

/** What a ResourceSet makes. `known` holds the providers of its cluster. */
export function resourcesOfSet(set: Resource, known: ResourceIndex): GeneratedResources {
	const inputs = inputsOf(set, known);
	if (!inputs) return { resources: [], problems: [], coverage: 'part' };
	const spec = nodeAt(set.node, ['spec']);
	const parts = [spec, ...itemsOf(child(spec, 'steps'))];
	const templates = parts.flatMap(part => [
		...itemsOf(child(part, 'resources')),
		...templatesIn(child(part, 'resourcesTemplate')),
	]);
	const made = new Map<string, Resource>();
	const problems: Problem[] = [];
	let coverage: GeneratedResources['coverage'] = parts.some(isOpen) ? 'part' : 'whole';
	for (const template of templates) {
		for (const input of inputs) {
			const filling = new Filling(set, input);
			const node = template.kind === 'map' ? rewritePrinted(template, filling) : undefined;
			problems.push(...filling.problems);
			if (!node || filling.isOpen || filling.problems.length > 0) {
				coverage = 'part';
				continue;
			}
			const annotations = entriesOf(nodeAt(node, ['metadata', 'annotations']));
			if (annotations.some(({ key }) => COPIES.has(key))) coverage = 'part';
			else if (textAt(node, 'metadata', 'annotations', RECONCILE) !== 'disabled') {
				const id = resourceIdOf(node);
				const key = `${id.group}/${id.kind}/${id.namespace}/${id.name}`;
				const from = addressOf(template.origin);
				if (id.kind !== '' && !made.has(key)) made.set(key, { node, id, originalId: id, from, removed: [] });
			}
		}
	}
	return { resources: [...made.values()], problems: unique(problems), coverage };
}

/** Each set of inputs with the operator's own about who gave it; nothing where some are only known in the cluster. */
function inputsOf(set: Resource, known: ResourceIndex): readonly (Node | undefined)[] | undefined {
	const spec = nodeAt(set.node, ['spec']);
	const strategy = textAt(spec, 'inputStrategy', 'name') ?? 'Flatten';
	const own = itemsOf(child(spec, 'inputs')).map(input => withProvider(input, set));
	const providers = new Map<string, Provider>();
	for (const reference of itemsOf(child(spec, 'inputsFrom'))) {
		const provider = known.find(GROUP, 'ResourceSetInputProvider', set.id.namespace, textAt(reference, 'name') ?? '');
		const values = provider && nodeAt(provider.node, ['spec', 'defaultValues']);
		if (!values || textAt(provider.node, 'spec', 'type') !== 'Static') return undefined;
		const { name } = provider.id;
		providers.set(name, { name, inputs: [withProvider(values, provider)] });
	}
	const sorted = [...providers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
	const all: readonly Provider[] = [{ name: set.id.name, inputs: own }, ...sorted];
	switch (strategy) {
		case 'Flatten': {
			const inputs = all.flatMap(each => each.inputs);
			return inputs.length > 0 ? inputs : [undefined];
		}
		case 'Permute': {
			const empty = textAt(spec, 'inputStrategy', 'includeEmptyProviders') === 'true';
			return permuted(set, empty ? all : all.filter(({ inputs }) => inputs.length > 0));
		}
		default:
			return undefined;
	}
}

interface Provider {
	readonly name: string;
	readonly inputs: readonly Node[];
}

/** More combinations than these are not made; the operator stops at ten thousand. */
const MAX_COMBINATIONS = 1_000;

/** Each input of one provider with each of the others, under the providers' names (`Permuter`). */
function permuted({ node: { origin } }: Resource, providers: readonly Provider[]): readonly Node[] | undefined {
	if (providers.length === 0) return undefined;
	const keys = providers.map(({ name }) => normalName(name));
	const count = providers.reduce((product, { inputs }) => product * inputs.length, 1);
	if (count > MAX_COMBINATIONS || keys.includes('')) return undefined;
	let combined: readonly MapEntry[][] = [[]];
	for (const [i, { inputs }] of providers.entries())
		combined = combined.flatMap(entries => inputs.map(value => [...entries, { key: keys[i]!, value }]));
	return combined.map(entries => ({ kind: 'map', entries, origin }));
}

/** `normalizeObjectName` */
function normalName(name: string): string {
	const words = name
		.toLowerCase()
		.replaceAll('-', '_')
		.replace(/[^a-z0-9_]/g, '')
		.split('_');
	return words.filter(word => word !== '').join('_');
}

function withProvider(input: Node, { id }: Resource): Node {
	if (input.kind !== 'map') return input;
	const { origin } = input;
	const text = (key: string, value: string) => ({ key, value: stringNode(value, origin) });
	const apiVersion = text('apiVersion', `${id.group}/${id.version}`);
	const entries = [apiVersion, text('kind', id.kind), text('name', id.name), text('namespace', id.namespace)];
	return { ...input, entries: [...input.entries, { key: 'provider', value: { kind: 'map', entries, origin } }] };
}

/** The documents of a template, where only their scalars hold actions; else none. */
function templatesIn(node: Node | undefined): readonly Node[] {
	if (node?.kind !== 'scalar' || isDeciding(node.text)) return [];
	const { file, document, link } = node.origin;
	const documents = readContent(parseSyntax(node.text), { file, step: 'resource', embedded: { document, link } });
	return documents.flatMap(({ root, syntaxError }) => (root && syntaxError === undefined ? [root] : []));
}

/** Whether a part of the set makes objects that are not looked at. */
function isOpen(part: Node | undefined): boolean {
	const template = child(part, 'resourcesTemplate');
	if (template?.kind !== 'scalar') return false;
	const documents = parseSyntax(template.text).documents;
	return isDeciding(template.text) || documents.some(({ errors }) => errors.length > 0);
}

/** Whether a template holds more than values. */
function isDeciding(text: string): boolean {
	return /<<-?\s*(if|range|with|else|end|define|block|template|break|continue|\$)/.test(text);
}

/** Lives as long as one object is made out of one template. */
class Filling implements Rewriting {
	readonly problems: Problem[] = [];
	isOpen = false;
	readonly #set: Resource;
	readonly #inputs: Node | undefined;

	constructor(set: Resource, inputs: Node | undefined) {
		this.#set = set;
		this.#inputs = inputs;
	}

	affects(text: string): boolean {
		return hasAction(text);
	}

	rewrite(text: string, origin: Origin): Rewritten | undefined {
		const filled = fillTemplate(text, this.#inputs);
		switch (filled.kind) {
			case 'text':
				return { text: filled.text, origin: originOf(filled.used, origin), names: [] };
			case 'unknown':
				this.isOpen = true;
				return undefined;
			case 'missing':
				this.#missing(filled.name, origin);
				return undefined;
		}
	}

	broken(): void {
		this.isOpen = true;
	}

	#missing(name: string, origin: Origin): void {
		const known = this.#inputs?.kind === 'map' ? this.#inputs.entries.map(({ key }) => key) : [];
		this.problems.push({
			code: 'flux/input-not-set',
			severity: 'error',
			message: `the input "${name}" is not set by ${describeId(this.#set.id)}, so nothing of it is applied${didYouMean(name, known)} Every set of inputs has to have it.`,
			at: addressOf(origin),
			details: `failed to execute template: map has no entry for key "${name.split('.').at(-1)}"`,
			fatal: true,
		});
	}
}

/** The input that gave the value, where one has done it; the text that asked for it is what it replaced. */
function originOf([input, ...more]: readonly ScalarNode[], origin: Origin): Origin {
	const { file, document, link, within } = input && more.length === 0 ? input.origin : origin;
	return { step: 'substitute', file, document, link, ...(within && { within }), replaced: origin };
}

function unique(problems: readonly Problem[]): readonly Problem[] {
	return [...new Map(problems.map(problem => [JSON.stringify([problem.at, problem.message]), problem])).values()];
}
