/**
 * Fields of a kustomization that kustomize calls deprecated (`Kustomization.CheckDeprecatedFields`), with the change that
 * `kustomize edit fix` would make (`FixKustomizationPreMarshalling`).
 */
import { type Address, below } from '../../base/address';
import type { Fix, Problem, SourceEdit } from '../../base/problem';
import { addressOf, entriesOf, isNull, itemsOf, type Node, textAt } from '../../yaml/node';
import type { Fields } from './decode';

interface Deprecated {
	readonly field: string;
	readonly instead: string;
	readonly how: string;
	/** Entries of the new field that take the place of the old value; nothing where there is no way. */
	readonly entries: (value: Node) => readonly string[] | undefined;
}

const RUN = "Run 'kustomize edit fix' to update your Kustomization automatically.";

const DEPRECATED: readonly Deprecated[] = [
	{ field: 'bases', instead: 'resources', how: RUN, entries: value => itemsOf(value).map(blockText) },
	{ field: 'imageTags', instead: 'images', how: RUN, entries: value => itemsOf(value).map(blockText) },
	{ field: 'patchesJson6902', instead: 'patches', how: RUN, entries: value => itemsOf(value).map(blockText) },
	{
		field: 'patchesStrategicMerge',
		instead: 'patches',
		how: RUN,
		entries: value =>
			itemsOf(value).map(item => `${(textAt(item) ?? '').includes('\n') ? 'patch' : 'path'}: ${blockText(item)}`),
	},
	{
		field: 'commonLabels',
		instead: 'labels',
		how: RUN,
		entries: value => [`includeSelectors: true\npairs:\n${indentAll(blockText(value))}`],
	},
	{ field: 'vars', instead: 'replacements', how: `[EXPERIMENTAL] ${RUN}`, entries: () => undefined },
];

/** A warning for each deprecated field that has a value. */
export function deprecatedFields(fields: Fields): Problem[] {
	return DEPRECATED.flatMap((deprecated): Problem[] => {
		const { field, instead, how } = deprecated;
		const value = fields.value(field);
		if (!value) return [];
		const at = addressOf(value.origin);
		const fix = fixFor(fields, deprecated, value, at);
		return [
			{
				code: 'kustomize/deprecated-field',
				severity: 'warning',
				message: `\`${field}\` is deprecated; use \`${instead}\` instead`,
				at,
				anchor: 'key',
				tag: 'deprecated',
				details: `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${how}`,
				...(fix ? { fixes: [fix] } : undefined),
			},
		];
	});
}

function fixFor(fields: Fields, deprecated: Deprecated, value: Node, at: Address): Fix | undefined {
	const { field, instead } = deprecated;
	const entries = deprecated.entries(value);
	if (!entries) return undefined;
	const title = `Move ${field} to ${instead}`;
	const target = fields.node.entries.find(({ key }) => key === instead)?.value;
	const isEmpty = isNull(target) || (target?.kind === 'seq' && target.items.length === 0);
	if (target && !isEmpty) {
		const inserts: SourceEdit[] = entries.map(yaml => ({ kind: 'insert', at: addressOf(target.origin), yaml }));
		return { title, edits: [{ kind: 'remove', at }, ...inserts] };
	}
	const emptied: SourceEdit[] = target ? [{ kind: 'remove', at: below(fields.at, instead) }] : [];
	const renamed: SourceEdit = { kind: 'rename-key', at, key: instead };
	return { title, edits: [...emptied, renamed, ...inPlace(deprecated, value, entries)] };
}

/** What is left to do to a value that has moved to a field of another shape. */
function inPlace({ field }: Deprecated, value: Node, entries: readonly string[]): readonly SourceEdit[] {
	switch (field) {
		case 'commonLabels':
			return [{ kind: 'set', at: addressOf(value.origin), text: entries.map(yaml => `- ${indent(yaml)}`).join('\n') }];
		case 'patchesStrategicMerge':
			return itemsOf(value).map((item, i) => ({ kind: 'set', at: addressOf(item.origin), text: entries[i]! }));
		default:
			return [];
	}
}

/** The tree as block YAML, each scalar in the style it has. */
function blockText(node: Node): string {
	switch (node.kind) {
		case 'scalar':
			if (node.text.includes('\n')) return `|${node.text.endsWith('\n') ? '' : '-'}\n${indentAll(node.text.trimEnd())}`;
			if (node.style === 'plain') return node.text || 'null';
			return node.style === 'single' ? `'${node.text.replaceAll("'", "''")}'` : JSON.stringify(node.text);
		case 'seq':
			return node.items.length === 0 ? '[]' : node.items.map(item => `- ${indent(blockText(item))}`).join('\n');
		case 'map':
			if (node.entries.length === 0) return '{}';
			return entriesOf(node)
				.map(({ key, value }) => {
					const nested = value.kind !== 'scalar' && !/^[[{]/.test(blockText(value));
					return nested ? `${key}:\n${indentAll(blockText(value))}` : `${key}: ${blockText(value)}`;
				})
				.join('\n');
	}
}

/** Every line but the first, two columns further in. */
function indent(text: string): string {
	return text.replaceAll('\n', '\n  ');
}

function indentAll(text: string): string {
	return '  ' + indent(text);
}
