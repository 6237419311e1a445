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
	const part = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
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

/** As Go prints it: `1h30m0s`, `1.5s`, `20ms`, `0s`; `Duration.String`. */
export function formatGoDuration(nanoseconds: bigint): string {
	const sign = nanoseconds < 0n ? '-' : '';
	const absolute = nanoseconds < 0n ? -nanoseconds : nanoseconds;
	if (absolute === 0n) return '0s';
	const small = (['ms', 'µs', 'ns'] as const).find(unit => absolute >= UNITS[unit]!)!;
	if (absolute < UNITS['s']!) return `${sign}${decimal(absolute, UNITS[small]!)}${small}`;
	const hours = absolute / UNITS['h']!;
	const minutes = (absolute / UNITS['m']!) % 60n;
	const seconds = decimal(absolute % UNITS['m']!, UNITS['s']!);
	return `${sign}${hours > 0n ? `${hours}h` : ''}${hours > 0n || minutes > 0n ? `${minutes}m` : ''}${seconds}s`;
}

function decimal(value: bigint, unit: bigint): string {
	const rest = (value % unit)
		.toString()
		.padStart(unit.toString().length - 1, '0')
		.replace(/0+$/, '');
	return `${value / unit}${rest && value % unit !== 0n ? `.${rest}` : ''}`;
}
