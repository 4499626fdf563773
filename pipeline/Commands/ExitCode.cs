namespace Pipeline.Cli.Commands;

/// <summary>What the process says at its end.</summary>
internal enum ExitCode
{
    /// <summary>All went well, or the user stopped it.</summary>
    Fine = 0,

    /// <summary>Ran, with losses: a camera, a segment or an event was not done; the output names it.</summary>
    Losses = 1,

    /// <summary>Wrong use or configuration; nothing was started.</summary>
    WrongUse = 2,

    /// <summary>Could not run, or not to the end: the machine lacks something.</summary>
    CouldNotRun = 3,
}
