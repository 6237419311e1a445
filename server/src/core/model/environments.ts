/** What the environments hold as a whole: all that their entry points apply, and how objects of different ones bear on each other. */
import type { Problem } from '../base/problem';
import { type Pieces, piecesOf } from '../base/pieces';
import { type Database, longQuery, query } from '../base/query';
import type { Steps } from '../base/steps';
import { releaseConflicts } from '../gitops/helm/release-conflicts';
import { unreadValues } from '../gitops/helm/unread-values';
import { admissionPolicyProblems } from '../gitops/policy/admission-policies';
import { kyvernoProblems } from '../gitops/policy/kyverno-policies';
import { PolicyMemo } from '../gitops/policy/policy-memo';
import { podSecurityProblems } from '../gitops/policy/pod-security';
import { policyBindingProblems } from '../gitops/policy/policy-bindings';
import type { Resource } from '../kube/resource';
import type { ResourceIndex } from '../kube/resource-index';
import { isSealedSecret } from '../gitops/secrets/sealed-secret-fields';
import { rawRegoProblems, regoProblems } from '../gitops/policy/rego-policies';
import { referenceProblems, type Sight } from '../gitops/secrets/references';
import { type RenderedEnvironment, repeatedCiphertexts } from '../gitops/secrets/repeated-ciphertext';
import { unknownKindProblems } from './chart-kinds';
import { clusterTree } from './cluster-tree';
import { customDefaults, schemaOptionsOf } from './schemas';
import { podSecuritySettings } from './pod-security-settings';
import { survivedSteps } from '../workspace/inputs';
import { regoPolicies } from './rego-bundles';
import { indexesOf, isLikelyWhole, releasesOf } from './releases';

/** The names of all environments; the empty one stands for entries that belong to none. */
export function environmentNames(db: Database): readonly string[] {
	const { entries } = db.get(clusterTree, '');
	return [...new Set(entries.filter(entry => !entry.setAside).map(({ environment }) => environment))].sort();
}

/** What policies have said of trees that are still the same objects: a function of these and of the schemas, with which it begins anew. */
const memoOf = query<PolicyMemo>('policyMemo', (db, key) => {
	const [, environment] = JSON.parse(key) as [string, string];
	schemaOptionsOf(db, environment);
	return new PolicyMemo();
});

type Check = (
	db: Database,
	index: ResourceIndex,
	environment: string,
	at: number,
) => readonly Problem[] | Steps<readonly Problem[]>;

/** What is looked for between the objects of an environment. Each is remembered on its own, and nobody has to wait for all of them in one go. */
const CHECKS: readonly (readonly [name: string, check: Check])[] = [
	['unknown kinds', (db, { resources }, environment) => unknownKindProblems(db, environment, resources)],
	[
		'pod security',
		(db, { resources }, environment) => podSecurityProblems(resources, podSecuritySettings(db, environment)),
	],
	[
		'admission policies',
		(db, { resources }, environment, at) =>
			admissionPolicyProblems(
				resources,
				db.get(memoOf, JSON.stringify(['admission', environment, at])),
				customDefaults(db, environment),
			),
	],
	['policy bindings', (_, { resources }) => policyBindingProblems(resources)],
	[
		'Kyverno policies',
		(db, { resources }, environment, at) =>
			kyvernoProblems(
				resources,
				{ known: {} },
				db.get(memoOf, JSON.stringify(['kyverno', environment, at])),
				customDefaults(db, environment),
			),
	],
	['Rego in text', (_, { resources }) => rawRegoProblems(resources)],
	['Rego policies', (db, { resources }) => regoProblems(resources, regoPolicies(db))],
	['references', (db, index, environment, at) => referenceProblems(db, index, sightOf(db, environment, index, at))],
	[
		'unread values',
		(db, index, environment) => {
			const entries = db
				.get(clusterTree, '')
				.entries.filter(each => each.environment === environment && !each.setAside);
			return unreadValues(
				db,
				index,
				entries.flatMap(entry => releasesOf(db, entry)),
			);
		},
	],
	['conflicts of releases', (_, index) => releaseConflicts(index)],
];

/** How much of the cluster an environment's resources are, and what the other environments have. */
function sightOf(db: Database, environment: string, index: ResourceIndex, at: number): Sight {
	const coverage = index.coverage === 'part' && isLikelyWhole(db, environment, at) ? 'likely' : index.coverage;
	return {
		coverage,
		provides: (kind, name) =>
			environmentNames(db).find(
				other =>
					other !== environment &&
					other !== '' &&
					indexesOf(db, other).some(({ data }) => data.findAnywhere(kind, name) !== undefined),
			),
	};
}

const checkQuery = longQuery<readonly Problem[]>('environmentCheck', function* (db, key) {
	const [environment, at, check] = JSON.parse(key) as [string, number, number];
	const index = indexesOf(db, environment)[at];
	if (!index) return [];
	const [name, problems] = CHECKS[check]!;
	return yield* survivedSteps(db, `the check of ${name}`, () => problems(db, index, environment, at), []);
});

function checksOf(db: Database, environment: string): string[] {
	return indexesOf(db, environment).flatMap((_, at) =>
		CHECKS.map((_, check) => JSON.stringify([environment, at, check])),
	);
}

const problemsQuery = query<readonly Problem[]>('environmentProblems', (db, environment) =>
	checksOf(db, environment).flatMap(key => db.get(checkQuery, key)),
);

/** What `environmentProblems` does, in pieces. */
export function* environmentWork(db: Database, environment: string): Pieces {
	yield* piecesOf(
		() => checksOf(db, environment),
		key => db.get(checkQuery, key),
	);
}

/** What is wrong between the objects of one environment: policies that they violate, references to nothing, values that nobody reads. */
export function environmentProblems(db: Database, environment: string): readonly Problem[] {
	return db.get(problemsQuery, environment);
}

/** Ciphertexts that stand in several environments, or twice in one. */
export function ciphertextProblems(db: Database): readonly Problem[] {
	const environments = environmentNames(db).map((name): RenderedEnvironment => ({
		name,
		resources: sealedSecretsOf(db, name),
	}));
	return repeatedCiphertexts(environments);
}

/** The sealed secrets that an environment renders. */
export function sealedSecretsOf(db: Database, environment: string): readonly Resource[] {
	return db.get(sealedSecrets, environment);
}

const sealedSecrets = query<readonly Resource[]>('sealedSecrets', (db, environment) =>
	indexesOf(db, environment).flatMap(({ resources }) => resources.filter(isSealedSecret)),
);
