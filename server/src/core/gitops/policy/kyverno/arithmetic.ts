/** Arithmetic on numbers, quantities and durations, as far as they go together; kyverno `pkg/engine/jmespath/arithmetic.go`. */
import type { Plain } from '../../../yaml/node';
import { formatGoDuration, parseGoDuration } from '../go-duration';
import { formatQuantity, ONE, parseQuantity, type QuantityForm, quantityForm } from '../../../kube/quantity';
import { type KyvernoFunction, numberArgument } from './function-arguments';

type Operand =
	| { readonly kind: 'scalar'; readonly value: number }
	| { readonly kind: 'quantity'; readonly value: bigint; readonly form: QuantityForm }
	| { readonly kind: 'duration'; readonly value: bigint };

function operand(value: Plain | undefined): Operand {
	if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'scalar', value: Number(value) };
	if (typeof value === 'string') {
		const quantity = parseQuantity(value);
		if (quantity !== undefined) return { kind: 'quantity', value: quantity, form: quantityForm(value) };
		const duration = parseGoDuration(value);
		if (duration !== undefined) return { kind: 'duration', value: duration };
	}
	throw new Error('invalid operands');
}

/** As Kyverno hands it on: quantities and durations are texts. */
function plain(result: Operand): Plain {
	switch (result.kind) {
		case 'scalar':
			return result.value;
		case 'quantity':
			return formatQuantity(result.value, result.form.suffixes);
		case 'duration':
			return formatGoDuration(result.value);
	}
}

function mismatch(): never {
	throw new Error('types mismatch');
}

function plus(a: Operand, b: Operand, sign: 1 | -1): Operand {
	if (a.kind === 'scalar' && b.kind === 'scalar') return { kind: 'scalar', value: a.value + sign * b.value };
	if (a.kind === 'quantity' && b.kind === 'quantity')
		return { kind: 'quantity', value: a.value + BigInt(sign) * b.value, form: a.value === 0n ? b.form : a.form };
	if (a.kind === 'duration' && b.kind === 'duration')
		return { kind: 'duration', value: a.value + BigInt(sign) * b.value };
	return mismatch();
}

/** A number in billionths, which is how exact quantities are. */
function nanosOf(value: number): bigint {
	if (!Number.isFinite(value) || Math.abs(value) > 1e18) throw new Error('the number is too large');
	return parseQuantity(String(value)) ?? BigInt(Math.round(value * 1e9));
}

function times(a: Operand, b: Operand): Operand {
	if (a.kind === 'scalar') {
		return b.kind === 'scalar' ? { kind: 'scalar', value: a.value * b.value } : times(b, a);
	}
	if (b.kind !== 'scalar') return mismatch();
	if (a.kind === 'duration') return { kind: 'duration', value: scaled(a.value, b.value) };
	return { ...a, value: (a.value * nanosOf(b.value)) / ONE };
}

/** Go goes through seconds as a float. */
function scaled(nanoseconds: bigint, by: number): bigint {
	return BigInt(Math.trunc((Number(nanoseconds) / 1e9) * by * 1e9));
}

function divided(a: Operand, b: Operand): Operand {
	if (b.kind !== 'scalar' && a.kind !== b.kind) return mismatch();
	if (Number(b.value) === 0) throw new Error('Zero divisor passed');
	if (a.kind === b.kind) return { kind: 'scalar', value: Number(a.value) / Number(b.value) };
	if (b.kind !== 'scalar' || a.kind === 'scalar') return mismatch();
	if (a.kind === 'duration') return { kind: 'duration', value: scaled(a.value, 1 / b.value) };
	// Rounded towards zero at the digits that are written.
	const digits = Math.max(a.form.digits, quantityForm(String(b.value)).digits);
	const unit = 10n ** BigInt(Math.max(0, 9 - digits));
	return { ...a, value: ((a.value * ONE) / nanosOf(b.value) / unit) * unit };
}

function remainder(a: Operand, b: Operand): Operand {
	if (a.kind === 'duration' && b.kind === 'duration') {
		if (b.value === 0n) throw new Error('Zero divisor passed');
		return { kind: 'duration', value: a.value % b.value };
	}
	if (a.kind === 'scalar' && b.kind === 'scalar') {
		if (!Number.isInteger(a.value) || !Number.isInteger(b.value))
			throw new Error('Non-integer argument(s) passed for modulo');
		if (b.value === 0) throw new Error('Zero divisor passed');
		return { kind: 'scalar', value: a.value % b.value };
	}
	if (a.kind !== 'quantity' || b.kind !== 'quantity') return mismatch();
	if (a.value % ONE !== 0n || b.value % ONE !== 0n) throw new Error('Non-integer argument(s) passed for modulo');
	if (b.value === 0n) throw new Error('Zero divisor passed');
	return { ...a, value: a.value % b.value };
}

const binary = (run: (a: Operand, b: Operand) => Operand): KyvernoFunction => ({
	arguments: 2,
	run: (a, b) => plain(run(operand(a), operand(b))),
});

export const ARITHMETIC_FUNCTIONS: Readonly<Record<string, KyvernoFunction>> = {
	add: binary((a, b) => plus(a, b, 1)),
	subtract: binary((a, b) => plus(a, b, -1)),
	multiply: binary(times),
	divide: binary(divided),
	modulo: binary(remainder),
	sum: {
		arguments: 1,
		run: list => {
			if (!Array.isArray(list) || list.length === 0) throw new Error('at least one element in the array is required');
			return plain((list as readonly Plain[]).map(operand).reduce((total, item) => plus(total, item, 1)));
		},
	},
	round: {
		arguments: 2,
		run: (value, digits) => {
			const places = numberArgument(digits);
			if (!Number.isInteger(places) || places < 0) throw new Error('a whole number of digits is expected');
			const scale = 10 ** Math.min(places, 15);
			const number = numberArgument(value);
			// Halves go away from zero.
			return (Math.sign(number) * Math.round(Math.abs(number) * scale)) / scale;
		},
	},
};
