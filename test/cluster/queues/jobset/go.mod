module greenflops/test/cluster/queues/jobset

go 1.26

// The version that Kueue at the commit of the CRDs is built with; only its CRD is read.
require sigs.k8s.io/jobset v0.12.0
