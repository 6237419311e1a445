/** Kubernetes quantities (`500m`, `1.5Gi`, `1e3`) as exact numbers; apimachinery `resource.ParseQuantity`. */

/** A quantity in billionths, rounded up where it has more digits, as Kubernetes rounds it. */
export type Nanos = bigint;

const NANO_DIGITS = 9;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
/** Beyond this no exponent means anything: the numbers are capped at 2^63. */
const MAX_EXPONENT = 40;

/** The quantity, or nothing where the text is none. */
export function parseQuantity(text: string): Nanos | undefined {
	const parts = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,4}|[numkMGTPE]?)$/.exec(text);
	if (!parts) return undefined;
	const [, sign, whole = '', fraction = '', suffix = ''] = parts;
	if (whole.length + fraction.length === 0 || whole.length + fraction.length > 60) return undefined;
	let exponent = NANO_DIGITS - fraction.length;
	let value = BigInt(whole + fraction);
	const binary = BINARY[suffix];
	if (binary !== undefined) value <<= binary;
	else if (/^[eE][+-]?\d/.test(suffix)) exponent += Number(suffix.slice(1));
	else exponent += DECIMAL[suffix]!;
	if (Math.abs(exponent) > MAX_EXPONENT + NANO_DIGITS + 60) return undefined;
	if (exponent >= 0) value *= 10n ** BigInt(exponent);
	else {
		const divisor = 10n ** BigInt(-exponent);
		value = (value + divisor - 1n) / divisor;
	}
	return sign === '-' ? -value : value;
}

/** One in billionths. */
export const ONE: Nanos = 1_000_000_000n;
