/** What the environments hold as a whole: all that their entry points apply, and how objects of different ones bear on each other. */
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import { releaseConflicts } from '../gitops/helm/release-conflicts';
import { unreadValues } from '../gitops/helm/unread-values';
import { admissionPolicyProblems } from '../gitops/policy/admission-policies';
import { kyvernoProblems } from '../gitops/policy/kyverno-policies';
import { PolicyMemo } from '../gitops/policy/policy-memo';
import { podSecurityProblems } from '../gitops/policy/pod-security';
import type { Resource } from '../kube/resource';
import { isSealedSecret } from '../gitops/secrets/sealed-secret-fields';
import { rawRegoProblems, regoProblems } from '../gitops/policy/rego-policies';
import { referenceProblems } from '../gitops/secrets/references';
import { type RenderedEnvironment, repeatedCiphertexts } from '../gitops/secrets/repeated-ciphertext';
import { unknownKindProblems } from './chart-kinds';
import { clusterTree } from './cluster-tree';
import { podSecuritySettings } from './pod-security-settings';
import { regoPolicies } from './rego-bundles';
import { indexesOf, releasesOf } from './releases';

/** The names of all environments; the empty one stands for entries that belong to none. */
export function environmentNames(db: Database): readonly string[] {
	const { entries } = db.get(clusterTree, '');
	return [...new Set(entries.filter(entry => !entry.setAside).map(({ environment }) => environment))].sort();
}

/** What policies have said of trees that are still the same objects: a function of these alone, so it holds whatever changes. */
const memoOf = query<PolicyMemo>('policyMemo', () => new PolicyMemo());

const problemsQuery = query<readonly Problem[]>('environmentProblems', (db, environment) => {
	const entries = db.get(clusterTree, '').entries.filter(entry => entry.environment === environment && !entry.setAside);
	const releases = entries.flatMap(entry => releasesOf(db, entry));
	return indexesOf(db, environment).flatMap((index, i) => [
		...unknownKindProblems(db, environment, index.resources),
		...podSecurityProblems(index.resources, podSecuritySettings(db, environment)),
		...admissionPolicyProblems(index.resources, db.get(memoOf, JSON.stringify(['admission', environment, i]))),
		...kyvernoProblems(index.resources, { known: {} }, db.get(memoOf, JSON.stringify(['kyverno', environment, i]))),
		...rawRegoProblems(index.resources),
		...regoProblems(index.resources, regoPolicies(db)),
		...referenceProblems(index),
		...unreadValues(index, releases),
		...releaseConflicts(index),
	]);
});

/** What is wrong between the objects of one environment: policies that they violate, references to nothing, values that nobody reads. */
export function environmentProblems(db: Database, environment: string): readonly Problem[] {
	return db.get(problemsQuery, environment);
}

/** Ciphertexts that stand in several environments, or twice in one. */
export function ciphertextProblems(db: Database): readonly Problem[] {
	const environments = environmentNames(db).map((name): RenderedEnvironment => ({
		name,
		resources: db.get(sealedSecrets, name),
	}));
	return repeatedCiphertexts(environments);
}

const sealedSecrets = query<readonly Resource[]>('sealedSecrets', (db, environment) =>
	indexesOf(db, environment).flatMap(({ resources }) => resources.filter(isSealedSecret)),
);
