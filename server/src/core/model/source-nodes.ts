/** The node that stands in the sources at an origin, as it is written there. */
import { type Address, pathOf } from '../base/address';
import { type Database, query } from '../base/query';
import { contentOf } from '../workspace/documents';
import { readContent } from '../yaml/content';
import { type Node, nodeAt, type Origin } from '../yaml/node';
import { parseSyntax } from '../yaml/syntax';

/** The node, also inside of a scalar that holds YAML; nothing where the origin is no place in a YAML file. */
export function sourceNode(db: Database, { file, document, link, within }: Origin): Node | undefined {
	const path = pathOf(link);
	const outer = nodeAt(contentOf(db, file)[document]?.root, path);
	if (!within) return outer;
	const inner = db.get(embeddedContent, JSON.stringify([file, document, path]));
	return nodeAt(inner[within.document]?.root, pathOf(within.link));
}

/** The documents of the YAML that the scalar at an address holds (its `within` does not matter). */
export function embeddedRoots(db: Database, { file, document, path }: Address): readonly (Node | undefined)[] {
	return db.get(embeddedContent, JSON.stringify([file, document, path])).map(({ root }) => root);
}

const embeddedContent = query('embeddedContent', (db, key) => {
	const [file, document, path] = JSON.parse(key) as [string, number, (string | number)[]];
	const node = nodeAt(contentOf(db, file)[document]?.root, path);
	if (node?.kind !== 'scalar') return [];
	return readContent(parseSyntax(node.text), {
		file,
		embedded: { document, link: node.origin.link },
		step: 'resource',
	});
});
