using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Cli.Commands.Alerts;

/// <summary><c>pharos silence import</c>: adds what <c>pharos silence query -o json</c> printed.</summary>
internal static class SilenceImportCommand
{
    private const int MaxWorkers = 64;

    public static Command Create(AmtoolOptions common)
    {
        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "JSON; standard input where it is missing." };
        var force = new Option<bool>("--force", "-f") { Description = "Add them as new ones even where they exist." };
        var workers = new Option<int>("--worker", "-w") { DefaultValueFactory = _ => 8, Description = "How many at once." };
        var command = new Command("import", "Adds silences from a file and prints their ids.") { file, force, workers };
        command.Do(async (parsed, cancellation) =>
        {
            var silences = Parse(parsed.GetValue(file) is { } path ? await File.ReadAllTextAsync(path, cancellation)
                : await Console.In.ReadToEndAsync(cancellation));
            using var client = common.Read(parsed).Client();
            var failed = 0;
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Clamp(parsed.GetValue(workers), 1, MaxWorkers),
                CancellationToken = cancellation,
            };
            await Parallel.ForEachAsync(silences, parallel, async (silence, token) =>
            {
                if (!await AddAsync(client, silence, parsed.GetValue(force), token))
                {
                    Interlocked.Increment(ref failed);
                }
            });
            return failed == 0 ? 0 : throw new FormatException($"couldn't import {failed} out of {silences.Count} silences");
        });
        return command;
    }

    private static async ValueTask<bool> AddAsync(ServerClient client, JsonObject silence, bool asNew, CancellationToken cancellation)
    {
        var id = silence["id"]?.ToString() ?? "";
        silence.Remove("status");
        silence.Remove("updatedAt");
        if (asNew)
        {
            silence.Remove("id");
        }
        silence.Remove("recurringID");
        try
        {
            string added;
            try
            {
                added = await SilenceAddCommand.PostAsync(client, silence, cancellation);
            }
            catch (ServerClientException problem) when (!asNew && id.Length > 0 && problem.Message.Contains("not found", StringComparison.Ordinal))
            {
                // Another server gives it an id of its own.
                silence.Remove("id");
                added = await SilenceAddCommand.PostAsync(client, silence, cancellation);
            }
            await Console.Out.WriteLineAsync(added);
            return true;
        }
        catch (ServerClientException problem)
        {
            await Console.Error.WriteLineAsync($"Error adding silence id='{id}': {problem.Message}");
            return false;
        }
    }

    /// <exception cref="FormatException">It is no list of objects.</exception>
    private static List<JsonObject> Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonArray list && list.All(static item => item is JsonObject) ? [.. list.Cast<JsonObject>()]
                : throw new FormatException("couldn't unmarshal input data: it is no JSON list of silences");
        }
        catch (JsonException problem)
        {
            throw new FormatException($"couldn't unmarshal input data, is it JSON? {problem.Message}", problem);
        }
    }
}
