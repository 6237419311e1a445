/**
 * Post-build substitution of one resource, as kustomize-controller does it (fluxcd/pkg/kustomize `SubstituteVariables`): the
 * resource is printed, `${VAR}` is replaced in the text, and the text is read again. So a value may change a field's type, break
 * the YAML, or become a map; here that happens scalar by scalar, and every node keeps its origin.
 */
import type { Problem } from '../../base/problem';
import { didYouMean } from '../../base/nearest';
import type { Resource } from '../../kube/resource';
import { resourceIdOf, describeId } from '../../kube/resource-id';
import { readContent } from '../../yaml/content';
import {
	addressOf,
	type MapEntry,
	type MapNode,
	type Node,
	type Origin,
	type ScalarNode,
	textAt,
	withItems,
} from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { asYaml11 } from '../../yaml/yaml-11';
import { substitute, type Strictness } from './envsubst';
import { expansionsOf, parseSubstitutions } from './envsubst-parse';
import { type PrintedStyle, printedStyle, printScalar } from './printed-scalar';
import type { Variables } from './variables';

export interface SubstitutedResource {
	/** The same object where nothing was replaced. */
	readonly resource: Resource;
	readonly problems: readonly Problem[];
}

/** The label or annotation with which a resource stays as it is, at the value `disabled`. */
export const SUBSTITUTE_KEY = 'kustomize.toolkit.fluxcd.io/substitute';

/** Replaces the variables in a resource. `owner` names the Kustomization in messages. */
export function substituteResource(
	resource: Resource,
	variables: Variables,
	strictness: Strictness,
	owner: string,
): SubstitutedResource {
	const { byName, knowledge, strategy } = variables;
	const runs = byName.size > 0 || knowledge === 'partial' || strategy === 'Always';
	if (!runs || isOptedOut(resource.node)) return { resource, problems: [] };
	const walker = new Walker(variables, strictness, owner, resource);
	const node = walker.map(resource.node);
	if (node === resource.node) return { resource, problems: walker.problems };
	return { resource: { ...resource, node, id: resourceIdOf(node) }, problems: walker.problems };
}

/** Whether the label or annotation keeps substitution away from the object. */
export function isOptedOut(node: Node): boolean {
	return ['labels', 'annotations'].some(field => textAt(node, 'metadata', field, SUBSTITUTE_KEY) === 'disabled');
}

type Context = 'map' | 'seq';

/** Lives as long as one resource is substituted. */
class Walker {
	readonly problems: Problem[] = [];
	readonly #variables: Variables;
	readonly #strictness: Strictness;
	readonly #owner: string;
	readonly #resource: Resource;

	constructor(variables: Variables, strictness: Strictness, owner: string, resource: Resource) {
		this.#variables = variables;
		this.#strictness = strictness;
		this.#owner = owner;
		this.#resource = resource;
	}

	map(node: MapNode): MapNode {
		const entries = node.entries.map(entry => this.#entry(entry));
		return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
	}

	#node(node: Node, context: Context): Node {
		switch (node.kind) {
			case 'map':
				return this.map(node);
			case 'seq':
				return withItems(
					node,
					node.items.map(item => this.#node(item, 'seq')),
				);
			case 'scalar':
				return isAffected(node.text) ? this.#scalar(node, context) : node;
		}
	}

	#entry(entry: MapEntry): MapEntry {
		const value = this.#node(entry.value, 'map');
		const key = isAffected(entry.key) ? (this.#text(entry.key, entry.value.origin)?.text ?? entry.key) : entry.key;
		return value === entry.value && key === entry.key ? entry : { ...entry, key, value };
	}

	#scalar(node: ScalarNode, context: Context): Node {
		const style = printedStyle(node.text);
		const done = this.#text(printScalar(node.text, style), node.origin);
		if (!done) return node;
		const origin = this.#originOf(node.origin, done.names);
		const read = readPrinted(done.text, style, context, origin);
		if (read.kind === 'node') return read.node;
		this.problems.push({
			code: 'flux/substitution-breaks-yaml',
			severity: 'error',
			message: `after the substitution of ${listed(done.names)}, ${describeId(this.#resource.id)} is no YAML any more, because the value is put in as it is written; put quotes around the place or into the value.`,
			at: addressOf(node.origin),
			details: `post build failed for '${this.#resource.id.name}': YAMLToJSON: ${read.message}`,
			fatal: true,
		});
		return node;
	}

	/** The text with its variables replaced; nothing where a problem or something unknown keeps it as it is. */
	#text(text: string, origin: Origin): { readonly text: string; readonly names: readonly string[] } | undefined {
		const missing = new Set<string>();
		let unknown = false;
		const lookup = (name: string) => {
			const value = this.#variables.byName.get(name)?.value;
			if (value === undefined) missing.add(name);
			else if (value.kind === 'unknown') unknown = true;
			return value?.kind === 'known' ? value.text : value ? '' : undefined;
		};
		const partial = this.#variables.knowledge === 'partial';
		const done = substitute(text, lookup, partial ? 'lax' : this.#strictness);
		if (done.kind === 'error' && done.name === undefined) {
			this.#unreadable(text, done.message, origin);
			return undefined;
		}
		const bare = namesThatMustBeSet(text).filter(name => missing.has(name) || !this.#variables.byName.has(name));
		if (partial) unknown ||= bare.length > 0;
		else for (const name of bare) this.#notSet(name, origin);
		return done.kind === 'text' && !unknown ? done : undefined;
	}

	/** The place that gives the value, where one variable has done it; the text that asked for it is what it replaced. */
	#originOf(origin: Origin, names: readonly string[]): Origin {
		const defined = names.map(name => this.#variables.byName.get(name)).find(variable => variable !== undefined);
		const { file, document, link, within } = defined?.origin ?? origin;
		return { step: 'substitute', file, document, link, ...(within && { within }), replaced: origin };
	}

	#notSet(name: string, origin: Origin): void {
		const strict = this.#strictness === 'strict';
		const result = strict
			? 'so the whole Kustomization fails'
			: 'so an empty text takes its place, and from Flux 2.9 on the whole Kustomization fails';
		this.problems.push({
			code: 'flux/variable-not-set',
			severity: strict ? 'error' : 'warning',
			message: `the variable "${name}" is not set by ${this.#owner}, ${result}${didYouMean(name, this.#variables.byName.keys())} Define it under spec.postBuild, give a default ("\${${name}:=...}"), or write "$\${${name}}" where the text is meant for somebody else.`,
			at: addressOf(origin),
			details: strict
				? `post build failed for '${this.#resource.id.name}': envsubst error: variable substitution failed: variable not set (strict mode): "${name}"`
				: `variable not set: "${name}"`,
			...(strict && { fatal: true as const }),
		});
	}

	#unreadable(text: string, message: string, origin: Origin): void {
		const parsed = parseSubstitutions(text);
		const where = parsed.kind === 'error' ? text.slice(parsed.at).split('\n')[0]!.slice(0, 40) : text.slice(0, 40);
		this.problems.push({
			code: 'flux/substitution-unreadable',
			severity: 'error',
			message: `Flux cannot read "${where}" as a variable, so the whole Kustomization fails; write "$\${" where the text is meant for a shell, or set the annotation "${SUBSTITUTE_KEY}: disabled" on ${describeId(this.#resource.id)}.`,
			at: addressOf(origin),
			details: `post build failed for '${this.#resource.id.name}': envsubst error: variable substitution failed: ${message}`,
			fatal: true,
		});
	}
}

/** Whether substitution could change the text. */
function isAffected(text: string): boolean {
	return text.includes('${') || text.includes('$$');
}

/** The variables without which the text cannot be: no operator of theirs has a default. */
function namesThatMustBeSet(text: string): readonly string[] {
	const parsed = parseSubstitutions(text);
	if (parsed.kind === 'error') return [];
	const bare = expansionsOf(parsed.parts).filter(({ operator }) => !/^(:?=|:[-?+])$/.test(operator));
	return [...new Set(bare.map(expansion => expansion.name))];
}

function listed(names: readonly string[]): string {
	return names.map(name => `"${name}"`).join(', ') || 'its variables';
}

type Read = { readonly kind: 'node'; readonly node: Node } | { readonly kind: 'broken'; readonly message: string };

/** Reads what stands there after substitution. Block texts stay texts; everything else may have become anything. */
function readPrinted(text: string, style: PrintedStyle, context: Context, origin: Origin): Read {
	if (style === 'literal')
		return { kind: 'node', node: { kind: 'scalar', text, tag: '!!str', style: 'literal', origin } };
	const syntax = parseSyntax(context === 'map' ? `v: ${text}\n` : `- ${text}\n`);
	const [document] = readContent(syntax, { file: origin.file, step: 'substitute' });
	const error = document?.syntaxError ?? document?.problems[0]?.kind;
	if (error !== undefined || syntax.documents.length !== 1)
		return { kind: 'broken', message: error ?? 'more than one document' };
	const root = document?.root;
	const value =
		root?.kind === 'map' && root.entries.length === 1
			? root.entries[0]!.value
			: root?.kind === 'seq' && root.items.length === 1
				? root.items[0]
				: undefined;
	return value
		? { kind: 'node', node: withOrigin(asYaml11(value), origin) }
		: { kind: 'broken', message: 'did not find expected key' };
}

function withOrigin(node: Node, origin: Origin): Node {
	switch (node.kind) {
		case 'scalar':
			return { ...node, origin };
		case 'seq':
			return { ...node, items: node.items.map(item => withOrigin(item, origin)), origin };
		case 'map':
			return {
				...node,
				entries: node.entries.map(entry => ({ ...entry, value: withOrigin(entry.value, origin) })),
				origin,
			};
	}
}
