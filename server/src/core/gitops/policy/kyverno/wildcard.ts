/** Kyverno's wildcards: `*` for any characters, `?` for exactly one; kyverno `ext/wildcard`. */

/** Whether the whole text matches. Takes at most the product of both lengths. */
export function matchesWildcard(pattern: string, text: string): boolean {
	let p = 0;
	let t = 0;
	let star = -1;
	let retry = 0;
	while (t < text.length) {
		if (p < pattern.length && pattern[p] === '*') {
			star = p++;
			retry = t;
		} else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
			p++;
			t++;
		} else if (star >= 0) {
			p = star + 1;
			t = ++retry;
		} else return false;
	}
	while (pattern[p] === '*') p++;
	return p === pattern.length;
}

/** Whether the text has wildcards. */
export function hasWildcard(text: string): boolean {
	return /[*?]/.test(text);
}
