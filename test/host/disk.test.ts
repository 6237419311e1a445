/** The door to the disk: everything it may meet is a state, and nothing throws. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../../server/src/core/workspace/inputs';
import { diskSource } from '../../server/src/host/disk';

const disk = diskSource();
let root: string;
const at = (...parts: string[]) => [root, ...parts].join('/');
const write = (name: string, content: string | Buffer) => fs.writeFileSync(at(name), content);

beforeAll(() => {
	root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-disk-')));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe('read', () => {
	test('texts in UTF-8, without the byte order mark', () => {
		write('plain.yaml', 'a: ü\n');
		write('bom.yaml', '\ufeffa: 1\n');
		expect(disk.read(at('plain.yaml'))).toEqual({ kind: 'text', text: 'a: ü\n', isExact: true });
		expect(disk.read(at('bom.yaml'))).toEqual({ kind: 'text', text: 'a: 1\n' });
	});

	test('texts in UTF-16 with a byte order mark', () => {
		const little = Buffer.from('\ufeffa: 1\n', 'utf16le');
		write('little.yaml', little);
		write('big.yaml', Buffer.from(little).swap16());
		expect(disk.read(at('little.yaml'))).toEqual({ kind: 'text', text: 'a: 1\n' });
		expect(disk.read(at('big.yaml'))).toEqual({ kind: 'text', text: 'a: 1\n' });
	});

	test('a text with mended characters is not exact', () => {
		write('broken.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a]));
		expect(disk.read(at('broken.yaml'))).toEqual({ kind: 'text', text: 'a: \ufffd\n' });
	});

	test('empty files, and files of just the allowed size', () => {
		write('empty.yaml', '');
		write('full.yaml', Buffer.alloc(MAX_FILE_BYTES, 'x'));
		expect(disk.read(at('empty.yaml'))).toEqual({ kind: 'text', text: '', isExact: true });
		expect(disk.read(at('full.yaml')).kind).toBe('text');
	});

	test('files that are too large are not read', () => {
		write('large.yaml', Buffer.alloc(MAX_FILE_BYTES + 1, 'x'));
		expect(disk.read(at('large.yaml'))).toEqual({ kind: 'too-large', bytes: MAX_FILE_BYTES + 1 });
	});

	test('binary files have no text', () => {
		write('binary.yaml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]));
		expect(disk.read(at('binary.yaml'))).toEqual({ kind: 'binary' });
	});

	test('what is not there, not a file, or no path at all', () => {
		fs.mkdirSync(at('directory'));
		expect(disk.read(at('nothing.yaml'))).toEqual({ kind: 'missing' });
		expect(disk.read(at('plain.yaml', 'below'))).toEqual({ kind: 'missing' });
		expect(disk.read(at('x'.repeat(5000)))).toEqual({ kind: 'missing' });
		expect(disk.read(at('directory'))).toEqual({ kind: 'directory' });
		expect(disk.read(at('nul\0byte')).kind).toBe('unreadable');
	});

	test.skipIf(process.platform === 'win32')('a named pipe is not waited for', () => {
		execFileSync('mkfifo', [at('pipe.yaml')]);
		expect(disk.read(at('pipe.yaml'))).toEqual({ kind: 'unreadable', why: 'it is not a regular file' });
	});

	test('links that lead in a circle', () => {
		fs.symlinkSync('circle-b.yaml', at('circle-a.yaml'));
		fs.symlinkSync('circle-a.yaml', at('circle-b.yaml'));
		expect(disk.read(at('circle-a.yaml'))).toEqual({
			kind: 'unreadable',
			why: 'its symbolic links lead in a circle',
		});
		expect(disk.realPath(at('circle-a.yaml'))).toBeUndefined();
	});

	const isRoot = process.getuid?.() === 0;
	if (isRoot) console.warn('Files without permission are skipped: root may read everything.');
	test.skipIf(isRoot)('files without permission', () => {
		write('secret.yaml', 'a: 1\n');
		fs.chmodSync(at('secret.yaml'), 0);
		expect(disk.read(at('secret.yaml'))).toEqual({ kind: 'unreadable', why: 'permission denied' });
	});
});

describe('list', () => {
	test('entries by name, links as what they lead to, what leads nowhere not at all', () => {
		fs.mkdirSync(at('tree/sub'), { recursive: true });
		write('tree/b.yaml', '');
		write('tree/a.yaml', '');
		fs.symlinkSync('a.yaml', at('tree/link.yaml'));
		fs.symlinkSync('../directory', at('tree/elsewhere'));
		fs.symlinkSync('nowhere', at('tree/broken'));
		expect(disk.list(at('tree'))).toEqual([
			{ name: 'a.yaml', kind: 'file' },
			{ name: 'b.yaml', kind: 'file' },
			{ name: 'elsewhere', kind: 'directory', isLink: true },
			{ name: 'link.yaml', kind: 'file', isLink: true },
			{ name: 'sub', kind: 'directory' },
		]);
	});

	test('directories that lead back to where one is are left out, so that a walk ends', () => {
		fs.mkdirSync(at('loops/a/inner'), { recursive: true });
		fs.mkdirSync(at('loops/b'));
		fs.symlinkSync('..', at('loops/a/up'));
		fs.symlinkSync('../b', at('loops/a/over'));
		fs.symlinkSync('../a', at('loops/b/back'));
		const walked: string[] = [];
		const walk = (directory: string) => {
			walked.push(directory.slice(root.length));
			for (const { name, kind } of disk.list(directory) ?? []) if (kind === 'directory') walk(`${directory}/${name}`);
		};
		walk(at('loops'));
		expect(walked.sort()).toEqual([
			'/loops',
			'/loops/a',
			'/loops/a/inner',
			'/loops/a/over',
			'/loops/b',
			'/loops/b/back',
			'/loops/b/back/inner',
		]);
	});

	test('what is no directory', () => {
		expect(disk.list(at('plain.yaml'))).toBeUndefined();
		expect(disk.list(at('nothing'))).toBeUndefined();
	});
});

test('bytes of files that have no text', () => {
	expect(disk.readBytes(at('binary.yaml'))).toHaveLength(7);
	expect(disk.readBytes(at('nothing'))).toBeUndefined();
	expect(disk.readBytes(at('directory'))).toBeUndefined();
});
