using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Scraping;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Storage.Model;

namespace Pharos.Server.Checks.Files;

/// <summary>What <c>promtool check service-discovery</c> does: runs a job's discoveries and shows what relabeling makes of their targets.</summary>
public static class DiscoveryCheck
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="limit">How long to wait for discoveries that do not answer at once.</param>
    public static async Task<int> RunAsync(string path, string job, TimeSpan limit, TimeProvider time, ILogger logger,
        TextWriter output, TextWriter errorOutput, CancellationToken cancellation)
    {
        var (config, reports) = PrometheusFile.Read(path);
        if (config is null)
        {
            await errorOutput.WriteLineAsync("Cannot load config");
            foreach (var problem in reports.SelectMany(static report => report.Problems))
            {
                await errorOutput.WriteLineAsync(problem.ToString());
            }
            return CheckExit.Failure;
        }
        if (config.ScrapeJobs.FirstOrDefault(found => found.JobName == job) is not { } options)
        {
            await errorOutput.WriteLineAsync($"Job {job} not found. Select one of:");
            foreach (var found in config.ScrapeJobs)
            {
                await errorOutput.WriteLineAsync($"\t{found.JobName}");
            }
            return CheckExit.Failure;
        }
        var targets = await TargetPreview.DiscoverAsync(options, TargetFile.Read, limit, time, logger, cancellation);
        await output.WriteAsync(JsonSerializer.Serialize(targets.Select(Shown), Json));
        return CheckExit.Success;
    }

    private static Dictionary<string, object> Shown(TargetPreview target)
    {
        var shown = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["discoveredLabels"] = Shown(target.Discovered),
            ["labels"] = Shown(target.Labels),
        };
        if (target.Fault is { } fault)
        {
            shown["error"] = fault;
        }
        return shown;
    }

    private static Dictionary<string, string> Shown(LabelSet labels) =>
        labels.ToDictionary(static label => label.Name, static label => label.Value, StringComparer.Ordinal);
}
