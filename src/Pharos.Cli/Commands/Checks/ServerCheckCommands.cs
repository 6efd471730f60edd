using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Cli.Commands.Queries;
using Pharos.Server.Checks.Files;

namespace Pharos.Cli.Commands.Checks;

/// <summary>Checks that ask others: a server whether it is well, discoveries for their targets.</summary>
internal static class ServerCheckCommands
{
    /// <summary>As long as promtool waits.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Command Healthy() => Status("healthy", "Checks whether a server is healthy.", "/-/healthy");

    public static Command Ready() => Status("ready", "Checks whether a server is ready.", "/-/ready");

    public static Command ServiceDiscovery()
    {
        var file = new Argument<string>("CONFIG") { Description = "The prometheus.yml." };
        var job = new Argument<string>("JOB") { Description = "The job whose targets to find." };
        var timeout = new Option<string>("--timeout")
        {
            Description = "How long to wait for discoveries that do not answer at once.",
            DefaultValueFactory = _ => "30s",
        };
        var command = new Command("service-discovery", "Finds a job's targets and shows what relabeling makes of them.") { file, job, timeout };
        command.Do((parsed, cancellation) => DiscoveryCheck.RunAsync(parsed.GetValue(file)!, parsed.GetValue(job)!,
            DurationArgument.Parse(parsed.GetValue(timeout)!), TimeProvider.System, NullLogger.Instance, Console.Out, Console.Error, cancellation));
        return command;
    }

    private static Command Status(string name, string description, string path)
    {
        var url = new Option<string>("--url") { Description = "The server.", DefaultValueFactory = _ => "http://localhost:9090" };
        var config = Asking.HttpConfigFile();
        var command = new Command(name, description) { url, config };
        command.Ask(async (parsed, cancellation) =>
        {
            using var server = new ServerClient(Asking.Address(parsed.GetValue(url)!), parsed.GetValue(config));
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limited.CancelAfter(Limit);
            var (status, text) = await server.GetTextAsync(path, limited.Token);
            if (status != 200)
            {
                throw new ServerClientException($"check failed: URL={parsed.GetValue(url)}, status={status}");
            }
            await Console.Error.WriteLineAsync($"  SUCCESS:  {text}");
        });
        return command;
    }
}
