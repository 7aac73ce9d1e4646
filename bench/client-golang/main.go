// Renders the series of bench/series.ts with client_golang, as a scrape of its handler does without the network: gathers
// the registry and encodes it as text 0.0.4. Prints CPU nanoseconds a series as JSON. Usage: client-golang SERIES RUNS
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

const families = 20

func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func main() {
	series, runs := number(1), number(2)
	registry := prometheus.NewRegistry()
	labels := []string{"site", "pool", "device", "model", "precision", "tier"}
	for f := range families {
		gauge := prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: fmt.Sprintf("greenflops_bench_%c_watts", 'a'+f),
			Help: "A family of the benchmark",
		}, labels)
		registry.MustRegister(gauge)
		for i := range series / families {
			gauge.WithLabelValues(fmt.Sprintf("site-%d", i%50), fmt.Sprintf("pool-%d", i%40), fmt.Sprintf("device-%d", i),
				"ascend-910b3", "fp16", fmt.Sprintf("T%d", i%5+1)).Set(float64((i*7919)%1000000) / 100)
		}
	}
	var text bytes.Buffer
	scrape := func() {
		gathered, err := registry.Gather()
		if err != nil {
			panic(err)
		}
		text.Reset()
		encoder := expfmt.NewEncoder(&text, expfmt.NewFormat(expfmt.TypeTextPlain))
		for _, family := range gathered {
			if err := encoder.Encode(family); err != nil {
				panic(err)
			}
		}
	}
	scrape()
	before := cpu()
	for range runs {
		scrape()
	}
	perSeries := float64(cpu()-before) / float64(runs) / float64(series)
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"ns_a_series": perSeries, "bytes": text.Len()})
}

func number(at int) int {
	if len(os.Args) <= at {
		fmt.Fprintln(os.Stderr, "usage: client-golang SERIES RUNS")
		os.Exit(2)
	}
	value, err := strconv.Atoi(os.Args[at])
	if err != nil || value < 1 {
		fmt.Fprintln(os.Stderr, "no whole number above 0:", os.Args[at])
		os.Exit(2)
	}
	return value
}
