{{/* The name that all others begin with. A pod's name is its node's id, and an id has 50 characters at most. */}}
{{- define "kuma.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "kuma.configMap" -}}
{{- .Values.existingConfigMap | default (printf "%s-config" (include "kuma.fullname" .)) -}}
{{- end -}}

{{- define "kuma.secret" -}}
{{- .Values.existingSecret | default (printf "%s-secret" (include "kuma.fullname" .)) -}}
{{- end -}}

{{- define "kuma.openrestyImage" -}}
{{- printf "%s:%s" .Values.openresty.image.repository (.Values.openresty.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{/* What chooses the pods of this release; with a component those of one kind: (dict "root" . "component" "node"). */}}
{{- define "kuma.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "kuma.labels" -}}
{{ include "kuma.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "kuma.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* (dict "user" 1000) */}}
{{- define "kuma.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Of a pod of a component: which settings it was made with, where the chart makes them, and what the user adds. */}}
{{- define "kuma.podAnnotations" -}}
{{- if not .root.Values.existingConfigMap }}
checksum/config: {{ include (print .root.Template.BasePath "/config.yaml") .root | sha256sum }}
{{- end }}
{{- if not .root.Values.existingSecret }}
checksum/secret: {{ include (print .root.Template.BasePath "/secret.yaml") .root | sha256sum }}
{{- end }}
{{- with .annotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "kuma.spread" -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- topologyKey: {{ . }}
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "kuma.selector" $ | nindent 6 }}
{{- end }}
{{- end -}}

{{/* The secrets that nodes and load balancers have in common. */}}
{{- define "kuma.clusterSecretEnv" -}}
- name: CLUSTER_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "kuma.secret" . }}
      key: CLUSTER_SECRET
# While the secret is being changed.
- name: CLUSTER_SECRET_PREVIOUS
  valueFrom:
    secretKeyRef:
      name: {{ include "kuma.secret" . }}
      key: CLUSTER_SECRET_PREVIOUS
      optional: true
{{- end -}}

{{/* What of a pod is the cluster's choice: (dict "root" . "part" .Values.node). */}}
{{- define "kuma.scheduling" -}}
{{- with .part.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}
