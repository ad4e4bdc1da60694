// Go allows functions without a body only beside an assembly file; see upstream.go.
