using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery;

/// <summary>Asks a source for all targets at an interval. A failure keeps the targets that were found last.</summary>
internal sealed class RefreshingDiscovery(
    string kind, TimeSpan interval, Func<ITargetSource> open, DiscoveryContext context) : IDiscovery
{
    public string Kind => kind;

    /// <summary>The longest that one refresh may take; null for the interval. A source that waits for news takes longer.</summary>
    public TimeSpan? Deadline { private get; init; }

    public async Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        ITargetSource? source = null;
        try
        {
            while (true)
            {
                var started = context.Time.GetTimestamp();
                source = await RefreshAsync(source, publish, cancellation).ConfigureAwait(false);
                var took = context.Time.GetElapsedTime(started);
                context.Metrics.Refreshed(kind, context.Job, took);
                var wait = interval - took;
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, context.Time, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            source?.Dispose();
        }
    }

    /// <summary>One refresh. Opening the source belongs to it: a certificate
    /// or token that is not there yet is a failure like any other.</summary>
    private async Task<ITargetSource?> RefreshAsync(
        ITargetSource? source, Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellation)
    {
        var longest = Deadline ?? interval;
        using var deadline = new CancellationTokenSource(longest, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            source ??= open();
            publish(await source.FindAsync(both.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            context.Metrics.RefreshFailed(kind, context.Job);
            var reason = deadline.IsCancellationRequested ? $"no answer within {longest}" : fault.Message;
            context.Logger.LogError("Job {Job}: unable to refresh target groups of {Kind} discovery: {Reason}",
                context.Job, kind, reason);
        }
        return source;
    }
}
