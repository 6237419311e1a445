/**
 * Trees as `sigs.k8s.io/yaml` reads them (go-yaml 2 and then JSON): Helm's values and what Flux substitutes go through it, while
 * kustomize reads with go-yaml 3. `yes` and `on` are booleans, keys become texts, a timestamp stays a text.
 */
import type { MapEntry, Node, ScalarNode } from './node';
import { scalarValue, withItems } from './node';
import { resolvePlain, type Tag } from './scalar';

const OLD_BOOLEANS: ReadonlySet<string> = new Set(
	['y', 'yes', 'on', 'n', 'no', 'off'].flatMap(word => [
		word,
		word.toUpperCase(),
		word[0]!.toUpperCase() + word.slice(1),
	]),
);

/** Whether YAML 1.1 takes the plain text for a boolean, and YAML 1.2 does not. */
export function isOldBoolean(text: string): boolean {
	return OLD_BOOLEANS.has(text);
}

/** The tag of a plain scalar that carries none of its own. */
export function resolvePlain11(text: string): Tag {
	if (OLD_BOOLEANS.has(text)) return '!!bool';
	const tag = resolvePlain(text);
	return tag === '!!timestamp' ? '!!str' : tag;
}

/** The tree with its plain scalars and keys read again; the same tree where nothing differs. */
export function asYaml11(node: Node): Node {
	switch (node.kind) {
		case 'scalar':
			return scalar11(node);
		case 'seq':
			return withItems(node, node.items.map(asYaml11));
		case 'map': {
			const entries = node.entries.map(entry11);
			return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries: lastOfEach(entries) };
		}
	}
}

/** The value of a key that JSON cannot have, if there is one: `null: x`. */
export function unsupportedKey(node: Node): Node | undefined {
	if (node.kind === 'scalar') return undefined;
	const items = node.kind === 'seq' ? node.items : node.entries.map(({ value }) => value);
	const here = node.kind === 'map' ? node.entries.find(({ keyTag }) => keyTag === '!!null')?.value : undefined;
	return here ?? items.map(unsupportedKey).find(found => found !== undefined);
}

function scalar11(node: ScalarNode): ScalarNode {
	if (node.tag === '!!timestamp') return { ...node, tag: '!!str' };
	if (node.tag !== '!!str' || node.style !== 'plain' || node.isTagged || !OLD_BOOLEANS.has(node.text)) return node;
	return { ...node, tag: '!!bool' };
}

/** JSON has only texts for keys: `yes:` is "true", `0x10:` is "16". */
function entry11(entry: MapEntry): MapEntry {
	const value = asYaml11(entry.value);
	const { keyTag } = entry;
	const tag = keyTag ?? (OLD_BOOLEANS.has(entry.key) ? '!!bool' : undefined);
	if (tag === undefined) return value === entry.value ? entry : { ...entry, value };
	return { key: keyText(entry), value };
}

/** What `sigs.k8s.io/yaml` makes of a key. */
export function keyText(entry: MapEntry): string {
	const tag = entry.keyTag ?? (OLD_BOOLEANS.has(entry.key) ? '!!bool' : '!!str');
	if (tag === '!!str' || tag === '!!timestamp' || tag === '!!null') return entry.key;
	return String(scalarValue(keyNode(entry, tag)));
}

function keyNode({ key, value }: MapEntry, tag: Tag): ScalarNode {
	return { kind: 'scalar', text: key, tag, style: 'plain', origin: value.origin };
}

/** Of keys that have become the same text the last one counts. */
function lastOfEach(entries: readonly MapEntry[]): readonly MapEntry[] {
	const byKey = new Map(entries.map(entry => [entry.key, entry]));
	return byKey.size === entries.length ? entries : [...byKey.values()];
}
