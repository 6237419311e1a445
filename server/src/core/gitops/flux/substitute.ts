/**
 * Post-build substitution of one resource, as kustomize-controller does it (fluxcd/pkg/kustomize `SubstituteVariables`): the
 * resource is printed, `${VAR}` is replaced in the text, and the text is read again. So a value may change a field's type, break
 * the YAML, or become a map; here that happens scalar by scalar, and every node keeps its origin.
 */
import { isTakenFromSecret } from '../../kube/taken-secrets';
import type { Problem } from '../../base/problem';
import type { Range } from '../../base/text';
import { didYouMean } from '../../base/nearest';
import type { Resource } from '../../kube/resource';
import { resourceIdOf, describeId } from '../../kube/resource-id';
import { addressOf, type Node, type Origin, textAt } from '../../yaml/node';
import { substitute, type Strictness } from './envsubst';
import { type Expansion, expansionsOf, parseSubstitutions } from './envsubst-parse';
import { type Rewriting, type Rewritten, rewritePrinted } from './printed-text';
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
	const substitution = new Substitution(variables, strictness, owner, resource);
	const node = rewritePrinted(resource.node, substitution);
	const { problems } = substitution;
	return { resource: node === resource.node ? resource : { ...resource, node, id: resourceIdOf(node) }, problems };
}

/** Whether the label or annotation keeps substitution away from the object. */
export function isOptedOut(node: Node): boolean {
	return ['labels', 'annotations'].some(field => textAt(node, 'metadata', field, SUBSTITUTE_KEY) === 'disabled');
}

/** Lives as long as one resource is substituted. */
class Substitution implements Rewriting {
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

	affects(text: string): boolean {
		return isAffected(text);
	}

	rewrite(text: string, origin: Origin, held?: string): Rewritten | undefined {
		const done = this.#text(text, origin, held);
		return done && { text: done.text, origin: this.#originOf(origin, done.names), names: done.names };
	}

	broken({ names }: Rewritten, origin: Origin, words: string): void {
		this.problems.push({
			code: 'flux/substitution-breaks-yaml',
			severity: 'error',
			message: `after the substitution of ${listed(names)}, ${describeId(this.#resource.id)} is no YAML any more, because the value is put in as it is written; put quotes around the place or into the value.`,
			at: addressOf(origin),
			details: `post build failed for '${this.#resource.id.name}': YAMLToJSON: ${words}`,
			fatal: true,
		});
	}

	/** The text with its variables replaced; nothing where a problem or something unknown keeps it as it is. */
	#text(
		text: string,
		origin: Origin,
		held: string | undefined,
	): { readonly text: string; readonly names: readonly string[] } | undefined {
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
			this.#unreadable(text, done.message, origin, held);
			return undefined;
		}
		const bare = thoseThatMustBeSet(text).filter(({ name }) => missing.has(name) || !this.#variables.byName.has(name));
		if (partial) unknown ||= bare.length > 0;
		else for (const { name } of bare) this.#notSet(name, origin, held);
		return done.kind === 'text' && !unknown ? done : undefined;
	}

	/** The place that gives the value, where one variable has done it; the text that asked for it is what it replaced. */
	#originOf(origin: Origin, names: readonly string[]): Origin {
		const variables = names.flatMap(name => this.#variables.byName.get(name) ?? []);
		const { file, document, link, within } = variables[0]?.origin ?? origin;
		const isSecret = variables.some(each => each.source.startsWith('Secret/') || isTakenFromSecret(each.origin));
		const written = { file, document, link, ...(within && { within }), ...(isSecret && { secret: true as const }) };
		return { step: 'substitute', ...written, replaced: origin };
	}

	#notSet(name: string, origin: Origin, held: string | undefined): void {
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
			...anchorIn(origin, held, rangeOfName(held, name)),
			...(strict && { fatal: true as const }),
		});
	}

	#unreadable(text: string, message: string, origin: Origin, held: string | undefined): void {
		const parsed = parseSubstitutions(text);
		const from = parsed.kind === 'error' ? text.slice(parsed.at).split('\n')[0]!.slice(0, 40) : text.slice(0, 40);
		// Behind the brace of a Secret's value is the rest of the value.
		const where = this.#resource.id.kind === 'Secret' ? '${' : from;
		this.problems.push({
			code: 'flux/substitution-unreadable',
			severity: 'error',
			message: `Flux cannot read "${where}" as a variable, so the whole Kustomization fails; write "$\${" where the text is meant for a shell, or set the annotation "${SUBSTITUTE_KEY}: disabled" on ${describeId(this.#resource.id)}.`,
			at: addressOf(origin),
			details: `post build failed for '${this.#resource.id.name}': envsubst error: variable substitution failed: ${message}`,
			...anchorIn(origin, held, rangeOfFault(held)),
			fatal: true,
		});
	}
}

/** Whether substitution could change the text. */
function isAffected(text: string): boolean {
	return text.includes('${') || text.includes('$$');
}

/** The variables without which the text cannot be, each where it stands first: no operator of theirs has a default. */
function thoseThatMustBeSet(text: string): readonly Expansion[] {
	const parsed = parseSubstitutions(text);
	if (parsed.kind === 'error') return [];
	const bare = expansionsOf(parsed.parts).filter(({ operator }) => !/^(:?=|:[-?+])$/.test(operator));
	return bare.filter(({ name }, i) => bare.findIndex(other => other.name === name) === i);
}

/** The `${...}` of the name. */
function rangeOfName(text: string | undefined, name: string): Range | undefined {
	const found = text === undefined ? undefined : thoseThatMustBeSet(text).find(each => each.name === name)?.range;
	return found && { start: text!.lastIndexOf('${', found.start), end: text!.indexOf('}', found.end) + 1 };
}

/** From the brace that cannot be read to the end of its line. */
function rangeOfFault(text = ''): Range | undefined {
	const parsed = parseSubstitutions(text);
	if (parsed.kind !== 'error') return undefined;
	return { start: parsed.at, end: parsed.at + text.slice(parsed.at).split('\n')[0]!.length };
}

/** The characters that are meant in a text of several lines, where it is as somebody wrote it there. */
function anchorIn({ step }: Origin, held: string | undefined, range: Range | undefined): Pick<Problem, 'anchor'> {
	const isWritten = step === 'resource' || step === 'patch' || step === 'generator';
	return range && isWritten && held?.includes('\n') ? { anchor: { from: range.start, to: range.end } } : {};
}

function listed(names: readonly string[]): string {
	return names.map(name => `"${name}"`).join(', ') || 'its variables';
}
