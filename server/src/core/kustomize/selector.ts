/** Which resources a selector means (`resmap.Select`, `types.SelectorRegex`): anchored regular expressions and label selectors. */
import { below } from '../base/address';
import { type GoRegExp, goRegExpError, goRegExpOfWhole, ofWhole } from '../base/go-regexp';
import type { Problem } from '../base/problem';
import { child, type Node } from '../yaml/node';
import { effectiveNamespace, firstId } from './identity';
import { type LabelRequirement, meetsRequirements, parseLabelSelector } from './label-selector';
import type { Selector } from './read/model';
import type { Tracked } from './tracked';

/** A selector that can be used. */
export interface CompiledSelector {
	readonly matches: (resource: Tracked) => boolean;
}

const PATTERNS = ['group', 'version', 'kind', 'name', 'namespace'] as const;
const LABELS = ['labelSelector', 'annotationSelector'] as const;

/** The selector ready for use, or what is wrong with it. An empty one matches everything. */
export function compileSelector(selector: Selector): CompiledSelector | { readonly problem: Problem } {
	const patterns = new Map<(typeof PATTERNS)[number], GoRegExp>();
	for (const part of PATTERNS) {
		if (selector[part] === '') continue;
		const pattern = goRegExpOfWhole(selector[part]);
		if (!pattern) return { problem: badPattern(selector, part) };
		patterns.set(part, pattern);
	}
	const requirements = new Map<(typeof LABELS)[number], readonly LabelRequirement[]>();
	for (const part of LABELS) {
		if (selector[part] === '') continue;
		const parsed = parseLabelSelector(selector[part]);
		if (!parsed) return { problem: badLabels(selector, part) };
		requirements.set(part, parsed);
	}
	const fits = (part: (typeof PATTERNS)[number], ...texts: string[]) => {
		const pattern = patterns.get(part);
		return !pattern || texts.some(text => pattern.test(text));
	};
	return {
		matches: resource => {
			const { id, node } = resource;
			const first = firstId(resource);
			const metadata = child(node, 'metadata');
			return (
				fits('namespace', effectiveNamespace(first), effectiveNamespace(id)) &&
				fits('name', first.name, id.name) &&
				fits('group', id.group) &&
				fits('version', id.version) &&
				fits('kind', id.kind) &&
				meetsRequirements(requirements.get('labelSelector') ?? [], texts(child(metadata, 'labels'))) &&
				meetsRequirements(requirements.get('annotationSelector') ?? [], texts(child(metadata, 'annotations')))
			);
		},
	};
}

function texts(node: Node | undefined): ReadonlyMap<string, string> {
	const entries = node?.kind === 'map' ? node.entries : [];
	return new Map(entries.map(({ key, value }) => [key, value.kind === 'scalar' ? value.text : '']));
}

/** A part of a selector that is no regular expression; `prefix` begins kustomize's message where it says more. */
export function badPattern(selector: Selector, part: (typeof PATTERNS)[number], prefix = ''): Problem {
	const words = goRegExpError(ofWhole(selector[part])) ?? 'error parsing regexp';
	const why = /: (.*): `/.exec(words)?.[1];
	const message = `\`${part}: ${selector[part]}\` is no regular expression${why ? ` (${why})` : ''}; write \`\\\` before a character that stands for itself`;
	return invalidSelector(selector, part, message, prefix + words);
}

/** A part of a selector that is no label selector. */
export function badLabels(selector: Selector, part: (typeof LABELS)[number]): Problem {
	const message = `\`${part}: ${selector[part]}\` is no label selector, such as \`app=web,tier in (a,b)\``;
	return invalidSelector(selector, part, message, 'unable to parse requirement: ...');
}

function invalidSelector(selector: Selector, part: keyof Selector, message: string, details: string): Problem {
	const at = below(selector.at, part);
	return { code: 'kustomize/invalid-selector', severity: 'error', fatal: true, message, at, details };
}
