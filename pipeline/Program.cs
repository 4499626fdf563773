return await Pipeline.Cli.Commands.CommandLine.RunAsync(args);
