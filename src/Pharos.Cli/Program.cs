using Pharos.Cli;

return await CommandLine.RunAsync(args);
