package oracle

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/kedacore/keda/v2/pkg/scalers"
	"github.com/kedacore/keda/v2/pkg/scalers/scalersconfig"
	"k8s.io/apimachinery/pkg/api/resource"
)

func milliQuantity(milli int64) *resource.Quantity {
	return resource.NewMilliQuantity(milli, resource.DecimalSI)
}

// CronCase is what a cron trigger gives at an instant, in seconds since 1970.
type CronCase struct {
	Metadata map[string]string `json:"metadata"`
	Now      int64             `json:"now"`
	Value    int64             `json:"value"`
	Active   bool              `json:"active,omitempty"`
	Failed   bool              `json:"failed,omitempty"`
}

// zones are all that Go knows here, but for those whose rules are said to be left out.
func zones() []string {
	var names []string
	root := "/usr/share/zoneinfo"
	for _, area := range []string{"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific", "US", "Etc"} {
		entries, err := os.ReadDir(filepath.Join(root, area))
		must(err)
		for _, it := range entries {
			name := area + "/" + it.Name()
			if it.IsDir() || name == "Africa/Casablanca" || name == "Africa/El_Aaiun" {
				continue
			}
			names = append(names, name)
		}
	}
	return append(names, "UTC", "Europe/Atlantis", "Europe/Berlin", "America/New_York", "Europe/London", "America/Santiago", "Asia/Beirut")
}

// cronCase is asked on a clock that stands at an instant of 2026 to 2028, often near midnight or a change of the clock.
func (g generator) cronCase(names []string) CronCase {
	c := CronCase{Metadata: map[string]string{
		"timezone":        pick(g, names...),
		"start":           g.schedule(),
		"end":             g.schedule(),
		"desiredReplicas": pick(g, "3", "10"),
	}}
	for c.Metadata["start"] == c.Metadata["end"] {
		c.Metadata["end"] = g.schedule()
	}
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	c.Now = first + g.Int64N(2*365*24*3600)
	if location, err := time.LoadLocation(c.Metadata["timezone"]); err == nil && g.IntN(2) == 0 {
		_, end := time.Unix(c.Now, 0).In(location).ZoneBounds()
		if !end.IsZero() && end.Year() < 2029 {
			c.Now = end.Unix() + int64(g.IntN(2*26*3600)) - 26*3600
		}
	}
	// Half a second later, as upstream looks at the clock twice.
	time.Sleep(time.Until(time.Unix(c.Now, 500_000_000)))
	scaler, err := scalers.NewCronScaler(&scalersconfig.ScalerConfig{TriggerMetadata: c.Metadata})
	must(err)
	values, active, err := scaler.GetMetricsAndActivity(context.Background(), "cron")
	c.Failed = err != nil
	if err == nil {
		c.Value, c.Active = values[0].Value.MilliValue(), active
	}
	return c
}

func (g generator) schedule() string {
	hour := pick(g, "0", "1", "2", "3", "8", "23", "*", "*/6", "9-17", "0,12")
	minute := pick(g, "0", "30", "59", "*/15", "*", "15")
	day := pick(g, "*", "*", "*", "*", "1", "31", "*/2")
	month := pick(g, "*", "*", "*", "*", "3", "Feb-Apr", "10,11")
	weekday := pick(g, "*", "*", "*", "1-5", "sun", "6")
	return fmt.Sprintf("%s %s %s %s %s", minute, hour, day, month, weekday)
}

// KafkaCase is a lag that lies on all partitions alike, and what a Kafka trigger makes of it.
type KafkaCase struct {
	Metadata   map[string]string `json:"metadata"`
	Partitions int               `json:"partitions"`
	Lag        int64             `json:"lag"`
	Value      int64             `json:"value"`
	Active     bool              `json:"active,omitempty"`
}

func (g generator) kafkaCase(t *testing.T, broker *sarama.MockBroker) KafkaCase {
	const topic, group = "orders", "workers"
	c := KafkaCase{Partitions: pick(g, 1, 2, 3, 6, 12, 13, 30), Lag: pick[int64](g, 0, 1, 2, 5, 9, 10, 11, 35, 60, 129, 130, 500, 100_000)}
	c.Metadata = map[string]string{"bootstrapServers": "KAFKA", "consumerGroup": group, "topic": topic, "lagThreshold": pick(g, "1", "10", "7", "50")}
	if g.IntN(2) == 0 {
		c.Metadata["activationLagThreshold"] = pick(g, "0", "5", "100")
	}
	switch g.IntN(5) {
	case 0:
		c.Metadata["allowIdleConsumers"] = "true"
	case 1:
		c.Metadata["limitToPartitionsWithLag"] = "true"
	case 2:
		c.Metadata["ensureEvenDistributionOfPartitions"] = "true"
	case 3:
		c.Metadata["allowIdleConsumers"] = "true"
		c.Metadata["ensureEvenDistributionOfPartitions"] = "true"
	}
	metadata := sarama.NewMockMetadataResponse(t).SetBroker(broker.Addr(), 1).SetController(1)
	offsets := sarama.NewMockOffsetResponse(t)
	consumed := sarama.NewMockOffsetFetchResponse(t).SetError(sarama.ErrNoError)
	for partition := range int32(c.Partitions) {
		lag := c.Lag / int64(c.Partitions)
		if int64(partition) < c.Lag%int64(c.Partitions) {
			lag++
		}
		metadata.SetLeader(topic, partition, 1)
		offsets.SetOffset(topic, partition, sarama.OffsetNewest, 1000+lag).SetOffset(topic, partition, sarama.OffsetOldest, 0)
		consumed.SetOffset(group, topic, partition, 1000, "", sarama.ErrNoError)
	}
	broker.SetHandlerByMap(map[string]sarama.MockResponse{
		"ApiVersionsRequest":     sarama.NewMockApiVersionsResponse(t),
		"MetadataRequest":        metadata,
		"OffsetRequest":          offsets,
		"OffsetFetchRequest":     consumed,
		"FindCoordinatorRequest": sarama.NewMockFindCoordinatorResponse(t).SetCoordinator(sarama.CoordinatorGroup, group, broker),
	})
	real := map[string]string{}
	for name, value := range c.Metadata {
		real[name] = value
	}
	real["bootstrapServers"] = broker.Addr()
	scaler, err := scalers.NewKafkaScaler(context.Background(), &scalersconfig.ScalerConfig{TriggerMetadata: real, ScalableObjectType: "ScaledObject", TriggerType: "kafka"})
	must(err)
	values, active, err := scaler.GetMetricsAndActivity(context.Background(), "kafka")
	must(err)
	c.Value, c.Active = values[0].Value.MilliValue(), active
	must(scaler.Close(context.Background()))
	return c
}
