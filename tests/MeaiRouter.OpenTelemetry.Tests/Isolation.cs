// The source and the meter are the process's own: a test must not hear what another one does.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
