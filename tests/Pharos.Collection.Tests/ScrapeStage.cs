using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pharos.Collection.Discovery;
using Pharos.Collection.Scraping;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests;

/// <summary>A collector over fakes, with a clock that the test moves.</summary>
internal sealed class ScrapeStage : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Meter _meter = new("test");

    public ScrapeStage(CollectorOptions? options = null) => Collector = new Collector(Store, Time, Logger, _meter, options);

    public FakeTimeProvider Time { get; } = new(Start);

    public FakeMetricStore Store { get; } = new();

    public FakeTargets Targets { get; } = new();

    public ListLogger Logger { get; } = new();

    public Collector Collector { get; }

    /// <summary>A job named j on t:80, every 10 s.</summary>
    public ScrapeJobOptions Job(params string[] addresses) => new()
    {
        JobName = "j",
        ScrapeInterval = TimeSpan.FromSeconds(10),
        ScrapeTimeout = TimeSpan.FromSeconds(5),
        Discoveries = [Static(addresses.Length == 0 ? ["t:80"] : addresses)],
        CreateHttpClient = () => new HttpClient(Targets, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan },
    };

    public static StaticDiscoveryOptions Static(params string[] addresses) =>
        new([TargetGroup.FromAddresses("0", addresses, LabelSet.Empty)]);

    /// <summary>Applies the jobs and waits until their loops sleep.</summary>
    public async Task ApplyAsync(params ScrapeJobOptions[] jobs)
    {
        Collector.Apply(jobs);
        await SettleAsync();
    }

    /// <summary>Lets simulated time pass; everything that falls due in it has run when this returns.</summary>
    public async Task PassAsync(double seconds)
    {
        var end = Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            await SettleAsync();
            if (!Time.Step(end))
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Collector.DisposeAsync();
        _meter.Dispose();
    }

    /// <summary>Waits until nothing has happened for a few turns of the thread pool: all flows sleep on the clock.</summary>
    private async Task SettleAsync()
    {
        var limit = Stopwatch.StartNew();
        var (calm, last) = (0, (-1, -1, -1));
        while (calm < 40 && limit.Elapsed < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(1);
            var now = (Time.TimerCount, Store.Commits, Targets.Requests.Count);
            calm = now == last ? calm + 5 : 0;
            last = now;
        }
    }
}
