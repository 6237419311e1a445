/** Times as Go reads and writes them: layouts by the reference time `Mon Jan 2 15:04:05 MST 2006`; Go `time.Parse`, `time.Format`. */

/** A moment, and the zone in which it is written. */
export interface GoTime {
	/** Nanoseconds since 1970 in UTC. */
	readonly nanos: bigint;
	/** Seconds east of UTC. */
	readonly offset: number;
}

export const RFC3339 = '2006-01-02T15:04:05Z07:00';

const SECOND = 1_000_000_000n;
/** The first second of year 1, from which `Truncate` counts. */
const YEAR_ONE = -62_135_596_800n * SECOND;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

/** What of a layout stands for something; anything else stands for itself. */
const CHUNK =
	/January|Jan|Monday|Mon|MST|Z07:00|Z0700|Z07|-07:00|-0700|-07|2006|002|_2|01|02|03|04|05|06|15|PM|pm|[.,](?:0+|9+)(?!\d)|[1-5]/g;

type Fields = { [name: string]: number };

/** What a chunk reads: its text, and what it says. */
interface Reader {
	readonly pattern: string;
	readonly set: (fields: Fields, text: string) => boolean;
}

const whole = (pattern: string, name: string): Reader => ({
	pattern,
	set: (fields, text) => {
		fields[name] = Number(text);
		return true;
	},
});
const oneOf = (names: readonly string[], name: string): Reader => ({
	pattern: '[A-Za-z]+',
	set: (fields, text) => {
		const at = names.findIndex(item => item.toLowerCase() === text.toLowerCase());
		fields[name] = at;
		return at >= 0;
	},
});
const short = (names: readonly string[]) => names.map(name => name.slice(0, 3));
const zone = (pattern: string): Reader => ({
	pattern,
	set: (fields, text) => {
		const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
		fields['offset'] = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
		return Number(hours) <= 24 && Number(minutes) < 60;
	},
});
const half: Reader = {
	pattern: 'AM|PM|am|pm',
	set: (fields, text) => {
		fields['half'] = text.toLowerCase() === 'pm' ? 12 : 0;
		return true;
	},
};
const fraction = (pattern: string): Reader => ({
	pattern,
	set: (fields, text) => {
		fields['nanos'] = Number(text.slice(1, 10).padEnd(9, '0'));
		return true;
	},
});

const READERS: Readonly<Record<string, Reader>> = {
	'2006': whole('\\d{4}', 'year'),
	'06': {
		pattern: '\\d\\d',
		set: (fields, text) => {
			fields['year'] = Number(text) + (Number(text) >= 69 ? 1900 : 2000);
			return true;
		},
	},
	January: oneOf(MONTHS, 'month0'),
	Jan: oneOf(short(MONTHS), 'month0'),
	'01': whole('\\d\\d', 'month'),
	'1': whole('\\d\\d?', 'month'),
	Monday: oneOf(DAYS, 'weekday'),
	Mon: oneOf(short(DAYS), 'weekday'),
	'02': whole('\\d\\d', 'day'),
	_2: whole(' ?\\d\\d?', 'day'),
	'2': whole('\\d\\d?', 'day'),
	'002': whole('\\d{3}', 'yearDay'),
	'15': whole('\\d\\d?', 'hour'),
	'03': whole('\\d\\d', 'hour12'),
	'3': whole('\\d\\d?', 'hour12'),
	'04': whole('\\d\\d', 'minute'),
	'4': whole('\\d\\d?', 'minute'),
	'05': whole('\\d\\d', 'second'),
	'5': whole('\\d\\d?', 'second'),
	PM: half,
	pm: half,
	MST: whole('[A-Z]{3,4}', 'zoneName'),
	'Z07:00': zone('Z|[+-]\\d\\d:\\d\\d'),
	Z0700: zone('Z|[+-]\\d{4}'),
	Z07: zone('Z|[+-]\\d\\d'),
	'-07:00': zone('[+-]\\d\\d:\\d\\d'),
	'-0700': zone('[+-]\\d{4}'),
	'-07': zone('[+-]\\d\\d'),
};

const MAX_LAYOUT = 200;

/** The time, or nothing where the text does not follow the layout. */
export function parseGoTime(layout: string, text: string): GoTime | undefined {
	if (layout.length > MAX_LAYOUT) return undefined;
	const fields: Fields = {};
	let at = 0;
	let last = 0;
	const literal = (to: number): boolean => {
		const expected = layout.slice(last, to);
		const found = text.startsWith(expected, at);
		at += expected.length;
		return found;
	};
	for (const chunk of layout.matchAll(CHUNK)) {
		if (!literal(chunk.index)) return undefined;
		last = chunk.index + chunk[0].length;
		const reader = READERS[chunk[0]] ?? fraction(`[.,]\\d{${chunk[0].includes('9') ? '0,9' : chunk[0].length - 1}}|`);
		const found = read(reader.pattern, text, at);
		if (found === undefined || (found !== '' && !reader.set(fields, found))) return undefined;
		at += found.length;
		// A fraction may follow the seconds although the layout has none.
		const more =
			/^0?5$/.test(chunk[0]) && !/^[.,][09]/.test(layout.slice(last)) ? read('[.,]\\d+', text, at) : undefined;
		if (more !== undefined) {
			fraction('').set(fields, more);
			at += more.length;
		}
	}
	return literal(layout.length) && at === text.length ? timeOf(fields) : undefined;
}

function read(pattern: string, text: string, at: number): string | undefined {
	const sticky = new RegExp(pattern, 'y');
	sticky.lastIndex = at;
	return sticky.exec(text)?.[0];
}

function timeOf(fields: Fields): GoTime | undefined {
	const { year = 0, day = 1, minute = 0, second = 0, nanos = 0, offset = 0, yearDay, half: afternoon } = fields;
	const month = fields['month0'] === undefined ? (fields['month'] ?? 1) - 1 : fields['month0'];
	const hour = fields['hour'] ?? ((fields['hour12'] ?? 0) % (afternoon === undefined ? 24 : 12)) + (afternoon ?? 0);
	if (month < 0 || month > 11 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
	const date = new Date(0);
	date.setUTCFullYear(year, yearDay === undefined ? month : 0, yearDay ?? day);
	if (yearDay === undefined && date.getUTCMonth() !== month) return undefined;
	date.setUTCHours(hour, minute, second);
	return { nanos: BigInt(date.getTime()) * 1_000_000n + BigInt(nanos) - BigInt(offset) * SECOND, offset };
}

/** As RFC 3339, without fractions of a second, in the time's own zone. */
export function formatGoTime({ nanos, offset }: GoTime): string {
	const written = dateOf({ nanos, offset }).toISOString().slice(0, 19);
	const minutes = Math.abs(offset) / 60;
	const digits = (value: number) => String(Math.trunc(value)).padStart(2, '0');
	return written + (offset === 0 ? 'Z' : `${offset < 0 ? '-' : '+'}${digits(minutes / 60)}:${digits(minutes % 60)}`);
}

/** The fields of the time in its own zone, to be read as UTC. */
export function dateOf({ nanos, offset }: GoTime): Date {
	return new Date(Number(floorDivide(nanos, 1_000_000n)) + offset * 1000);
}

/** The last multiple of the duration, counted from year 1, that is not after the time; Go `Time.Truncate`. */
export function truncateTime(time: GoTime, duration: bigint): GoTime {
	if (duration <= 0n) return time;
	return { ...time, nanos: time.nanos - ((time.nanos - YEAR_ONE) % duration) };
}

function floorDivide(a: bigint, b: bigint): bigint {
	return a >= 0n ? a / b : -((-a + b - 1n) / b);
}
