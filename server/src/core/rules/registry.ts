/** Every rule, and every code that Strata can report: what settings, pages and completion of suppressions know of. */
import { FLUX_PROBLEM_CODES } from '../gitops/flux/problem-codes';
import { HELM_PROBLEM_CODES } from '../gitops/helm/problem-codes';
import { POLICY_PROBLEM_CODES } from '../gitops/policy/problem-codes';
import { SECRET_CODES } from '../gitops/secrets/problem-codes';
import { SCHEMA_PROBLEM_CODES } from '../kube/schema/problem-codes';
import { KUSTOMIZE_PROBLEM_CODES } from '../kustomize/problem-codes';
import { severityInTree } from '../model/schemas';
import { CONFIG_CODES } from '../workspace/tree-config';
import { baseEnvironmentName } from './base-environment-name';
import { baseOverlayReference } from './base-overlay-reference';
import { baseOverriddenEverywhere } from './base-overridden-everywhere';
import { docsBrokenLink } from './docs-broken-link';
import { docsEmptyReadme } from './docs-empty-readme';
import { docsMissingExample } from './docs-missing-example';
import { docsMissingReadme } from './docs-missing-readme';
import { overlayCopiedResource } from './overlay-copied-resource';
import { overlayMovedObject } from './overlay-moved-object';
import { overlayNoEffect } from './overlay-no-effect';
import { overlaySameAsBase } from './overlay-same-as-base';
import { overlaySameEverywhere } from './overlay-same-everywhere';
import type { CodeInfo } from '../base/problem';
import { overlayOtherEnvironment } from './overlay-other-environment';
import { overlayOverwritten } from './overlay-overwritten';
import { overlaySameResourceEverywhere } from './overlay-same-resource-everywhere';
import type { Rule } from './rule';
import { overlaySelectorLabels } from './overlay-selector-labels';
import { overlayWrongIndex } from './overlay-wrong-index';
import { scriptMissingPath } from './script-missing-path';
import { secretCredential } from './secret-credential';
import { secretInBase } from './secret-in-base';
import { secretPlainText } from './secret-plain-text';
import {
	secretMissingKey,
	secretMissingTemplate,
	secretTemplateNotPlaceholder,
	secretUnknownKey,
} from './secret-templates';
import { UNUSED_SUPPRESSION } from './suppressions';
import { treeMissingComponent } from './tree-missing-component';
import { treeSearchEnded } from './tree-search-ended';
import { treeSkipsBase } from './tree-skips-base';
import { treeUnlistedFile } from './tree-unlisted-file';
import { YAML_CODES } from './yaml-problems';

/** The rules that look at the tree as a whole. */
export const RULES: readonly Rule[] = [
	baseEnvironmentName,
	baseOverlayReference,
	baseOverriddenEverywhere,
	docsBrokenLink,
	docsEmptyReadme,
	docsMissingExample,
	docsMissingReadme,
	overlayCopiedResource,
	overlayMovedObject,
	overlayNoEffect,
	overlayOtherEnvironment,
	overlayOverwritten,
	overlaySameAsBase,
	overlaySameEverywhere,
	overlaySameResourceEverywhere,
	overlaySelectorLabels,
	overlayWrongIndex,
	scriptMissingPath,
	secretCredential,
	secretInBase,
	secretMissingKey,
	secretMissingTemplate,
	secretPlainText,
	secretTemplateNotPlaceholder,
	secretUnknownKey,
	treeMissingComponent,
	treeSearchEnded,
	treeSkipsBase,
	treeUnlistedFile,
];

const SCHEMA_CODES = Object.entries(SCHEMA_PROBLEM_CODES).map(([code, { severity, summary }]): CodeInfo => ({
	code,
	severity: severityInTree(severity, 'sure'),
	summary,
}));

/** Every code, sorted. */
export const CODES: readonly CodeInfo[] = unique([
	...RULES,
	...YAML_CODES,
	...KUSTOMIZE_PROBLEM_CODES,
	...FLUX_PROBLEM_CODES,
	...HELM_PROBLEM_CODES,
	...POLICY_PROBLEM_CODES,
	...SECRET_CODES,
	...SCHEMA_CODES,
	...CONFIG_CODES,
	UNUSED_SUPPRESSION,
]);

function unique(codes: readonly CodeInfo[]): CodeInfo[] {
	return [...new Map(codes.map(info => [info.code, info])).values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
