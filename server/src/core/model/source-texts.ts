/** Every key and scalar of a file as a text with its place, also inside of YAML that a scalar holds; of other files, each line. */
import type { Address } from '../base/address';
import { type FilePath, isYamlFile } from '../base/paths';
import { type Database, query } from '../base/query';
import { contentOf } from '../workspace/documents';
import { textOf } from '../workspace/inputs';
import { readContent } from '../yaml/content';
import { addressOf, type Node } from '../yaml/node';
import { parseSyntax } from '../yaml/syntax';

export interface SourceText {
	readonly text: string;
	readonly at: Address;
	readonly anchor: 'key' | 'value';
	/** The nearest key above; for an entry of a list with a `name` (an environment variable), that name. */
	readonly key: string;
}

/** The texts of a file, in order. */
export function textsIn(db: Database, file: FilePath): readonly SourceText[] {
	return db.get(textsQuery, file);
}

const textsQuery = query<readonly SourceText[]>('sourceTexts', (db, file) => {
	const found: SourceText[] = [];
	if (isYamlFile(file)) for (const { root } of contentOf(db, file)) if (root) collect(root, '', found);
	if (isYamlFile(file)) return found;
	for (const line of (textOf(db, file) ?? '').split('\n')) {
		const [, key, value] = /^\s*([\w.-]+)=(.*)$/.exec(line) ?? [];
		if (key !== undefined && value !== undefined) {
			found.push({ text: value.trim(), at: { file, document: 0, path: [key] }, anchor: 'value', key });
		}
	}
	return found;
});

function collect(node: Node, key: string, into: SourceText[]): void {
	if (node.kind === 'scalar') {
		const host = node.origin;
		const isBlock = (node.style === 'literal' || node.style === 'folded') && !host.within;
		if (isBlock && /^\s*([\w"'./-]+:(\s|$)|- |---|#)/.test(node.text)) {
			const embedded = { document: host.document, link: host.link };
			const documents = readContent(parseSyntax(node.text), { file: host.file, embedded, step: 'resource' });
			for (const { root } of documents) if (root && root.kind !== 'scalar') collect(root, key, into);
		} else if (node.text !== '') into.push({ text: node.text, at: addressOf(host), anchor: 'value', key });
		return;
	}
	if (node.kind === 'seq') {
		for (const item of node.items) collect(item, key, into);
		return;
	}
	const name = node.entries.find(entry => entry.key === 'name')?.value;
	for (const entry of node.entries) {
		const { origin } = entry.value;
		const at = addressOf(origin);
		into.push({ text: entry.key, at, anchor: 'key', key });
		const own = entry.key === 'value' && name?.kind === 'scalar' ? name.text : entry.key;
		collect(entry.value, own, into);
	}
}
