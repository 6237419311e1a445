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

/** With which suffixes a quantity is printed: powers of 1000, of 1024, or of ten as an exponent; apimachinery `resource.Format`. */
export type Suffixes = 'decimal' | 'binary' | 'exponent';

export interface QuantityForm {
	readonly suffixes: Suffixes;
	/** How many digits behind the point are written, suffix included. */
	readonly digits: number;
}

/** How a quantity is written. */
export function quantityForm(text: string): QuantityForm {
	const [, fraction = '', suffix = ''] = /^[+-]?\d*(?:\.(\d*))?([A-Za-z].*)?$/.exec(text) ?? [];
	if (BINARY[suffix] !== undefined) return { suffixes: 'binary', digits: 0 };
	const isExponent = /^[eE]/.test(suffix) && suffix.length > 1;
	const exponent = isExponent ? Number(suffix.slice(1)) : (DECIMAL[suffix] ?? 0);
	return { suffixes: isExponent ? 'exponent' : 'decimal', digits: Math.max(0, fraction.length - exponent) };
}

/** The quantity in its canonical form, with the largest suffix that leaves no fraction; apimachinery `Quantity.String`. */
export function formatQuantity(value: Nanos, suffixes: Suffixes): string {
	const sign = value < 0n ? '-' : '';
	const absolute = value < 0n ? -value : value;
	if (suffixes === 'binary' && absolute >= 1024n * ONE && absolute % ONE === 0n) {
		const found = Object.entries(BINARY).findLast(([, shift]) => (absolute / ONE) % (1n << shift) === 0n);
		return `${sign}${found ? `${(absolute / ONE) >> found[1]}${found[0]}` : absolute / ONE}`;
	}
	if (absolute === 0n) return '0';
	const [suffix, power] = Object.entries(DECIMAL).findLast(
		([, exponent]) => absolute % 10n ** BigInt(exponent + NANO_DIGITS) === 0n,
	)!;
	const printed = suffixes === 'exponent' && power !== 0 ? `e${power}` : suffix;
	return `${sign}${absolute / 10n ** BigInt(power + NANO_DIGITS)}${printed}`;
}
