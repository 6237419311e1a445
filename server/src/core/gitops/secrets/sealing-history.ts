/**
 * When a ciphertext was sealed, and for what: the first commit that holds it. Sealing gives other bytes each time, so as long as they are
 * the same nobody has sealed the value again, whatever has become of the name above it.
 */
import type { SealedAs, SealedVersion, SealingHistory, FileVersion } from '../../workspace/sealing-history';
import type { SealingTarget } from '../../workspace/inputs';
import { readContent } from '../../yaml/content';
import { child, entriesOf, type Node, nodeAt, textAt } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { isTemplateFile, scopeOf } from './sealed-secret-fields';

/** By ciphertext: what the SealedSecret around it says. */
export type SealedIn = ReadonlyMap<string, SealedAs>;

/** The ciphertexts of a file; those that stand in it under different names are left out, since nobody knows which one it was sealed for. */
export function sealedIn(file: string, roots: readonly (Node | undefined)[]): SealedIn {
	const found = new Map<string, SealedAs>();
	const ambiguous = new Set<string>();
	if (isTemplateFile({ file })) return found;
	for (const root of roots) {
		if (textAt(root, 'kind') !== 'SealedSecret') continue;
		const as = sealedAs(root);
		for (const { value } of entriesOf(nodeAt(root, ['spec', 'encryptedData']))) {
			if (value.kind !== 'scalar' || value.text.length < LEAST_LENGTH) continue;
			const other = found.get(value.text);
			if (other && !sameSealing(other, as)) ambiguous.add(value.text);
			found.set(value.text, as);
		}
	}
	for (const text of ambiguous) found.delete(text);
	return found;
}

/** Shorter texts are no ciphertexts, and may well be the same by chance. */
const LEAST_LENGTH = 100;

/** What a SealedSecret's own fields say that its values were sealed for. */
export function sealedAs(root: Node | undefined): SealedAs {
	return {
		...targetOf(child(root, 'metadata')),
		template: targetOf(nodeAt(root, ['spec', 'template', 'metadata'])),
	};
}

function targetOf(metadata: Node | undefined): SealingTarget {
	return {
		scope: scopeOf(metadata),
		name: textAt(metadata, 'name') ?? '',
		namespace: textAt(metadata, 'namespace') ?? '',
	};
}

/** What became of the ciphertexts of a file, out of its versions, oldest first; in steps that let others in between. */
export function* sealingHistoryOf(
	file: string,
	now: SealedIn,
	versions: readonly FileVersion[],
): Generator<void, SealingHistory> {
	const history = new Map<string, SealedVersion[]>();
	const open = new Map(now);
	for (const { commit, time, text } of versions) {
		// Most versions of most files hold nothing that is still looked for: they need not be read as YAML.
		if (![...open.keys()].some(ciphertext => text.includes(ciphertext))) continue;
		const then = sealedIn(
			file,
			readContent(parseSyntax(text), { file, step: 'resource' }).map(({ root }) => root),
		);
		for (const [ciphertext, is] of open) {
			const was = then.get(ciphertext);
			if (!was) continue;
			const known = history.get(ciphertext);
			if (!known) history.set(ciphertext, [{ ...was, commit, time }]);
			else if (!sameSealing(known.at(-1)!, was)) known.push({ ...was, commit, time });
			// It says what it said at first, so what it said in between does not matter.
			if (!known && sameSealing(was, is)) open.delete(ciphertext);
		}
		if (open.size === 0) break;
		yield;
	}
	return history;
}

export function sameSealing(a: SealedAs, b: SealedAs): boolean {
	const same = (x: SealingTarget, y: SealingTarget) =>
		x.scope === y.scope && x.name === y.name && x.namespace === y.namespace;
	return same(a, b) && same(a.template, b.template);
}
