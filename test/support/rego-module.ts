/** A policy as `opa build -t wasm` makes them, written by hand: there is no compiler of Rego for tests. It finds something in what has an `@` in it. */

const I32 = 0x7f;

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

function unsigned(value: number): number[] {
	const low = value & 0x7f;
	return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number | bigint): number[] {
	const low = Number(BigInt(value) & 0x7fn);
	const rest = BigInt(value) >> 7n;
	return (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
		? [low]
		: [low | 0x80, ...signed(rest)];
}

const vector = (items: readonly number[][]): number[] => [...unsigned(items.length), ...items.flat()];
const name = (text: string): number[] => [...unsigned(bytesOf(text).length), ...bytesOf(text)];
const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
const constant = (value: number): number[] => [0x41, ...signed(value)];
/** Eight letters, as the number that lies in memory as them. */
const letters = (text: string): number[] => [0x42, ...signed(Buffer.from(text.padEnd(8, '\0')).readBigUInt64LE())];

/** A function with so many parameters, all of them i32. */
interface Fn {
	readonly export: string;
	readonly parameters: number;
	readonly results: 0 | 1;
	readonly body: number[];
}

const BUILTINS = 1024;
const ENTRYPOINTS = 1100;
const FOUND = 1400;
const NOTHING = 1700;

/** Looks through the input (address in local 3, length in local 4) for an `@`, with local 7 for an index. */
const SEARCH = [
	...[0x02, 0x40, 0x03, 0x40],
	...[0x20, 7, 0x20, 4, 0x4f, 0x0d, 1],
	...[0x20, 3, 0x20, 7, 0x6a, 0x2d, 0, 0, ...constant(0x40), 0x46, 0x04, 0x40, ...constant(FOUND), 0x0f, 0x0b],
	...[0x20, 7, ...constant(1), 0x6a, 0x21, 7, 0x0c, 0],
	...[0x0b, 0x0b, ...constant(NOTHING)],
];
const ENDLESS = [0x03, 0x40, 0x0c, 0, 0x0b, 0x00];

const HOARD = 131_072;
const HOARD_BEGINS = '[{"result":[';
/** Takes 58 MB of memory, and answers with as many bytes of objects. */
const HOARDING = [
	...[...constant(900), 0x40, 0, 0x1a, ...constant(HOARD), 0x21, 7],
	...[0x03, 0x40, 0x20, 7, ...letters('{"":[]},'), 0x37, 0, 0],
	...[0x20, 7, ...constant(8), 0x6a, 0x22, 7, ...constant(58_000_000), 0x49, 0x0d, 0, 0x0b],
	...[0x20, 7, ...letters('0]}]'), 0x37, 0, 0, ...constant(HOARD - HOARD_BEGINS.length)],
];

/** The module with one entry point, which gives `found` where there is an `@`; or one that never ends, or answers more than anybody can hold. */
export function regoModule({
	entrypoint = 'main/deny',
	found = ['no digests'] as unknown,
	nothing = [] as unknown,
	endless = false,
	hoarding = false,
} = {}): Uint8Array {
	const functions: readonly Fn[] = [
		{ export: 'builtins', parameters: 0, results: 1, body: constant(BUILTINS) },
		{ export: 'entrypoints', parameters: 0, results: 1, body: constant(ENTRYPOINTS) },
		{ export: 'opa_json_dump', parameters: 1, results: 1, body: [0x20, 0] },
		{ export: 'opa_json_parse', parameters: 2, results: 1, body: [0x20, 0] },
		{ export: 'opa_malloc', parameters: 1, results: 1, body: constant(65_536) },
		{ export: 'opa_heap_ptr_get', parameters: 0, results: 1, body: constant(131_072) },
		{ export: 'opa_heap_ptr_set', parameters: 1, results: 0, body: [] },
		{ export: 'opa_eval', parameters: 7, results: 1, body: hoarding ? HOARDING : endless ? ENDLESS : SEARCH },
	];
	const texts: readonly (readonly [number, string])[] = [
		[BUILTINS, '{}'],
		[ENTRYPOINTS, JSON.stringify({ [entrypoint]: 0 })],
		[FOUND, JSON.stringify([{ result: found }])],
		[NOTHING, JSON.stringify([{ result: nothing }])],
		[HOARD - HOARD_BEGINS.length, HOARD_BEGINS],
	];
	const types = functions.map(({ parameters, results }) => [
		0x60,
		...vector(Array.from({ length: parameters }, () => [I32])),
		...vector(Array.from({ length: results }, () => [I32])),
	]);
	const global = (value: number) => [I32, 0, ...constant(value), 0x0b];
	const code = functions.map(({ body }) => {
		const whole = [...vector([[1, I32]]), ...body, 0x0b];
		return [...unsigned(whole.length), ...whole];
	});
	return Uint8Array.from([
		...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
		...section(1, vector(types)),
		...section(2, vector([[...name('env'), ...name('memory'), 2, 0, 2]])),
		...section(3, vector(functions.map((_, i) => [i]))),
		...section(6, vector([global(1), global(2)])),
		...section(
			7,
			vector([
				...functions.map(({ export: of }, i) => [...name(of), 0, i]),
				[...name('opa_wasm_abi_version'), 3, 0],
				[...name('opa_wasm_abi_minor_version'), 3, 1],
			]),
		),
		...section(10, vector(code)),
		...section(11, vector(texts.map(([at, text]) => [0, ...constant(at), 0x0b, ...name(`${text}\0`)]))),
	]);
}
