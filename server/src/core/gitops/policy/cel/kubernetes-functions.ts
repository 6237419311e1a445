/** Kubernetes' own CEL libraries: quantity, url, ip, cidr, semver and named formats; apiserver `pkg/cel/library`. */
import { type Environment, Optional } from '@marcbachmann/cel-js';
import { valid as validSemver, compare as compareSemver, parse as parseSemver } from 'semver';
import { type Nanos, ONE, parseQuantity } from '../../../kube/quantity';
import { equal } from './list-functions';
import {
	type CidrBlock,
	containsCidr,
	containsIp,
	formatIp,
	IP_TESTS,
	type IpAddress,
	maskedAddress,
	parseCidr,
	parseIp,
} from './ip-address';
import { FORMATS } from './named-formats';
import { parseUrl, type ParsedUrl } from './url';

class Quantity {
	constructor(readonly nanos: Nanos) {}
}
class Url {
	constructor(readonly parts: ParsedUrl) {}
}
class Ip {
	constructor(readonly address: IpAddress) {}
}
class Cidr {
	constructor(readonly block: CidrBlock) {}
}
class Semver {
	constructor(readonly text: string) {}
}
class NamedFormat {
	constructor(readonly test: (text: string) => readonly string[]) {}
}
class FormatNamespace {}
class IpNamespace {}

/** Adds them to an environment. */
export function addKubernetesFunctions(environment: Environment): Environment {
	addQuantity(environment);
	addUrl(environment);
	addNetwork(environment);
	addSemver(environment);
	addFormats(environment);
	return environment;
}

const orThrow = <T>(value: T | undefined, what: string): T => {
	if (value === undefined) throw new Error(what);
	return value;
};

function addQuantity(environment: Environment): void {
	const of = (text: string) =>
		new Quantity(orThrow(parseQuantity(text), 'quantities must match the regular expression'));
	const Q = 'kubernetes.Quantity';
	environment
		.registerType(Q, { ctor: Quantity, fields: {} })
		.registerFunction(`quantity(string): ${Q}`, of)
		.registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
		.registerFunction(`${Q}.sign(): int`, ({ nanos }: Quantity) => (nanos > 0n ? 1n : nanos < 0n ? -1n : 0n))
		.registerFunction(`${Q}.isInteger(): bool`, ({ nanos }: Quantity) => nanos % ONE === 0n)
		.registerFunction(`${Q}.asInteger(): int`, ({ nanos }: Quantity) => {
			if (nanos % ONE !== 0n) throw new Error('cannot convert value to integer');
			return nanos / ONE;
		})
		.registerFunction(`${Q}.asApproximateFloat(): double`, ({ nanos }: Quantity) => Number(nanos) / Number(ONE))
		.registerFunction(`${Q}.compareTo(${Q}): int`, (a: Quantity, b: Quantity) =>
			a.nanos < b.nanos ? -1n : a.nanos > b.nanos ? 1n : 0n,
		)
		.registerFunction(`${Q}.isGreaterThan(${Q}): bool`, (a: Quantity, b: Quantity) => a.nanos > b.nanos)
		.registerFunction(`${Q}.isLessThan(${Q}): bool`, (a: Quantity, b: Quantity) => a.nanos < b.nanos)
		.registerFunction(`${Q}.add(${Q}): ${Q}`, (a: Quantity, b: Quantity) => new Quantity(a.nanos + b.nanos))
		.registerFunction(`${Q}.add(int): ${Q}`, (a: Quantity, b: bigint) => new Quantity(a.nanos + b * ONE))
		.registerFunction(`${Q}.sub(${Q}): ${Q}`, (a: Quantity, b: Quantity) => new Quantity(a.nanos - b.nanos))
		.registerFunction(`${Q}.sub(int): ${Q}`, (a: Quantity, b: bigint) => new Quantity(a.nanos - b * ONE))
		.registerOperator(`${Q} == ${Q}`, (a: Quantity, b: Quantity) => a.nanos === b.nanos);
}

function addUrl(environment: Environment): void {
	const U = 'kubernetes.URL';
	environment
		.registerType(U, { ctor: Url, fields: {} })
		.registerFunction(`url(string): ${U}`, (text: string) => new Url(orThrow(parseUrl(text), 'URL parse error')))
		.registerFunction('isURL(string): bool', (text: string) => parseUrl(text) !== undefined)
		.registerFunction(`${U}.getQuery(): map<string, list<string>>`, ({ parts }: Url) => parts.query)
		.registerOperator(`${U} == ${U}`, (a: Url, b: Url) => equal(JSON.stringify(a.parts), JSON.stringify(b.parts)));
	for (const [name, part] of Object.entries({
		getScheme: 'scheme',
		getHost: 'host',
		getHostname: 'hostname',
		getPort: 'port',
		getEscapedPath: 'escapedPath',
	} as const))
		environment.registerFunction(`${U}.${name}(): string`, ({ parts }: Url) => parts[part]);
}

function addNetwork(environment: Environment): void {
	const ip = (text: string) => new Ip(orThrow(parseIp(text), 'IP Address parse error during conversion from string'));
	const cidr = (text: string) =>
		new Cidr(orThrow(parseCidr(text), 'network address parse error during conversion from string'));
	environment
		.registerType('net.IP', { ctor: Ip, fields: {} })
		.registerType('net.CIDR', { ctor: Cidr, fields: {} })
		.registerType('IpNamespace', IpNamespace)
		.registerConstant('ip', 'IpNamespace', new IpNamespace())
		.registerFunction('ip(string): net.IP', ip)
		.registerFunction('isIP(string): bool', (text: string) => parseIp(text) !== undefined)
		.registerFunction(
			'IpNamespace.isCanonical(string): bool',
			(_: unknown, text: string) => formatIp(ip(text).address) === text,
		)
		.registerFunction('net.IP.family(): int', ({ address }: Ip) => BigInt(address.family))
		.registerFunction('string(net.IP): string', ({ address }: Ip) => formatIp(address))
		.registerOperator(
			'net.IP == net.IP',
			(a: Ip, b: Ip) => a.address.family === b.address.family && a.address.value === b.address.value,
		)
		.registerFunction('cidr(string): net.CIDR', cidr)
		.registerFunction('isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined)
		.registerFunction('net.CIDR.ip(): net.IP', ({ block }: Cidr) => new Ip(block.address))
		.registerFunction('net.CIDR.prefixLength(): int', ({ block }: Cidr) => BigInt(block.prefix))
		.registerFunction(
			'net.CIDR.masked(): net.CIDR',
			({ block }: Cidr) => new Cidr({ ...block, address: maskedAddress(block) }),
		)
		.registerFunction('net.CIDR.containsIP(string): bool', ({ block }: Cidr, text: string) =>
			containsIp(block, ip(text).address),
		)
		.registerFunction('net.CIDR.containsIP(net.IP): bool', ({ block }: Cidr, other: Ip) =>
			containsIp(block, other.address),
		)
		.registerFunction('net.CIDR.containsCIDR(string): bool', ({ block }: Cidr, text: string) =>
			containsCidr(block, cidr(text).block),
		)
		.registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', ({ block }: Cidr, other: Cidr) =>
			containsCidr(block, other.block),
		)
		.registerFunction('string(net.CIDR): string', ({ block }: Cidr) => `${formatIp(block.address)}/${block.prefix}`);
	for (const [name, test] of Object.entries(IP_TESTS))
		environment.registerFunction(`net.IP.${name}(): bool`, ({ address }: Ip) => test(address));
}

function addSemver(environment: Environment): void {
	const S = 'kubernetes.Semver';
	const of = (text: string) => new Semver(orThrow(validSemver(text) ?? undefined, 'semver parse error'));
	environment
		.registerType(S, { ctor: Semver, fields: {} })
		.registerFunction(`semver(string): ${S}`, of)
		.registerFunction(`semver(string, bool): ${S}`, (text: string, lenient: boolean) =>
			of(lenient ? completeVersion(text) : text),
		)
		.registerFunction('isSemver(string, bool): bool', (text: string, lenient: boolean) =>
			isStrictVersion(lenient ? completeVersion(text) : text),
		)
		.registerFunction('isSemver(string): bool', isStrictVersion)
		.registerFunction(`${S}.compareTo(${S}): int`, (a: Semver, b: Semver) => BigInt(compareSemver(a.text, b.text)))
		.registerFunction(`${S}.isGreaterThan(${S}): bool`, (a: Semver, b: Semver) => compareSemver(a.text, b.text) > 0)
		.registerFunction(`${S}.isLessThan(${S}): bool`, (a: Semver, b: Semver) => compareSemver(a.text, b.text) < 0)
		.registerOperator(`${S} == ${S}`, (a: Semver, b: Semver) => compareSemver(a.text, b.text) === 0);
	for (const part of ['major', 'minor', 'patch'] as const)
		environment.registerFunction(`${S}.${part}(): int`, ({ text }: Semver) => BigInt(parseSemver(text)![part]));
}

function isStrictVersion(text: string): boolean {
	return validSemver(text) === text.split('+')[0];
}

/** Without a `v` in front and leading zeros, and with the parts that are missing; apiserver `library/semver.go` `normalizeAndParse`. */
function completeVersion(text: string): string {
	const [, core = '', rest = ''] = /^v?([\d.]*)(.*)$/s.exec(text.trim())!;
	const parts = core.split('.').map(part => part.replace(/^0+(?=\d)/, ''));
	while (parts.length < 3) parts.push('0');
	return parts.join('.') + rest;
}

function addFormats(environment: Environment): void {
	environment
		.registerType('kubernetes.NamedFormat', { ctor: NamedFormat, fields: {} })
		.registerType('FormatNamespace', FormatNamespace)
		.registerConstant('format', 'FormatNamespace', new FormatNamespace())
		.registerFunction('FormatNamespace.named(string): optional', (_: unknown, name: string) => {
			const test = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
			return test ? Optional.of(new NamedFormat(test)) : Optional.none();
		})
		.registerFunction('kubernetes.NamedFormat.validate(string): optional', ({ test }: NamedFormat, text: string) => {
			const errors = test(text);
			return errors.length > 0 ? Optional.of(errors) : Optional.none();
		});
	for (const [name, test] of Object.entries(FORMATS))
		environment.registerFunction(`FormatNamespace.${name}(): kubernetes.NamedFormat`, () => new NamedFormat(test));
}
