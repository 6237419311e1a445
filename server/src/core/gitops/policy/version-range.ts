/** Ranges of semantic versions as Go's blang/semver has them, which Kyverno uses: `>=1.2.3 <2.0.0 || !=3.1.4 || 4.x`. */
import { compare, parse } from 'semver';

type Test = (version: string) => boolean;

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
	'': order => order === 0,
	'=': order => order === 0,
	'==': order => order === 0,
	'!': order => order !== 0,
	'!=': order => order !== 0,
	'>': order => order > 0,
	'>=': order => order >= 0,
	'<': order => order < 0,
	'<=': order => order <= 0,
};

/** Whether a version lies in a range; nothing where one of them is not of the form. Prereleases are versions like others. */
export function inVersionRange(version: string, range: string): boolean | undefined {
	if (strict(version) === undefined) return undefined;
	const alternatives = range.split('||').map(part => conjunction(part.trim().replace(/([<>=!])\s+/g, '$1')));
	if (alternatives.some(tests => tests === undefined)) return undefined;
	return alternatives.some(tests => tests!.every(test => test(version)));
}

/** Unlike npm's reader Go's takes neither a `v` nor blanks. */
function strict(version: string): string | undefined {
	return /^\d/.test(version) ? parse(version)?.version : undefined;
}

function conjunction(text: string): readonly Test[] | undefined {
	const tests = text.split(/\s+/).map(part => {
		const [, operator, version] = /^([<>=!]*)(.*)$/s.exec(part)!;
		return OPERATORS[operator!] && comparison(operator!, version!);
	});
	return tests.some(test => test === undefined) ? undefined : tests.map(test => test!);
}

function comparison(operator: string, written: string): Test | undefined {
	const wildcard = /^(\d+)(?:\.(\d+))?\.x$|^(\d+)\.x\.x$/.exec(written);
	if (!wildcard) {
		const wanted = strict(written);
		return wanted === undefined ? undefined : version => OPERATORS[operator]!(compare(version, wanted));
	}
	const major = Number(wildcard[1] ?? wildcard[3]);
	const minor = wildcard[2] === undefined ? undefined : Number(wildcard[2]);
	const from = `${major}.${minor ?? 0}.0`;
	const to = minor === undefined ? `${major + 1}.0.0` : `${major}.${minor + 1}.0`;
	const within: Test = version => compare(version, from) >= 0 && compare(version, to) < 0;
	switch (operator) {
		case '>':
			return version => compare(version, to) >= 0;
		case '>=':
			return version => compare(version, from) >= 0;
		case '<':
			return version => compare(version, from) < 0;
		case '<=':
			return version => compare(version, to) < 0;
		case '!':
		case '!=':
			return version => !within(version);
		default:
			return within;
	}
}
