{{/* The name of the chart. */}}
{{- define "parcel-tracker.name" -}}
{{- .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of everything that the release creates. */}}
{{- define "parcel-tracker.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "parcel-tracker.serviceAccountName" -}}
{{- default (include "parcel-tracker.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{/* Labels by which the Service finds its pods; they may never change. */}}
{{- define "parcel-tracker.selectorLabels" -}}
app.kubernetes.io/name: {{ include "parcel-tracker.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "parcel-tracker.labels" -}}
{{ include "parcel-tracker.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
