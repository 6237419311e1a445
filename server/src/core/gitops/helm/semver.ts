/**
 * Versions and ranges as Masterminds/semver (Go) has them, since helm and source-controller choose chart versions with it.
 * It differs from npm's: `v1.2` is a version, a space or comma means "and", and a range without a prerelease never takes one.
 */

export interface Version {
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	readonly prerelease: string;
	readonly metadata: string;
}

const VERSION =
	/^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(-([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?$/;

/** Reads a version; missing parts are 0. Nothing where it is none. */
export function parseVersion(text: string): Version | undefined {
	const parts = VERSION.exec(text);
	if (!parts) return undefined;
	const number = (part: string | undefined) => Number((part ?? '0').replace('.', ''));
	const prerelease = parts[5] ?? '';
	if (prerelease.split('.').some(part => /^0[0-9]+$/.test(part))) return undefined;
	return {
		major: number(parts[1]),
		minor: number(parts[2]),
		patch: number(parts[3]),
		prerelease,
		metadata: parts[8] ?? '',
	};
}

/** Negative where `a` is older than `b`. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
	return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: string, b: string): number {
	if (a === b) return 0;
	if (a === '') return 1;
	if (b === '') return -1;
	const left = a.split('.');
	const right = b.split('.');
	for (let i = 0; i < Math.max(left.length, right.length); i++) {
		const x = left[i];
		const y = right[i];
		if (x === y) continue;
		if (x === undefined) return -1;
		if (y === undefined) return 1;
		const numbers = [x, y].map(part => /^[0-9]+$/.test(part));
		if (numbers[0] && numbers[1]) return Number(x) - Number(y);
		if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
		return x < y ? -1 : 1;
	}
	return 0;
}

type Operator = '' | '=' | '!=' | '>' | '<' | '>=' | '=>' | '<=' | '=<' | '~' | '~>' | '^';

interface Constraint {
	readonly operator: Operator;
	readonly version: Version;
	/** Which parts were left out or written as `x`. */
	readonly anyMinor: boolean;
	readonly anyPatch: boolean;
	/** Whether any part was. */
	readonly dirty: boolean;
	/** Whether the major part itself was: `*`. */
	readonly anyMajor: boolean;
}

/** A range: alternatives, each a list of what must hold together. */
export interface Range {
	readonly alternatives: readonly (readonly Constraint[])[];
}

const PART = String.raw`v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?`;
const OPERATORS = String.raw`=||!=|>|<|>=|=>|<=|=<|~|~>|\^`;
const HYPHEN = new RegExp(String.raw`\s*(${PART})\s+-\s+(${PART})\s*`, 'g');
const ONE = new RegExp(String.raw`^\s*(${OPERATORS})\s*(${PART})\s*$`);
const FIND = new RegExp(String.raw`(${OPERATORS})\s*(${PART})`, 'g');
const VALID = new RegExp(String.raw`^(\s*(${OPERATORS})\s*(${PART})\s*)((?:\s+|,\s*)(${OPERATORS})\s*(${PART})\s*)*$`);

/** Reads a range; nothing where it is none (`NewConstraint`). */
export function parseRange(text: string): Range | undefined {
	const alternatives: (readonly Constraint[])[] = [];
	for (const part of text.replace(HYPHEN, hyphenRange).split('||')) {
		if (!VALID.test(part)) return undefined;
		const constraints: Constraint[] = [];
		for (const found of part.match(FIND) ?? []) {
			const constraint = parseConstraint(found);
			if (!constraint) return undefined;
			constraints.push(constraint);
		}
		alternatives.push(constraints);
	}
	return { alternatives };
}

/** `1.2 - 3.4` is `>=1.2 <=3.4`. */
function hyphenRange(_whole: string, from: string, ...groups: (string | number)[]): string {
	return ` >=${from} <=${groups[9] as string} `;
}

function parseConstraint(text: string): Constraint | undefined {
	const parts = ONE.exec(text);
	if (!parts) return undefined;
	const [, operator = '', written = '', major = '', minor, patch, prerelease = ''] = parts;
	const isAny = (part: string | undefined) => part === undefined || /^\.?[xX*]$/.test(part);
	const anyMajor = /^[xX*]$/.test(major);
	const anyMinor = isAny(minor) || anyMajor;
	const anyPatch = isAny(patch) || anyMinor;
	const dirty = anyMajor || anyMinor || anyPatch;
	const plain = anyMajor
		? `0.0.0${prerelease}`
		: anyMinor
			? `${major}.0.0${prerelease}`
			: anyPatch
				? `${major}${minor}.0${prerelease}`
				: written;
	const version = parseVersion(plain);
	return version && { operator: operator as Operator, version, anyMajor, anyMinor, anyPatch, dirty };
}

/** Whether the version lies in the range. */
export function inRange(version: Version, { alternatives }: Range): boolean {
	return alternatives.some(constraints => constraints.every(constraint => satisfies(version, constraint)));
}

/** Helm's `IsCompatibleRange`: nothing that cannot be read is compatible. */
export function isCompatible(range: string, version: string): boolean {
	const parsed = parseVersion(version);
	const wanted = parseRange(range);
	return parsed !== undefined && wanted !== undefined && inRange(parsed, wanted);
}

function satisfies(version: Version, constraint: Constraint): boolean {
	const { operator, version: limit, anyMinor, anyPatch, dirty } = constraint;
	// A range says that it wants prereleases by having one itself.
	if (operator !== '!=' && version.prerelease !== '' && limit.prerelease === '') return false;
	const order = compareVersions(version, limit);
	switch (operator) {
		case '':
		case '=':
			return dirty ? tilde(version, constraint) : order === 0;
		case '!=':
			return differs(version, constraint);
		case '>':
			if (!dirty) return order > 0;
			if (version.major !== limit.major) return version.major > limit.major;
			if (anyMinor) return false;
			return anyPatch ? version.minor > limit.minor : order > 0;
		case '<':
			return order < 0;
		case '>=':
		case '=>':
			return order >= 0;
		case '<=':
		case '=<':
			if (!dirty) return order <= 0;
			if (version.major > limit.major) return false;
			return !(version.major === limit.major && version.minor > limit.minor && !anyMinor);
		case '~':
		case '~>':
			return tilde(version, constraint);
		case '^':
			return caret(version, constraint);
	}
}

function differs(version: Version, { version: limit, dirty, anyMinor, anyPatch }: Constraint): boolean {
	if (!dirty) return compareVersions(version, limit) !== 0;
	if (version.prerelease !== '' && limit.prerelease === '') return false;
	if (version.major !== limit.major) return true;
	if (version.minor !== limit.minor && !anyMinor) return true;
	if (anyMinor) return false;
	if (version.patch !== limit.patch && !anyPatch) return true;
	return anyPatch ? false : version.prerelease !== limit.prerelease;
}

/** `~1.2.3` stays within 1.2, `~1` within 1; `*` takes everything. */
function tilde(version: Version, { version: limit, anyMajor, anyMinor }: Constraint): boolean {
	if (compareVersions(version, limit) < 0) return false;
	if (anyMajor) return true;
	if (version.major !== limit.major) return false;
	return version.minor === limit.minor || anyMinor;
}

/** `^1.2.3` keeps the first part that is not 0. */
function caret(version: Version, { version: limit, anyMajor, anyMinor, anyPatch }: Constraint): boolean {
	if (compareVersions(version, limit) < 0) return false;
	if (anyMajor) return true;
	if (limit.major > 0 || anyMinor) return version.major === limit.major;
	if (version.major > 0) return false;
	if (limit.minor > 0 || anyPatch) return version.minor === limit.minor;
	if (version.minor !== 0) return false;
	return version.patch === limit.patch;
}
