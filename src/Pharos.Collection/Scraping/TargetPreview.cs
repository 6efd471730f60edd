using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>What became of one discovered target, for tools that check a configuration.</summary>
/// <param name="Labels">After relabeling, without <c>__meta_</c> labels; empty for a target that is dropped or at fault.</param>
/// <param name="Fault">Why it cannot be scraped; null where it can be, or is dropped.</param>
public sealed record TargetPreview(LabelSet Discovered, LabelSet Labels, string? Fault)
{
    public static IEnumerable<TargetPreview> Of(ScrapeJobOptions job, TargetGroup group) =>
        group.Targets.Select(target => TargetBuilder.Preview(job, target, group.Labels));

    /// <summary>Runs all discoveries of a job until each has found targets once, or until the time is up.</summary>
    public static async Task<IReadOnlyList<TargetPreview>> DiscoverAsync(ScrapeJobOptions job, TargetFileReader readYamlTargets,
        TimeSpan limit, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        using var meter = new Meter("pharos.tools");
        var context = new DiscoveryContext(job.JobName, time, logger, new DiscoveryMetrics(meter), readYamlTargets);
        using var limited = new CancellationTokenSource(limit, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellation);
        var found = await Task.WhenAll(job.Discoveries.Select(options => FirstAsync(options.Create(context), until.Token)))
            .ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return [.. found.SelectMany(static groups => groups).SelectMany(group => Of(job, group)).Distinct()];
    }

    private static async Task<IReadOnlyList<TargetGroup>> FirstAsync(IDiscovery discovery, CancellationToken until)
    {
        var found = new TaskCompletionSource<IReadOnlyList<TargetGroup>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(until);
        var running = discovery.RunAsync(groups => found.TrySetResult(groups), enough.Token);
        await Task.WhenAny(found.Task, running).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is no longer needed, or the time is up.
        }
        return found.Task.IsCompletedSuccessfully ? await found.Task.ConfigureAwait(false) : [];
    }
}
