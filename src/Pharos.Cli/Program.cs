using Pharos.Cli;

// Waits instead of awaiting: each async method is compiled at the start, and the main thread has nothing else to do.
return CommandLine.RunAsync(args).GetAwaiter().GetResult();
