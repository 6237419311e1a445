/**
 * Charts that were fetched once, in a directory of Strata's own outside of every repository. Bounded: what was used longest ago goes.
 * Nothing in it is trusted more than the network: each file carries the digest that it was stored with.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory, type Environment } from '../cache-directory';
import type { Archive } from './http-repository';

/** All archives together may take so many bytes. */
export const MAX_CACHE_BYTES = 256 * 1024 * 1024;

/** A file that was being written when its writer died is swept away after so long, in milliseconds. */
const STALE_MS = 60 * 60 * 1000;

/** Where charts are kept on this machine. */
export function chartsDirectory(env: Environment): string {
	return path.join(cacheDirectory(env), 'charts');
}

export class ArchiveCache {
	constructor(
		private readonly directory: string,
		private readonly maxBytes = MAX_CACHE_BYTES,
	) {}

	/** The archive stored for a key; nothing where there is none, or it was changed. */
	async read(key: string): Promise<Archive | undefined> {
		const file = this.#fileOf(key);
		try {
			const bytes = await fs.readFile(file);
			const { mtimeMs } = await fs.stat(file);
			const end = bytes.indexOf(10);
			const head = JSON.parse(bytes.toString('utf8', 0, end)) as Partial<Record<'key' | 'version' | 'digest', unknown>>;
			const content = bytes.subarray(end + 1);
			if (head.key !== key || typeof head.version !== 'string' || head.digest !== sha256(content)) return undefined;
			await fs.utimes(file, new Date(), new Date(mtimeMs)).catch(() => undefined);
			return { kind: 'archive', bytes: new Uint8Array(content), version: head.version };
		} catch {
			return undefined;
		}
	}

	/** Stores an archive; a disk that is full or read-only is no reason to fail. */
	async write(key: string, { bytes, version }: Archive): Promise<void> {
		const file = this.#fileOf(key);
		const temporary = `${file}.${randomBytes(6).toString('hex')}`;
		try {
			await fs.mkdir(this.directory, { recursive: true, mode: 0o700 });
			const head = JSON.stringify({ key, version, digest: sha256(bytes) });
			await fs.writeFile(temporary, Buffer.concat([Buffer.from(`${head}\n`), bytes]), { mode: 0o600 });
			// Another Strata may write the same file at this moment; one of both stays, whole.
			await fs.rename(temporary, file);
			await this.#trim(file);
		} catch {
			await fs.rm(temporary, { force: true }).catch(() => undefined);
		}
	}

	#fileOf(key: string): string {
		return path.join(this.directory, `${sha256(Buffer.from(key))}.chart`);
	}

	async #trim(keep: string): Promise<void> {
		const files: { readonly file: string; readonly size: number; readonly usedAt: number }[] = [];
		for (const name of await fs.readdir(this.directory)) {
			const file = path.join(this.directory, name);
			// Another Strata may have taken it away by now.
			const stat = await fs.stat(file).catch(() => undefined);
			if (!stat) continue;
			const isLeft = !name.endsWith('.chart');
			if (isLeft && Date.now() - stat.mtimeMs > STALE_MS) await fs.rm(file, { force: true });
			if (!isLeft) files.push({ file, size: stat.size, usedAt: stat.atimeMs });
		}
		let total = files.reduce((sum, { size }) => sum + size, 0);
		for (const { file, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
			if (total <= this.maxBytes) return;
			if (file === keep) continue;
			await fs.rm(file, { force: true });
			total -= size;
		}
	}
}

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}
