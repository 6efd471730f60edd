using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Pharos.Collection.Discovery;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery;

/// <summary>Runs one discovery and keeps what it publishes.</summary>
internal sealed class DiscoveryRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<IReadOnlyList<TargetGroup>> _published = Channel.CreateUnbounded<IReadOnlyList<TargetGroup>>();
    private readonly Meter _meter = new("test");
    private readonly Task _running;

    public DiscoveryRun(DiscoveryOptions options, TimeProvider? time = null)
    {
        var context = new DiscoveryContext("j", time ?? TimeProvider.System, Logger, new DiscoveryMetrics(_meter), null);
        _running = options.Create(context).RunAsync(groups => _published.Writer.TryWrite(groups), _stop.Token);
    }

    public ListLogger Logger { get; } = new();

    public static DiscoveryHttp Http { get; } = new(() => new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, "");

    /// <summary>The next groups that fit; fails after a time in which none did.</summary>
    public async Task<IReadOnlyList<TargetGroup>> NextAsync(Func<IReadOnlyList<TargetGroup>, bool>? fits = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (true)
            {
                var groups = await _published.Reader.ReadAsync(limit.Token);
                if (fits?.Invoke(groups) ?? true)
                {
                    return groups;
                }
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException("nothing that fits was published; logged: "
                + string.Join("; ", Logger.Lines.Select(line => line.Text)), e);
        }
    }

    public async Task<string> ErrorAsync()
    {
        for (var i = 0; i < 400; i++)
        {
            if (Logger.Lines.FirstOrDefault().Text is { } text)
            {
                return text;
            }
            await Task.Delay(25);
        }
        throw new TimeoutException("nothing was logged");
    }

    /// <summary>Every target with the labels of its group, by address.</summary>
    public static List<LabelSet> Flat(IReadOnlyList<TargetGroup> groups) =>
    [
        .. groups.SelectMany(group => group.Targets.Select(target =>
        {
            var labels = new LabelSetBuilder(group.Labels);
            foreach (var label in target)
            {
                labels.Set(label.Name, label.Value);
            }
            return labels.Build();
        })).OrderBy(labels => labels["__address__"], StringComparer.Ordinal),
    ];

    public static List<string> Addresses(IReadOnlyList<TargetGroup> groups) =>
        [.. Flat(groups).Select(labels => labels["__address__"])];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // How a discovery ends.
        }
        _stop.Dispose();
        _meter.Dispose();
    }
}
