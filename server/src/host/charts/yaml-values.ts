/** YAML of helm's own files as plain values, with the core's reader. Scalars stay texts: a digest of digits is none the less a digest. */
import { readContent } from '../../core/yaml/content';
import type { Node } from '../../core/yaml/node';
import { parseSyntax } from '../../core/yaml/syntax';

/** The first document; nothing where the text has none, or is no YAML. */
export function contentOfText(text: string | undefined): unknown {
	if (text === undefined) return undefined;
	const [document] = readContent(parseSyntax(text), { file: '/', step: 'resource' });
	return document?.root && document.syntaxError === undefined ? textsOf(document.root) : undefined;
}

function textsOf(node: Node): unknown {
	switch (node.kind) {
		case 'scalar':
			return node.tag === '!!null' ? undefined : node.text;
		case 'seq':
			return node.items.map(textsOf);
		case 'map':
			return Object.fromEntries(node.entries.map(({ key, value }) => [key, textsOf(value)]));
	}
}
