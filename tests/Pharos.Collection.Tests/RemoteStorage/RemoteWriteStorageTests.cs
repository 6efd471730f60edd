using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Relabeling;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.RemoteStorage;

public sealed class RemoteWriteStorageTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeLog _log = new();
    private readonly FakeRemoteWriteReceiver _receiver = new();
    private readonly Meter _meter = new("test");
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-remote-write").FullName;
    private RemoteWriteStorage? _storage;

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
        _receiver.Dispose();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_sample_arrives_once_and_each_series_in_order()
    {
        await StartAsync(Options() with { Queue = Queue() with { MinShards = 4, Capacity = 10, MaxSamplesPerSend = 7 } });
        for (var tick = 0; tick < 50; tick++)
        {
            _log.Commit([.. Enumerable.Range(0, 20).Select(i => (Series($"s{i}"), (long)tick * 1000, (double)tick))]);
        }
        await UntilAsync(() => _receiver.Samples.Count == 1000);
        foreach (var series in _receiver.Samples.GroupBy(sample => sample.Series))
        {
            Assert.Equal(Enumerable.Range(0, 50).Select(tick => tick * 1000L), series.Select(sample => sample.TimestampMs));
        }
    }

    [Fact]
    public async Task External_labels_are_added_where_missing_and_rules_apply_after_them()
    {
        await StartAsync(Options() with
        {
            ExternalLabels = LabelSet.From(("cluster", "a"), ("job", "external")),
            WriteRelabelRules =
            [
                new RelabelRule { SourceLabels = ["cluster", "__name__"], Regex = GoRegex.Anchored("a;secret"), Action = RelabelAction.Drop },
            ],
        });
        _log.Commit((LabelSet.From(("__name__", "open"), ("job", "own")), 1, 1), (LabelSet.From(("__name__", "secret")), 1, 2));
        _log.Commit((LabelSet.From(("__name__", "open")), 2, 3));
        await UntilAsync(() => _receiver.Samples.Count == 2);
        Assert.Equal(
            ["open{cluster=\"a\", job=\"external\"}", "open{cluster=\"a\", job=\"own\"}"],
            _receiver.Samples.Select(sample => sample.Series).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    public async Task A_recoverable_answer_is_tried_again(HttpStatusCode status, bool retry429)
    {
        _receiver.Answer = request => new HttpResponseMessage(request < 3 ? status : HttpStatusCode.OK);
        await StartAsync(Options() with { Queue = Queue() with { RetryOnHttp429 = retry429 } });
        _log.Commit((Series("a"), 1, 1));
        await UntilAsync(() => _receiver.Samples.Count == 1);
        Assert.Equal(4, _receiver.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_refused_request_is_dropped_and_the_next_goes_out(HttpStatusCode status)
    {
        _receiver.Answer = request => new HttpResponseMessage(request == 0 ? status : HttpStatusCode.OK);
        await StartAsync(Options());
        _log.Commit((Series("a"), 1, 1));
        await UntilAsync(() => _receiver.Requests == 1);
        _log.Commit((Series("a"), 2, 2));
        await UntilAsync(() => _receiver.Samples.Count == 1);
        Assert.Equal(2, _receiver.Samples[0].TimestampMs);
    }

    [Fact]
    public async Task A_receiver_says_how_long_to_wait()
    {
        _receiver.Answer = request => request > 0 ? new HttpResponseMessage(HttpStatusCode.OK)
            : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { { "Retry-After", "1" } } };
        await StartAsync(Options());
        _log.Commit((Series("a"), 1, 1));
        await UntilAsync(() => _receiver.Requests == 1);
        var since = TimeProvider.System.GetTimestamp();
        await UntilAsync(() => _receiver.Samples.Count == 1);
        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.FromSeconds(0.8), Patience);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task What_a_receiver_of_version_2_did_not_store_is_counted_and_not_sent_again(HttpStatusCode status)
    {
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, count, _, _) =>
        {
            lock (counts)
            {
                counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + count;
            }
        });
        listener.Start();
        _receiver.Answer = _ => new HttpResponseMessage(status)
        {
            Headers = { { "X-Prometheus-Remote-Write-Samples-Written", "2" }, { "X-Prometheus-Remote-Write-Histograms-Written", "0" } },
        };
        await StartAsync(Options() with { Message = RemoteWriteMessage.V2 });
        _log.Commit((Series("a"), 1, 1), (Series("b"), 1, 1), (Series("c"), 1, 1));
        await UntilAsync(() => Count("failed_total") > 0);
        Assert.Equal((1, 2, 1), (Count("failed_total"), Count("total"), _receiver.Requests));

        long Count(string name)
        {
            lock (counts)
            {
                return counts.GetValueOrDefault("prometheus_remote_storage_samples_" + name);
            }
        }
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_and_asked_again()
    {
        _receiver.Answer = request => request == 0 ? null : new HttpResponseMessage(HttpStatusCode.OK);
        await StartAsync(Options() with { RemoteTimeout = TimeSpan.FromMilliseconds(200) });
        _log.Commit((Series("a"), 1, 1));
        await UntilAsync(() => _receiver.Samples.Count == 1);
    }

    [Fact]
    public async Task A_changed_entry_goes_on_where_it_stood_and_loses_nothing()
    {
        _receiver.Answer = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        await StartAsync(Options());
        for (var tick = 1; tick <= 20; tick++)
        {
            _log.Commit((Series("a"), tick, tick), (Series("b"), tick, tick));
        }
        await UntilAsync(() => _receiver.Requests > 1);
        _receiver.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK);
        await _storage!.ApplyAsync([Options() with { RemoteTimeout = TimeSpan.FromSeconds(9) }]);
        await UntilAsync(() => _receiver.Samples.Count == 40);
        Assert.Equal(1, _log.Readers);
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_from_the_log()
    {
        _receiver.Answer = request => new HttpResponseMessage(request < 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        await StartAsync(Options(), TimeSpan.FromMilliseconds(100));
        _log.Commit((Series("a"), 1, 1));
        await UntilAsync(() => _receiver.Samples.Count == 1);
        _log.Commit((Series("a"), 2, 2));
        await UntilAsync(() => _receiver.Samples.Count == 2);
        _log.Commit((Series("a"), 3, 3));
        await UntilAsync(() => _receiver.Requests > 2);
        await _storage!.DisposeAsync();
        _log.Commit((Series("a"), 4, 4));
        var before = _receiver.Requests;
        _receiver.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK);
        await StartAsync(Options());
        await UntilAsync(() => _receiver.Samples.Count == 4);
        Assert.InRange(_receiver.Requests - before, 1, 2);
    }

    [Fact]
    public async Task What_a_receiver_knows_already_does_not_cost_the_rest_of_its_request()
    {
        _receiver.RefusesOldSamples = true;
        await StartAsync(Options());
        await _storage!.DisposeAsync();
        // The position is that of the start, while the receiver has the first five: as after a kill before the save.
        for (var tick = 1; tick <= 5; tick++)
        {
            _log.Commit((Series("a"), tick, tick));
        }
        var position = Directory.GetFiles(_folder).Select(file => (file, text: File.ReadAllText(file))).Single();
        await StartAsync(Options());
        await UntilAsync(() => _receiver.Samples.Count == 5);
        await _storage!.DisposeAsync();
        await File.WriteAllTextAsync(position.file, position.text, TestContext.Current.CancellationToken);
        _log.Commit((Series("a"), 6, 6), (Series("b"), 6, 6));
        await StartAsync(Options());
        await UntilAsync(() => _receiver.Samples.Count == 7);
    }

    [Fact]
    public async Task Stopping_sends_what_waits()
    {
        await StartAsync(Options() with { Queue = Queue() with { BatchSendDeadline = TimeSpan.FromMinutes(5) } }, Patience);
        _log.Commit((Series("a"), 1, 1));
        await _storage!.DisposeAsync();
        Assert.Single(_receiver.Samples);
    }

    /// <summary>A deadline that is over at once, and room for one: the batch would end behind every single item.</summary>
    [Fact]
    public async Task Exemplars_go_in_the_request_of_their_sample_wherever_the_deadline_falls()
    {
        await StartAsync(Options() with
        {
            SendExemplars = true,
            Queue = Queue() with { BatchSendDeadline = TimeSpan.FromTicks(1), Capacity = 1 },
        });
        for (var tick = 1; tick <= 20; tick++)
        {
            _log.CommitAll(
                [new LoggedSample(0, Series("a"), tick, tick, null, 0), new LoggedSample(0, Series("b"), tick, tick, null, 0)],
                [.. Enumerable.Range(0, 3).Select(i => (Series("a"), new Exemplar(Series($"{i}"), i, tick)))]);
        }
        await UntilAsync(() => _receiver.Samples.Count == 40 && _receiver.Exemplars == 60);
        Assert.Equal(0, _receiver.LonelyExemplars);
    }

    [Fact]
    public async Task Samples_beyond_the_age_limit_are_not_sent()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await StartAsync(Options() with { Queue = Queue() with { SampleAgeLimit = TimeSpan.FromMinutes(1) } });
        _log.Commit((Series("a"), now - 120_000, 1), (Series("a"), now, 2));
        await UntilAsync(() => _receiver.Samples.Count == 1);
        Assert.Equal(now, _receiver.Samples[0].TimestampMs);
    }

    [Fact]
    public async Task Metadata_is_told_apart_from_samples()
    {
        _log.SetMetadata("a_total", new MetricMetadata("counter", "Help.", ""));
        await StartAsync(Options());
        await UntilAsync(() => _receiver.Families.Count > 0);
    }

    private static LabelSet Series(string name) => LabelSet.From(("__name__", name));

    private static RemoteWriteQueueOptions Queue() => new()
    {
        BatchSendDeadline = TimeSpan.FromMilliseconds(20), MaxBackoff = TimeSpan.FromMilliseconds(50),
    };

    private RemoteWriteOptions Options() => new()
    {
        Url = new Uri("http://receiver/api/v1/write"), Name = "test", Key = "test", Queue = Queue(), CreateHttpClient = _receiver.Client,
    };

    private Task StartAsync(RemoteWriteOptions options, TimeSpan? flush = null)
    {
        _storage = new RemoteWriteStorage(
            _log, TimeProvider.System, NullLogger.Instance, _meter, _folder, flush ?? TimeSpan.FromSeconds(1), "test");
        return _storage.ApplyAsync([options]);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
