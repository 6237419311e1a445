/** CEL's `math` extension, with Kyverno's rounding to digits; cel-go `ext/math.go`. */
import type { Environment } from '@marcbachmann/cel-js';
import { extreme } from './list-functions';

class MathNamespace {}

/** Adds them to an environment. */
export function addMathFunctions(environment: Environment): Environment {
	const M = 'MathNamespace';
	environment.registerType(M, MathNamespace).registerConstant('math', M, new MathNamespace());
	const add = (signature: string, run: (...values: readonly never[]) => unknown) =>
		environment.registerFunction(`${M}.${signature}`, (_: unknown, ...values: unknown[]) =>
			run(...(values as never[])),
		);
	for (let count = 1; count <= 8; count++) {
		const parameters = Array.from({ length: count }, () => 'dyn').join(', ');
		add(`greatest(${parameters}): dyn`, (...items: readonly unknown[]) => extreme(items.flat(), 1));
		add(`least(${parameters}): dyn`, (...items: readonly unknown[]) => extreme(items.flat(), -1));
	}
	const roundings = { ceil: Math.ceil, floor: Math.floor, trunc: Math.trunc, round };
	for (const [name, run] of Object.entries(roundings)) add(`${name}(double): double`, run);
	add('round(double, int): double', (value: number, digits: bigint) => {
		const scale = 10 ** Math.max(0, Math.min(Number(digits), 15));
		return round(value * scale) / scale;
	});
	add('abs(int): int', (value: bigint) => (value < 0n ? -value : value));
	add('abs(double): double', Math.abs);
	add('sign(int): int', (value: bigint) => (value > 0n ? 1n : value < 0n ? -1n : 0n));
	add('sign(double): double', Math.sign);
	add('sqrt(int): double', (value: bigint) => Math.sqrt(Number(value)));
	add('sqrt(double): double', Math.sqrt);
	add('isNaN(double): bool', Number.isNaN);
	add('isInf(double): bool', (value: number) => Math.abs(value) === Infinity);
	add('isFinite(double): bool', Number.isFinite);
	const bits: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
		bitAnd: (a, b) => a & b,
		bitOr: (a, b) => a | b,
		bitXor: (a, b) => a ^ b,
		bitShiftLeft: (a, b) => shifted(a, b, value => value << b),
		bitShiftRight: (a, b) => shifted(a, b, value => BigInt.asUintN(64, value) >> b),
	};
	for (const [name, run] of Object.entries(bits)) add(`${name}(int, int): int`, run);
	add('bitNot(int): int', (value: bigint) => ~value);
	return environment;
}

/** Halves go away from zero. */
function round(value: number): number {
	return Math.sign(value) * Math.round(Math.abs(value));
}

function shifted(value: bigint, by: bigint, run: (value: bigint) => bigint): bigint {
	if (by < 0n) throw new Error(`math.bitShift() negative offset: ${by}`);
	return by > 63n ? 0n : BigInt.asIntN(64, run(value));
}
