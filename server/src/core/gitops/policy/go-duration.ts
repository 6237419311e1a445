/** Durations as Go writes them (`1h30m`, `-1.5s`, `0`); `time.ParseDuration`. */

const UNITS: Readonly<Record<string, bigint>> = {
	ns: 1n,
	us: 1_000n,
	µs: 1_000n,
	μs: 1_000n,
	ms: 1_000_000n,
	s: 1_000_000_000n,
	m: 60_000_000_000n,
	h: 3_600_000_000_000n,
};

const MAX_NANOSECONDS = 2n ** 63n - 1n;

/** Nanoseconds, or nothing where the text is no duration. */
export function parseGoDuration(text: string): bigint | undefined {
	const sign = text.startsWith('-') ? -1n : 1n;
	const rest = text.replace(/^[+-]/, '');
	if (rest === '0') return 0n;
	if (rest === '' || rest.length > 100) return undefined;
	let total = 0n;
	let at = 0;
	const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
	while (at < rest.length) {
		part.lastIndex = at;
		const found = part.exec(rest);
		if (!found) return undefined;
		const [matched, whole = '', fraction = '', unit = ''] = found;
		if (whole.length + fraction.length === 0) return undefined;
		const scale = UNITS[unit]!;
		total += BigInt(whole || '0') * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
		if (total > MAX_NANOSECONDS) return undefined;
		at += matched.length;
	}
	return sign * total;
}
