/** Which resources a selector means (`resmap.Select`, `types.SelectorRegex`): anchored regular expressions and label selectors. */
import { type GoRegExp, goRegExpOfWhole } from '../base/go-regexp';
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
		if (!pattern) return { problem: invalidSelector(selector, part, 'no regular expression') };
		patterns.set(part, pattern);
	}
	const requirements = new Map<(typeof LABELS)[number], readonly LabelRequirement[]>();
	for (const part of LABELS) {
		if (selector[part] === '') continue;
		const parsed = parseLabelSelector(selector[part]);
		if (!parsed)
			return { problem: invalidSelector(selector, part, 'no label selector, such as `app=web,tier in (a,b)`') };
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

function invalidSelector(selector: Selector, part: keyof Selector, what: string): Problem {
	return {
		code: 'kustomize/invalid-selector',
		severity: 'error',
		fatal: true,
		message: `\`${part}: ${String(selector[part])}\` is ${what}`,
		at: { ...selector.at, path: [...selector.at.path, part] },
		details: `error parsing regexp or selector: \`${String(selector[part])}\``,
	};
}
