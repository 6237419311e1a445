/** The cache on a disk on its bad days: whatever is wrong with an entry, it is as if it were not there. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { diskSource } from '../../server/src/host/disk';
import { FileFingerprints } from '../../server/src/host/fingerprints';
import { StartCache } from '../../server/src/host/start-cache';

let directory: string;
beforeEach(() => {
	directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-starts-'));
});
afterEach(() => {
	vi.restoreAllMocks();
	fs.rmSync(directory, { recursive: true, force: true });
});

const cache = (build = 'one', maxBytes?: number) =>
	new StartCache({ directory: path.join(directory, 'starts'), build, ...(maxBytes === undefined ? {} : { maxBytes }) });
const NAME = 'a'.repeat(64);
const LINES = ['{"head":{}}', '{"texts":["/repo/ü.yaml"]}'];
const entry = (name = NAME) => path.join(directory, 'starts', `${name}.start`);

test('what was kept is there again, and nobody else may read it', () => {
	cache().save(NAME, LINES);
	expect(cache().load(NAME)).toEqual(LINES);
	expect(fs.statSync(entry()).mode & 0o777).toBe(0o600);
	expect(fs.statSync(path.dirname(entry())).mode & 0o777).toBe(0o700);
	expect(fs.readdirSync(path.dirname(entry()))).toHaveLength(1);
});

describe('an entry is not there', () => {
	test('where nothing was kept', () => expect(cache().load(NAME)).toBeUndefined());

	test('for another build of the program', () => {
		cache().save(NAME, LINES);
		expect(cache('two').load(NAME)).toBeUndefined();
	});

	test('under another name', () => {
		cache().save(NAME, LINES);
		const other = 'b'.repeat(64);
		fs.renameSync(entry(), entry(other));
		expect(cache().load(other)).toBeUndefined();
	});

	test.each([
		['cut', (text: string) => text.slice(0, -5)],
		['cut after its head', (text: string) => text.split('\n')[0]!],
		['empty', () => ''],
		['longer', (text: string) => `${text}\n{"found":[]}`],
		['changed in one letter', (text: string) => text.replace('repo', 'rePo')],
		['of another format', (text: string) => text.replace('strata-start 1', 'strata-start 2')],
		['no text', () => Buffer.from([0xff, 0, 0xfe]).toString('latin1')],
	])('that is %s', (_, damage) => {
		cache().save(NAME, LINES);
		fs.writeFileSync(entry(), damage(fs.readFileSync(entry(), 'utf8')));
		expect(cache().load(NAME)).toBeUndefined();
		cache().save(NAME, LINES);
		expect(cache().load(NAME)).toEqual(LINES);
	});

	test('that is a directory', () => {
		fs.mkdirSync(entry(), { recursive: true });
		expect(cache().load(NAME)).toBeUndefined();
		cache().save(NAME, LINES);
		expect(cache().load(NAME)).toBeUndefined();
	});
});

describe('what cannot be kept is no reason to fail', () => {
	test('a disk that is full: nothing is left behind, and the entry before stays', () => {
		cache().save(NAME, LINES);
		const write = fs.writeFileSync;
		vi.spyOn(fs, 'writeFileSync').mockImplementation((file, data) => {
			write(file, String(data).slice(0, 10));
			throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
		});
		cache().save(NAME, ['{"head":{"files":2}}']);
		expect(cache().load(NAME)).toEqual(LINES);
		expect(fs.readdirSync(path.dirname(entry()))).toHaveLength(1);
	});

	test('a directory that cannot be made', () => {
		fs.writeFileSync(path.join(directory, 'starts'), 'a file');
		cache().save(NAME, LINES);
		expect(cache().load(NAME)).toBeUndefined();
	});

	test('more than may be kept', () => {
		cache('one', 20).save(NAME, LINES);
		expect(cache().load(NAME)).toBeUndefined();
	});
});

test('what was used longest ago goes when there is too much', () => {
	const names = ['a', 'b', 'c'].map(letter => letter.repeat(64));
	const size = () => fs.statSync(entry(names[0])).size;
	cache().save(names[0]!, LINES);
	cache().save(names[1]!, LINES);
	const old = new Date(Date.now() - 60_000);
	fs.utimesSync(entry(names[0]), old, old);
	fs.utimesSync(entry(names[1]), new Date(Date.now() - 30_000), old);
	// Used again, so it is the other one that goes.
	expect(cache().load(names[0]!)).toEqual(LINES);
	cache('one', 2 * size()).save(names[2]!, LINES);
	expect(names.map(name => cache().load(name) !== undefined)).toEqual([true, false, true]);
});

test('a file that a dead process left is swept away', () => {
	cache().save(NAME, LINES);
	const left = `${entry()}.abc`;
	fs.writeFileSync(left, 'half');
	const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
	fs.utimesSync(left, old, old);
	cache().save(NAME, LINES);
	expect(fs.existsSync(left)).toBe(false);
});

describe('fingerprints', () => {
	const read = (file: string, fingerprints: FileFingerprints) =>
		diskSource((path, stat) => fingerprints.reading(path, stat)).read(file);
	const settled = (name: string, text: string) => {
		const file = path.join(directory, name);
		fs.writeFileSync(file, text);
		return file;
	};
	/** The files were written long ago, as far as anybody can tell. */
	const later = () => vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);

	test('are those of the file that was read', () => {
		const fingerprints = new FileFingerprints();
		const file = settled('a.yaml', 'a: 1\n');
		later();
		read(file, fingerprints);
		expect(fingerprints.whenRead(file)).toBeDefined();
		expect(fingerprints.now(file)).toBe(fingerprints.whenRead(file));
	});

	test('differ after a change that leaves size and modification time as they were', () => {
		const fingerprints = new FileFingerprints();
		const file = settled('a.yaml', 'a: 1\n');
		const { atime, mtime } = fs.statSync(file);
		later();
		read(file, fingerprints);
		// The clock of the file system may tick a few times a second only.
		const until = performance.now() + 30;
		while (performance.now() < until);
		fs.writeFileSync(file, 'a: 2\n');
		fs.utimesSync(file, atime, mtime);
		expect(fingerprints.now(file)).not.toBe(fingerprints.whenRead(file));
	});

	test('differ where another file was moved there', () => {
		const fingerprints = new FileFingerprints();
		const file = settled('a.yaml', 'a: 1\n');
		const other = settled('b.yaml', 'a: 2\n');
		later();
		read(file, fingerprints);
		fs.renameSync(other, file);
		expect(fingerprints.now(file)).not.toBe(fingerprints.whenRead(file));
	});

	test('are not taken of a file that has just changed: it may change again and look the same', () => {
		const fingerprints = new FileFingerprints();
		const file = settled('a.yaml', 'a: 1\n');
		read(file, fingerprints);
		expect(fingerprints.whenRead(file)).toBeUndefined();
	});

	test('tell what is missing, and what has come since', () => {
		const fingerprints = new FileFingerprints();
		const file = path.join(directory, 'none.yaml');
		read(file, fingerprints);
		expect(fingerprints.now(file)).toBe(fingerprints.whenRead(file));
		fs.writeFileSync(file, '');
		expect(fingerprints.now(file)).not.toBe(fingerprints.whenRead(file));
	});

	test('are not taken of what cannot be read', () => {
		const fingerprints = new FileFingerprints();
		const file = settled('a.yaml', 'a: 1\n');
		later();
		vi.spyOn(fs, 'openSync').mockImplementation(() => {
			throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
		});
		expect(read(file, fingerprints)).toEqual({ kind: 'unreadable', why: 'permission denied' });
		expect(fingerprints.whenRead(file)).toBeUndefined();
	});
});
