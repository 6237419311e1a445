/** The functions that Kyverno adds to JMESPath; kyverno `pkg/engine/jmespath/functions.go`. */
import { base64 } from '@scure/base';
import { RE2JS } from 're2js';
import { decodeBase64 } from '../../../base/base64';
import { decodeUtf8, encodeUtf8 } from '../../../base/utf8';
import { satisfies, valid } from 'semver';
import { isMap } from './plain-values';
import { parseGoDuration } from '../go-duration';
import { ONE, parseQuantity } from '../quantity';
import type { Plain } from '../../../yaml/node';
import { parseImageReference } from '../image-reference';
import { matchesWildcard } from './wildcard';

/** Asked for something that the tree cannot tell: the time, a random number, a certificate's parts. */
export class NeedsCluster extends Error {
	override readonly name = 'NeedsCluster';
}

/** How many arguments a function takes, and what it gives. */
export interface KyvernoFunction {
	readonly arguments: number;
	readonly run: (...values: readonly Plain[]) => Plain;
}

function text(value: Plain | undefined): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
	throw new Error('a string is expected');
}

function number(value: Plain | undefined): number {
	if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
	throw new Error('a number is expected');
}

/** Results longer than this are refused. */
const MAX_TEXT = 1_000_000;

function bounded(result: string): string {
	if (result.length > MAX_TEXT) throw new Error('the text grows too long');
	return result;
}

/** Arithmetic on numbers, quantities and durations; kyverno `arithmetic.go`. */
function arithmetic(a: Plain | undefined, b: Plain | undefined, run: (a: number, b: number) => number): Plain {
	if (typeof a === 'number' && typeof b === 'number') return run(a, b);
	const durations = [a, b].map(side => (typeof side === 'string' ? parseGoDuration(side) : undefined));
	if (durations[0] !== undefined && durations[1] !== undefined)
		return `${run(Number(durations[0]), Number(durations[1])) / 1e9}s`;
	const quantities = [a, b].map(side => (side === undefined ? undefined : parseQuantity(text(side))));
	if (quantities[0] === undefined || quantities[1] === undefined) throw new Error('types cannot be calculated with');
	const result = run(Number(quantities[0]) / Number(ONE), Number(quantities[1]) / Number(ONE));
	return typeof a === 'string' && typeof b === 'string' ? result : String(result);
}

function divide(a: Plain | undefined, b: Plain | undefined): Plain {
	return arithmetic(a, b, (left, right) => {
		if (right === 0) throw new Error('Zero divisor passed');
		return left / right;
	});
}

function needsCluster(what: string): KyvernoFunction['run'] {
	return () => {
		throw new NeedsCluster(what);
	};
}

/** Go's `$1` and `${name}` are the library's `$1` and `${name}` too. */
function replaceRegex(pattern: string, source: string, by: string): string {
	return bounded(RE2JS.compile(pattern).matcher(source).replaceAll(by));
}

export const KYVERNO_FUNCTIONS: Readonly<Record<string, KyvernoFunction>> = {
	compare: { arguments: 2, run: (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0) },
	equal_fold: { arguments: 2, run: (a, b) => text(a).toLowerCase() === text(b).toLowerCase() },
	replace: {
		arguments: 4,
		run: (source, from, to, count) => {
			const parts = text(source).split(text(from));
			const limit = number(count) < 0 ? parts.length - 1 : Math.min(number(count), parts.length - 1);
			return bounded(
				parts.slice(0, limit + 1).join(text(to)) +
					parts
						.slice(limit + 1)
						.map(part => text(from) + part)
						.join(''),
			);
		},
	},
	replace_all: { arguments: 3, run: (source, from, to) => bounded(text(source).split(text(from)).join(text(to))) },
	to_upper: { arguments: 1, run: a => text(a).toUpperCase() },
	to_lower: { arguments: 1, run: a => text(a).toLowerCase() },
	trim: {
		arguments: 2,
		run: (a, cut) => {
			const source = [...text(a)];
			const set = new Set(text(cut));
			let start = 0;
			let end = source.length;
			while (start < end && set.has(source[start]!)) start++;
			while (end > start && set.has(source[end - 1]!)) end--;
			return source.slice(start, end).join('');
		},
	},
	trim_prefix: { arguments: 2, run: (a, b) => (text(a).startsWith(text(b)) ? text(a).slice(text(b).length) : text(a)) },
	split: { arguments: 2, run: (a, by) => text(a).split(text(by)) },
	regex_replace_all: {
		arguments: 3,
		run: (pattern, source, by) => replaceRegex(text(pattern), text(source), text(by)),
	},
	regex_replace_all_literal: {
		arguments: 3,
		run: (pattern, source, by) => replaceRegex(text(pattern), text(source), RE2JS.quoteReplacement(text(by))),
	},
	regex_match: { arguments: 2, run: (pattern, source) => RE2JS.compile(text(pattern)).matcher(text(source)).find() },
	pattern_match: { arguments: 2, run: (pattern, source) => matchesWildcard(text(pattern), text(source)) },
	label_match: {
		arguments: 2,
		run: (labels, wanted) => {
			if (!isMap(labels) || !isMap(wanted)) throw new Error('an object is expected');
			return Object.entries(labels).every(([key, value]) => wanted[key] === value);
		},
	},
	to_boolean: {
		arguments: 1,
		run: a => {
			const lower = text(a).toLowerCase();
			if (lower !== 'true' && lower !== 'false') throw new Error('true or false is expected');
			return lower === 'true';
		},
	},
	add: { arguments: 2, run: (a, b) => arithmetic(a, b, (x, y) => x + y) },
	subtract: { arguments: 2, run: (a, b) => arithmetic(a, b, (x, y) => x - y) },
	multiply: {
		arguments: 2,
		run: (a, b) =>
			typeof a === 'number' && typeof b === 'number' ? a * b : arithmetic(text(a), text(b), (x, y) => x * y),
	},
	divide: { arguments: 2, run: divide },
	modulo: {
		arguments: 2,
		run: (a, b) =>
			arithmetic(a, b, (x, y) => {
				if (y === 0) throw new Error('Zero divisor passed');
				return x % y;
			}),
	},
	round: {
		arguments: 2,
		run: (a, digits) => {
			const scale = 10 ** Math.min(Math.max(Math.trunc(number(digits)), 0), 15);
			return Math.round(number(a) * scale) / scale;
		},
	},
	base64_decode: {
		arguments: 1,
		run: a => {
			const bytes = decodeBase64(text(a));
			if (!bytes) throw new Error('illegal base64 data');
			return decodeUtf8(bytes);
		},
	},
	base64_encode: { arguments: 1, run: a => base64.encode(encodeUtf8(text(a))) },
	path_canonicalize: {
		arguments: 1,
		run: a => {
			const out: string[] = [];
			for (const part of text(a).split('/')) {
				if (part === '..') out.pop();
				else if (part !== '' && part !== '.') out.push(part);
			}
			return (text(a).startsWith('/') ? '/' : '') + out.join('/');
		},
	},
	truncate: { arguments: 2, run: (a, length) => text(a).slice(0, Math.max(0, Math.trunc(number(length)))) },
	semver_compare: {
		arguments: 2,
		run: (version, range) => {
			if (!valid(text(version))) throw new Error('not a version');
			return satisfies(text(version), text(range));
		},
	},
	parse_json: { arguments: 1, run: a => JSON.parse(text(a)) as Plain },
	items: {
		arguments: 3,
		run: (source, keyName, valueName) => {
			if (Array.isArray(source))
				return source.map((value, index) => ({ [text(keyName)]: index, [text(valueName)]: value as Plain }));
			if (!isMap(source)) throw new Error('an object or a list is expected');
			return Object.keys(source)
				.sort()
				.map(key => ({ [text(keyName)]: key, [text(valueName)]: source[key]! }));
		},
	},
	object_from_lists: {
		arguments: 2,
		run: (keys, values) => {
			if (!Array.isArray(keys) || !Array.isArray(values)) throw new Error('two lists are expected');
			return Object.fromEntries(keys.map((key, i) => [text(key as Plain), (values[i] ?? null) as Plain]));
		},
	},
	lookup: {
		arguments: 2,
		run: (source, key) => {
			if (Array.isArray(source)) return (source[number(key)] ?? null) as Plain;
			return isMap(source) && Object.hasOwn(source, text(key)) ? source[text(key)]! : null;
		},
	},
	image_normalize: {
		arguments: 1,
		run: a => {
			const image = parseImageReference(text(a));
			if (!image) throw new Error('not an image');
			const { registry, path, tag, digest } = image;
			return `${registry}/${path}${digest ? `@${digest}` : `:${tag}`}`;
		},
	},
	time_since: { arguments: 3, run: needsCluster('time_since asks for the time') },
	time_now: { arguments: 0, run: needsCluster('time_now asks for the time') },
	time_now_utc: { arguments: 0, run: needsCluster('time_now_utc asks for the time') },
	random: { arguments: 1, run: needsCluster('random gives another answer each time') },
	x509_decode: { arguments: 1, run: needsCluster('x509_decode is not supported') },
	time_add: { arguments: 2, run: needsCluster('time_add is not supported') },
	time_after: { arguments: 2, run: needsCluster('time_after is not supported') },
	time_before: { arguments: 2, run: needsCluster('time_before is not supported') },
	time_between: { arguments: 3, run: needsCluster('time_between is not supported') },
	time_diff: { arguments: 2, run: needsCluster('time_diff is not supported') },
	time_parse: { arguments: 2, run: needsCluster('time_parse is not supported') },
	time_to_cron: { arguments: 1, run: needsCluster('time_to_cron is not supported') },
	time_truncate: { arguments: 2, run: needsCluster('time_truncate is not supported') },
	time_utc: { arguments: 1, run: needsCluster('time_utc is not supported') },
	sha256: { arguments: 1, run: needsCluster('sha256 is not supported') },
	parse_yaml: { arguments: 1, run: needsCluster('parse_yaml is not supported') },
	is_external_url: { arguments: 1, run: needsCluster('is_external_url asks a name server') },
};
