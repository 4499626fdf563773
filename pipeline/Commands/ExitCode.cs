namespace Pipeline.Cli.Commands;

/// <summary>What the process says at its end.</summary>
internal enum ExitCode
{
    /// <summary>All went well; also of streams, which go on until the user stops them.</summary>
    Fine = 0,

    /// <summary>Ran, with losses: a camera, a segment or an event was not done, or the user stopped it before the end; the output says so.</summary>
    Losses = 1,

    /// <summary>Wrong use or configuration; nothing was started.</summary>
    WrongUse = 2,

    /// <summary>Could not run, or not to the end: the machine lacks something.</summary>
    CouldNotRun = 3,
}
