/**
 * What checks found, kept between two starts in a directory of Strata's own outside of every repository. Each entry carries the build that
 * wrote it and a digest of itself: what is damaged, half written or another build's is as if it were not there. Bounded: what was used
 * longest ago goes. Nothing here ever fails anybody: without a cache a start takes longer, and that is all.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Digest } from '../core/snapshot';

/** The first line of each entry begins so; the number goes up with the format of what follows. */
const FORMAT = 'strata-start 1';

/** All entries together may take so many bytes; a tree of 50,000 files needs about 15 MB. */
const MAX_CACHE_BYTES = 128 * 1024 * 1024;

/** A file that was being written when its writer died is swept away after so long, in milliseconds. */
const STALE_MS = 60 * 60 * 1000;

export interface StartCacheOptions {
	readonly directory: string;
	/** Tells this build of the program from every other. */
	readonly build: string;
	readonly maxBytes?: number;
}

export class StartCache {
	constructor(private readonly options: StartCacheOptions) {}

	/** The lines that were kept under a name; nothing where they are not those that were written by this very build. */
	load(name: string): readonly string[] | undefined {
		const file = this.#fileOf(name);
		try {
			const text = fs.readFileSync(file, 'utf8');
			const end = text.indexOf('\n');
			const body = text.slice(end + 1);
			if (text.slice(0, end) !== this.#head(name, body)) return undefined;
			fs.utimesSync(file, new Date(), fs.statSync(file).mtime);
			return body.split('\n');
		} catch {
			return undefined;
		}
	}

	/** Keeps lines under a name, instead of those before. */
	save(name: string, lines: readonly string[]): void {
		const { directory, maxBytes = MAX_CACHE_BYTES } = this.options;
		const file = this.#fileOf(name);
		const temporary = `${file}.${randomBytes(6).toString('hex')}`;
		try {
			const body = lines.join('\n');
			if (body.length > maxBytes) return;
			fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
			fs.writeFileSync(temporary, `${this.#head(name, body)}\n${body}`, { mode: 0o600 });
			// Another Strata may write the same entry at this moment; one of both stays, whole.
			fs.renameSync(temporary, file);
			this.#trim(file, maxBytes);
		} catch {
			removeIfThere(temporary);
		}
	}

	#head(name: string, body: string): string {
		return `${FORMAT} ${this.options.build} ${name} ${sha256(body)}`;
	}

	#fileOf(name: string): string {
		return path.join(this.options.directory, `${name}.start`);
	}

	#trim(keep: string, maxBytes: number): void {
		const files = fs.readdirSync(this.options.directory).flatMap(name => {
			const file = path.join(this.options.directory, name);
			const { size, atimeMs, mtimeMs } = fs.statSync(file);
			const left = !name.endsWith('.start');
			if (left && Date.now() - mtimeMs > STALE_MS) fs.rmSync(file, { force: true });
			return left ? [] : [{ file, size, usedAt: atimeMs }];
		});
		let total = files.reduce((sum, { size }) => sum + size, 0);
		for (const { file, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
			if (total <= maxBytes) return;
			if (file === keep) continue;
			fs.rmSync(file, { force: true });
			total -= size;
		}
	}
}

function removeIfThere(file: string): void {
	try {
		fs.rmSync(file, { force: true });
	} catch {
		// Where there is no such directory, there is no such file.
	}
}

/** A name for the program in `file` that no other build of it has. */
export function buildOf(version: string, file: string): string {
	return `${version}+${sha256(fs.readFileSync(file)).slice(0, 32)}`;
}

/** SHA-256, as it grows. */
export function sha256Digest(): Digest {
	const hash = createHash('sha256');
	return { add: part => void hash.update(part), result: () => hash.digest('hex') };
}

function sha256(content: string | Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
