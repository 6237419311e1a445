/** The history of sealed secrets over the wire and on the command line: asked where the user trusts the folder, and where nobody said not to. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TRUST_GRANTED } from '../../server/src/lsp/protocol';
import { commitAll, git, hasGit } from '../support/git';
import { buildPrograms, repository } from '../support/programs';
import { type Client, connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server', 'strata');
});

const CIPHERTEXT = 'AgB' + Buffer.from('y'.repeat(400)).toString('base64').slice(0, 500);
const secret = (name: string, value = CIPHERTEXT) =>
	`apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  encryptedData:\n    password: ${value}\n`;

/** A tree in which a sealed secret was renamed together with its file, and that was committed, too. */
function renamed(): string {
	const folder = repository(
		`-- kustomization.yaml --\nresources: [secrets/db.yaml]\n-- secrets/db.yaml --\n${secret('db')}`,
	);
	commitAll(folder, new Date(Date.now() - 1e8));
	git(folder, 'mv', 'secrets/db.yaml', 'secrets/cache.yaml');
	fs.writeFileSync(path.join(folder, 'secrets/cache.yaml'), secret('cache'));
	fs.writeFileSync(path.join(folder, 'kustomization.yaml'), 'resources: [secrets/cache.yaml]\n');
	commitAll(folder, new Date());
	return folder;
}

const drifts = (client: Client, file = 'secrets/cache.yaml') =>
	(client.diagnostics.get(client.uri(file)) ?? []).filter(({ code }) => code === 'sealed-secret/name-drift');

const check = (folder: string, ...args: string[]) =>
	spawnSync(process.execPath, [path.join(programs, 'strata.js'), 'check', folder, ...args], { encoding: 'utf8' });

describe.skipIf(!hasGit)('git is there', () => {
	test('a secret that was renamed since it was sealed is found, and what is typed is held against it', async () => {
		const client = await connect(programs, renamed());
		while (drifts(client).length === 0) await client.checked();
		expect(drifts(client)[0]!.message).toContain('was sealed for the name "db"');
		client.open(client.uri('secrets/cache.yaml'), secret('db'));
		while (drifts(client).length > 0) await client.checked();
		client.change(client.uri('secrets/cache.yaml'), 2, secret('other'));
		while (drifts(client).length === 0) await client.checked();
		expect(client.logged).toEqual([]);
	});

	test('not before the folder is trusted, and not where the setting says no', async () => {
		const folder = renamed();
		const checkedTwice = async (initializationOptions: object) => {
			const client = await connect(programs, folder, { initializationOptions });
			await client.checked();
			client.open(client.uri('secrets/cache.yaml'), secret('cache') + '# x\n');
			await client.checked();
			expect(drifts(client)).toEqual([]);
			return client;
		};
		await checkedTwice({ trusted: true, settings: { sealedSecrets: { gitHistory: false } } });
		const client = await checkedTwice({ trusted: false });
		void client.connection.sendNotification(TRUST_GRANTED);
		while (drifts(client).length === 0) await client.checked();
	});

	test('strata check says it, with the commit, unless it is told not to ask git', () => {
		const folder = renamed();
		const commit = git(folder, 'rev-parse', 'HEAD~1').slice(0, 8);
		const asked = check(folder);
		expect(asked.stdout).toContain(`SealedSecret/cache was sealed for the name "db" (commit ${commit} of `);
		expect(asked.stdout).not.toContain(CIPHERTEXT);
		expect(asked.status).toBe(1);
		expect(check(folder, '--no-git').stdout).not.toContain('name-drift');
	});

	test('in a hook of git, a shallow clone, and outside of repositories', () => {
		const folder = renamed();
		const env = { ...process.env, GIT_DIR: path.join(folder, '.git'), GIT_INDEX_FILE: '.git/index' };
		const hook = execFileSync(
			process.execPath,
			[path.join(programs, 'strata.js'), 'check', folder, '--fail-on', 'never'],
			{
				env,
				encoding: 'utf8',
			},
		);
		expect(hook).toContain('name-drift');
		const shallow = repository('');
		git(shallow, 'clone', '-q', '--depth', '1', `file://${folder}`, '.');
		fs.rmSync(path.join(folder, '.git'), { recursive: true });
		for (const each of [shallow, folder]) {
			const { stdout, stderr } = check(each);
			expect(stdout).not.toContain('name-drift');
			expect(stderr).toBe('');
		}
	});
});
