// Networks use all cores by themselves, and one test changes the environment.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
