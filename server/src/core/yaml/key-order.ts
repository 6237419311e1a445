/** The order in which go-yaml 2 writes a map's keys: numbers inside of them count as numbers, so `a2` stands before `a10`. */

const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

/** Compares two keys as go-yaml 2 does (`keyList.Less` in sorter.go); zero for equal keys only. */
export function compareKeys(a: string, b: string): number {
	if (a === b) return 0;
	const quick = compareLetters(a, b);
	if (quick !== 0) return quick;
	return isAscii(a) && isAscii(b) ? compare(a, b) : compare([...a], [...b]);
}

/** Nearly all keys differ first in two letters of ASCII, in front of which no other character stands; else zero. */
function compareLetters(a: string, b: string): number {
	for (let i = 0; i < a.length && i < b.length; i++) {
		const left = a.charCodeAt(i);
		const right = b.charCodeAt(i);
		if (!isAsciiLetter(left) || !isAsciiLetter(right)) return 0;
		if (left !== right) return left - right;
	}
	return 0;
}

function isAsciiLetter(code: number): boolean {
	return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isAscii(text: string): boolean {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
	return true;
}

type Characters = string | readonly string[];

function compare(a: Characters, b: Characters): number {
	const length = Math.min(a.length, b.length);
	for (let i = 0; i < length; i++) {
		const left = a[i]!;
		const right = b[i]!;
		if (left === right) continue;
		const leftIsLetter = isLetter(left);
		const rightIsLetter = isLetter(right);
		if (leftIsLetter && rightIsLetter) return codeOf(left) - codeOf(right);
		if (leftIsLetter || rightIsLetter) return rightIsLetter ? -1 : 1;
		return compareNumbers(a, b, i);
	}
	return a.length - b.length;
}

/** Both keys are equal before `at` and differ there, in something that is no letter. */
function compareNumbers(a: Characters, b: Characters, at: number): number {
	// A number that begins before the difference makes zeros count: `10` and `11`, but not `010` and `11`.
	const lead = (a[at] === '0' || b[at] === '0') && followsDigit(a, at) ? 1n : 0n;
	const left = digitsFrom(a, at, lead);
	const right = digitsFrom(b, at, lead);
	if (left.value !== right.value) return left.value < right.value ? -1 : 1;
	if (left.end !== right.end) return left.end - right.end;
	return codeOf(a[at]!) - codeOf(b[at]!);
}

function followsDigit(key: Characters, at: number): boolean {
	for (let i = at - 1; i >= 0 && isDigit(key[i]!); i--) if (key[i] !== '0') return true;
	return false;
}

/** The number that a run of digits continues, as a 64-bit integer that may overflow, and where the run ends. */
function digitsFrom(key: Characters, from: number, lead: bigint): { readonly value: bigint; readonly end: number } {
	let value = lead;
	let end = from;
	for (; end < key.length && isDigit(key[end]!); end++) {
		value = BigInt.asIntN(64, value * 10n + BigInt(codeOf(key[end]!) - 48));
	}
	return { value, end };
}

function isLetter(character: string): boolean {
	const code = codeOf(character);
	if (code < 0x80) return isAsciiLetter(code);
	return LETTER.test(character);
}

function isDigit(character: string): boolean {
	const code = codeOf(character);
	return code < 0x80 ? code >= 48 && code <= 57 : DIGIT.test(character);
}

function codeOf(character: string): number {
	return character.codePointAt(0)!;
}
