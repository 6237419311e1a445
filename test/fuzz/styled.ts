/** YAML of a value in a random style: flow collections, quotes, blocks, comments and aliases say the same in other ways. */
import { Document, isCollection, isMap, isScalar, type Node, type Pair, Scalar, visit } from 'yaml';
import type { Random } from '../../scripts/bench/random.mjs';
import type { Yaml } from './feature-parts';

export function styled(random: Random, value: Yaml): string {
	const document = new Document(value, { aliasDuplicateObjects: random.next() < 0.3 });
	const share = random.of([0, 0, 0.05, 0.2]);
	visit(document, {
		Pair: (_, pair) => void (random.next() < share && remark(random, pair)),
		Node: (place, node) => {
			if (random.next() > share) return;
			if (isCollection(node) && (isMap(node) || random.next() < 0.7)) node.flow = true;
			else if (isScalar(node) && typeof node.value === 'string')
				node.type = random.of(place === 'key' ? SCALAR_STYLES.slice(0, 2) : SCALAR_STYLES);
			else if (isScalar(node)) node.comment = ' of a scalar';
		},
	});
	const text = document.toString({ lineWidth: random.of([0, 80]), indentSeq: random.next() < 0.5 });
	return random.next() < share ? `# head\n${text}# foot\n` : text;
}

const SCALAR_STYLES = [Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE, Scalar.BLOCK_LITERAL, Scalar.BLOCK_FOLDED] as const;

function remark(random: Random, pair: Pair): void {
	const key = pair.key as Node | null;
	if (random.next() < 0.7) {
		if (key) key.commentBefore = ' before';
	} else if (isScalar(pair.value)) pair.value.comment = random.of([' behind', ' {"x": 1}']);
}
