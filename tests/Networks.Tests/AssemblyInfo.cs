// libtorch takes all cores for each test, and the count of live tensors is one for the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
