/** A folder that nobody trusts, with programs of its own and a user whose programs write down that they ran: nothing is started, nobody is asked. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { FETCH_CHARTS } from '../../server/src/lsp/protocol';
import { releaseFrom } from '../support/chart-archive';
import { buildPrograms, repository } from '../support/programs';
import { connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

const PROGRAMS = ['git', 'helm', 'kubectl', 'kustomize', 'kubeseal', 'sops', 'age', 'gpg', 'ssh', 'sh'];

/** Everything that a server could want to ask somebody else about. */
const TREE = (url: string) => `
-- strata.yaml --
charts:
  fetch: true
-- .sops.yaml --
creation_rules:
  - encrypted_regex: ^data$
    age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
-- kustomization.yaml --
resources:
  - https://example.com/base?ref=main
  - release.yaml
  - sealed.yaml
helmCharts:
  - name: web
    repo: ${url}
    version: 1.0.0
-- release.yaml --
${releaseFrom(url)}-- sealed.yaml --
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: web
  namespace: web
spec:
  encryptedData:
    password: ${Buffer.alloc(600, 7).toString('base64')}
`;

/** Looks at the tree, fetches what can be fetched, and says who was asked and what has run. */
async function asked(trusted: boolean): Promise<{ readonly requests: number; readonly ran: string }> {
	let requests = 0;
	const server = http.createServer((_, response) => {
		requests++;
		response.writeHead(404).end();
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const folder = repository(TREE(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
	execFileSync('git', ['init', '--quiet', folder]);
	const bin = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bin-'));
	const mark = path.join(bin, 'ran');
	for (const directory of [bin, folder])
		for (const program of PROGRAMS)
			fs.writeFileSync(path.join(directory, program), `#!/bin/sh\necho ${program} >> ${mark}\nexit 1\n`, {
				mode: 0o755,
			});
	const { PATH, XDG_CACHE_HOME } = process.env;
	process.env.PATH = `${bin}${path.delimiter}${PATH}`;
	process.env.XDG_CACHE_HOME = path.join(bin, 'cache');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
		fs.rmSync(bin, { recursive: true, force: true });
	});
	const settings = { charts: { fetch: true }, sealedSecrets: { gitHistory: true } };
	const connecting = connect(programs, folder, { initializationOptions: { trusted, settings } });
	process.env.PATH = PATH;
	if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
	else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
	const client = await connecting;
	await client.checked();
	await client.connection.sendRequest(FETCH_CHARTS);
	// Who asks the history does so after the check.
	await new Promise(resolve => setTimeout(resolve, 1000));
	expect([...client.diagnostics.values()].flat().length).toBeGreaterThan(0);
	return { requests, ran: fs.existsSync(mark) ? fs.readFileSync(mark, 'utf8') : '' };
}

test('nothing runs and nobody is asked', async () => {
	expect(await asked(false)).toEqual({ requests: 0, ran: '' });
});

test('once it is trusted git is asked, and the repository of the chart', async () => {
	const { requests, ran } = await asked(true);
	expect(requests).toBeGreaterThan(0);
	expect(new Set(ran.trim().split('\n'))).toEqual(new Set(['git']));
});
