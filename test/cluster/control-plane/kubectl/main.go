// kubectl, apart from the servers: it is started thousands of times, and half of a start would be theirs.
package main

import (
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

// CheckErr keeps kubectl's exit codes: `kubectl diff` says 1 for a difference and more than 1 for a failure.
func main() { util.CheckErr(cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand())) }
