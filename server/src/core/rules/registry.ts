/** Every rule, and every code that Strata can report: what settings, pages and completion of suppressions know of. */
import { KUSTOMIZE_PROBLEM_CODES } from '../kustomize/problem-codes';
import { baseEnvironmentName } from './base-environment-name';
import { baseOverlayReference } from './base-overlay-reference';
import { docsBrokenLink } from './docs-broken-link';
import { docsEmptyReadme } from './docs-empty-readme';
import { docsMissingExample } from './docs-missing-example';
import { docsMissingReadme } from './docs-missing-readme';
import { overlayNoEffect } from './overlay-no-effect';
import { overlaySameAsBase } from './overlay-same-as-base';
import { overlaySameEverywhere } from './overlay-same-everywhere';
import type { CodeInfo, Rule } from './rule';
import { YAML_CODES } from './yaml-problems';

/** The rules that look at the tree as a whole. */
export const RULES: readonly Rule[] = [
	baseEnvironmentName,
	baseOverlayReference,
	docsBrokenLink,
	docsEmptyReadme,
	docsMissingExample,
	docsMissingReadme,
	overlayNoEffect,
	overlaySameAsBase,
	overlaySameEverywhere,
];

/** Every code, sorted. */
export const CODES: readonly CodeInfo[] = [...RULES, ...YAML_CODES, ...KUSTOMIZE_PROBLEM_CODES].sort((a, b) =>
	a.code < b.code ? -1 : 1,
);
