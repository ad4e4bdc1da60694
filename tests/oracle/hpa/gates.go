package oracle

import (
	"fmt"
	"maps"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
)

// dependents must go off with a gate.
var dependents = map[string][]string{
	"PodLevelResources": {
		"InPlacePodLevelResourcesVerticalScaling", "PodLevelResourcesFixDefaulting", "PodLevelResourcesFixKubeletQOSClass",
		"PodLevelResourceManagers",
	},
}

// gates are those that differ from this version's defaults at the moment.
var gates, defaults = map[string]bool{}, map[string]bool{}

// setGates sets feature gates; those that are not named get their defaults.
func setGates(wanted map[string]bool) {
	if maps.Equal(wanted, gates) {
		return
	}
	values := map[string]bool{}
	known := utilfeature.DefaultMutableFeatureGate.GetAll()
	set := func(name string, on bool) {
		if _, ok := known[featuregate.Feature(name)]; !ok {
			return
		}
		if _, ok := defaults[name]; !ok {
			defaults[name] = utilfeature.DefaultFeatureGate.Enabled(featuregate.Feature(name))
		}
		values[name] = on
	}
	for name, on := range defaults {
		values[name] = on
	}
	for name, on := range wanted {
		set(name, on)
		for _, dependent := range dependents[name] {
			if !on {
				set(dependent, false)
			}
		}
	}
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(values); err != nil {
		panic(fmt.Sprintf("gates %v: %v", wanted, err))
	}
	gates = maps.Clone(wanted)
}
