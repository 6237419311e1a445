/** The functions that Kyverno adds to JMESPath; kyverno `pkg/engine/jmespath/functions.go`. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { decodeBase64 } from '../../../base/base64';
import { bytesToHex as toHex } from '@noble/hashes/utils.js';
import { decodeUtf8, encodeUtf8 } from '../../../base/utf8';
import type { Plain } from '../../../yaml/node';
import type { Budget } from '../cel/budget';
import { containsIp, IP_TESTS, parseCidr, parseIp } from '../cel/ip-address';
import { parseUrl } from '../cel/url';
import { replaceByTemplate } from '../go-replace';
import { parseImageReference } from '../image-reference';
import { parseJsonText } from '../json-text';
import { inVersionRange } from '../version-range';
import { parseYamlText } from '../yaml-text';
import { ARITHMETIC_FUNCTIONS } from './arithmetic';
import { type KyvernoFunction, NeedsCluster, numberArgument, textArgument as text } from './function-arguments';
import { isMap } from './plain-values';
import { TIME_FUNCTIONS } from './time-functions';
import { matchesWildcard } from './wildcard';
import { decodeCertificate } from './x509-decode';

/** Results longer than this are refused. */
const MAX_TEXT = 1_000_000;

function bounded(result: string): string {
	if (result.length > MAX_TEXT) throw new Error('the text grows too long');
	return result;
}

function needsCluster(what: string): KyvernoFunction['run'] {
	return () => {
		throw new NeedsCluster(what);
	};
}

/** Go `filepath.Join` of one part. */
function cleanPath(path: string): string {
	const rooted = path.startsWith('/');
	const out: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
		else if (part === '..' ? !rooted : part !== '' && part !== '.') out.push(part);
	}
	return (rooted ? '/' : '') + out.join('/') || (path === '' ? '' : '.');
}

/** The functions, by name; `budget` bounds what patterns cost. */
export function kyvernoFunctions(budget: Budget): Readonly<Record<string, KyvernoFunction>> {
	return {
		...ARITHMETIC_FUNCTIONS,
		...TIME_FUNCTIONS,
		compare: { arguments: 2, run: (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0) },
		equal_fold: { arguments: 2, run: (a, b) => text(a).toLowerCase() === text(b).toLowerCase() },
		replace: {
			arguments: 4,
			run: (source, from, to, count) => {
				const parts = text(source).split(text(from));
				const limit = numberArgument(count) < 0 ? parts.length - 1 : Math.min(numberArgument(count), parts.length - 1);
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
		trim_prefix: {
			arguments: 2,
			run: (a, b) => (text(a).startsWith(text(b)) ? text(a).slice(text(b).length) : text(a)),
		},
		split: { arguments: 2, run: (a, by) => text(a).split(text(by)) },
		regex_replace_all: {
			arguments: 3,
			run: (pattern, source, by) =>
				replaceByTemplate(budget.matcher(text(pattern), text(source)), text(source), text(by)),
		},
		regex_replace_all_literal: {
			arguments: 3,
			run: (pattern, source, by) =>
				replaceByTemplate(budget.matcher(text(pattern), text(source)), text(source), text(by).replaceAll('$', '$$$$')),
		},
		regex_match: { arguments: 2, run: (pattern, source) => budget.matcher(text(pattern), text(source)).find() },
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
		base64_decode: {
			arguments: 1,
			run: a => {
				const bytes = decodeBase64(text(a));
				if (!bytes) throw new Error('illegal base64 data');
				return decodeUtf8(bytes);
			},
		},
		base64_encode: { arguments: 1, run: a => base64.encode(encodeUtf8(text(a))) },
		path_canonicalize: { arguments: 1, run: a => cleanPath(text(a)) },
		truncate: {
			arguments: 2,
			run: (a, length) => [...text(a)].slice(0, Math.max(0, Math.trunc(numberArgument(length)))).join(''),
		},
		semver_compare: {
			arguments: 2,
			run: (version, range) => {
				const found = inVersionRange(text(version), text(range));
				if (found === undefined) throw new Error('a version and a range of versions are expected');
				return found;
			},
		},
		parse_json: { arguments: 1, run: a => parseJsonText(text(a)) },
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
				if (Array.isArray(source)) return (source[numberArgument(key)] ?? null) as Plain;
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
		random: { arguments: 1, run: needsCluster('random gives another answer each time') },
		x509_decode: { arguments: 1, run: a => decodeCertificate(text(a)) },
		sha256: { arguments: 1, run: a => toHex(sha256(encodeUtf8(text(a)))) },
		sha1: { arguments: 1, run: a => toHex(sha1(encodeUtf8(text(a)))) },
		md5: { arguments: 1, run: a => toHex(md5(encodeUtf8(text(a)))) },
		parse_yaml: { arguments: 1, run: a => parseYamlText(text(a)) },
		is_external_url: { arguments: 1, run: a => isExternal(text(a)) },
	};
}

/** Whether a URL leads to an address that is not the pod's own, nor of a private network. What a name leads to only a name server knows. */
function isExternal(source: string): boolean {
	const url = parseUrl(source);
	if (!url) throw new Error('not a URL');
	const address = parseIp(url.hostname);
	if (!address) throw new NeedsCluster('is_external_url asks a name server');
	return !IP_TESTS['isLoopback']!(address) && !PRIVATE_NETWORKS.some(network => containsIp(network, address));
}

/** Go `net.IP.IsPrivate`. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map(text => parseCidr(text)!);
