/** How places and values are put in words, for hovers, lenses and margins. Texts of the repository are shown as code, never rendered. */
import type { Address } from '../base/address';
import { type FilePath, isWithin, relative } from '../base/paths';
import type { Anchor } from '../base/problem';
import type { Database } from '../base/query';
import { holdsSecret, keepsCopy } from '../kube/secret-copies';
import { SECRET } from '../kube/taken-secrets';
import { lineIndexOf } from '../workspace/documents';
import { roots } from '../workspace/inputs';
import { rangeOf } from '../workspace/places';
import { addressOf, type Node, type Origin } from '../yaml/node';
import type { Place } from './results';

const LONGEST_VALUE = 80;

/** The file's path below its root, which is `.` itself. */
export function shortPath(db: Database, file: FilePath): string {
	const root = db.read(roots, '').find(each => isWithin(each, file));
	return root ? relative(root, file) || '.' : file;
}

/** `path/to/file.yaml:12`, lines from 1. */
export function placeLabel(db: Database, address: Address): string {
	const { line } = lineIndexOf(db, address.file).position(rangeOf(db, address).start);
	return `${shortPath(db, address.file)}:${line + 1}`;
}

/** The step and the place of an origin: `patch · clusters/production/patches/web-patch.yaml:7`. */
export function originLabel(db: Database, origin: Origin): string {
	const step = origin.step === 'resource' ? '' : `${origin.step} · `;
	return step + placeLabel(db, addressOf(origin));
}

/** The place of an address, as answers give it. */
export function placeOf(db: Database, address: Address, anchor: Anchor = 'value'): Place {
	return { file: address.file, range: rangeOf(db, address, anchor) };
}

/** A value on one line; collections are written in flow style, and what is too long is cut. */
export function valueLabel(node: Node | undefined): string {
	const whole = node === undefined ? '(removed)' : flow(node, LONGEST_VALUE);
	return whole.length > LONGEST_VALUE ? whole.slice(0, LONGEST_VALUE - 1) + '…' : whole;
}

function flow(node: Node, budget: number): string {
	if (node.kind === 'scalar') {
		if (holdsSecret(node.text)) return SECRET;
		const text = node.tag === '!!null' ? 'null' : node.text.split('\n', 1)[0]! + (node.text.includes('\n') ? '…' : '');
		return text === '' ? '""' : text;
	}
	const parts: string[] = [];
	let left = budget;
	const children: readonly (readonly [string, Node])[] =
		node.kind === 'map'
			? node.entries.map(({ key, value }) => [`${key}: `, value] as const)
			: node.items.map(item => ['', item] as const);
	for (const [name, value] of children) {
		if (left <= 0) {
			parts.push('…');
			break;
		}
		const part = name + (keepsCopy(name.slice(0, -2)) ? SECRET : flow(value, left));
		left -= part.length + 2;
		parts.push(part);
	}
	return node.kind === 'map' ? `{${parts.join(', ')}}` : `[${parts.join(', ')}]`;
}

/** A text as Markdown code: backticks, bars and line breaks in it cannot end the code or the table that it stands in. */
export function code(text: string): string {
	// In tables a pipe is escaped, and so would be the backslash in front of it: then it ends the cell, and what follows is no code any more.
	const clean = text
		.replace(/[\r\n]+/g, ' ')
		.replace(/(\\*)\|/g, (_, before: string) => `${before}${before && ' '}\\|`);
	const fence = '`'.repeat(Math.max(0, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length)) + 1);
	const pad = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
	return `${fence}${pad}${clean}${pad}${fence}`;
}
