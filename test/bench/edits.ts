/** The edits that measurements make. */
import type { Random } from '../../scripts/bench/random.mjs';

/** Files of generated trees by what an edit of them reaches. */
export const KINDS_OF_FILES = [
	{
		name: 'a base file',
		pattern: /\/base\/.*\/(deployment|ingress|hpa|cronjob|claim|service|helmrelease|release)\.yaml$/,
	},
	{ name: 'a patch', pattern: /-patch\.yaml$/ },
	{ name: 'a values file', pattern: /\/helm\/values\.yaml$/ },
	{ name: 'a base of many overlays', pattern: /\/shared\/guardrails\/quota\.yaml$/ },
];

/** The text with one digit of a value changed, so that values change and their types do not. */
export function withDigitChanged(text: string, random: Random): string {
	const digits = [...text.matchAll(/(?<=: .*)\d/g)].map(match => match.index);
	const at = digits.length > 0 ? random.of(digits) : undefined;
	return at === undefined ? text + '# \n' : text.slice(0, at) + (1 + random.below(9)) + text.slice(at + 1);
}
