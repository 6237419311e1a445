/**
 * Chart archives (`.tgz`) unpacked in memory, within bounds: helm's own limits of size, and no entry that is a link or leads
 * out of the archive. Nothing is ever written anywhere.
 */
import { Gunzip } from 'fflate';
import { decodeUtf8 } from '../../base/utf8';

export type Unpacked =
	/** By path below the chart's own directory, which is cut off. */
	| { readonly kind: 'files'; readonly files: ReadonlyMap<string, Uint8Array> }
	| { readonly kind: 'refused'; readonly why: string };

/** `MaxDecompressedChartSize` and `MaxDecompressedFileSize` of helm's loader. */
const MAX_BYTES = 100 * 1024 * 1024;
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const MAX_FILES = 20_000;
const SLICE = 64 * 1024;
const BLOCK = 512;

/** Unpacks an archive as helm's `LoadArchiveFiles` does. */
export function unpackChart(bytes: Uint8Array): Unpacked {
	return unpackArchive(bytes, pathInChart);
}

/** Unpacks any `.tar.gz`; `pathOf` says under which path an entry is kept, or that it must not be there. */
export function unpackArchive(bytes: Uint8Array, pathOf: (name: string) => string | undefined): Unpacked {
	const unzipped = gunzip(bytes);
	return typeof unzipped === 'string' ? { kind: 'refused', why: unzipped } : readTar(unzipped, pathOf);
}

/** The unzipped bytes, or why there are none. Stops as soon as they become too many. */
function gunzip(bytes: Uint8Array): Uint8Array | string {
	const chunks: Uint8Array[] = [];
	let length = 0;
	let ended = false;
	const stream = new Gunzip((chunk, final) => {
		length += chunk.length;
		if (length <= MAX_BYTES) chunks.push(chunk);
		ended ||= final;
	});
	try {
		for (let at = 0; at < bytes.length && length <= MAX_BYTES; at += SLICE)
			stream.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
	} catch {
		return 'it is no gzip archive';
	}
	if (length > MAX_BYTES) return `it unpacks to more than ${MAX_BYTES / 1024 / 1024} MiB`;
	if (!ended || bytes.length === 0) return 'it is no gzip archive, or cut short';
	const out = new Uint8Array(length);
	let at = 0;
	for (const chunk of chunks) {
		out.set(chunk, at);
		at += chunk.length;
	}
	return out;
}

function readTar(bytes: Uint8Array, pathOf: (name: string) => string | undefined): Unpacked {
	const files = new Map<string, Uint8Array>();
	const refused = (why: string) => ({ kind: 'refused', why }) as const;
	let longName: string | undefined;
	let extended: ReadonlyMap<string, string> = new Map();
	for (let at = 0; at + BLOCK <= bytes.length;) {
		const header = bytes.subarray(at, at + BLOCK);
		if (header.every(byte => byte === 0)) break;
		const size = Number(extended.get('size') ?? sizeOf(header));
		if (!Number.isSafeInteger(size) || size < 0 || at + BLOCK + size > bytes.length)
			return refused('an entry has a size that cannot be');
		const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
		at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
		const type = String.fromCharCode(header[156] ?? 0);
		if (type === 'L') longName = fieldText(data);
		else if (type === 'x') extended = paxRecords(data);
		if ('Lxg'.includes(type)) continue;
		const name = extended.get('path') ?? longName ?? headerName(header);
		longName = undefined;
		extended = new Map();
		if (type === '5') continue;
		if (type === '1' || type === '2') return refused(`"${shown(name)}" is a link, and charts have none`);
		if (type !== '0' && type !== '\0' && type !== '7')
			return refused(`"${shown(name)}" is neither a file nor a directory`);
		if (size > MAX_FILE_BYTES) return refused(`"${shown(name)}" is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
		const path = pathOf(name);
		if (path === undefined) return refused(`"${shown(name)}" leads out of the chart`);
		if (files.size >= MAX_FILES) return refused(`it has more than ${MAX_FILES} files`);
		files.set(path, data);
	}
	return files.size === 0 ? refused('it holds no files') : { kind: 'files', files };
}

/** The path below the archive's first directory; nothing where it is absolute, outside of any directory, or climbs. */
function pathInChart(name: string): string | undefined {
	const parts = name.replaceAll('\\', '/').split('/');
	if (name.startsWith('/') || /^[a-zA-Z]:/.test(name) || parts.length < 2) return undefined;
	const rest = parts.slice(1).filter(part => part !== '' && part !== '.');
	return rest.length === 0 || rest.includes('..') || parts[0] === '..' ? undefined : rest.join('/');
}

function headerName(header: Uint8Array): string {
	const name = fieldText(header.subarray(0, 100));
	const isUstar = fieldText(header.subarray(257, 262)) === 'ustar';
	const prefix = isUstar ? fieldText(header.subarray(345, 500)) : '';
	return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or a binary number where the first bit is set. */
function sizeOf(header: Uint8Array): number {
	const field = header.subarray(124, 136);
	if ((field[0]! & 0x80) === 0) return parseInt(fieldText(field).trim() || '0', 8);
	return field.subarray(1).reduce((value, byte) => value * 256 + byte, field[0]! & 0x7f);
}

function fieldText(bytes: Uint8Array): string {
	const end = bytes.indexOf(0);
	return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end));
}

/** `LENGTH KEY=VALUE\n` each. */
function paxRecords(data: Uint8Array): ReadonlyMap<string, string> {
	const records = new Map<string, string>();
	for (let at = 0; at < data.length;) {
		const space = data.indexOf(0x20, at);
		const length = space < 0 ? NaN : Number(decodeUtf8(data.subarray(at, space)));
		if (!Number.isSafeInteger(length) || length <= space - at + 1 || at + length > data.length) break;
		const record = decodeUtf8(data.subarray(space + 1, at + length - 1));
		const equals = record.indexOf('=');
		if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
		at += length;
	}
	return records;
}

function shown(name: string): string {
	return name.length > 80 ? `${name.slice(0, 80)}...` : name;
}
