/** Kyverno's libraries for CEL, as far as they need no cluster: `hash`, `json`, `yaml`, `time`, `user`, `transform`; kyverno/sdk `cel/libs`. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Environment } from '@marcbachmann/cel-js';
import { bytesToHex as toHex } from '@noble/hashes/utils.js';
import { parseJsonText } from '../json-text';
import { encodeUtf8 } from '../../../base/utf8';
import { parseYamlText } from '../yaml-text';
import { celMap, celValue, mapEntries } from './cel-values';
import { NotEvaluated } from './program';

class HashNamespace {}
class JsonNamespace {}
class YamlNamespace {}
class TimeNamespace {}
class TransformNamespace {}
class X509Namespace {}

/** Adds them to an environment. */
export function addKyvernoFunctions(environment: Environment): Environment {
	const namespace = (name: string, type: new () => object) => {
		environment.registerType(type.name, type).registerConstant(name, type.name, new type());
	};
	namespace('hash', HashNamespace);
	namespace('json', JsonNamespace);
	namespace('yaml', YamlNamespace);
	namespace('time', TimeNamespace);
	namespace('transform', TransformNamespace);
	namespace('x509', X509Namespace);
	for (const [name, hash] of Object.entries({ sha256, sha1, md5 })) {
		const run = (text: string) => toHex(hash(encodeUtf8(text)));
		environment
			.registerFunction(`${name}(string): string`, run)
			.registerFunction(`HashNamespace.${name}(string): string`, (_: unknown, text: string) => run(text));
	}
	const ask = (what: string) => () => {
		throw new NotEvaluated(what);
	};
	return environment
		.registerFunction('JsonNamespace.unmarshal(string): dyn', (_: unknown, text: string) =>
			celValue(parseJsonText(text)),
		)
		.registerFunction('JsonNamespace.marshal(dyn): string', (_: unknown, value: unknown) =>
			JSON.stringify(toJson(value)),
		)
		.registerFunction('YamlNamespace.parse(string): dyn', (_: unknown, text: string) => celValue(parseYamlText(text)))
		.registerFunction(
			'TimeNamespace.now(): google.protobuf.Timestamp',
			ask('the answer depends on the time of the request'),
		)
		.registerFunction('TimeNamespace.toCron(google.protobuf.Timestamp): string', (_: unknown, at: Date) =>
			[at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()].join(' '),
		)
		.registerFunction('X509Namespace.decode(string): dyn', ask('x509.decode is not supported'))
		.registerFunction('random(): string', ask('random gives another answer each time'))
		.registerFunction('random(string): string', ask('random gives another answer each time'))
		.registerFunction('parseServiceAccount(string): map', serviceAccount)
		.registerFunction('listObjToMap(list, list, string, string): map', listToMap)
		.registerFunction(
			'TransformNamespace.listObjToMap(list, list, string, string): map',
			(_: unknown, keys: readonly unknown[], values: readonly unknown[], key: string, value: string) =>
				listToMap(keys, values, key, value),
		);
}

function serviceAccount(user: string): ReadonlyMap<string, unknown> {
	const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
	return celMap({ Name: name, Namespace: namespace });
}

/** A map out of two lists of maps: the keys are a field of the first, the values a field of the second. */
function listToMap(
	keys: readonly unknown[],
	values: readonly unknown[],
	key: string,
	value: string,
): Map<unknown, unknown> {
	if (keys.length !== values.length) throw new Error('lists of one length are expected');
	return new Map(keys.map((item, i) => [fieldOf(item, key), fieldOf(values[i], value)]));
}

function fieldOf(value: unknown, field: string): unknown {
	const entry = mapEntries(value)?.find(([key]) => key === field);
	if (!entry) throw new Error(`No such key: ${field}`);
	return entry[1];
}

function toJson(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(toJson);
	const entries = mapEntries(value);
	if (entries) return Object.fromEntries(entries.map(([key, item]) => [String(key), toJson(item)]));
	return typeof value === 'bigint' ? Number(value) : value;
}
