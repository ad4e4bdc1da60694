package main

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
)

// Answer is what the API server makes of a text.
type Answer struct {
	// Undecodable says why the text is no HorizontalPodAutoscaler at all; then there is nothing else.
	Undecodable string `json:"undecodable,omitempty"`
	// Strict holds what strict decoding complains of: unknown fields and fields set twice.
	Strict []string `json:"strict,omitempty"`
	// Errors are what validation refuses, `PATH: BODY`, in upstream's order, each once.
	Errors []string `json:"errors,omitempty"`
	// Spec is what is stored, as a controller reads it; also of what is refused.
	Spec json.RawMessage `json:"spec,omitempty"`
	// Edit is asked about what is not refused.
	Edit *Edit `json:"edit,omitempty"`
}

var (
	strict  = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	lenient = legacyscheme.Codecs
)

// Edit gives an HPA that the API server has other bounds.
type Edit struct {
	Min *int32 `json:"min,omitempty"`
	Max *int32 `json:"max,omitempty"`
	// Errors are what is refused then.
	Errors []string `json:"errors,omitempty"`
}

// ask decodes text as a create request's body and validates it, as the generic registry does; what it takes is edited.
func ask(text string, edit *Edit) (answer Answer) {
	object, kind, err := strict.UniversalDeserializer().Decode([]byte(text), nil, nil)
	if err != nil {
		if !runtime.IsStrictDecodingError(err) {
			return Answer{Undecodable: err.Error()}
		}
		answer.Strict = complaints(err)
		object, kind, err = lenient.UniversalDeserializer().Decode([]byte(text), nil, nil)
		if err != nil {
			return Answer{Undecodable: err.Error()}
		}
	}
	legacyscheme.Scheme.Default(object)
	internal, err := legacyscheme.Scheme.ConvertToVersion(object, autoscaling.SchemeGroupVersion)
	if err != nil {
		return Answer{Undecodable: err.Error()}
	}
	hpa := internal.(*autoscaling.HorizontalPodAutoscaler)
	answer.Errors = create(hpa, kind)
	answer.Spec = stored(hpa)
	if len(answer.Errors) == 0 {
		edit.ask(hpa, kind)
		answer.Edit = edit
	}
	return answer
}

// complaints are the single messages of a strict decoding error.
func complaints(err error) []string {
	var all interface{ Errors() []error }
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	var texts []string
	for _, one := range all.Errors() {
		texts = append(texts, one.Error())
	}
	return texts
}

// create is what the registry does with an object before it is stored; it returns the refusals.
func create(hpa *autoscaling.HorizontalPodAutoscaler, kind *schema.GroupVersionKind) []string {
	ctx := requestFor(hpa, kind, "create")
	// The last five letters that a prefix would get are random.
	if hpa.Name == "" && hpa.GenerateName != "" {
		hpa.Name = hpa.GenerateName[:min(len(hpa.GenerateName), 58)] + "xxxxx"
	}
	rest.FillObjectMetaSystemFields(hpa)
	return refusals(rest.BeforeCreate(horizontalpodautoscaler.Strategy, ctx, hpa))
}

// ask is what the registry does with an update before it is stored.
func (e *Edit) ask(old *autoscaling.HorizontalPodAutoscaler, kind *schema.GroupVersionKind) {
	old.ResourceVersion = "1"
	hpa := old.DeepCopy()
	if e.Min != nil {
		hpa.Spec.MinReplicas = e.Min
	}
	if e.Max != nil {
		hpa.Spec.MaxReplicas = *e.Max
	}
	ctx := requestFor(hpa, kind, "update")
	e.Errors = refusals(rest.BeforeUpdate(horizontalpodautoscaler.Strategy, ctx, hpa, old))
}

func requestFor(hpa *autoscaling.HorizontalPodAutoscaler, kind *schema.GroupVersionKind, verb string) context.Context {
	namespace := hpa.Namespace
	if namespace == "" {
		namespace = "default"
	}
	ctx := request.WithNamespace(request.NewContext(), namespace)
	return request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, APIGroup: kind.Group, APIVersion: kind.Version,
		Resource: "horizontalpodautoscalers", Namespace: namespace, Verb: verb,
	})
}

var address = regexp.MustCompile(`\(\*inf\.Dec\)\(0x[0-9a-f]+\)`)

func refusals(err error) []string {
	if err == nil {
		return nil
	}
	var status *apierrors.StatusError
	if !errors.As(err, &status) || status.ErrStatus.Details == nil {
		return []string{err.Error()}
	}
	var texts []string
	for _, cause := range status.ErrStatus.Details.Causes {
		text := cause.Field + ": " + address.ReplaceAllString(cause.Message, "(*inf.Dec)(0x0)")
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return ordered(texts)
}

// ordered sorts runs of lines whose order upstream leaves to the iteration of a map.
func ordered(texts []string) []string {
	group := func(text string) string {
		for _, field := range []string{"metadata.labels: ", "metadata.annotations: "} {
			if strings.HasPrefix(text, field) {
				return field
			}
		}
		if strings.HasSuffix(text, ": Forbidden: must populate the given metric source only") {
			return text[:strings.Index(text, "]")]
		}
		return ""
	}
	for start := 0; start < len(texts); {
		end := start + 1
		for group(texts[start]) != "" && end < len(texts) && group(texts[end]) == group(texts[start]) {
			end++
		}
		slices.Sort(texts[start:end])
		start = end
	}
	return texts
}

// stored is the spec as a controller reads it: as v2, with the defaults of reading.
func stored(hpa *autoscaling.HorizontalPodAutoscaler) json.RawMessage {
	object := must1(legacyscheme.Scheme.ConvertToVersion(hpa, autoscalingv2.SchemeGroupVersion))
	legacyscheme.Scheme.Default(object)
	return must1(json.Marshal(object.(*autoscalingv2.HorizontalPodAutoscaler).Spec))
}
