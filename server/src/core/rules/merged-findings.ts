/** Findings of many builds put together: each once, with the environments in which it holds. */
import { addressKey } from '../base/address';
import type { Finding } from './rule';

export type MergedFinding = Finding & { readonly environments: string[] };

export class MergedFindings {
	readonly #byKey = new Map<string, MergedFinding>();

	/** Adds what is found in an environment; the empty name stands for none. */
	add(finding: Finding, environment: string): void {
		// Of a kind that is not known, one word is enough, wherever it stands.
		const place = finding.code === 'schema/unknown-kind' ? '' : addressKey(finding.at);
		const key = `${finding.code} ${place} ${sayingOf(finding)}`;
		const known = this.#byKey.get(key);
		// What is certain in one environment and a guess in another is told of the first.
		const worse = known ? RANKS[finding.severity] - RANKS[known.severity] : 1;
		if (worse < 0) return;
		const environments = known && worse === 0 ? known.environments : [...(finding.environments ?? [])];
		if (environment && !environments.includes(environment)) environments.push(environment);
		if (worse > 0) this.#byKey.set(key, { ...finding, environments });
	}

	/** In the order in which they were added first, with sorted environments. */
	*all(): Generator<MergedFinding> {
		for (const finding of this.#byKey.values()) {
			finding.environments.sort();
			yield finding;
		}
	}
}

const RANKS: Readonly<Record<Finding['severity'], number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** What of a message tells one fault from another at the same place. */
function sayingOf({ code, message, details = message }: Finding): string {
	// A patch may say something wrong of many objects, and find nothing in many builds, each with other names beside it.
	if (code.startsWith('schema/')) return details;
	return /-without-match$/.test(code) ? '' : message;
}
