/**
 * A chart repository's index.yaml: which versions of one chart there are. Indices of many megabytes are common, and only one chart of
 * one is ever asked for, so its part is cut out by lines, as helm writes them, and read entry by entry with pauses.
 */
import { setImmediate } from 'node:timers/promises';
import { compareVersions, inRange, parseRange, parseVersion } from '../../core/gitops/helm/semver';
import { Unavailable } from './download';
import { isObject } from './helm-files';
import { contentOfText } from './yaml-values';

export interface IndexEntry {
	readonly version: string;
	readonly urls: readonly string[];
	/** Of the archive, sha256 in hex; empty where the index does not say. */
	readonly digest: string;
}

/** An index that is laid out in another way is only read if it is not larger than this. */
const MAX_ODD_BYTES = 2_000_000;

/** A larger one in JSON is not read: nothing stops the parser, which takes a minute for what is made to hold it up. */
const MAX_JSON_BYTES = 8_000_000;

/** More versions of one chart are not looked at. */
const MAX_VERSIONS = 20_000;

/** The versions of a chart, as the index lists them. */
export async function versionsIn(index: string, chart: string): Promise<readonly IndexEntry[]> {
	const items = index.trimStart().startsWith('{') ? itemsOfJson(index, chart) : itemsOfText(index, chart);
	if (items) {
		const entries: IndexEntry[] = [];
		for (const item of items.slice(0, MAX_VERSIONS)) {
			entries.push(...entryOf(typeof item === 'string' ? firstOf(contentOfText(item)) : item));
			await setImmediate();
		}
		return entries;
	}
	if (index.length > MAX_ODD_BYTES) return [];
	return listOf(contentOfText(index), chart).flatMap(entryOf);
}

function itemsOfJson(index: string, chart: string): readonly unknown[] {
	if (index.length > MAX_JSON_BYTES)
		throw new Unavailable(`The index of the repository is JSON, and larger than ${MAX_JSON_BYTES / 1e6} MB.`);
	try {
		return listOf(JSON.parse(index), chart);
	} catch {
		throw new Unavailable('The index of the repository is no JSON.');
	}
}

function listOf(root: unknown, chart: string): readonly unknown[] {
	const entries = isObject(root) ? root.entries : undefined;
	const list = isObject(entries) && Object.hasOwn(entries, chart) ? entries[chart] : undefined;
	return Array.isArray(list) ? list : [];
}

/** The texts of the list's items; nothing where the index is not laid out as helm lays it out. */
function itemsOfText(index: string, chart: string): readonly string[] | undefined {
	if (!/^entries:[ \t]*$/m.test(index)) return undefined;
	const name = chart.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const head = new RegExp(`^  (?:${name}|"${name}"|'${name}'):[ \\t]*\\r?$`, 'm').exec(index);
	if (!head) return undefined;
	const lines: string[] = [];
	for (let start = head.index + head[0].length + 1; start < index.length;) {
		const newline = index.indexOf('\n', start);
		const line = index.slice(start, newline < 0 ? undefined : newline);
		// The next chart, or the end of the entries.
		if (/^ {0,2}[^\s-]/.test(line)) break;
		lines.push(line);
		if (newline < 0) break;
		start = newline + 1;
	}
	const dash = /^( *)- /.exec(lines[0] ?? '')?.[1];
	if (dash === undefined) return undefined;
	const items: string[] = [];
	for (const line of lines) {
		if (line.startsWith(`${dash}- `)) items.push(line);
		else if (items.length > 0) items[items.length - 1] += `\n${line}`;
	}
	return items;
}

function firstOf(list: unknown): unknown {
	return Array.isArray(list) ? list[0] : undefined;
}

function entryOf(item: unknown): IndexEntry[] {
	if (!isObject(item) || item.version === undefined || !Array.isArray(item.urls)) return [];
	const urls = item.urls.filter(url => typeof url === 'string');
	const digest = typeof item.digest === 'string' ? item.digest.replace(/^sha256:/, '').toLowerCase() : '';
	return urls.length > 0 ? [{ version: String(item.version), urls, digest }] : [];
}

/**
 * The version that helm takes (`repo.IndexFile.Get`): the very one that is named, else the newest in the range, else the newest that is
 * no pre-release where nothing is asked for.
 */
export function chooseVersion<T extends { readonly version: string }>(
	candidates: readonly T[],
	wanted: string,
): T | undefined {
	const exact = wanted === '' ? undefined : candidates.find(({ version }) => version === wanted);
	if (exact) return exact;
	const range = parseRange(wanted === '' ? '*' : wanted);
	if (!range) return undefined;
	const fitting = candidates.flatMap(candidate => {
		const parsed = parseVersion(candidate.version);
		return parsed && inRange(parsed, range) ? [{ candidate, parsed }] : [];
	});
	return fitting.sort((a, b) => compareVersions(b.parsed, a.parsed))[0]?.candidate;
}
