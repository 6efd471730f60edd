using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Loki;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>Entries sent to another Loki.</summary>
public sealed class PushSinkTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-push-").FullName;
    private readonly LogStore _store;

    public PushSinkTests() => _store = LogStore.Open(
        new LogStoreOptions { Directory = _folder }, TimeProvider.System, NullLogger.Instance, new Meter("push"));

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_batch_is_repeated_until_it_is_taken_and_only_then_is_its_mark_kept()
    {
        var server = new Answers(503, 429, 204);
        await using var sink = Sink(server, client => client with { TenantId = "t", ExternalLabels = LabelSet.From(("cluster", "c"), ("app", "no")) });
        await sink.DeliverAsync(new ShipBatch([Entry("one"), Entry("two")], [new("key", "5")]), CancellationToken.None);
        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal("t", request.Tenant));
        Assert.Equal(["{app=\"a\", cluster=\"c\"} 1000000001 one m=v", "{app=\"a\", cluster=\"c\"} 1000000001 two m=v"], Decoded(server.Requests[2].Body));
        Assert.Equal("5", _store.Marks()["key"]);
    }

    [Fact]
    public async Task What_is_refused_for_good_is_dropped_and_the_source_goes_on()
    {
        var server = new Answers(400);
        await using var sink = Sink(server);
        await sink.DeliverAsync(new ShipBatch([Entry("one")], [new("key", "1")]), CancellationToken.None);
        Assert.Single(server.Requests);
        Assert.Equal("1", _store.Marks()["key"]);
    }

    [Fact]
    public async Task Entries_of_several_tenants_go_in_requests_of_their_own()
    {
        var server = new Answers(204, 204);
        await using var sink = Sink(server);
        var other = Entry("two");
        other.Tenant = "b";
        await sink.DeliverAsync(new ShipBatch([Entry("one"), other], []), CancellationToken.None);
        Assert.Equal(["", "b"], server.Requests.Select(request => request.Tenant));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_holds_up_its_own_client_only()
    {
        await using var stuck = Sink(new Answers());
        using var stop = new CancellationTokenSource();
        var waiting = stuck.DeliverAsync(new ShipBatch([Entry("one")], [new("stuck", "1")]), stop.Token).AsTask();
        await using var other = Sink(new Answers(204));
        await other.DeliverAsync(new ShipBatch([Entry("one")], [new("other", "1")]), CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        Assert.False(_store.Marks().ContainsKey("stuck"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static ShippedEntry Entry(string line)
    {
        var entry = new ShippedEntry(LabelSet.From(("app", "a"), ("__hidden", "h")), 1_000_000_001, line);
        entry.Metadata.Add(new("m", "v"));
        return entry;
    }

    private static List<string> Decoded(byte[] body)
    {
        var found = new Found();
        new LokiPushReceiver().Read(body, "application/x-protobuf", "", found);
        return found.Entries;
    }

    private PushSink Sink(Answers server, Func<ShipClientOptions, ShipClientOptions>? change = null)
    {
        var client = new ShipClientOptions
        {
            Name = "c",
            Url = new Uri("http://elsewhere/loki/api/v1/push"),
            BatchWait = TimeSpan.FromMilliseconds(20),
            MinBackoff = TimeSpan.FromMilliseconds(10),
            CreateHttpClient = () => new HttpClient(server),
        };
        return new PushSink(change?.Invoke(client) ?? client, _store, new ShipMetrics(new Meter("push")), TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>Gives these answers, and then none.</summary>
    private sealed class Answers(params int[] statuses) : HttpMessageHandler
    {
        public List<(string Tenant, byte[] Body)> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Requests.Count >= statuses.Length)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            request.Headers.TryGetValues("X-Scope-OrgID", out var tenants);
            Requests.Add((tenants?.First() ?? "", await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
            return new HttpResponseMessage((HttpStatusCode)statuses[Requests.Count - 1]);
        }
    }

    private sealed class Found : ILokiPushSink
    {
        private string _stream = "";

        public List<string> Entries { get; } = [];

        public void BeginStream(ReadOnlySpan<byte> labels, StreamTextForm form) => _stream = Encoding.UTF8.GetString(labels);

        public void BeginEntry(long timeNs, ReadOnlySpan<byte> line) => Entries.Add($"{_stream} {timeNs} {Encoding.UTF8.GetString(line)}");

        public void Metadata(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
            Entries[^1] += $" {Encoding.UTF8.GetString(name)}={Encoding.UTF8.GetString(value)}";

        public void EndEntry()
        {
        }
    }
}
