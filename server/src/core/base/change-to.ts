/** The commonest way out: another text in the place of the one that is wrong. */
import type { Address } from './address';
import type { Problem } from './problem';

/** Texts that are the same text in YAML without quotes. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z_./][\w./+@-]*$/i;

/** The fix that writes `meant` at `at`; none where nothing is meant. */
export function changeTo(at: Address, meant: string | undefined): Pick<Problem, 'fixes'> {
	if (meant === undefined) return {};
	const text = PLAIN.test(meant) ? meant : JSON.stringify(meant);
	return { fixes: [{ title: `Change it to ${meant}`, edits: [{ kind: 'set', at, text }] }] };
}
