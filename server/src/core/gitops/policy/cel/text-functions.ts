/** The string functions of CEL's extension library that the expression library lacks, and Kubernetes' regular expressions; cel-go `ext/strings.go`. */
import type { Environment } from '@marcbachmann/cel-js';
import { base64 } from '@scure/base';
import { decodeBase64 } from '../../../base/base64';
import type { Budget } from './budget';
import { formatText } from './format-text';
import { MATCHES } from './program';

/** The library's duration. */
interface Duration {
	readonly seconds: bigint;
	readonly nanos: number;
}

class StringsNamespace {}
class Base64Namespace {}

/** Adds them to an environment. */
export function addTextFunctions(environment: Environment, budget: Budget): Environment {
	const findAll = (text: string, pattern: string, limit: bigint) => foundIn(budget.matcher(pattern, text), limit);
	return environment
		.registerType('StringsNamespace', StringsNamespace)
		.registerType('Base64Namespace', Base64Namespace)
		.registerConstant('strings', 'StringsNamespace', new StringsNamespace())
		.registerConstant('base64', 'Base64Namespace', new Base64Namespace())
		.registerFunction('string(google.protobuf.Timestamp): string', (at: Date) =>
			at.toISOString().replace(/\.?0*Z$/, 'Z'),
		)
		.registerFunction('string(google.protobuf.Duration): string', (duration: Duration) =>
			formatSeconds(duration.seconds, duration.nanos),
		)
		.registerFunction('int(google.protobuf.Timestamp): int', (at: Date) => BigInt(Math.floor(at.getTime() / 1000)))
		.registerFunction('StringsNamespace.quote(string): string', (_: unknown, text: string) => JSON.stringify(text))
		.registerFunction('Base64Namespace.encode(bytes): string', (_: unknown, bytes: Uint8Array) => base64.encode(bytes))
		.registerFunction('Base64Namespace.decode(string): bytes', (_: unknown, text: string) => {
			const bytes = decodeBase64(text) ?? decodeBase64(text.padEnd(Math.ceil(text.length / 4) * 4, '='));
			if (!bytes) throw new Error('illegal base64 data');
			return bytes;
		})
		.registerFunction(`string.${MATCHES}(string): bool`, (text: string, pattern: string) =>
			budget.matcher(pattern, text).find(),
		)
		.registerFunction(
			'string.find(string): string',
			(text: string, pattern: string) => findAll(text, pattern, 1n)[0] ?? '',
		)
		.registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
			findAll(text, pattern, -1n),
		)
		.registerFunction('string.findAll(string, int): list<string>', findAll)
		.registerFunction('string.charAt(int): string', (text: string, index: bigint) => charAt(text, Number(index)))
		.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
			replace(text, from, to, -1n),
		)
		.registerFunction('string.replace(string, string, int): string', replace)
		.registerFunction('string.reverse(): string', (text: string) => [...text].reverse().join(''))
		.registerFunction('string.format(list): string', (text: string, values: readonly unknown[]) =>
			formatText(text, values),
		);
}

/** CEL's protobuf form of a duration: seconds with their fraction. */
function formatSeconds(seconds: bigint, nanos: number): string {
	const fraction = String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/, '');
	return `${seconds < 0n || nanos < 0 ? '-' : ''}${seconds < 0n ? -seconds : seconds}${fraction && `.${fraction}`}s`;
}

function foundIn(matcher: ReturnType<Budget['matcher']>, limit: bigint): string[] {
	const found: string[] = [];
	while ((limit < 0n || BigInt(found.length) < limit) && matcher.find()) found.push(matcher.group() ?? '');
	return found;
}

function charAt(text: string, index: number): string {
	const characters = [...text];
	if (index < 0 || index > characters.length) throw new Error(`index out of range: ${index}`);
	return characters[index] ?? '';
}

/** Results longer than this are refused: replacing makes texts grow. */
const MAX_TEXT = 1_000_000;

function replace(text: string, from: string, to: string, limit: bigint): string {
	const parts = text.split(from);
	const count = limit < 0n ? parts.length - 1 : Math.min(parts.length - 1, Number(limit));
	if (text.length + count * to.length > MAX_TEXT) throw new Error('the text grows too long');
	if (from === '') return text;
	return (
		parts.slice(0, count + 1).join(to) +
		parts
			.slice(count + 1)
			.map(part => from + part)
			.join('')
	);
}
