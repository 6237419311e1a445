/** The keys and values of a ConfigMap or Secret out of env files, literals and files, in that order (`api/kv`). */
import type { Address } from '../../base/address';
import { changeTo } from '../../base/change-to';
import type { FilePath } from '../../base/paths';
import { basename } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { decodeRune, decodeUtf8, encodeUtf8 } from '../../base/utf8';
import { foldNextLines } from '../../yaml/emit';
import type { Origin } from '../../yaml/node';
import { exactBytes } from '../loader';
import type { Field, GeneratorEntry } from '../read/model';
import type { TransformContext } from '../tracked';

export interface KeyValue {
	readonly key: string;
	readonly value: Uint8Array;
	/** The literal's entry, the line of the env file (its key), or the whole file. */
	readonly origin: Origin;
	/** The entry of the generator. */
	readonly at: Address;
}

/** All pairs, as far as they can be read. */
export function keyValues(
	context: TransformContext,
	entry: GeneratorEntry,
): { readonly pairs: readonly KeyValue[]; readonly problems: readonly Problem[] } {
	const problems: Problem[] = [];
	const pairs: KeyValue[] = [
		...entry.envs.flatMap(field => envPairs(context, field, problems)),
		...entry.literals.flatMap(field => literalPair(field, problems)),
		...entry.files.flatMap(field => filePair(context, field, problems)),
	];
	return { pairs: uniquePairs(entry, pairs, problems), problems };
}

function load(
	context: TransformContext,
	path: string,
	at: Address,
	problems: Problem[],
	key = '',
): { readonly file: FilePath; readonly bytes: Uint8Array } | undefined {
	const loaded = context.load(path, at);
	switch (loaded.kind) {
		case 'problem':
			problems.push(behindKey(loaded.problem, at, key));
			return undefined;
		case 'bytes':
			return loaded;
		case 'text':
			return { file: loaded.file, bytes: exactBytes(context.db, loaded.file, loaded.text) };
	}
}

/** The problem of a path that stands behind a key, which its fix must leave there. */
function behindKey({ fixes = [], ...problem }: Problem, at: Address, key: string): Problem {
	const meant = fixes[0]?.edits[0];
	return { ...problem, ...(meant?.kind === 'set' && changeTo(at, key + meant.text)) };
}

function envPairs(context: TransformContext, field: Field<string>, problems: Problem[]): KeyValue[] {
	const loaded = load(context, field.value, field.at, problems);
	if (!loaded) return [];
	if (!isUtf8(loaded.bytes)) {
		problems.push(
			invalid(field.at, `\`${field.value}\` is not UTF-8, which an env file must be`, 'line has invalid utf8 bytes'),
		);
		return [];
	}
	const lines = decodeUtf8(loaded.bytes)
		.replace(/^\uFEFF/, '')
		.split('\n');
	return lines.flatMap(line => {
		const text = line.replace(/\r$/, '').replace(/^(?:(?!\ufeff)[\s\u0085])+/, '');
		if (text === '' || text.startsWith('#')) return [];
		const split = text.indexOf('=');
		const key = split < 0 ? text : text.slice(0, split);
		if (key === '') return [];
		const link = { parent: undefined, key };
		const origin: Origin = { step: 'generator', file: loaded.file, document: 0, link };
		return [{ key, value: encodeUtf8(split < 0 ? '' : text.slice(split + 1)), origin, at: field.at }];
	});
}

function literalPair(field: Field<string>, problems: Problem[]): KeyValue[] {
	// The plugin is given its configuration as YAML that was made of JSON.
	const literal = foldNextLines(field.value);
	const split = literal.indexOf('=');
	if (split <= 0) {
		// The text itself may be the value of a Secret whose key was forgotten.
		const message = 'this literal is no `key=value`; write the key before it';
		problems.push(invalid(field.at, message, 'invalid literal source ..., expected key=value'));
		return [];
	}
	const value = withoutQuotes(literal.slice(split + 1));
	const origin: Origin = { ...field.node.origin, step: 'generator' };
	return [{ key: literal.slice(0, split), value: encodeUtf8(value), origin, at: field.at }];
}

/** One pair of quotes around the whole value. */
function withoutQuotes(text: string): string {
	const [first] = text;
	return text.length > 1 && (first === '"' || first === "'") && text.at(-1) === first ? text.slice(1, -1) : text;
}

/** `key=path`, or a path whose last part is the key (`generators.ParseFileSource`). */
function filePair(context: TransformContext, field: Field<string>, problems: Problem[]): KeyValue[] {
	const source = field.value;
	const parts = source.split('=');
	const wrong =
		parts.length > 2
			? ['the key or the path contains `=`', `source "${source}" key name or file path contains '='`]
			: parts.length === 2 && parts[0] === ''
				? ['there is no key before the `=`', `missing key name for file path "${parts[1]}" in source "${source}"`]
				: parts.length === 2 && parts[1] === ''
					? ['there is no path behind the `=`', `missing file path for key name "${parts[0]}" in source "${source}"`]
					: undefined;
	if (wrong) {
		problems.push(invalid(field.at, `\`${source}\` is no file or \`key=file\`: ${wrong[0]}`, wrong[1]!));
		return [];
	}
	const path = parts.at(-1)!;
	const loaded = load(context, path, field.at, problems, path === source ? '' : `${parts[0]}=`);
	if (!loaded) return [];
	const key = parts.length === 2 ? parts[0]! : basename(path.replace(/\/+$/, ''));
	const origin: Origin = { step: 'generator', file: loaded.file, document: 0, link: undefined };
	return [{ key, value: loaded.bytes, origin, at: field.at }];
}

function uniquePairs(entry: GeneratorEntry, pairs: readonly KeyValue[], problems: Problem[]): readonly KeyValue[] {
	const seen = new Map<string, KeyValue>();
	for (const pair of pairs) {
		const before = seen.get(pair.key);
		if (!before) seen.set(pair.key, pair);
		else {
			problems.push({
				code: 'kustomize/duplicate-data-key',
				severity: 'error',
				fatal: true,
				message: `the key \`${pair.key}\` comes from two sources of this generator; take one of them out`,
				at: pair.at,
				related: [{ message: 'the other source', at: before.at }],
				details: `configmap ${entry.name?.value ?? ''} illegally repeats the key \`${pair.key}\``,
			});
		}
	}
	return [...seen.values()];
}

/** Whether the bytes are UTF-8 throughout; what is not goes into `binaryData`. */
export function isUtf8(bytes: Uint8Array): boolean {
	for (let at = 0; at < bytes.length;) {
		if (bytes[at]! < 0x80) {
			at++;
			continue;
		}
		const { code, width } = decodeRune(bytes, at);
		if (code === 0xfffd && width === 1) return false;
		at += width;
	}
	return true;
}

function invalid(at: Address, message: string, details: string): Problem {
	return { code: 'kustomize/invalid-generator', severity: 'error', fatal: true, message, at, details };
}
