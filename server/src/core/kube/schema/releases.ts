/** Releases of Kubernetes, of which only major and minor count here: `1.31`, `v1.31.4`, `1.31+`. */

/** Less than, equal to or greater than zero as `a` is older than, equal to or newer than `b`. Text that is no release is newest. */
export function compareReleases(a: string, b: string): number {
	const [left, right] = [parts(a), parts(b)];
	return left[0] - right[0] || left[1] - right[1];
}

function parts(release: string): readonly [number, number] {
	const match = /^v?(\d+)\.(\d+)/.exec(release.trim());
	return match ? [Number(match[1]), Number(match[2])] : [Number.MAX_SAFE_INTEGER, 0];
}
