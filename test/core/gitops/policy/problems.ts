/** What tests of policies share. */
import { formatPath } from '../../../../server/src/core/base/address';
import type { Problem } from '../../../../server/src/core/base/problem';

export const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: a, image: "nginx:latest"}
`;

/** `error kyverno-rule 1:spec.replicas` of each: severity, code, document and field. */
export const summary = (problems: readonly Problem[]) =>
	problems.map(({ code, severity, at }) => `${severity} ${code.slice(7)} ${at.document}:${formatPath(at.path)}`);
