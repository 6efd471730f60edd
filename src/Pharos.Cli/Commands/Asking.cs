using System.CommandLine;

namespace Pharos.Cli.Commands;

/// <summary>What the verbs that ask a running server share.</summary>
internal static class Asking
{
    public const string DefaultServer = "http://127.0.0.1:9090";

    public static Option<string?> HttpConfigFile() => new("--http.config.file")
    {
        Description = "How to connect: the keys of http_config.",
    };

    /// <summary>An address as promtool takes it: without a scheme it is http.</summary>
    public static string Address(string text) => text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";

    /// <summary>Runs a verb; what the server or a file refuses becomes one line and exit status 1.</summary>
    public static void Do(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await action(parsed, cancellation);
            }
            catch (Exception e) when (e is ServerClientException or FormatException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"pharos: {e.Message}");
                return 1;
            }
        });
}
