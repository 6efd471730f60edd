using System.CommandLine;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Server.Checks.Metrics;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos push metrics</c>: metrics from files to a remote-write endpoint, as promtool does.</summary>
internal static class PushCommand
{
    private const string MessageV1 = "prometheus.WriteRequest";
    private const string MessageV2 = "io.prometheus.write.v2.Request";

    public static Command Create() => new("push", "Pushes to a server.") { Metrics() };

    private static Command Metrics()
    {
        var url = new Argument<string>("URL") { Description = "The remote-write endpoint." };
        var files = ExistingFiles.Argument("FILE", "Files in the text format; standard input where none is given.", required: false);
        var label = new Option<string[]>("--label")
        {
            Description = "NAME=VALUE: put on every series; can be repeated.",
            DefaultValueFactory = _ => ["job=promtool"],
        };
        var header = new Option<string[]>("--header")
        {
            Description = "NAME=VALUE: a header of the request; can be repeated.",
            DefaultValueFactory = _ => [],
        };
        var timeout = new Option<string>("--timeout") { Description = "How long to wait for the answer.", DefaultValueFactory = _ => "30s" };
        var message = new Option<string>("--protobuf_message")
        {
            Description = $"{MessageV1} or {MessageV2}.",
            DefaultValueFactory = _ => MessageV1,
        };
        message.AcceptOnlyFromAmong(MessageV1, MessageV2);
        var config = Asking.HttpConfigFile();
        var command = new Command("metrics", "Pushes metrics by remote write, to try things out.") { url, files, label, header, timeout, message, config };
        command.Do(async (parsed, cancellation) =>
        {
            var options = new RemoteWriteOptions
            {
                Url = new Uri(Asking.Address(parsed.GetValue(url)!)),
                Name = "push",
                Key = "push",
                Message = parsed.GetValue(message) == MessageV2 ? RemoteWriteMessage.V2 : RemoteWriteMessage.V1,
                Headers = [.. Pairs(parsed.GetValue(header)!).Select(static pair => KeyValuePair.Create(pair.Key, Secret.Inline(pair.Value)))],
                RemoteTimeout = DurationArgument.Parse(parsed.GetValue(timeout)!),
                CreateHttpClient = () => ToolHttpClient.Create(parsed.GetValue(config)),
            };
            var labels = Pairs(parsed.GetValue(label)!);
            var paths = ExistingFiles.Of(parsed, files);
            if (paths.Length == 0)
            {
                Console.Out.WriteLine("Parsing standard input");
                await using var input = Console.OpenStandardInput();
                return await PushAsync(input, "metrics", options, labels, cancellation);
            }
            var exitCode = 0;
            foreach (var path in paths)
            {
                Console.Out.WriteLine($"Parsing metrics file {path}");
                await using var input = File.OpenRead(path);
                exitCode |= await PushAsync(input, $"metrics file {path}", options, labels, cancellation);
            }
            return exitCode;
        });
        return command;
    }

    private static async Task<int> PushAsync(Stream input, string what, RemoteWriteOptions options,
        IReadOnlyCollection<KeyValuePair<string, string>> labels, CancellationToken cancellation)
    {
        if (await MetricsPush.SendAsync(input, options, labels, TimeProvider.System, cancellation) is { } reason)
        {
            await Console.Error.WriteLineAsync($"  FAILED: {reason}");
            return 1;
        }
        Console.Out.WriteLine($"  SUCCESS: {what} pushed to remote write.");
        return 0;
    }

    private static List<KeyValuePair<string, string>> Pairs(IEnumerable<string> words) => [.. words.Select(static word =>
        word.IndexOf('=', StringComparison.Ordinal) is var at && at > 0 ? KeyValuePair.Create(word[..at], word[(at + 1)..])
            : throw new FormatException($"expected KEY=VALUE got '{word}'"))];
}
